// Scenarios by others, where they are present.
#pragma once

#include <algorithm>
#include <filesystem>
#include <vector>

namespace huntsman::scenarios::openscenario {

inline std::filesystem::path interop_folder() {
    return std::filesystem::path(HUNTSMAN_SOURCE_DIR) / "../shared/interop/openscenario";
}
// All .xosc files, catalogues included; empty where the folder is absent.
inline std::vector<std::filesystem::path> interop_files() {
    std::vector<std::filesystem::path> files;
    if (!std::filesystem::exists(interop_folder() / "xosc")) return files;
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(interop_folder() / "xosc")) {
        if (entry.path().extension() == ".xosc") files.push_back(entry.path());
    }
    std::ranges::sort(files);
    return files;
}

}  // namespace huntsman::scenarios::openscenario
