// A run that people look at while it goes on: played, paused, scrubbed, forked, driven by hand.
//
//   LiveRun run;
//   run.prepare(options);              // stands at tick 0 once the world is built
//   run.play(1);                       // or step, seek, fork, ...
//   show(run.moment(), run.status());  // whenever the screen is drawn
//
// Every call returns at once, from any thread; threads of its own do the work, and what was asked
// last holds. What is computed is what bridge/run's Runner computes from the same options: pauses,
// speeds and looking back change no bit of it.
//
// A run has a head: the tick up to which it is computed. Going back shows moments that are kept;
// playing from there shows what was computed until the head is reached, and then computes on. The
// past changes only by a fork, or by driving by hand in it, which is one: the run is computed again
// up to that tick from its recording, without pictures, and goes on as another.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bridge/live/moment.h"
#include "bridge/loop/run.h"
#include "bridge/run/runner.h"
#include "engine/core/image.h"
#include "engine/world/weather_fields.h"

namespace huntsman::bridge::live {

// The driver that is somebody at the keyboard: the ego does what `drive` says.
constexpr const char* kByHand = "you";

struct LiveSettings {
    int threads = 0;                                // of pictures; 0: all cores
    std::size_t kept_places = 2;                    // see loop::Resources
    std::size_t most_bytes = std::size_t{1} << 29;  // of kept moments; beyond it they are thinned
    int thumbnail_width = 160;                      // [px]; 0: none
    run::MakeDriver make_driver = run::make_driver;
};

struct MovedActor {
    engine::world::ActorId id = engine::world::kNoActor;
    engine::math::RigidTransform X_WB;
    double speed_mps = 0;  // along its heading
};

// Another future from a tick on.
struct Fork {
    std::int64_t tick = 0;
    std::string driver;  // its name; empty: the same one, which starts afresh
    std::optional<engine::core::Partial<engine::world::Environment>> environment;
    std::vector<MovedActor> moved;
};

struct Progress {
    std::string what;  // "building the world"; empty: nothing is going on
    double share = 0;  // 0..1; negative: nobody knows
    bool running = false;
    // Why the last thing that was asked did not come about, until the next one; else empty.
    std::string error;
};

// A summary for the screen.
struct RunStatus {
    bool ready = false;  // there is a moment
    bool playing = false;
    double speed = 1;     // asked for
    double achieved = 0;  // simulated per real second, of late
    std::int64_t shown_tick = 0, head_tick = 0;
    std::int64_t last_tick = 0;  // the latest that the run can come to
    bool ended = false;          // the head is the end
    std::string end_reason;
    bool valid = true;
    std::string driver;
    bool from_recording = false;  // its inputs are a recording's
    std::optional<std::int64_t> forked_at;
    std::uint64_t state_hash = 0;                 // up to the head
    std::vector<engine::world::ActorId> by_hand;  // actors that are driven by hand
    std::uint64_t revision = 0;                   // grows with whatever changes
};

// What a future has come to, kept whole.
struct Future {
    loop::RunOptions options;
    std::int64_t parted_at = 0;              // the first tick that the present one does not share
    std::shared_ptr<const Moments> moments;  // never null
    std::shared_ptr<const loop::RunResult> result;  // null where it did not end
};

class LiveRun {
  public:
    explicit LiveRun(LiveSettings settings = {});
    // Joins its threads within two seconds; a world that is being built is left to its thread, see
    // wait_for_builds.
    ~LiveRun();

    // Builds the world and stands, paused, at tick 0.
    void prepare(loop::RunOptions options);
    // A run that is over: computes it again, without its driver, and stands at `tick`.
    void load(engine::sim::Recording recording, std::int64_t tick = 0);

    // Simulated seconds a second; 0: as fast as it goes.
    void play(double speed);
    void pause();
    void step();                  // a tick (5 ms) on
    void step_frame(int by = 1);  // to the next camera tick, or the one before
    // Shows the tick. One that is not computed yet is computed up to, as fast as it goes.
    void seek(std::int64_t tick);
    void end_here();  // ends the run at its head, with a result
    void fork(Fork fork);
    // What an actor's pedals and steering do from now on until `release`. In the past it forks.
    // The ego's take effect as its driver's would, at camera ticks and after the latency.
    void drive(engine::world::ActorId actor, const engine::world::VehicleCommand& command);
    void release(engine::world::ActorId actor);
    // Stops whatever is going on; what there is stays.
    void cancel();
    // Writes the run up to its head as `huntsman run --out` does, without a video.
    void save_run(std::filesystem::path folder);

    Progress progress() const;
    RunStatus status() const;
    MomentPtr moment() const;  // that is shown; null: none yet
    // What the cameras took at the shown moment, as the driver was given it; null where it is not
    // the last one that was computed, or nothing is rendered.
    std::shared_ptr<const std::vector<engine::core::Image>> pictures() const;
    std::shared_ptr<const Moments> moments() const;  // of the present future; never null
    std::shared_ptr<const Future> other() const;     // the future before the fork; null: none
    std::shared_ptr<const loop::RunResult> result() const;  // once the run has ended
    loop::RunOptions options() const;                       // of the present future
    // Blocks until nothing is going on, for tests and scripts. False: that took longer.
    bool wait(double most_s) const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

// Worlds that nobody waits for any more are built to their end all the same. Programs call this
// before main returns.
void wait_for_builds();

}  // namespace huntsman::bridge::live
