#include "bridge/score/profiles.h"

#include <fmt/format.h>

#include <array>

namespace huntsman::bridge::score {

namespace {

constexpr std::array kProfiles = {
    Profile{.name = "carla_2_0",
            .repository = "carla-simulator/leaderboard",
            .revision = "branch leaderboard-2.0; read in Thinklab-SJTU/Bench2Drive "
                        "087f74f5213be44c6e81b72eeaadd0246e5485a7, which keeps its factors",
            .files = "leaderboard/utils/statistics_manager.py",
            .metric = "carla_2_0.driving_score",
            .unit = "%",
            .best = 100,
            .deviations =
                "blocked after 60 s instead of 180 s; no duty to yield to emergency vehicles"},
    Profile{.name = "carla_2_1",
            .repository = "carla-simulator/leaderboard",
            .revision =
                "2.1 as published in March 2025 (leaderboard.carla.org); its code has no branch",
            .files = "leaderboard/utils/statistics_manager.py",
            .metric = "carla_2_1.driving_score",
            .unit = "%",
            .best = 100,
            .deviations =
                "to be blocked for 60 s counts as a timeout; all checkpoints of minimum speed "
                "are one infraction; no duty to yield to emergency vehicles"},
    Profile{.name = "bench2drive",
            .repository = "Thinklab-SJTU/Bench2Drive",
            .revision = "2dafce59feb8d70dfe6b2720b93bd45eb9172f28",
            .files = "leaderboard/leaderboard/utils/statistics_manager.py, "
                     "tools/merge_reoute_json.py, tools/ability_benchmark.py, "
                     "tools/efficiency_smoothness_benchmark.py",
            .metric = "bench2drive.driving_score",
            .unit = "%",
            .best = 100,
            .deviations =
                "4 checkpoints of speed instead of 20; abilities by a cell's tags; samples "
                "of motion are 0.1 s apart; no duty to yield to emergency vehicles"},
    Profile{.name = "nuplan",
            .repository = "motional/nuplan-devkit",
            .revision = "ce3c323af01c0d7ec5672f7832ef53f9c679aab0",
            .files = "nuplan/planning/metrics/evaluation_metrics/common",
            .metric = "nuplan_closed_loop.score",
            .unit = "1",
            .deviations = "progress is compared with an undisturbed car instead of an expert"},
    Profile{.name = "navsim_pdms",
            .repository = "autonomousvision/navsim",
            .revision = "0811876c274e8b058ab2be9b3dcd4d37bd23f177",
            .files = "navsim/planning/simulation/planner/pdm_planner/scoring/pdm_scorer.py, "
                     "pdm_comfort_metrics.py, docs/metrics.md",
            .needs = ScoreNeeds::kTrajectory,
            .metric = "navsim_pdms.score",
            .unit = "1",
            .deviations =
                "mean over the plans of a closed-loop run, every 0.5 s, among what others did in "
                "that run; the plan is driven as it stands instead of by an LQR controller; "
                "progress is compared with an equivalent of PDM-Closed (plan_reference.h)"},
    Profile{.name = "navsim_epdms_no_human_filter",
            .repository = "autonomousvision/navsim",
            .revision = "6b2e564c92ed26fce66cee0e9ca6e8dc6497d113",
            .files = "navsim/planning/simulation/planner/pdm_planner/scoring/pdm_scorer.py, "
                     "pdm_comfort_metrics.py, scene_aggregator.py",
            .needs = ScoreNeeds::kTrajectory,
            .metric = "navsim_epdms_no_human_filter.score",
            .unit = "1",
            .deviations = "as navsim_pdms; no human drives here, whose own infractions would be "
                          "forgiven; one stage"},
    Profile{.name = "nuscenes_detection",
            .repository = "nutonomy/nuscenes-devkit",
            .revision = "1.2.0",
            .files = "python-sdk/nuscenes/eval/detection/algo.py, data_classes.py",
            .needs = ScoreNeeds::kDetections,
            .metric = "nuscenes_detection.score_without_attributes",
            .unit = "1",
            .deviations =
                "two classes, vehicle and pedestrian; hidden objects are ignored by pixels "
                "instead of lidar points; without attributes, hence not NDS"},
};

}  // namespace

const char* name(ScoreNeeds needs) {
    switch (needs) {
        case ScoreNeeds::kClosedLoop:
            return "closed loop";
        case ScoreNeeds::kTrajectory:
            return "trajectory";
        case ScoreNeeds::kDetections:
            return "detections";
    }
    return "?";
}

std::span<const Profile> profiles() { return kProfiles; }

engine::core::Result<const Profile*> find_profile(std::string_view name) {
    std::string known;
    for (const Profile& profile : kProfiles) {
        if (profile.name == name) return &profile;
        known += std::string(known.empty() ? "" : ", ") + profile.name;
    }
    return engine::core::Error{
        fmt::format("there is no score profile {}; expected one of {}", name, known)};
}

}  // namespace huntsman::bridge::score
