// Score profiles: whose formula a number follows, at which revision, and what it takes to compute
// it.
//
// Suites, run.json and the regression gate name metrics by these.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "engine/core/result.h"

namespace huntsman::bridge::score {

enum class ScoreNeeds {
    kClosedLoop,  // a run to its end
    kTrajectory,  // plans of drivers that answer trajectories, each driven for 4 s among road users
                  // that do not react; see plan_judge.h
    kDetections,  // what the driver says it perceives
};
const char* name(ScoreNeeds needs);  // "closed loop", "trajectory", "detections"

struct Profile {
    const char* name;        // "carla_2_1"
    const char* repository;  // of the source, "owner/name"
    const char* revision;    // commit or release that the formula was read from
    const char* files;       // there
    ScoreNeeds needs = ScoreNeeds::kClosedLoop;
    const char* metric;  // its main number by its place in run.json's `scores`, where it is there
    const char* unit;    // "%", "1" for a share of 0..1
    double best = 1;     // of that number; higher is better in every profile, 0 is the worst
    const char* deviations;  // where Huntsman counts differently; empty: nowhere known
};

std::span<const Profile> profiles();
// Error: no profile has this name; it lists those there are.
engine::core::Result<const Profile*> find_profile(std::string_view name);

}  // namespace huntsman::bridge::score
