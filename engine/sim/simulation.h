// The tick: phases in fixed order at their own rates, a hash after each, and the recording.
//
// A tick is one physics step (5 ms). A phase runs on the ticks at which its period has elapsed:
// with period P, on the first tick at or after k·P for each k. A phase says which parts of the
// state it may write. After every phase that ran the hash of these parts goes into the chain, so
// that a difference between two runs can be traced to the first tick and phase.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "engine/core/trace.h"
#include "engine/world/state.h"
#include "engine/world/state_parts.h"

namespace huntsman::engine::sim {

// Order of phases in a tick; see architecture. Values order them.
enum class PhaseOrder : std::uint8_t {
    kSense = 10,
    kThink = 20,
    kDrive = 30,
    kStory = 40,
    kAct = 50,
    kMove = 60,
    kJudge = 70,
    kRecord = 80,
};
const char* name(PhaseOrder order);

struct Phase {
    PhaseOrder order = PhaseOrder::kSense;
    core::TimeUs period_us = core::kTick_us;
    // What `run` may write. With kRoster it may also let actors appear, and vanish, with all that
    // belongs to them.
    world::StateParts parts = 0;
    // Changes the state in place; what it computes must depend on the state (and fixed inputs)
    // alone.
    std::function<core::Status(world::State&)> run;
};

// One link of the hash chain.
struct ChainLink {
    std::int64_t tick = 0;
    PhaseOrder phase = PhaseOrder::kSense;
    std::uint64_t hash = 0;  // after the phase, of the clock and the parts that it may write
    friend bool operator==(const ChainLink&, const ChainLink&) = default;
};

class Simulation {
  public:
    // Phases are sorted by order; two of the same order run in the order given.
    Simulation(world::State initial, std::vector<Phase> phases);

    const world::State& state() const { return state_; }

    // Phases become spans of this trace from now on; null records none.
    void set_trace(core::Trace* trace) { trace_ = trace; }

    // Parts that a phase may write.
    world::StateParts parts() const;

    // From now on the run ends with an error (kInvalid) where a phase writes what is none of its
    // parts. For tests: the state is copied before each phase.
    void check_parts() { checks_parts_ = true; }

    // Runs one tick of 5 ms, or what `run_to` has left of it. An error (kInvalid for numeric
    // trouble, naming actor and tick) ends the run; the state is then that at the point of failure.
    core::Status tick();
    // Runs the present tick's phases up to and with `last`, except those that have run already.
    core::Status run_to(PhaseOrder last);

    // What comes from outside may change the state between two phases. It is none of their parts:
    // the hashes of the phases that follow hold it.
    void change(const std::function<void(world::State&)>& from_outside) { from_outside(state_); }

    const std::vector<ChainLink>& chain() const { return chain_; }
    // All hashes of the chain mixed into one: the run's `state_hash`.
    std::uint64_t state_hash() const { return state_hash_; }
    // Wall time spent in each phase so far, in the order in which they run [s].
    const std::vector<double>& phase_seconds() const { return phase_seconds_; }
    // In all phases of one order [s].
    double seconds_in(PhaseOrder order) const;

  private:
    core::Status run(std::size_t phase);

    world::State state_;
    std::vector<Phase> phases_;
    std::size_t next_phase_ = 0;  // of the present tick
    std::vector<core::TimeUs> next_due_us_;
    std::vector<ChainLink> chain_;
    std::vector<double> phase_seconds_;
    std::uint64_t state_hash_ = 0;
    core::Trace* trace_ = nullptr;
    bool checks_parts_ = false;
};

// Whether a phase of this period runs on the tick that starts at `time_us` (tick length 5 ms).
bool due(core::TimeUs time_us, core::TimeUs period_us);

}  // namespace huntsman::engine::sim
