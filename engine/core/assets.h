// The data files that are shipped: rigs, sensors, scenarios, mixes.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace huntsman::engine::core {

// HUNTSMAN_ASSETS from the environment, or the folder of the source tree.
std::filesystem::path assets_folder();

// Names of the JSON files in a folder of it, without their ending, sorted.
std::vector<std::string> shipped(const std::string& folder);

}  // namespace huntsman::engine::core
