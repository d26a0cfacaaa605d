// The editor's program: a window, its frames, and scripts.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "engine/core/result.h"

namespace huntsman::apps::editor {

struct AppSettings {
    std::string open;              // what to open; empty: what was opened last is offered
    std::filesystem::path script;  // steps that are played; the editor then ends
    std::filesystem::path shots;   // folder of the script's screenshots; empty: beside the script
    bool offscreen = false;        // no window; only with a script
    int width = 1600, height = 900;
    std::filesystem::path state_folder, catalogue;
    std::string rig = "eight_cameras", size = "640x400";
    const std::atomic<bool>* stop = nullptr;
    // Gets what the script prints; empty: a line of JSON each on stdout.
    std::function<void(const nlohmann::json&)> printed;
};

// Until the user leaves, or the script has ended. Errors: no display, no Vulkan, a script that
// cannot be read or a step of it that failed, what to open is not there.
engine::core::Status run_app(const AppSettings& settings);

}  // namespace huntsman::apps::editor
