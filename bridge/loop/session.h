// A run of the closed loop that is stepped: world, traffic, cameras, driver, judge, recording.
//
//   auto session = Session::create(resources, options, {.driver = std::move(driver)});
//   while (!session->ended()) HM_TRY(session->step());
//   auto result = session->finish();
//
// A session stands at a moment: the state of a tick (5 ms) that the cameras have seen and the minds
// have thought about, and that nothing has acted on yet. `step` lets everything act and move and
// goes on to the next tick's moment; the first call goes to the moment of tick 0. At a camera tick
// the driver has driven by then. A session without a driver leaves that to the caller:
//
//   HM_TRY(session->step_to_frame());
//   while (!session->ended()) {
//       session->apply(decide(session->observation(), session->frames()));
//       HM_TRY(session->step_to_frame());
//   }
//
// An action takes effect after the options' latency, whoever gives it. The same actions give the
// same states, pictures and hashes. Where the latency is measured, a driver is not shown the camera
// ticks that come while it is busy: there is no action at them.
//
// A session can compute a recording again, without pictures and without whoever drove, and go on
// from any tick of it with other actions (Setup::recording, Setup::fork_tick).
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "bridge/driver/driver.h"
#include "bridge/loop/actual.h"
#include "bridge/loop/resources.h"
#include "bridge/loop/run.h"
#include "bridge/route/ego_route.h"
#include "engine/core/trace.h"
#include "engine/render/view.h"
#include "engine/road/road_map.h"
#include "engine/sim/recording.h"
#include "engine/world/state.h"
#include "engine/world/world.h"
#include "sensors/labels/ground_truth.h"

namespace huntsman::bridge::loop {

// The end reason of a session that nothing else ended.
constexpr const char* kTimeIsUp = "time is up";

// What one camera tick produced; valid until the session's next step.
struct FrameView {
    const engine::world::World& world;
    const engine::world::State& state;
    std::uint64_t frame = 0;  // camera ticks before this one
    bool has_images = false;  // `frames` and what `truth` says of visibility are of this tick
    // Picture and ids of each camera, in the rig's order: the latest that it has taken.
    const std::vector<engine::render::Frame>& frames;
    const std::vector<sensors::labels::TrueObject>& truth;  // within kTruthReach_m
    const messages::Observation& observation;
    const messages::Action& action;         // empty where there was none
    std::span<const Failure> new_failures;  // found since the frame before
    std::span<const std::string> profiles;  // their names, of ActorState::profile
};
using FrameSink = std::function<engine::core::Status(const FrameView&)>;

// Watches a session; what is left empty is not called. An error ends the session with it.
struct Observer {
    // Whenever a camera may be due, before anybody thinks: for sensors of one's own.
    std::function<engine::core::Status(const engine::world::World&, const engine::world::State&)>
        sense;
    // Each camera tick, with its action, before that acts.
    FrameSink frame;
    // What has come of it all; may add to it, as the names of pictures.
    std::function<engine::core::Status(RunResult&)> finished;
};

struct Setup {
    // Drives the ego; reset first. Without one the caller applies actions. The options' faults of
    // frames, cameras and perception are in what this driver is given.
    std::unique_ptr<driver::Driver> driver;
    // The ego goes along its route like any other vehicle, or as the scenario's story has it; there
    // are no actions then.
    bool traffic_drives_ego = false;
    // In place of the world that the options say; with its rig.
    std::optional<scenarios::model::BuiltScenario> world;
    // Where the others will go, for an ideal prediction; without it that part does nothing.
    std::optional<Ways> ways;
    // Goes on whatever the judge says, until the time is up.
    bool whole_time = false;
    // What came in from outside is taken from here: up to the moment of `fork_tick`, from which on
    // it is a session like any other, or to the recording's end, which is the session's. Meanwhile
    // there are no pictures and no driver, and the judge ends nothing.
    std::optional<engine::sim::Recording> recording;
    std::optional<std::int64_t> fork_tick;
    // Set: the session ends with the tick that is going on.
    const std::atomic<bool>* stop = nullptr;
    // Records phases, stages and the device's passes; the device may be slower meanwhile.
    engine::core::Trace* trace = nullptr;
};

class Session {
  public:
    // `options.driver` is kept for result and recording but not looked at, unless it is kScripted:
    // the scenario's story moves its ego then. Errors: the world or the
    // renderer cannot be had; the driver needs pictures but the options switch them off; the
    // latency is to be measured but there is neither a driver nor a recording.
    // `resources` must outlive the session. They show one session's world at a time: with pictures,
    // the session before must not be stepped any more.
    static engine::core::Result<std::unique_ptr<Session>> create(Resources& resources,
                                                                 const RunOptions& options,
                                                                 Setup setup = {});
    ~Session();

