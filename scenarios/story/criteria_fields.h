// Field lists of criteria: their keys in files, ranges and docs; see engine/core/describe.h.
#pragma once

#include "engine/core/describe.h"
#include "scenarios/story/criteria.h"

namespace huntsman::scenarios::story {

inline const char* name(GapDirection direction) {
    constexpr const char* kNames[] = {"any", "longitudinal", "lateral"};
    return kNames[static_cast<int>(direction)];
}
constexpr int value_count(engine::core::Of<GapDirection>) { return 3; }

inline const char* name(CriterionSeverity severity) {
    constexpr const char* kNames[] = {"fail", "note"};
    return kNames[static_cast<int>(severity)];
}
constexpr int value_count(engine::core::Of<CriterionSeverity>) { return 2; }

// Larger places and times mark a broken file.
constexpr double kFurthest_m = 1e6;
constexpr double kLongest_s = 1e6;
constexpr double kFastest_mps = 200;

constexpr engine::core::About about_place(const char* doc) {
    return {.low = -kFurthest_m, .high = kFurthest_m, .doc = doc, .required = true};
}
constexpr engine::core::About about_entity() {
    return {.doc = "the entity it is about; anybody where none is given", .only_when_set = true};
}

constexpr void describe(engine::core::Of<Circle>, auto&& field) {
    field("x_m", &Circle::x_m, about_place("centre in W"));
    field("y_m", &Circle::y_m, about_place("centre in W"));
    field("radius_m", &Circle::radius_m,
          {.low = 0, .high = kFurthest_m, .doc = "of the circle", .required = true});
}
constexpr void describe(engine::core::Of<Stretch>, auto&& field) {
    field("from_m", &Stretch::from_m, about_place("along the route"));
    field("to_m", &Stretch::to_m, about_place("along the route"));
}
constexpr void describe(engine::core::Of<Zone>, auto&& field) {
    field("circle", &Zone::circle, {.doc = "around a point of W"});
    field("stretch", &Zone::stretch, {.doc = "of the ego's route"});
}
constexpr void describe(engine::core::Of<PointInWorld>, auto&& field) {
    field("x_m", &PointInWorld::x_m, about_place("in W"));
    field("y_m", &PointInWorld::y_m, about_place("in W"));
}
constexpr void describe(engine::core::Of<Goal>, auto&& field) {
    field("point", &Goal::point, {.doc = "of W"});
    field("route_m", &Goal::route_m,
          {.low = 0, .high = kFurthest_m, .doc = "along the ego's route"});
}
constexpr void describe(engine::core::Of<NoCollision>, auto&& field) {
    field("entity", &NoCollision::entity, about_entity());
    field("above_mps", &NoCollision::above_mps,
          {.low = 0, .high = kFastest_mps, .doc = "only impacts that close faster count"});
}
constexpr void describe(engine::core::Of<MinTimeToCollision>, auto&& field) {
    field("entity", &MinTimeToCollision::entity, about_entity());
    field("at_least_s", &MinTimeToCollision::at_least_s,
          {.low = 0, .high = 60, .doc = "at constant velocities", .required = true});
}
constexpr void describe(engine::core::Of<MinPostEncroachmentTime>, auto&& field) {
    field("entity", &MinPostEncroachmentTime::entity, about_entity());
    field("at_least_s", &MinPostEncroachmentTime::at_least_s,
          {.low = 0, .high = 5, .doc = "between the two at one place", .required = true});
}
constexpr void describe(engine::core::Of<MinGap>, auto&& field) {
    field("entity", &MinGap::entity, about_entity());
    field("at_least_m", &MinGap::at_least_m,
          {.low = 0, .high = 100, .doc = "between footprints", .required = true});
    field("direction", &MinGap::direction, {.doc = "any, longitudinal or lateral"});
}
constexpr void describe(engine::core::Of<SpeedBounds>, auto&& field) {
    field("at_least_mps", &SpeedBounds::at_least_mps,
          {.low = 0, .high = kFastest_mps, .doc = "lower bound"});
    field("at_most_mps", &SpeedBounds::at_most_mps,
          {.low = 0, .high = kFastest_mps, .doc = "upper bound"});
    field("zone", &SpeedBounds::zone, {.doc = "where it counts; everywhere"});
}
constexpr void describe(engine::core::Of<StopAt>, auto&& field) {
    field("at", &StopAt::at, {.doc = "where its front comes to rest", .required = true});
    field("within_m", &StopAt::within_m,
          {.low = 0, .high = kFurthest_m, .doc = "of that place", .required = true});
    field("before", &StopAt::before,
          {.doc = "its front has not passed the place", .only_when_set = true});
}
constexpr void describe(engine::core::Of<Reach>, auto&& field) {
    field("at", &Reach::at, {.doc = "where its reference point comes to", .required = true});
    field("tolerance_m", &Reach::tolerance_m,
          {.low = 0, .high = kFurthest_m, .doc = "to that place, in W"});
    field("within_s", &Reach::within_s,
          {.low = 0, .high = kLongest_s, .doc = "of the run; any time"});
}
constexpr void describe(engine::core::Of<KeepLane>, auto&& field) {
    field("for_at_most_s", &KeepLane::for_at_most_s,
          {.low = 0, .high = kLongest_s, .doc = "off its lanes without a break"});
}
constexpr void describe(engine::core::Of<Comfort>, auto&& field) {
    using C = Comfort;
    constexpr auto bound = [](const char* doc) {
        return engine::core::About{.low = 0, .high = 1000, .doc = doc};
    };
    field("max_deceleration_mps2", &C::max_deceleration_mps2, bound("along the car"));
    field("max_acceleration_mps2", &C::max_acceleration_mps2, bound("along the car"));
    field("max_lateral_mps2", &C::max_lateral_mps2, bound("across the car"));
    field("max_jerk_mps3", &C::max_jerk_mps3, bound("of the acceleration's magnitude"));
    field("max_longitudinal_jerk_mps3", &C::max_longitudinal_jerk_mps3, bound("along the car"));
    field("max_yaw_rate_rad_s", &C::max_yaw_rate_rad_s, bound("of the car"));
    field("max_yaw_acceleration_rad_s2", &C::max_yaw_acceleration_rad_s2, bound("of the car"));
}
constexpr void describe(engine::core::Of<NoRedLight>, auto&&) {}
constexpr void describe(engine::core::Of<MonitorIs>, auto&& field) {
    field("monitor", &MonitorIs::monitor,
          {.doc = "a monitor that the story declares", .required = true});
    field("value", &MonitorIs::value, {.doc = "what it must be at the end"});
}
constexpr void describe(engine::core::Of<StopCondition>, auto&& field) {
    field("fired", &StopCondition::fired, {.doc = "whether it must have fired"});
}

}  // namespace huntsman::scenarios::story
