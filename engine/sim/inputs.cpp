#include "engine/sim/inputs.h"

namespace huntsman::engine::sim {

namespace {

constexpr double kMostLatency_us = 1e12;  // eleven days; doubles and TimeUs hold it exactly

}  // namespace

const char* name(InputKind kind) {
    switch (kind) {
        case InputKind::kCommand:
            return "command";
        case InputKind::kRelease:
            return "release";
        case InputKind::kLatency:
            return "latency";
    }
    return "unknown";
}

core::Status check(const ExternalInput& input) {
    std::size_t expected = 0;
    switch (input.kind) {
        case InputKind::kCommand:
            expected = 4;
            break;
        case InputKind::kRelease:
            break;
        case InputKind::kLatency:
            expected = 1;
            break;
        default:
            return core::Error{
                .message = fmt::format("an input of tick {} has kind {}, which is not known",
                                       input.tick, static_cast<int>(input.kind))};
    }
    if (input.values.size() != expected) {
        return core::Error{
            .message = fmt::format("an input of tick {} of kind {} has {} values, expected {}",
                                   input.tick, name(input.kind), input.values.size(), expected)};
    }
    if (input.kind == InputKind::kLatency &&
        !(input.values[0] >= 0 && input.values[0] <= kMostLatency_us)) {
        return core::Error{
            .message = fmt::format("an input of tick {} of kind latency is {}, expected 0 to {:g} "
                                   "microseconds",
                                   input.tick, input.values[0], kMostLatency_us)};
    }
    return {};
}

void InputLog::command(std::int64_t tick, world::ActorId actor,
                       const world::VehicleCommand& command) {
    const auto held = commands_.find(actor);
    if (held != commands_.end() && held->second.steer_rad == command.steer_rad &&
        held->second.throttle == command.throttle && held->second.brake == command.brake &&
        held->second.reverse == command.reverse) {
        return;
    }
    add({tick,
         actor,
         InputKind::kCommand,
         {command.steer_rad, command.throttle, command.brake, command.reverse ? 1.0 : 0.0}});
}

void InputLog::release(std::int64_t tick, world::ActorId actor) {
    if (commands_.contains(actor)) add({tick, actor, InputKind::kRelease, {}});
}

void InputLog::latency(std::int64_t tick, world::ActorId actor, core::TimeUs latency_us) {
    add({tick, actor, InputKind::kLatency, {static_cast<double>(latency_us)}});
}

void InputLog::add(const ExternalInput& input) {
    HM_CHECK(check(input).ok(), "a faulty input of tick {}", input.tick);
    HM_CHECK(inputs_.empty() || inputs_.back().tick <= input.tick,
             "an input of tick {} comes after one of tick {}", input.tick, inputs_.back().tick);
    inputs_.push_back(input);
    if (input.kind == InputKind::kLatency) return;
    if (input.kind == InputKind::kRelease) {
        commands_.erase(input.actor);
        return;
    }
    const auto& v = input.values;
    commands_[input.actor] = {
        .steer_rad = v[0], .throttle = v[1], .brake = v[2], .reverse = v[3] != 0};
}

void InputLog::apply(world::State& state) const {
    for (const auto& [id, command] : commands_) {
        if (world::ActorState* actor = state.find(id)) actor->vehicle = command;
    }
}

}  // namespace huntsman::engine::sim