    // Called in the order in which they came.
    void subscribe(Observer observer);

    // To the next tick's moment, or to the end. Errors are of the renderer and of observers; the
    // session is of no use after one. Numeric trouble and a driver that fails (an error, an
    // exception) end the session as invalid, with the reason.
    engine::core::Status step();
    // To the next moment with `at_frame`, or to the end.
    engine::core::Status step_to_frame();

    bool ended() const;
    const std::string& end_reason() const;
    bool valid() const;      // false: numeric trouble, or the driver failed
    bool at_frame() const;   // the moment is a camera tick
    bool replaying() const;  // the next step's inputs are the recording's

    // What the driver of the ego does, made from this moment. Precondition: the latency is
    // declared.
    void apply(const messages::Action& action);
    // Takes over another vehicle from this tick on, and leaves it to its own mind again.
    void command(engine::world::ActorId actor, const engine::world::VehicleCommand& command);
    void release(engine::world::ActorId actor);
    // Puts an actor elsewhere, upright, before anything acts on this moment: the next one has it
    // there, a tick further. Its mind finds the lane or walkway there; an entity of the story goes
    // on from there as after a teleport action. `p_W` lies on the ground (road_map().surface) or
    // above, from where it falls. Errors: no such actor, numbers out of range.
    engine::core::Status place(engine::world::ActorId actor,
                               const engine::sim::Placement& placement);
    // Light, weather and road from now on, in the place of what the scenario says: pictures, sight,
    // lidar and tyres have them from the next moment on. Its words are made from its numbers.
    // Errors: numbers out of range.
    engine::core::Status set_environment(const engine::world::Environment& environment);

    const engine::world::World& world() const;
    const engine::road::RoadMap& road_map() const;
    const route::EgoRoute& route() const;
    const engine::world::State& state() const;
    const std::vector<std::string>& profiles() const;  // their names, of ActorState::profile
    // Of the last camera tick: what the ego's driver is told (without pictures), what the cameras
    // see, and what is truly there.
    const messages::Observation& observation() const;
    const std::vector<engine::render::Frame>& frames() const;
    const std::vector<sensors::labels::TrueObject>& truth() const;
    FrameView view() const;
    // What is truly there at this moment, as the oracle is told; without faults.
    messages::Perception true_perception() const;

    const std::vector<engine::sim::ChainLink>& chain() const;
    std::uint64_t state_hash() const;

    // Of the run so far: what came in and the chain up to this moment; failures found by the last
    // camera tick that has acted; the ego's place along its route.
    engine::sim::Recording recording() const;
    const std::vector<Failure>& failures() const;
    double route_s_m() const;
    // What has been seen of the ego's driving up to this moment, also what `failures` does not hold
    // yet.
    const score::Judge& judge() const;

    // What has come of it. A session that has not ended ends with the present tick, incomplete.
    // Nothing may be called after.
    engine::core::Result<RunResult> finish();

  private:
    struct Impl;
    explicit Session(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

// Computes a recording again, to the moment of `until_tick` or to its end, without pictures.
// `progress` gets the share of the way; `observers` are subscribed before it begins.
engine::core::Result<std::unique_ptr<Session>> replay(
    Resources& resources, const engine::sim::Recording& recording,
    std::optional<std::int64_t> until_tick = {}, const std::function<void(double)>& progress = {},
    std::vector<Observer> observers = {});

}  // namespace huntsman::bridge::loop
