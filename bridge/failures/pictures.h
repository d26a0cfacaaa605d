// Pictures of a failure: the run is driven again, and shown about a second before it failed and at
// the moment.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "bridge/failures/runs.h"
#include "bridge/loop/run.h"
#include "bridge/run/runner.h"
#include "engine/core/result.h"

namespace huntsman::bridge::failures {

struct Picture {
    std::string caption;
    std::string jpeg;  // encoded bytes
};

struct Shown {
    std::vector<Picture> pictures;  // in order of time
    std::string plan;               // SVG element: both moments from above, north up
    std::string note;               // set where the run is another one than the results file's
};

// The options that the results file keeps of the run. Errors, in one sentence that names the run:
// its scenario, map, rig or actors have changed since; it is not in the file.
engine::core::Result<loop::RunOptions> options_of(const JudgedRun& run);

// Each moment is of the camera that sees the other best, the first one where there is no other,
// with the other's box. 640x400, whatever the driver looks at. `progress`: 0..1.
// Errors: the run cannot be driven or shown; `stop` was set.
engine::core::Result<Shown> show(run::Runner& runner, const JudgedRun& run,
                                 const loop::RunOptions& options,
                                 const std::function<void(double share)>& progress,
                                 const std::atomic<bool>* stop);

}  // namespace huntsman::bridge::failures
