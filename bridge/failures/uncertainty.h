// Where a driver's perception was least sure.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "bridge/failures/runs.h"
#include "bridge/score/perception.h"
#include "engine/core/result.h"

namespace huntsman::bridge::failures {

// Of each frame, 0 to 1: that of its least sure detection, which is 1 at the score from which on
// drivers act (0.3) and falls linearly to 0 at the scores 0 and 1; 0 without a detection.
std::vector<double> uncertainty_of_frames(const score::PerceptionJudge::Samples& samples);

// A stretch of a run.
struct UncertainWindow {
    std::size_t run = 0;            // its place among those given
    std::int64_t first_sample = 0;  // counted in periods from the run's start
    double uncertainty = 0;         // mean over its frames
};

// The `count` least sure stretches of `samples` periods each, most uncertain first, no two of one
// run overlapping. Errors: no run has perception scores, or there are not so many stretches.
engine::core::Result<std::vector<UncertainWindow>> most_uncertain(std::span<const JudgedRun> runs,
                                                                  std::size_t count,
                                                                  std::int64_t samples,
                                                                  double period_s);

}  // namespace huntsman::bridge::failures
