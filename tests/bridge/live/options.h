// Options that the tests of live runs start from.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "bridge/run/runner.h"

namespace huntsman::bridge::live {

constexpr double kLong_s = 120;  // that anything may take on a busy machine

// A small town and the rig of eight tiny cameras; no pictures unless they are asked for.
inline loop::RunOptions town_options(const std::string& driver, double seconds,
                                     bool images = false) {
    loop::RunOptions options;
    options.scenario.name = "test";
    options.scenario.duration_s = seconds;
    options.scenario.town.seed = 1234;
    options.scenario.town.vehicles = 10;
    options.scenario.town.pedestrians = 10;
    options.driver = driver;
    options.rig = HUNTSMAN_SOURCE_DIR "/assets/rigs/eight_cameras.json";
    options.width = 64;
    options.height = 40;
    options.quality = engine::render::Quality::kFast;
    options.images = images;
    return options;
}

inline loop::RunResult run_whole(const loop::RunOptions& options) {
    run::Runner runner(2);
    auto result = runner.run(options, {});
    EXPECT_TRUE(result) << result.error().text();
    return result ? std::move(*result) : loop::RunResult{};
}

}  // namespace huntsman::bridge::live
