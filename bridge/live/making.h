// What a live run has made for it in the background: worlds, sessions, run folders.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bridge/live/hands.h"
#include "bridge/live/live_run.h"
#include "bridge/loop/session.h"

namespace huntsman::bridge::live {

// A scenario that is built; sessions take copies.
struct Built {
    scenarios::model::BuiltScenario scenario;  // with the rig as the run's faults have left it
    engine::world::Rig rig;                    // as its file says
    std::vector<std::string> notes;

    // For a session.
    scenarios::model::BuiltScenario copy() const;
};
std::shared_ptr<const engine::world::World> world_of(std::shared_ptr<const Built> built);

// The members' order is that in which they may not die.
struct Stand {
    std::shared_ptr<const Built> built;
    MomentPtr moment;  // of tick 0, without pictures and driver
};
engine::core::Result<Stand> make_stand(loop::Resources& resources, const loop::RunOptions& options);

struct SessionWanted {
    loop::RunOptions options;
    std::shared_ptr<const Built> built;
    std::optional<engine::sim::Recording> past;
    std::optional<std::int64_t> fork_tick;  // with a past; nothing: computes it to its end
    bool driven = true;                     // has the options' driver
};
struct MadeSession {
    std::shared_ptr<run::Runner> runner;  // has what the session works with, and outlives it
    std::unique_ptr<loop::Session> session;
    Hands* hands = nullptr;  // the session's driver; null: nobody can take the ego over
};

// Makes sessions and keeps the last driver that looks at pictures, which takes long to load. One
// thread may call at a time, and only while no session with that driver is stepped.
class SessionMaker {
  public:
    SessionMaker(std::shared_ptr<run::Runner> runner, run::MakeDriver make)
        : runner_(std::move(runner)), make_(std::move(make)) {}
    engine::core::Result<MadeSession> make(const SessionWanted& wanted);

  private:
    engine::core::Result<std::shared_ptr<driver::Driver>> driver_of(
        const loop::RunOptions& options);

    std::shared_ptr<run::Runner> runner_;
    run::MakeDriver make_;
    std::string kept_key_;
    std::shared_ptr<driver::Driver> kept_;
};

struct RunToSave {
    std::filesystem::path folder;
    loop::RunOptions options;
    std::shared_ptr<const Built> built;
    engine::sim::Recording recording;
    std::shared_ptr<const loop::RunResult> result;  // null: the run has not ended
};
// Computes the recording again for the report. `stop` ends it with an error.
engine::core::Status save(loop::Resources& resources, const RunToSave& run,
                          const std::atomic<bool>& stop,
                          const std::function<void(double share)>& progress);

}  // namespace huntsman::bridge::live
