// One scene of a dataset: a run whose cameras are developed, labelled and written.
//
// Two threads: one drives the world and renders, the other develops, labels, encodes and writes the
// moment before. What comes out depends on the request alone.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>

#include "bridge/loop/resources.h"
#include "bridge/loop/run.h"
#include "engine/core/job_pool.h"
#include "sensors/dataset/dataset.h"

namespace huntsman::bridge::exporting {

struct SceneRequest {
    loop::RunOptions run;  // with the scene's scenario, seed and duration; the driver is ignored
    // What came in from outside to a run of the same scenario, which the scene then shows: its
    // driver's way in place of the traffic's. It must reach as far as the scene.
    std::optional<engine::sim::Recording> recording;
    double rate_hz = 2;  // samples a second of all cameras at once
    // Traffic and people get under way for so long before the first picture is taken.
    double warm_up_s = 0;
    // Cameras take their pictures at their own rates and phases instead; a sample holds those that
    // were due.
    bool own_times = false;
    std::string name;
    sensors::dataset::Values conditions;
    // Pictures alone, as files in the folder: what labels cost is measured against.
    bool only_pictures = false;
};

// Where the time went, summed over the scene; both threads count, so that the sum may exceed the
// wall's.
struct SceneTimes {
    std::uint64_t frames = 0;  // pictures of cameras
    std::uint64_t samples = 0;
    double loop_s = 0;      // wall, after the preparation
    double simulate_s = 0;  // ticks
    double render_s = 0;    // the renderer
    double sensor_s = 0;    // lenses, shutters and image sensors
    double waited_s = 0;    // for the other thread to take what was made
    double lidar_s = 0, labels_s = 0;
    double audit_s = 0;
    double write_s = 0;         // encoding and writing
    std::uint64_t objects = 0;  // that the audit looked at, counted in each camera
    void add(const SceneTimes& other);
};

// When a scene's first pictures are taken: after the warm-up, at the next multiple of the period.
engine::core::TimeUs first_picture_us(double warm_up_s, double rate_hz);

enum class SceneEnd { kDone, kStopped };

class SceneMaker {
  public:
    // `threads` for data-parallel loops of each of the two threads; 0 takes the machine's cores.
    // `kept_places`: see loop::Resources.
    explicit SceneMaker(int threads, std::size_t kept_places = 0);
    ~SceneMaker();

    // Writes the scene into `folder`, which it creates. `frame_done` is called after each picture
    // that was written. Once `stopped` says so, or with an error, the folder is incomplete and to
    // be removed.
    engine::core::Result<SceneEnd> make(const SceneRequest& request,
                                        const sensors::dataset::Format& format,
                                        const std::filesystem::path& folder,
                                        const std::function<bool()>& stopped,
                                        const std::function<void()>& frame_done, SceneTimes& times);

    // For runs of the caller's between the scenes.
    loop::Resources& resources() { return taking_; }

  private:
    loop::Resources taking_;
    engine::core::JobPool writing_;
};

// The sensors' profiles of a rig, read once to be refused early.
engine::core::Status check_sensors(const engine::world::Rig& rig);

}  // namespace huntsman::bridge::exporting
