// Fits an error model to how a driver was measured to perceive.
#pragma once

#include <vector>

#include "bridge/error_model/model.h"
#include "bridge/score/perception.h"

namespace huntsman::bridge::error_model {

// What one run's frames showed; bridge/suite/store.h reads them from results of suites.
struct RunSamples {
    score::PerceptionJudge::Samples samples;
    bool night = false;
    double frame_s = 0.1;  // from a frame to the next
};

struct FitSettings {
    double match_m = 2.0;     // a detection so near to an object is of it
    double seen_score = 0.3;  // detections below are no reason to brake for the planner
    std::vector<double> vehicle_bands_m{5, 10, 15, 20, 30, 40, 50};
    std::vector<double> pedestrian_bands_m{5, 10, 15, 20, 30, 40};
};

// Counts of a band are smoothed by the class's mean over all bands, which counts as ten samples.
// Where enough objects were at the same distances by day and at night, bands are of the day, and
// night_odds tells how night differs (the odds ratio of Mantel and Haenszel over the bands).
Model fit(const std::vector<RunSamples>& runs, const FitSettings& settings = {});

}  // namespace huntsman::bridge::error_model
