// The flags that describe a run, shared by several commands.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "bridge/loop/run.h"
#include "engine/core/result.h"

namespace huntsman::apps {

struct RunFlags {
    std::string scenario, map, driver = "network", rig, network, size = "640x400",
                               quality = "standard";
    std::optional<std::int64_t> seed, traffic, pedestrians;
    std::optional<double> seconds;
    std::string from, to, route;  // of the ego; the route's places are separated by ';'
    std::int64_t threads = 0, latency_ms = 50;
    bool no_images = false, endless = false;
};

// Those that describe the world and the cameras, and all.
void add_world_flags(CLI::App& command, RunFlags& flags);
void add_run_flags(CLI::App& command, RunFlags& flags);
// Where the ego starts and goes to.
void add_way_flags(CLI::App& command, RunFlags& flags);

// Checks every value; an error names the flag, what was given and what was expected.
engine::core::Result<bridge::loop::RunOptions> to_options(const RunFlags& flags);

// "WxH", each from 16 to 4096.
engine::core::Result<std::pair<int, int>> parse_size(const std::string& text);
engine::core::Result<engine::render::Quality> parse_quality(const std::string& text);
// Whether there is such a driver; an error begins with `what`, as "--driver is".
engine::core::Status check_driver(const std::string& what, const std::string& driver);

}  // namespace huntsman::apps
