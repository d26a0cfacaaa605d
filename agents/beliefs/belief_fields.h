// Field lists of beliefs; see engine/core/describe.h. Their order is the order in which beliefs are
// hashed.
#pragma once

#include "agents/beliefs/phantom.h"
#include "agents/beliefs/track.h"
#include "engine/core/describe.h"
#include "engine/math/math_fields.h"

namespace huntsman::agents::beliefs {

constexpr void describe(core::Of<OtherMind>, auto&& field) {
    using M = OtherMind;
    field("has_seen_me", &M::has_seen_me, core::share("probability that it has seen me"));
    field("reacts", &M::reacts, {.doc = "brakes, slows or stops, as last seen"});
    field("goal", &M::goal, core::share("probability of each goal and style"));
    field("social", &M::social, core::share("probability of each social value angle"));
}
constexpr void describe(core::Of<Track>, auto&& field) {
    using T = Track;
    field("id", &T::id, {.id = true});
    field("kind", &T::kind, {.doc = "semantic class"});
    field("exists", &T::exists, core::share("probability that it is still about"));
    field("box_m", &T::box_m, {.doc = "length, width, height"});
    field("p_W", &T::p_W, {.doc = "centre of its box on the ground"});
    field("v_W", &T::v_W, {.doc = "velocity in m/s"});
    field("yaw_rad", &T::yaw_rad, {.doc = "heading"});
    field("unseen_s", &T::unseen_s, {.low = 0, .doc = "time since it was last seen"});
    field("place_variance_m2", &T::place_variance_m2, {.low = 0, .doc = "of each axis"});
    field("place_speed_covariance_m2ps", &T::place_speed_covariance_m2ps, {.doc = "of each axis"});
    field("speed_variance_m2ps2", &T::speed_variance_m2ps2, {.low = 0, .doc = "of each axis"});
    field("lamps", &T::lamps, {.doc = "lit lamps as last seen"});
    field("gaze_rad", &T::gaze_rad, {.doc = "direction of looking as last seen"});
    field("lane", &T::lane, {.doc = "that it is believed to follow", .id = true});
    field("lane_sought", &T::lane_sought, {.doc = "since it was last seen"});
    field("mind", &T::mind);
}
constexpr void describe(core::Of<Beliefs>, auto&& field) { field("tracks", &Beliefs::tracks); }
constexpr void describe(core::Of<Phantom>, auto&& field) {
    using P = Phantom;
    field("kind", &P::kind, {.doc = "semantic class"});
    field("exists", &P::exists, core::share("probability that somebody is there"));
    field("along_m", &P::along_m, {.low = 0, .doc = "my way to where it could come out"});
    field("reach_s", &P::reach_s, {.low = 0, .doc = "its time from there to my way"});
}

}  // namespace huntsman::agents::beliefs
