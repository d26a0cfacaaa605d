#include "engine/sim/inputs.h"

#include <algorithm>
#include <cmath>
#include <type_traits>

#include "engine/core/describe_numbers.h"
#include "engine/world/weather_fields.h"

namespace huntsman::engine::sim {

namespace {

constexpr double kMostLatency_us = 1e12;  // eleven days; doubles and TimeUs hold it exactly
// Further or faster, an actor would be invalid (world::first_invalid_actor).
constexpr double kFarthest_m = 1e5, kFastest_mps = 1e3;

// Calls `visit(value)` for each number of an environment, in order.
template <typename E, typename Visit>
void for_each_number(E& environment, Visit visit) {
    core::for_each_field<world::Environment>([&](const char*, auto member, const core::About&) {
        if constexpr (std::is_same_v<std::remove_cvref_t<decltype(environment.*member)>, double>) {
            visit(environment.*member);
        }
    });
}

std::size_t environment_values() {
    std::size_t count = 0;
    world::Environment environment;
    for_each_number(environment, [&](double) { ++count; });
    return count;
}

core::Status check_place(const ExternalInput& input) {
    const auto& v = input.values;
    const bool near = std::ranges::all_of(v.begin(), v.begin() + 3,
                                          [](double x) { return std::abs(x) < kFarthest_m; });
    if (near && std::isfinite(v[3]) && std::abs(v[4]) < kFastest_mps) return {};
    return core::Error{
        .message = fmt::format("an input of tick {} places actor {} at ({}, {}, {}), yaw {} rad, "
                               "{} m/s, expected numbers within {:g} m and {:g} m/s",
                               input.tick, input.actor, v[0], v[1], v[2], v[3], v[4], kFarthest_m,
                               kFastest_mps)};
}

}  // namespace

const char* name(InputKind kind) {
    switch (kind) {
        case InputKind::kCommand:
            return "command";
        case InputKind::kRelease:
            return "release";
        case InputKind::kLatency:
            return "latency";
        case InputKind::kPlace:
            return "place";
        case InputKind::kEnvironment:
            return "environment";
        case InputKind::kNoAnswer:
            return "no_answer";
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
        case InputKind::kNoAnswer:
            break;
        case InputKind::kLatency:
            expected = 1;
            break;
        case InputKind::kPlace:
            expected = 5;
            break;
        case InputKind::kEnvironment:
            expected = environment_values();
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
    if (input.kind == InputKind::kPlace) return check_place(input);
    if (input.kind == InputKind::kEnvironment) {
        const auto status = core::check_ranges(environment_of(input));
        if (!status) {
            return core::Error{.message = fmt::format("an input of tick {} of kind environment: {}",
                                                      input.tick, status.error().message)};
        }
    }
    return {};
}

ExternalInput place_input(std::int64_t tick, world::ActorId actor, const Placement& to) {
    return {
        tick, actor, InputKind::kPlace, {to.p_W.x, to.p_W.y, to.p_W.z, to.yaw_rad, to.speed_mps}};
}

ExternalInput environment_input(std::int64_t tick, const world::Environment& environment) {
    ExternalInput input{tick, world::kNoActor, InputKind::kEnvironment, {}};
    for_each_number(environment, [&](double value) { input.values.push_back(value); });
    return input;
}

Placement placement_of(const ExternalInput& input) {
    const auto& v = input.values;
    return {.p_W = {v[0], v[1], v[2]}, .yaw_rad = v[3], .speed_mps = v[4]};
}

world::Environment environment_of(const ExternalInput& input) {
    world::Environment environment;
    auto next = input.values.begin();
    for_each_number(environment, [&](double& value) { value = *next++; });
    world::set_words(environment);
    return environment;
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

void InputLog::no_answer(std::int64_t tick, world::ActorId actor) {
    add({tick, actor, InputKind::kNoAnswer, {}});
}

void InputLog::add(const ExternalInput& input) {
    HM_CHECK(check(input).ok(), "a faulty input of tick {}", input.tick);
    HM_CHECK(inputs_.empty() || inputs_.back().tick <= input.tick,
             "an input of tick {} comes after one of tick {}", input.tick, inputs_.back().tick);
    inputs_.push_back(input);
    if (input.kind == InputKind::kRelease) commands_.erase(input.actor);
    if (input.kind != InputKind::kCommand) return;
    const auto& v = input.values;
    commands_[input.actor] = {
        .steer_rad = v[0], .throttle = v[1], .brake = v[2], .reverse = v[3] != 0};
}

void InputLog::apply(world::State& state) const {
    for (const auto& [id, command] : commands_) {
        world::ActorState* actor = state.find(id);
        if (actor == nullptr) continue;
        actor->vehicle = command;
        // The ego follows a script only where the story is its driver.
        if (id != world::kEgo) actor->scripted.reset();
    }
}

}  // namespace huntsman::engine::sim
