// Field lists of State and what it holds; see engine/core/describe.h. Their order is the order in
// which a state is hashed. A new field says to which of the state's parts it belongs
// (state_parts.h), and changes the hashes of that part.
#pragma once

#include "engine/core/describe.h"
#include "engine/core/describe_hash.h"
#include "engine/math/math_fields.h"
#include "engine/world/mind_fields.h"
#include "engine/world/state.h"
#include "engine/world/state_parts.h"
#include "engine/world/story_fields.h"
#include "engine/world/weather_fields.h"

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
constexpr void describe(core::Of<Posture>, auto&& field) {
    field("time_s", &Posture::time_s);
    field("head_rad", &Posture::head_rad);
    field("wave", &Posture::wave);
    field("wave_time_s", &Posture::wave_time_s);
}
constexpr void describe(core::Of<ActorState>, auto&& field) {
    using A = ActorState;
    field("id", &A::id, {.parts = kRoster});
    field("archetype", &A::archetype, {.parts = kRoster});
    field("tint", &A::tint, {.parts = kRoster});
    field("X_WB", &A::X_WB, {.parts = kBodies});
    field("v_W", &A::v_W, {.parts = kBodies});
    field("w_W", &A::w_W, {.parts = kBodies});
    field("a_W", &A::a_W, {.parts = kBodies});
    field("wheels", &A::wheels, {.parts = kBodies});
    field("steer_rad", &A::steer_rad, {.parts = kBodies});
    field("gait_rad", &A::gait_rad, {.parts = kBodies});
    field("posture", &A::posture, {.parts = kBodies});
    field("lamps", &A::lamps, {.parts = kControls});
    field("vehicle", &A::vehicle, {.parts = kControls});
    field("walk", &A::walk, {.parts = kControls});
    field("mind", &A::mind);
    field("profile", &A::profile, {.id = true, .parts = kMinds});
    field("scripted", &A::scripted, {.parts = kBodies});
    field("hidden_from", &A::hidden_from, {.parts = kRoster});
}
constexpr void describe(core::Of<Contact>, auto&& field) {
    field("a", &Contact::a);
    field("b", &Contact::b);
    field("p_W", &Contact::p_W);
    field("impulse_ns", &Contact::impulse_ns);
    field("closing_speed_mps", &Contact::closing_speed_mps);
}
// What came from outside counts in every hash from then on, and in none where nothing came.
inline void add_to(core::Hasher& hasher, const std::optional<Environment>& environment) {
    if (environment) core::add_to(hasher, *environment);
}
constexpr void describe(core::Of<State>, auto&& field) {
    field("time_us", &State::time_us, {.parts = kClock});
    field("tick", &State::tick, {.parts = kClock});
    field("next_actor", &State::next_actor, {.parts = kRoster});
    field("actors", &State::actors);
    field("signals", &State::signals, {.parts = kSignals});
    field("contacts", &State::contacts, {.parts = kContacts});
    field("swept_overlaps", &State::swept_overlaps, {.parts = kContacts});
    field("story", &State::story, {.parts = kStory});
    field("environment", &State::environment, {.parts = kClock});
}

}  // namespace huntsman::engine::world
