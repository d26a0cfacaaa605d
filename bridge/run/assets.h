// Data files by their path or by the name of a shipped one.
#pragma once

#include <filesystem>
#include <string>

#include "engine/core/assets.h"
#include "engine/core/result.h"
#include "scenarios/model/scenario.h"

namespace huntsman::bridge::run {

// A file by its path, or the one of that name in assets/`folder`. The error names what is shipped
// there; `what` says what is looked for: "rig", ...
engine::core::Result<std::filesystem::path> find_asset(const std::string& given, const char* folder,
                                                       const char* what);

// A rig by file or by name in assets/rigs.
engine::core::Result<std::filesystem::path> find_rig(const std::string& given);
// A scenario by file or by name in assets/scenarios; `demonstration` where nothing is given.
engine::core::Result<scenarios::model::Scenario> find_scenario(const std::string& given);

}  // namespace huntsman::bridge::run
