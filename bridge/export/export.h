// Datasets from runs: one scene a seed, written whole or not at all.
//
// Scenes are made by workers, each with its own renderer; a scene depends on its seed and the
// options alone, so the result does not depend on the number of workers, on the order in which
// scenes end, or on how often the export was interrupted: what is finished is found and skipped,
// what is half is made again.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bridge/export/mix.h"
#include "bridge/export/scene.h"

namespace huntsman::bridge::exporting {

constexpr std::uint64_t kMostScenes = 100'000;  // in one call

// What the scene of a seed is made from, in place of the options' scenario and mix: all of a
// request but the name and the dataset's rig, size and quality, which the export sets. Several
// threads may call at once, each with resources of its own. An error is of this scene.
using RequestScene = std::function<engine::core::Result<SceneRequest>(
    std::uint64_t seed, loop::Resources& resources, const std::function<bool()>& stopped)>;

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
    // Scenes of one's own, with `seconds` each. `about`: what they depend on, part of what a
    // dataset is begun with.
    RequestScene request;
    sensors::dataset::Values about;
};

struct ExportProgress {
    std::uint64_t frames = 0, frames_total = 0;  // pictures, of this and former calls
    std::uint64_t scenes = 0, scenes_total = 0;
    std::uint64_t frames_made = 0;          // in this call
    double frames_per_s = 0, mb_per_s = 0;  // of this call
};

struct SceneFailure {
    std::string name, reason;
};

struct ExportResult {
    std::uint64_t scenes = 0, skipped = 0;  // made now; there before
    std::vector<SceneFailure> failed;       // in order of their seeds; the next call tries again
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

// Pictures of all cameras in a scene.
engine::core::Result<std::uint64_t> frames_a_scene(const ExportOptions& options);

// A scene that has come to be.
struct Made {
    SceneTimes times;
    std::uint64_t bytes = 0;
};

// Makes one scene after the other, each whole or not at all.
class SceneSource {
  public:
    // Errors as of `export_dataset`.
    static engine::core::Result<std::unique_ptr<SceneSource>> create(const ExportOptions& options);
    ~SceneSource();

    // Nothing where `stopped` said so. An error is of this scene, unless it is `hopeless`.
    engine::core::Result<std::optional<Made>> make(std::uint64_t seed,
                                                   const std::function<bool()>& stopped,
                                                   const std::function<void()>& frame_done);
    // Whether every further scene would fail likewise: the dataset cannot be written, the machine
    // lacks something.
    bool hopeless(const engine::core::Error& error) const;

  private:
    struct Impl;
    explicit SceneSource(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

// What becomes of scenes; told by whoever makes them, from any thread.
struct SceneNews {
    std::function<void(std::uint64_t seed, std::uint64_t frames)> frames;  // of the scene so far
    std::function<void(std::uint64_t seed, const Made& made)> made;
    std::function<void(std::uint64_t seed, const std::string& reason)> failed;
};
// Makes the scenes of these seeds until all are made or have failed, or `stop` is set. An error
// ends the export.
struct Job {
    std::vector<std::uint64_t> seeds;
    std::uint64_t frames_a_scene = 0;
};
using MakeScenes = std::function<engine::core::Status(const Job& job, const SceneNews& news)>;

// Refuses impossible options, a dataset begun with others, and a second export into the same
// folder. A scene that fails costs that scene only. On errors and when stopped, finished scenes
// stay and nothing half-written does. Without `make_scenes` they are made by threads of this
// process.
engine::core::Result<ExportResult> export_dataset(
    const ExportOptions& options, const std::function<void(const ExportProgress&)>& progress,
    const std::atomic<bool>& stop, const MakeScenes& make_scenes = {});

}  // namespace huntsman::bridge::exporting
