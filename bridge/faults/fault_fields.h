// Field lists of faults; see engine/core/describe.h. Keys and units are those that people write.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "bridge/faults/fault.h"
#include "engine/core/json_file.h"

namespace huntsman::bridge::faults {

using engine::core::Of;

constexpr const char* name(Look look) {
    return look == Look::kBlack ? "black" : look == Look::kBlurred ? "blurred" : "smeared";
}
constexpr int value_count(Of<Look>) { return 3; }
constexpr const char* name(Class c) {
    return c == Class::kAny ? "any" : c == Class::kVehicle ? "vehicle" : "pedestrian";
}
constexpr int value_count(Of<Class>) { return 3; }
constexpr const char* name(Side side) {
    constexpr const char* kNames[] = {"any", "left", "right", "ahead", "behind"};
    return kNames[static_cast<int>(side)];
}
constexpr int value_count(Of<Side>) { return 5; }
constexpr const char* name(Light light) {
    return light == Light::kAny ? "any" : light == Light::kDay ? "day" : "night";
}
constexpr int value_count(Of<Light>) { return 3; }
constexpr const char* name(WrongSignal state) {
    constexpr const char* kNames[] = {"unknown", "red", "yellow", "green", "swapped"};
    return kNames[static_cast<int>(state)];
}
constexpr int value_count(Of<WrongSignal>) { return 5; }

constexpr const char* name_of(Of<Drop>) { return "drop"; }
constexpr void describe(Of<Drop>, auto&& field) {
    field("share", &Drop::share, engine::core::share("of frames that do not come"));
}
constexpr const char* name_of(Of<Freeze>) { return "freeze"; }
constexpr void describe(Of<Freeze>, auto&& field) {
    field("share", &Freeze::share, engine::core::share("of the spans that stand still"));
    field("seconds", &Freeze::seconds, {.low = 0.01, .high = 60, .doc = "that a span lasts"});
}
constexpr const char* name_of(Of<Late>) { return "late"; }
constexpr void describe(Of<Late>, auto&& field) {
    field("ms", &Late::ms, {.low = 0, .high = 2000, .doc = "rounded up to whole frames"});
}
constexpr const char* name_of(Of<Reorder>) { return "reorder"; }
constexpr void describe(Of<Reorder>, auto&& field) {
    field("share", &Reorder::share,
          engine::core::share("of the pairs that come in the wrong order"));
}
constexpr const char* name_of(Of<DirtyCamera>) { return "camera"; }
constexpr void describe(Of<DirtyCamera>, auto&& field) {
    field("name", &DirtyCamera::camera, {.doc = "a camera of the rig", .required = true});
    field("look", &DirtyCamera::look, {.doc = "black, blurred or smeared"});
}
constexpr const char* name_of(Of<Drift>) { return "drift"; }
constexpr void describe(Of<Drift>, auto&& field) {
    field("name", &Drift::camera, {.doc = "a camera of the rig", .required = true});
    field("deg_per_sqrt_s", &Drift::deg_per_sqrt_s,
          {.low = 0, .high = 45, .doc = "about each axis, after one second"});
}
constexpr const char* name_of(Of<Blind>) { return "blind"; }
constexpr void describe(Of<Blind>, auto&& field) {
    field("class", &Blind::of_class, {.doc = "any, vehicle or pedestrian"});
    field("side", &Blind::side, {.doc = "any, left, right, ahead or behind"});
    field("light", &Blind::light, {.doc = "any, day or night (sun 6° below the horizon)"});
    field("beyond_m", &Blind::beyond_m, {.low = 0, .high = 1000, .doc = "from the car"});
}
constexpr const char* name_of(Of<RouteShift>) { return "route_shift"; }
constexpr void describe(Of<RouteShift>, auto&& field) {
    field("left_m", &RouteShift::left_m, {.low = -20, .high = 20, .doc = "to its left"});
}
constexpr const char* name_of(Of<Signals>) { return "signals"; }
constexpr void describe(Of<Signals>, auto&& field) {
    field("state", &Signals::state, {.doc = "unknown, red, yellow, green or swapped"});
}
constexpr const char* name_of(Of<SpeedLimit>) { return "speed_limit"; }
constexpr void describe(Of<SpeedLimit>, auto&& field) {
    field("factor", &SpeedLimit::factor, {.low = 0.1, .high = 10, .doc = "on the true limit"});
}
constexpr const char* name_of(Of<LateAction>) { return "late_action"; }
constexpr void describe(Of<LateAction>, auto&& field) {
    field("ms", &LateAction::ms, {.low = 0, .high = 2000, .doc = "beyond the run's latency"});
}
constexpr const char* name_of(Of<Clip>) { return "clip"; }
constexpr void describe(Of<Clip>, auto&& field) {
    field("steer_deg", &Clip::steer_deg,
          {.low = 0, .high = 90, .doc = "of the road wheels, to each side"});
    field("throttle", &Clip::throttle, engine::core::share("the most that takes effect"));
    field("brake", &Clip::brake, engine::core::share("the most that takes effect"));
}
constexpr const char* name_of(Of<WeakBrakes>) { return "weak_brakes"; }
constexpr void describe(Of<WeakBrakes>, auto&& field) {
    field("share", &WeakBrakes::share, engine::core::share("of the braking that is missing"));
}
constexpr const char* name_of(Of<SteerOffset>) { return "steer_offset"; }
constexpr void describe(Of<SteerOffset>, auto&& field) {
    field("deg", &SteerOffset::deg,
          {.low = -30, .high = 30, .doc = "of the road wheels, to the left"});
}

// Lists of faults as files hold them: texts. One without faults is not written.
void read_json(const engine::core::JsonNode& node, const char* key, std::vector<Fault>& faults);
void write_json(nlohmann::ordered_json& json, const char* key, const std::vector<Fault>& faults);

}  // namespace huntsman::bridge::faults
