// Elements of a story by path: "Entities/ScenarioObject[2]/Vehicle". Steps are names of elements,
// with a number from 1, or the value of the attribute "name", where there are several:
// "Entities/ScenarioObject[Child]". The empty path is the root.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/core/result.h"
#include "scenarios/story/element.h"

namespace huntsman::scenarios::edit {

// nullptr where there is none.
const story::Element* find_element(const story::Element& root, std::string_view path);
story::Element* find_element(story::Element& root, std::string_view path);
// The type in the standard of what stands at a path; empty where it has none.
std::string_view type_at(std::string_view path);
// The path of an element of the tree, with numbers where there are several of a name; the root's,
// too, is empty.
std::string path_of(const story::Element& root, const story::Element* element);

// The path of what stands behind an element among those of its name: ".../Vertex[3]/Position" for
// ".../Vertex[2]/Position". The last number of the path counts.
std::string path_after(const std::string& path);

// What is wrong with a value of an attribute's type; empty: nothing. Expressions are not looked at.
std::string value_problem(std::string_view element_type, std::string_view attribute,
                          const std::string& value);

// The first error that the standard finds in an element and below it.
engine::core::Status check_element(const story::Element& element, std::string_view type);

// An element with all that the standard requires, filled with plain values.
story::Element make_default(std::string_view name, std::string_view type,
                            const story::Element& root);

// "laneChangeAction" and "dynamics_shape" in words: "Lane change action", "Dynamics shape".
std::string label_of_name(std::string_view name);

}  // namespace huntsman::scenarios::edit
