// Field lists of minds and beliefs; see engine/core/describe.h and state_fields.h.
#pragma once

#include "engine/core/describe.h"
#include "engine/math/math_fields.h"
#include "engine/world/mind.h"
#include "engine/world/state_parts.h"

namespace huntsman::engine::world {

constexpr void describe(core::Of<DriverMind>, auto&& field) {
    using M = DriverMind;
    field("intention", &M::intention);
    field("route", &M::route);
    field("lane_s_m", &M::lane_s_m);
    field("lane_t_m", &M::lane_t_m);
    field("target_speed_mps", &M::target_speed_mps);
    field("acceleration_mps2", &M::acceleration_mps2);
    field("leader", &M::leader, {.id = true});
    field("waited_s", &M::waited_s);
    field("checked_s", &M::checked_s);
    field("change_left", &M::change_left);
    field("aside_m", &M::aside_m, {.doc = "to the left of its way, on purpose"});
    field("parked_s", &M::parked_s, {.low = 0, .doc = "for how long still it delivers"});
    field("gaze_rad", &M::gaze_rad);
    field("decisions", &M::decisions);
}
constexpr void describe(core::Of<OwnCrossing>, auto&& field) {
    field("from_W", &OwnCrossing::from_W, {.doc = "kerb"});
    field("to_W", &OwnCrossing::to_W, {.doc = "kerb opposite"});
    field("beyond", &OwnCrossing::beyond, {.doc = "walkway opposite", .id = true});
}
constexpr void describe(core::Of<PedestrianMind>, auto&& field) {
    using M = PedestrianMind;
    field("intention", &M::intention);
    field("walkway", &M::walkway, {.id = true});
    field("walkway_forward", &M::walkway_forward);
    field("goal_node", &M::goal_node, {.doc = "walk node that it goes to", .id = true});
    field("lane_s_m", &M::lane_s_m);
    field("lane_t_m", &M::lane_t_m);
    field("target_speed_mps", &M::target_speed_mps);
    field("waited_s", &M::waited_s);
    field("gaze_rad", &M::gaze_rad);
    field("decisions", &M::decisions);
    field("own_crossing", &M::own_crossing);
}
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
    field("archetype", &T::archetype, {.doc = "what it looks like"});
    field("exists", &T::exists, core::share("probability that it is still about"));
    field("p_W", &T::p_W, {.doc = "origin of its body"});
    field("v_W", &T::v_W, {.doc = "velocity in m/s"});
    field("yaw_rad", &T::yaw_rad, {.doc = "heading"});
    field("a_mps2", &T::a_mps2, {.doc = "along its heading, as last seen"});
    field("standing_s", &T::standing_s, {.low = 0, .doc = "for how long it has stood"});
    field("unseen_s", &T::unseen_s, {.low = 0, .doc = "time since it was last seen"});
    field("place_variance_m2", &T::place_variance_m2, {.low = 0, .doc = "of each axis"});
    field("place_speed_covariance_m2ps", &T::place_speed_covariance_m2ps, {.doc = "of each axis"});
    field("speed_variance_m2ps2", &T::speed_variance_m2ps2, {.low = 0, .doc = "of each axis"});
    field("lamps", &T::lamps, {.doc = "lit lamps as last seen"});
    field("gaze_rad", &T::gaze_rad, {.doc = "direction of looking as last seen"});
    field("gesture", &T::gesture, {.doc = "that it showed to the believer"});
    field("lane", &T::lane, {.doc = "that it is believed to follow", .id = true});
    field("lane_s_m", &T::lane_s_m, {.doc = "its place on that lane"});
    field("lane_t_m", &T::lane_t_m, {.doc = "offset to the left"});
    field("lane_sought", &T::lane_sought, {.doc = "since it was last seen"});
    field("mind", &T::mind);
}
constexpr void describe(core::Of<Siren>, auto&& field) {
    field("source", &Siren::source, {.id = true});
    field("bearing_rad", &Siren::bearing_rad, {.doc = "in W, as it seemed"});
    field("ago_s", &Siren::ago_s, {.low = 0, .doc = "since it was last heard"});
}
constexpr void describe(core::Of<Beliefs>, auto&& field) {
    field("tracks", &Beliefs::tracks);
    field("signals", &Beliefs::signals);
    field("siren", &Beliefs::siren);
}
constexpr void describe(core::Of<Glance>, auto&& field) {
    field("away", &Glance::away);
    field("until_us", &Glance::until_us);
}
constexpr void describe(core::Of<Deliberation>, auto&& field) {
    field("place", &Deliberation::place, {.id = true});
    field("evidence", &Deliberation::evidence);
    field("going", &Deliberation::going);
    field("since_s", &Deliberation::since_s);
}
constexpr void describe(core::Of<Signalled>, auto&& field) {
    field("gesture", &Signalled::gesture);
    field("to", &Signalled::to, {.id = true});
    field("left_s", &Signalled::left_s);
}
constexpr void describe(core::Of<Mind>, auto&& field) {
    field("own", &Mind::own, {.parts = kMinds});
    field("glance", &Mind::glance, {.parts = kMinds});
    field("deliberation", &Mind::deliberation, {.parts = kMinds});
    field("signalled", &Mind::signalled, {.parts = kMinds});
    field("beliefs", &Mind::beliefs, {.parts = kBeliefs});
    field("thought_us", &Mind::thought_us, {.parts = kMinds});
}

}  // namespace huntsman::engine::world
