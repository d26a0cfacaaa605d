// OpenSCENARIO XML: text to elements and back, and the check of elements against the standard.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "engine/core/findings.h"
#include "engine/core/result.h"
#include "scenarios/story/element.h"

namespace huntsman::scenarios::openscenario {

constexpr std::size_t kMaxFileBytes = std::size_t{64} << 20;

// The root element of a file; `file` is the number that origins get. Errors: a file that cannot be
// read, is not XML, is larger than kMaxFileBytes, nests deeper than kMaxDepth, declares a document
// type (entities are never expanded), or whose root is not <OpenSCENARIO>.
engine::core::Result<story::Element> read_xml(const std::filesystem::path& path,
                                              std::uint32_t file = 0);
engine::core::Result<story::Element> parse_xml(const std::string& text, const std::string& name,
                                               std::uint32_t file = 0);

// A document that validates against the schema of 1.3 where `root` passes `check` without errors:
// children stand in the order of the schema.
std::string write_xml(const story::Element& root);

// What is wrong with an element by the standard: unknown elements and attributes, missing ones,
// too few or too many children, values that are not of their type. Values written as expressions
// are not looked at. `type` is the element's type in the standard.
void check(const story::Element& element, std::string_view type, engine::core::Findings& findings);

// Brings attributes and children into the order of the schema, as writers and the JSON form do. Two
// elements mean the same where they are equal after this.
void canonicalise(story::Element& element, std::string_view type);

}  // namespace huntsman::scenarios::openscenario
