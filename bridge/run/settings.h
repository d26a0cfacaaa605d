// What describes a run in words and numbers, as people give it, before it is checked.
//
// The command line's flags are these settings; programs may use them likewise. Errors call a
// setting as the command line does: `latency_ms` is --latency-ms.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bridge/loop/run.h"
#include "engine/core/result.h"

namespace huntsman::bridge::run {

struct RunSettings {
    std::string scenario;  // a file, or the name of a shipped one; empty: demonstration
    std::string map;       // an OpenDRIVE file to drive on instead of a town
    std::string driver;    // empty: network, or scripted where the scenario has a story
    std::string rig;       // a file, or the name of a shipped one; empty: eight_cameras
    std::string network;   // of the network driver; empty: the shipped one
    std::string size = "640x400", quality = "standard";
    // Instead of what the scenario says.
    std::string minds;  // mix of profiles of the others
    std::optional<std::int64_t> seed, traffic, pedestrians;
    std::optional<double> seconds;
    // Of the ego, see scenarios::journey; a route's places are separated by ';'. A route excludes
    // the two others.
    std::string from, to, route;
    // Of the scenario's story: values of its parameters as NAME=VALUE, the entity that is the ego,
    // and when the driver takes it over (see loop::Takeover).
    std::vector<std::string> parameters;
    std::string ego, takeover = "start";
    bool physical = false;
    std::int64_t threads = 0;
    // A declared latency as loop::parse_latency reads it (50 unless given). Or it is measured, with
    // nothing declared beside.
    std::optional<std::string> latency_ms;
    std::string latency = "declared";
    std::vector<std::string> faults;  // as bridge::faults::parse reads them
    std::vector<std::string> ideal;   // as bridge::parts::parse reads them
    // Where the driver gives no usable answer; and of drivers in other processes, see
    // driver::RemoteLink.
    std::string on_driver_fault = "stop", driver_tls_ca, driver_token_file;
    std::optional<std::int64_t> driver_deadline_ms;
    bool no_images = false, endless = false;
};

// Checks every value; an error names the setting, what was given and what was expected.
engine::core::Result<loop::RunOptions> to_options(const RunSettings& settings);

// "WxH", each from 16 to 4096.
engine::core::Result<std::pair<int, int>> parse_size(const std::string& text,
                                                     const char* flag = "--size");

}  // namespace huntsman::bridge::run
