// The form in which drafts are kept: see draft.h.
#pragma once

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "engine/core/result.h"
#include "scenarios/edit/draft.h"

namespace huntsman::scenarios::edit {

// The scenario's file as JSON; what stands for the draft's own story is kOwnStory.
constexpr const char* kOwnStory = "(the draft's)";
nlohmann::ordered_json scenario_json(const Draft& draft);
// And back, into a draft that keeps its story. Errors name the field.
engine::core::Status set_scenario_json(const nlohmann::ordered_json& json, Draft& draft);

// Brings a draft into the form in which it is kept. Relative paths of a story are taken to be seen
// from the folder of its file.
engine::core::Status settle(Draft& draft);

// The paths that a story names: of maps, catalogues and scenarios.
void for_each_path(story::Element& element, const std::function<void(std::string&)>& visit);
// Seen from a folder; absolute where they have nothing but the root in common.
std::string relative_to(const std::filesystem::path& path, const std::filesystem::path& folder);

bool is_utf8(const std::string& text);

}  // namespace huntsman::scenarios::edit
