// The JSON form of a story: the same elements as in XML, more briefly. The rules:
//
// - Names are written in snake case: `LaneChangeAction` is "lane_change_action", `entityRef`
//   "entity_ref". An element is an object of its attributes and children.
// - Elements that may stand several times are a list. An element that holds nothing but one kind of
//   child any number of times is that list: "parameter_declarations": [...], triggers are lists of
//   lists of conditions.
// - An element with one attribute and nothing else is that attribute's value: "entity_ref": "Ego".
// - An element that only says which of several others follows, or holds just one other, is left
//   out where that is unambiguous: a private action is {"speed_action": {...}}.
// - Numbers and flags are JSON numbers and booleans; parameters and expressions are texts.
// - What the standard does not know is kept: attributes as "@name", elements as "<name>".
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "engine/core/json_file.h"
#include "scenarios/story/element.h"

namespace huntsman::scenarios::openscenario {

// The JSON form of an element of a type of the standard.
nlohmann::ordered_json to_json(const story::Element& element, std::string_view type);

// The element called `name` of a JSON form; what is wrong is reported to the node's file. Origins
// name `file` and the line. StoryFile what `to_json` wrote gives the same element after
// `canonicalise`.
story::Element from_json(const engine::core::JsonNode& node, std::string_view name,
                         std::string_view type, std::uint32_t file = 0);

// Keys that could stand for several attributes or elements of one type, "TYPE.key ..."; empty: the
// form is unambiguous, as it must be.
std::string ambiguous_keys();

// "LaneChangeAction" and "entityRef" in snake case.
std::string snake_case(std::string_view name);

}  // namespace huntsman::scenarios::openscenario
