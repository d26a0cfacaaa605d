// Datasets from runs: one scene a seed, written whole or not at all.
//
// Scenes are made by workers, each with its own renderer; a scene depends on its seed and the
// options alone, so the result does not depend on the number of workers, on the order in which
// scenes end, or on how often the export was interrupted: what is finished is found and skipped,
// what is half is made again.
#pragma once

#include <atomic>
#include <functional>
#include <optional>

#include "bridge/export/mix.h"
#include "bridge/export/scene.h"

namespace huntsman::bridge::exporting {

constexpr std::uint64_t kMostScenes = 100'000;  // in one call

struct ExportOptions {
    std::string format = "nuscenes";
    sensors::dataset::Options content;
    std::uint64_t first_seed = 0, last_seed = 0;  // inclusive
    double seconds = 20;                          // of each scene
    double warm_up_s = 5;                         // before them, without pictures
    double rate_hz = 2;                           // samples of all cameras a second
    bool own_times = false;                       // cameras at their own rates and phases instead
    int workers = 1;
    int threads = 0;  // of all workers together; 0: the machine's cores
    std::filesystem::path out;
    std::optional<Mix> mix;  // none: the scenario as it is, with another seed each
    // Scenario, rig, size and quality; seed, duration and driver are the export's.
    loop::RunOptions run;
    std::string version;  // of the program, part of what a dataset is begun with
};

struct ExportProgress {
    std::uint64_t frames = 0, frames_total = 0;  // pictures, of this and former calls
    std::uint64_t scenes = 0, scenes_total = 0;
    std::uint64_t frames_made = 0;          // in this call
    double frames_per_s = 0, mb_per_s = 0;  // of this call
};

struct ExportResult {
    std::uint64_t scenes = 0, skipped = 0;  // made now; there before
    std::uint64_t bytes = 0;                // of the scenes made now
    bool incomplete = false;                // stopped from outside
    double wall_s = 0;
    SceneTimes times;
};

// What a seed's scene will be.
struct Planned {
    std::string name;
    scenarios::model::Scenario scenario;
    sensors::dataset::Values conditions;  // what was drawn
    std::string description;              // the same in words
};
// Of each seed in order, without making anything.
engine::core::Result<std::vector<Planned>> plan(const ExportOptions& options);

// What readers of this dataset will get wrong, a sentence each; empty where the rig cannot be read.
std::vector<std::string> caveats(const ExportOptions& options);

// Refuses impossible options, a dataset begun with others, and a second export into the same
// folder. On errors and when stopped, finished scenes stay and nothing half-written does.
engine::core::Result<ExportResult> export_dataset(
    const ExportOptions& options, const std::function<void(const ExportProgress&)>& progress,
    const std::atomic<bool>& stop);

}  // namespace huntsman::bridge::exporting
