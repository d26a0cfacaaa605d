// What a run of the closed loop is made from, and what comes of it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bridge/driver/remote_link.h"
#include "bridge/faults/fault.h"
#include "bridge/loop/driver_faults.h"
#include "bridge/loop/latency.h"
#include "bridge/parts/part.h"
#include "bridge/score/criteria.h"
#include "bridge/score/judge.h"
#include "bridge/score/perception.h"
#include "bridge/score/plan_judge.h"
#include "engine/core/result.h"
#include "engine/render/view.h"
#include "engine/sim/recording.h"
#include "scenarios/model/scenario.h"

namespace huntsman::bridge::loop {

class Resources;

// The driver that is none: the story moves its ego to the end.
constexpr const char* kScripted = "scripted";

// When the driver takes the ego over from the scenario's story.
enum class Takeover : std::uint8_t {
    kStart,
    kController,  // once the story activates a controller for both directions
};

struct RunOptions {
    scenarios::model::Scenario scenario;
    std::string driver = "network";  // its name; see bridge/run/driver_spec.h
    std::filesystem::path rig;
    std::filesystem::path network;  // for the network driver
    int width = 640, height = 400;
    engine::render::Quality quality = engine::render::Quality::kStandard;
    int threads = 0;       // 0: all cores
    Latency latency;       // of the driver
    bool images = true;    // false renders nothing; for drivers that see nothing
    bool endless = false;  // goes on behind the route's goal until the time is up
    Takeover takeover = Takeover::kStart;
    std::vector<faults::Fault> faults;             // that the run has on purpose
    std::vector<parts::Part> ideal;                // parts that are ideal, whatever the faults
    std::optional<OnDriverFault> on_driver_fault;  // kStop unless given
    std::optional<driver::RemoteLink> remote;      // of a driver in another process
    int image_stride = 1;  // renders each n-th camera tick; above 1 only for such drivers
};

const char* name(Takeover takeover);

// None where that part is ideal.
Latency latency_of(const RunOptions& options);

// The options as JSON, as a recording keeps them, and back.
std::string to_json(const RunOptions& options);
engine::core::Result<RunOptions> options_from_json(const std::string& text,
                                                   const std::string& name);

// A failure with the conditions under which it came about.
struct Failure {
    score::Infraction infraction;
    std::string other;     // class of the other, or empty
    double occlusion = 0;  // hidden share of the other in the camera that sees it best, 0..1
    // The share of the last second's frames in which the driver perceived the other; nothing where
    // it does not say what it perceives, or there is no road user.
    std::optional<double> perceived;
    std::string picture;  // file name within the run's folder, or empty
};

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
    double bench2drive_smoothness = 0;  // NaN: too short a run
    std::vector<Failure> failures;
    std::vector<score::TimelineRow> timeline;
    score::PerceptionJudge perception;
    score::PlanScores plans;  // of drivers that answer trajectories
    score::Verdict verdict;
    // How much room was kept: the smallest time to collision with a road user who is not behind, at
    // most 3 s; 0 where the verdict is not passed.
    double room_s = 0;
    // The same whatever the verdict, and the smallest gap to such a road user; see score::Judge.
    double smallest_ttc_s = 0, smallest_gap_m = 0;
    LatencyLog latency;          // in a replay only where it was measured
    DriverFaults driver_faults;  // in a replay only their frames
    std::vector<std::pair<std::string, std::string>> story_values;  // of its parameters
    std::vector<std::pair<std::string, double>>
        stage_ms;  // mean a camera tick, in order of the loop
    double peak_memory_mb = 0;
    std::string device;  // that rendered; empty without images
    engine::sim::Recording recording;
};

// A run that has failed without leaving more than the reason, `time_s` into the simulated time.
RunResult failed_run(const RunOptions& options, std::string reason, double time_s = 0);

// Reads options' world: scenario, rig and sizes checked. `notes` gets what of a map is left out.
// With `resources` a place that these keep is not built again.
engine::core::Result<scenarios::model::BuiltScenario> build_world(
    const RunOptions& options, std::vector<std::string>* notes = nullptr,
    Resources* resources = nullptr);

// Largest resident memory of this process so far [MB].
double peak_memory_mb();

}  // namespace huntsman::bridge::loop
