// One run of the closed loop: world, traffic, cameras, driver, judge, recording.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bridge/driver/driver.h"
#include "bridge/loop/assembly.h"
#include "bridge/score/perception.h"
#include "engine/core/job_pool.h"
#include "engine/core/trace.h"
#include "engine/render/renderer.h"
#include "engine/sim/recording.h"
#include "scenarios/model/scenario.h"
#include "sensors/labels/ground_truth.h"

namespace huntsman::bridge::loop {

struct RunOptions {
    scenarios::model::Scenario scenario;
    std::string driver = "network";  // oracle | network | torch:FILE.pt | none
    std::filesystem::path rig;
    std::filesystem::path network;  // for the network driver
    int width = 640, height = 400;
    engine::render::Quality quality = engine::render::Quality::kStandard;
    int threads = 0;  // 0: all cores
    int latency_ms = 50;
    bool images = true;    // false renders nothing; for drivers that see nothing
    bool endless = false;  // goes on behind the route's goal until the time is up
    int image_stride = 1;  // renders each n-th camera tick; above 1 only for such drivers
};

// The options as JSON, as a recording keeps them, and back.
std::string to_json(const RunOptions& options);
engine::core::Result<RunOptions> options_from_json(const std::string& text,
                                                   const std::string& name);

// A failure with the conditions under which it came about.
struct Failure {
    score::Infraction infraction;
    std::string other;     // class of the other, or empty
    double occlusion = 0;  // hidden share of the other in the camera that sees it best, 0..1
    std::string picture;   // file name within the run's folder, or empty
};

// What one camera tick produced; valid during the call only.
struct FrameView {
    const engine::world::World& world;
    const engine::world::State& state;
    std::uint64_t frame = 0;
    bool has_images = false;  // `frames` and what `truth` says of visibility are of this tick
    const std::vector<engine::render::Frame>& frames;
    const std::vector<sensors::labels::TrueObject>& truth;
    const messages::Observation& observation;
    const messages::Action& action;
    std::span<const Failure> new_failures;  // found since the frame before
};
using FrameSink = std::function<engine::core::Status(const FrameView&)>;

struct RunResult {
    RunOptions options;
    std::string driver;
    std::string scenario;
    std::uint64_t seed = 0;
    engine::world::Environment environment;
    std::int64_t ticks = 0;
    std::uint64_t frames = 0;
    double sim_time_s = 0, wall_time_s = 0;
    std::uint64_t state_hash = 0, image_hash = 0;
    bool valid = true;        // false: numeric trouble, or the driver or the world failed
    bool incomplete = false;  // stopped from outside
    std::string end_reason;
    std::vector<std::string> notes;  // what of a map is left out; see driver::Driver::notes
    double route_m = 0;              // length of the route
    double progress_m = 0;           // driven of it
    int collision_disagreements = 0;
    score::CarlaCounts carla;
    score::NuplanTerms nuplan;
    std::vector<Failure> failures;
    std::vector<score::TimelineRow> timeline;
    score::PerceptionJudge perception;
    std::vector<std::pair<std::string, double>>
        stage_ms;  // mean a camera tick, in order of the loop
    double peak_memory_mb = 0;
    std::string device;  // that rendered; empty without images
    engine::sim::Recording recording;
};

// A run that has failed without leaving more than the reason, `time_s` into the simulated time.
RunResult failed_run(const RunOptions& options, std::string reason, double time_s = 0);

struct RunCallbacks {
    std::function<void(double share)> progress;  // 0..1, often
    const std::atomic<bool>* stop = nullptr;     // set: end cleanly with what there is
    FrameSink sink;                              // each camera tick, images or not
    // Each tick: what comes in from outside besides the driver of the ego, as a takeover of another
    // vehicle. It goes into the log, and so into the recording.
    std::function<void(const engine::world::State&, engine::sim::InputLog&)> inputs;
    // Records phases, stages and the device's passes; the device may be slower meanwhile.
    engine::core::Trace* trace = nullptr;
};

// Holds what is worth keeping between runs: the renderer with its pipelines and the thread pool.
class Runner {
  public:
    explicit Runner(int threads);
    ~Runner();

    // A driver that fails on the way (an error, an exception) ends the run as invalid, with the
    // reason. Errors: the world, the driver or the renderer cannot be had; the sink's.
    engine::core::Result<RunResult> run(const RunOptions& options, const RunCallbacks& callbacks);

    // Runs a recording again without those who gave its inputs and returns the chain of hashes.
    // With `until_tick` it stops there; `at_end` then sees the assembly in that state.
    struct Replay {
        RunOptions options;
        std::vector<engine::sim::ChainLink> chain;
        std::uint64_t state_hash = 0;
    };
    engine::core::Result<Replay> replay(
        const engine::sim::Recording& recording, std::optional<std::int64_t> until_tick,
        const std::function<void(double)>& progress,
        const std::function<engine::core::Status(Assembly&)>& at_end);

    // The renderer, created at its first use.
    engine::core::Result<engine::render::Renderer*> renderer(engine::render::Quality quality);
    engine::core::JobPool& pool() { return pool_; }

  private:
    engine::core::JobPool pool_;
    std::unique_ptr<engine::render::Renderer> renderer_;
    engine::render::Quality renderer_quality_ = engine::render::Quality::kStandard;
};

// Reads options' world: scenario, rig and sizes checked. `notes` gets what of a map is left out.
engine::core::Result<engine::world::World> build_world(const RunOptions& options,
                                                       std::vector<std::string>* notes = nullptr);

// Largest resident memory of this process so far [MB].
double peak_memory_mb();

}  // namespace huntsman::bridge::loop
