// From a document to the story that it tells.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "engine/core/findings.h"
#include "engine/core/result.h"
#include "scenarios/story/story.h"

namespace huntsman::scenarios::story {

struct CompileOptions {
    std::map<std::string, std::string> parameters;  // values instead of those declared
    std::string ego;                                // empty: "Ego", else the first vehicle
    // Reads a catalogue file as an element tree, whose origins get the number given.
    std::function<engine::core::Result<Element>(const std::filesystem::path&, std::uint32_t)> read;
};

// Puts values in for parameters, follows catalogue references, resolves names, and checks what the
// tree alone does not show: entities and elements that are not there, parameters that break their
// constraints, catalogues that refer to each other in a circle, trajectories that go back in time.
// What is wrong is a finding with file and line; `document.files` grows by the catalogues read.
//
// The story is whole where no finding is an error.
Story compile(Document& document, const CompileOptions& options, engine::core::Findings& findings);

}  // namespace huntsman::scenarios::story
