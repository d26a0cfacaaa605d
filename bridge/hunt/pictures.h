// Pictures of a failing run: what its cameras saw, what was there and what the driver perceived.
#pragma once

#include <atomic>
#include <filesystem>
#include <string>
#include <vector>

#include "bridge/loop/run.h"
#include "bridge/run/runner.h"
#include "engine/core/result.h"

namespace huntsman::bridge::hunt {

struct PictureSettings {
    std::filesystem::path folder;  // made where it is not there
    std::string name;              // of the files: NAME_1.jpg, NAME_2.jpg
    int threads = 0;
    const std::atomic<bool>* stop = nullptr;
    run::MakeDriver make_driver = run::make_driver;
};

// Makes the run again, with pictures whatever its driver needs, and writes all cameras one second
// before `failed_at_s` and at the last frame before it: the paths of the files. Errors: as
// run::Runner's; a file that cannot be written; `stop` was set.
engine::core::Result<std::vector<std::string>> picture_failure(const loop::RunOptions& options,
                                                               double failed_at_s,
                                                               const PictureSettings& settings);

}  // namespace huntsman::bridge::hunt
