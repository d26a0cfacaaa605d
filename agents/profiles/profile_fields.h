// Field lists of profiles; see engine/core/describe.h.
#pragma once

#include "agents/profiles/profile.h"

namespace huntsman::agents::profiles {

// The standard deviation of the value before it.
constexpr core::About deviation(double high) {
    return {.low = 0, .high = high, .doc = "its standard deviation"};
}

constexpr void describe(core::Of<AcceptedGaps>, auto&& field) {
    using G = AcceptedGaps;
    field("left_turn_s", &G::left_turn_s,
          {.low = 0.5, .high = 30, .doc = "turning left across oncoming traffic"});
    field("left_turn_sd_s", &G::left_turn_sd_s, deviation(10));
    field("merge_s", &G::merge_s,
          {.low = 0.5, .high = 30, .doc = "turning into a road from the side"});
    field("merge_sd_s", &G::merge_sd_s, deviation(10));
    field("cross_s", &G::cross_s, {.low = 0.5, .high = 30, .doc = "crossing a road"});
    field("cross_sd_s", &G::cross_sd_s, deviation(10));
    field("on_foot_s", &G::on_foot_s,
          {.low = 0, .high = 30, .doc = "crossing 7.5 m of road on foot"});
    field("on_foot_sd_s", &G::on_foot_sd_s, deviation(10));
}
constexpr void describe(core::Of<Glances>, auto&& field) {
    using G = Glances;
    field("away_s", &G::away_s, {.low = 0.05, .high = 60, .doc = "median look away from the road"});
    field("away_log_sd", &G::away_log_sd,
          {.low = 0, .high = 2, .doc = "standard deviation of its logarithm"});
    field("towards_s", &G::towards_s,
          {.low = 0.05, .high = 600, .doc = "median look at the road in between"});
    field("towards_log_sd", &G::towards_log_sd,
          {.low = 0, .high = 2, .doc = "standard deviation of its logarithm"});
}
constexpr void describe(core::Of<Levels>, auto&& field) {
    field("level_0", &Levels::level_0, core::share("takes the others as they move now"));
    field("level_1", &Levels::level_1, core::share("expects them to react"));
    field("level_2", &Levels::level_2, core::share("expects them to expect its own reaction"));
}
constexpr void describe(core::Of<Profile>, auto&& field) {
    using P = Profile;
    field("name", &P::name, {.in_files = false});
    field("description", &P::description, {.doc = "who that is", .required = true});
    field("source", &P::source, {.doc = "of the values; what is assumed", .required = true});
    field("role", &P::role, {.doc = "driver, person, cyclist or animal", .required = true});
    field("speed_factor", &P::speed_factor,
          {.low = 0.2, .high = 3, .doc = "desired speed over the speed limit"});
    field("speed_factor_sd", &P::speed_factor_sd, deviation(1));
    field("headway_s", &P::headway_s, {.low = 0.2, .high = 6, .doc = "time gap to the leader"});
    field("headway_sd_s", &P::headway_sd_s, deviation(3));
    field("gaps", &P::gaps, {.doc = "accepted gaps, see below"});
    field("reaction_s", &P::reaction_s, {.low = 0.1, .high = 5, .doc = "reaction time"});
    field("reaction_sd_s", &P::reaction_sd_s, deviation(2));
    field("glances", &P::glances, {.doc = "lengths of looks, see below"});
    field("attention", &P::attention,
          core::share("of what it looks at that it notices, compared with an alert one"));
    field("hearing", &P::hearing, core::share("of the horns and sirens that it hears"));
    field("social_rad", &P::social_rad,
          core::degrees("social_deg", -90, 90, "social value: 0 egoistic, 45 weighs all alike"));
    field("social_sd_rad", &P::social_sd_rad,
          core::degrees("social_sd_deg", 0, 90, "its standard deviation"));
    field("levels", &P::levels, {.doc = "steps it thinks ahead, see below"});
    field("patience_s", &P::patience_s,
          {.low = 0, .high = 600, .doc = "wait after which it takes smaller gaps"});
    field("obeys_signals", &P::obeys_signals, core::share("of the red lights that it obeys"));
    field("obeys_direction", &P::obeys_direction,
          core::share("of the streets in which it keeps to its own side"));
    field("uses_crossings", &P::uses_crossings,
          core::share("of its ways over a road that lead over a crossing nearby"));
    field("blue_light", &P::blue_light, {.doc = "drives with blue light and siren"});
    field("delivers", &P::delivers, core::share("of the streets in which it stops to deliver"));
    field("walking_mps", &P::walking_mps, {.low = 0.1, .high = 20, .doc = "speed on foot"});
    field("walking_sd_mps", &P::walking_sd_mps, deviation(10));
}

}  // namespace huntsman::agents::profiles
