#include "engine/core/assets.h"

#include <algorithm>
#include <cstdlib>

namespace huntsman::engine::core {

std::filesystem::path assets_folder() {
    if (const char* given = std::getenv("HUNTSMAN_ASSETS")) return given;
    return HUNTSMAN_ASSETS;
}

std::vector<std::string> shipped(const std::string& folder) {
    std::vector<std::string> names;
    std::error_code code;
    for (std::filesystem::directory_iterator at(assets_folder() / folder, code), end;
         !code && at != end; at.increment(code)) {
        if (at->path().extension() == ".json") names.push_back(at->path().stem().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace huntsman::engine::core
