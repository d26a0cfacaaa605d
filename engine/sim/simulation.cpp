#include "engine/sim/simulation.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "engine/core/hash.h"

namespace huntsman::engine::sim {
namespace {

// First multiple of the period at or after a time.
core::TimeUs next_multiple(core::TimeUs time_us, core::TimeUs period_us) {
    return (time_us + period_us - 1) / period_us * period_us;
}

// Leaves out actors that the other state has not.
void keep_common(world::State& state, const world::State& other) {
    std::erase_if(state.actors,
                  [&](const world::ActorState& actor) { return other.find(actor.id) == nullptr; });
}

// Whether the phase has kept to its parts.
core::Status check_written(const Phase& phase, world::State before, world::State after) {
    if ((phase.parts & world::kRoster) != 0) {
        keep_common(before, after);
        keep_common(after, before);
    }
    for (world::StateParts bit = 1; bit < world::kWholeState; bit <<= 1) {
        if ((phase.parts & bit) != 0) continue;
        if (world::hash(before, bit) == world::hash(after, bit)) continue;
        return core::Error{
            fmt::format("phase {} wrote {} in tick {}, which is none of its parts",
                        name(phase.order), name(static_cast<world::StatePart>(bit)), before.tick),
            core::ErrorKind::kInvalid};
    }
    return {};
}

}  // namespace

const char* name(PhaseOrder order) {
    switch (order) {
        case PhaseOrder::kSense:
            return "sense";
        case PhaseOrder::kThink:
            return "think";
        case PhaseOrder::kDrive:
            return "drive";
        case PhaseOrder::kStory:
            return "story";
        case PhaseOrder::kAct:
            return "act";
        case PhaseOrder::kMove:
            return "move";
        case PhaseOrder::kJudge:
            return "judge";
        case PhaseOrder::kRecord:
            return "record";
    }
    return "unknown";
}

double Simulation::seconds_in(PhaseOrder order) const {
    double sum_s = 0;
    for (std::size_t i = 0; i < phases_.size(); ++i) {
        if (phases_[i].order == order) sum_s += phase_seconds_[i];
    }
    return sum_s;
}

world::StateParts Simulation::parts() const {
    world::StateParts all = 0;
    for (const Phase& phase : phases_) all |= phase.parts;
    return all;
}

bool due(core::TimeUs time_us, core::TimeUs period_us) {
    // A multiple of the period lies in (time - tick, time].
    return time_us / period_us * period_us > time_us - core::kTick_us;
}

Simulation::Simulation(world::State initial, std::vector<Phase> phases)
    : state_(std::move(initial)), phases_(std::move(phases)), phase_seconds_(phases_.size(), 0.0) {
    for (const Phase& phase : phases_) {
        HM_CHECK(phase.period_us > 0, "phase {} has period {}", name(phase.order), phase.period_us);
        HM_CHECK(static_cast<bool>(phase.run), "phase {} does nothing", name(phase.order));
    }
    std::stable_sort(phases_.begin(), phases_.end(),
                     [](const Phase& a, const Phase& b) { return a.order < b.order; });
    for (const Phase& phase : phases_) {
        next_due_us_.push_back(next_multiple(state_.time_us, phase.period_us));
    }
}

core::Status Simulation::run_to(PhaseOrder last) {
    for (; next_phase_ < phases_.size() && phases_[next_phase_].order <= last; ++next_phase_) {
        if (next_due_us_[next_phase_] <= state_.time_us) HM_TRY(run(next_phase_));
    }
    return {};
}

core::Status Simulation::tick() {
    HM_TRY(run_to(PhaseOrder::kRecord));
    next_phase_ = 0;
    state_.time_us += core::kTick_us;
    ++state_.tick;
    return {};
}

core::Status Simulation::run(std::size_t phase) {
    using Clock = std::chrono::steady_clock;
    next_due_us_[phase] = next_multiple(state_.time_us + 1, phases_[phase].period_us);
    const PhaseOrder order = phases_[phase].order;

    std::optional<world::State> before;
    if (checks_parts_) before = state_;

    // Run and time it; wall time never enters the state.
    const auto start = Clock::now();
    const core::Status status = [&] {
        const core::TraceSpan span(trace_, "loop", name(order));
        return phases_[phase].run(state_);
    }();
    phase_seconds_[phase] += std::chrono::duration<double>(Clock::now() - start).count();
    if (!status.ok()) return status;
    if (before) HM_TRY(check_written(phases_[phase], *std::move(before), state_));

    // Numeric trouble ends the run before anybody builds on it.
    if (order == PhaseOrder::kMove) {
        const world::ActorId actor = world::first_invalid_actor(state_);
        if (actor != world::kNoActor) {
            return core::Error{
                fmt::format("actor {} became invalid (not a number, or absurdly fast or far) "
                            "in tick {}",
                            actor, state_.tick),
                core::ErrorKind::kInvalid};
        }
    }

    const ChainLink link{state_.tick, order,
                         world::hash(state_, world::kClock | phases_[phase].parts)};
    chain_.push_back(link);
    state_hash_ = core::hash_chain(state_hash_, static_cast<std::uint64_t>(link.tick));
    state_hash_ = core::hash_chain(state_hash_, static_cast<std::uint64_t>(link.phase));
    state_hash_ = core::hash_chain(state_hash_, link.hash);
    return {};
}

}  // namespace huntsman::engine::sim
