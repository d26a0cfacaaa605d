// Field lists of State and its parts; see engine/core/describe.h. Their order is the order in which
// a state is hashed: new fields go to the end, and change every state's hash.
#pragma once

#include "engine/core/describe.h"
#include "engine/math/math_fields.h"
#include "engine/world/mind_fields.h"
#include "engine/world/state.h"
#include "engine/world/story_fields.h"

namespace huntsman::engine::world {

constexpr void describe(core::Of<WheelState>, auto&& field) {
    field("spin_rad_s", &WheelState::spin_rad_s);
    field("angle_rad", &WheelState::angle_rad);
    field("compression_m", &WheelState::compression_m);
    field("load_n", &WheelState::load_n);
}
constexpr void describe(core::Of<VehicleCommand>, auto&& field) {
    field("steer_rad", &VehicleCommand::steer_rad);
    field("throttle", &VehicleCommand::throttle);
    field("brake", &VehicleCommand::brake);
    field("reverse", &VehicleCommand::reverse);
}
constexpr void describe(core::Of<WalkCommand>, auto&& field) {
    field("velocity_mps", &WalkCommand::velocity_mps);
    field("heading_rad", &WalkCommand::heading_rad);
}
constexpr void describe(core::Of<ScriptedMotion>, auto&& field) {
    field("X_WB", &ScriptedMotion::X_WB);
    field("v_W", &ScriptedMotion::v_W);
    field("steer_rad", &ScriptedMotion::steer_rad);
    field("commands", &ScriptedMotion::commands);
    field("lamps_ruled", &ScriptedMotion::lamps_ruled);
    field("lamps_lit", &ScriptedMotion::lamps_lit);
}
constexpr void describe(core::Of<ActorState>, auto&& field) {
    using A = ActorState;
    field("id", &A::id);
    field("archetype", &A::archetype);
    field("tint", &A::tint);
    field("X_WB", &A::X_WB);
    field("v_W", &A::v_W);
    field("w_W", &A::w_W);
    field("a_W", &A::a_W);
    field("wheels", &A::wheels, {.hashed_as_at_least = 4});  // as if everybody had four
    field("steer_rad", &A::steer_rad);
    field("gait_rad", &A::gait_rad);
    field("lamps", &A::lamps);
    field("vehicle", &A::vehicle);
    field("walk", &A::walk);
    field("mind", &A::mind);
    field("profile", &A::profile, {.id = true});
    field("scripted", &A::scripted, {.hashed_when_set = true});
    field("hidden_from", &A::hidden_from, {.hashed_when_set = true});
}
constexpr void describe(core::Of<Contact>, auto&& field) {
    field("a", &Contact::a);
    field("b", &Contact::b);
    field("p_W", &Contact::p_W);
    field("impulse_ns", &Contact::impulse_ns);
    field("closing_speed_mps", &Contact::closing_speed_mps);
}
constexpr void describe(core::Of<State>, auto&& field) {
    field("time_us", &State::time_us);
    field("tick", &State::tick);
    field("next_actor", &State::next_actor);
    field("actors", &State::actors);
    field("signals", &State::signals);
    field("contacts", &State::contacts);
    field("swept_overlaps", &State::swept_overlaps);
    field("story", &State::story, {.hashed_when_set = true});
}

}  // namespace huntsman::engine::world
