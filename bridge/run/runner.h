// Runs from their options alone: the driver by its name, the session to its end.
#pragma once

#include <atomic>
#include <functional>
#include <vector>

#include "bridge/loop/session.h"
#include "bridge/run/driver_spec.h"

namespace huntsman::bridge::run {

using MakeDriver = std::function<engine::core::Result<std::unique_ptr<driver::Driver>>(
    const loop::RunOptions& options)>;

struct RunCallbacks {
    std::function<void(double share)> progress;  // 0..1, often
    const std::atomic<bool>* stop = nullptr;     // set: end cleanly with what there is
    std::vector<loop::Observer> observers;
    engine::core::Trace* trace = nullptr;       // see loop::Setup
    MakeDriver make_driver = run::make_driver;  // or one that makes drivers of one's own
};

class Runner {
  public:
    // 0 threads: all cores. `kept_places`: see loop::Resources.
    explicit Runner(int threads, std::size_t kept_places = 0) : resources_(threads, kept_places) {}

    // Errors: the world, the driver or the renderer cannot be had; the observers'.
    engine::core::Result<loop::RunResult> run(const loop::RunOptions& options,
                                              const RunCallbacks& callbacks);

    loop::Resources& resources() { return resources_; }
    engine::core::JobPool& pool() { return resources_.pool(); }

  private:
    loop::Resources resources_;
};

// Where the others go in the run without an ideal prediction, which is run for it; nothing where
// the options have none. See loop::Setup::ways.
engine::core::Result<std::optional<loop::Ways>> ways_of(Runner& runner,
                                                        const loop::RunOptions& options,
                                                        const RunCallbacks& callbacks);

}  // namespace huntsman::bridge::run
