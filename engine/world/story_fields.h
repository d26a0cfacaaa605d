// Field lists of StoryState and its parts; see engine/core/describe.h and state_fields.h.
#pragma once

#include "engine/core/describe.h"
#include "engine/math/math_fields.h"
#include "engine/world/story_state.h"

namespace huntsman::engine::world {

constexpr void describe(core::Of<OnRoad>, auto&& field) {
    field("road", &OnRoad::road, {.id = true});
    field("lane", &OnRoad::lane);
    field("s_m", &OnRoad::s_m);
    field("t_m", &OnRoad::t_m);
    field("offset_m", &OnRoad::offset_m);
}
constexpr void describe(core::Of<ScriptedEntity::RouteRoad>, auto&& field) {
    field("road", &ScriptedEntity::RouteRoad::road);
    field("forward", &ScriptedEntity::RouteRoad::forward);
}
constexpr void describe(core::Of<ScriptedLight>, auto&& field) {
    using L = ScriptedLight;
    field("name", &L::name);
    field("lamps", &L::lamps);
    field("on", &L::on);
    field("flashing", &L::flashing);
    field("on_s", &L::on_s);
    field("off_s", &L::off_s);
    field("since_s", &L::since_s);
}
constexpr void describe(core::Of<ScriptedAnimation>, auto&& field) {
    field("name", &ScriptedAnimation::name);
    field("gestures", &ScriptedAnimation::gestures);
    field("share", &ScriptedAnimation::share);
}
constexpr void describe(core::Of<ControlOverride>, auto&& field) {
    using C = ControlOverride;
    field("throttle", &C::throttle);
    field("brake", &C::brake);
    field("clutch", &C::clutch);
    field("parking_brake", &C::parking_brake);
    field("steering_wheel_rad", &C::steering_wheel_rad);
    field("gear", &C::gear);
}
constexpr void describe(core::Of<ScriptedEntity>, auto&& field) {
    using E = ScriptedEntity;
    field("present", &E::present);
    field("actor", &E::actor);
    field("external", &E::external);
    field("released", &E::released);
    field("graphics", &E::graphics);
    field("sensors", &E::sensors);
    field("traffic", &E::traffic);
    field("p_W", &E::p_W);
    field("heading_rad", &E::heading_rad);
    field("pitch_rad", &E::pitch_rad);
    field("roll_rad", &E::roll_rad);
    field("lean_rad", &E::lean_rad);
    field("speed_mps", &E::speed_mps);
    field("v_W", &E::v_W);
    field("a_W", &E::a_W);
    field("on_road", &E::on_road);
    field("heading_to_road_rad", &E::heading_to_road_rad);
    field("steer_rad", &E::steer_rad);
    field("wheel_rad", &E::wheel_rad);
    field("travelled_m", &E::travelled_m);
    field("standing_s", &E::standing_s);
    field("off_road_s", &E::off_road_s);
    field("end_of_road_s", &E::end_of_road_s);
    field("trailer", &E::trailer, {.id = true});
    field("route", &E::route);
    field("route_at", &E::route_at);
    field("lateral_controller", &E::lateral_controller);
    field("longitudinal_controller", &E::longitudinal_controller);
    field("lights", &E::lights);
    field("lamps_ruled", &E::lamps_ruled);
    field("lamps_lit", &E::lamps_lit);
    field("animations", &E::animations);
    field("overridden", &E::overridden);
}
constexpr void describe(core::Of<TrajectoryPoint>, auto&& field) {
    field("p_W", &TrajectoryPoint::p_W);
    field("heading_rad", &TrajectoryPoint::heading_rad);
    field("s_m", &TrajectoryPoint::s_m);
    field("time_s", &TrajectoryPoint::time_s);
    field("speed_mps", &TrajectoryPoint::speed_mps);
}
constexpr void describe(core::Of<RunningAction>, auto&& field) {
    using A = RunningAction;
    field("element", &A::element);
    field("from_init", &A::from_init);
    field("entity", &A::entity, {.id = true});
    field("lateral", &A::lateral);
    field("longitudinal", &A::longitudinal);
    field("elapsed_s", &A::elapsed_s);
    field("progress", &A::progress);
    field("length", &A::length);
    field("start", &A::start);
    field("target", &A::target);
    field("rate", &A::rate);
    field("lane", &A::lane);
    field("stage", &A::stage);
    field("trajectory", &A::trajectory);
    field("trajectory_timed", &A::trajectory_timed);
    field("trajectory_straight", &A::trajectory_straight);
    field("trajectory_smooth", &A::trajectory_smooth);
}
constexpr void describe(core::Of<RunningTraffic>, auto&& field) {
    using T = RunningTraffic;
    field("element", &T::element);
    field("from_init", &T::from_init);
    field("owed", &T::owed);
    field("filled", &T::filled);
    field("members", &T::members);
}
constexpr void describe(core::Of<StoryElementState>, auto&& field) {
    field("phase", &StoryElementState::phase);
    field("executions", &StoryElementState::executions);
    field("transitions", &StoryElementState::transitions);
    field("before", &StoryElementState::before);
}
constexpr void describe(core::Of<ConditionState>, auto&& field) {
    field("known", &ConditionState::known);
    field("last", &ConditionState::last);
    field("held", &ConditionState::held);
    field("due_s", &ConditionState::due_s);
    field("due", &ConditionState::due);
}
constexpr void describe(core::Of<ScriptedEnvironment>, auto&& field) {
    using E = ScriptedEnvironment;
    field("sun_azimuth_rad", &E::sun_azimuth_rad);
    field("sun_elevation_rad", &E::sun_elevation_rad);
    field("cloud_cover", &E::cloud_cover);
    field("fog_per_m", &E::fog_per_m);
    field("rain_mm_h", &E::rain_mm_h);
    field("snow_cover", &E::snow_cover);
    field("wetness", &E::wetness);
    field("puddles", &E::puddles);
    field("friction", &E::friction);
    field("clock_s", &E::clock_s);
    field("clock_runs", &E::clock_runs);
}
constexpr void describe(core::Of<NamedValue>, auto&& field) {
    field("name", &NamedValue::name);
    field("value", &NamedValue::value);
}
constexpr void describe(core::Of<StoryState>, auto&& field) {
    using S = StoryState;
    field("time_us", &S::time_us);
    field("entities", &S::entities);
    field("elements", &S::elements);
    field("conditions", &S::conditions);
    field("actions", &S::actions);
    field("traffic", &S::traffic);
    field("variables", &S::variables);
    field("monitors", &S::monitors);
    field("signal_controllers", &S::signal_controllers);
    field("signals", &S::signals);
    field("finished", &S::finished);
    field("environment", &S::environment);
    field("user_values", &S::user_values);
}

}  // namespace huntsman::engine::world
