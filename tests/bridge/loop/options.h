// Options that the tests of the loop start from.
#pragma once

#include <string>

#include "bridge/loop/run.h"

namespace huntsman::bridge::loop {

// The rig of eight small cameras; no pictures unless they are asked for.
inline RunOptions test_options(const std::string& driver, double seconds, bool images = false) {
    RunOptions options;
    options.scenario.name = "test";
    options.scenario.duration_s = seconds;
    options.driver = driver;
    options.rig = HUNTSMAN_SOURCE_DIR "/assets/rigs/eight_cameras.json";
    if (driver == "network") {
        options.network = HUNTSMAN_SOURCE_DIR "/assets/networks/perception.pt";
    }
    options.width = 128;
    options.height = 80;
    options.images = images;
    return options;
}

// The same in a small town.
inline RunOptions town_options(const std::string& driver, double seconds, bool images = false) {
    RunOptions options = test_options(driver, seconds, images);
    options.scenario.town.seed = 1234;
    options.scenario.town.vehicles = 10;
    options.scenario.town.pedestrians = 10;
    return options;
}

}  // namespace huntsman::bridge::loop
