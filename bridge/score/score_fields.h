// Field lists of what scores are made of, by their names in run.json; see engine/core/describe.h.
#pragma once

#include "bridge/score/criteria.h"
#include "bridge/score/formulas.h"
#include "bridge/score/plan_judge.h"
#include "engine/core/describe.h"

namespace huntsman::bridge::score {

constexpr void describe(engine::core::Of<CarlaCounts>, auto&& field) {
    using C = CarlaCounts;
    field("collision_pedestrian", &C::pedestrian_collisions);
    field("collision_vehicle", &C::vehicle_collisions);
    field("collision_static", &C::static_collisions);
    field("red_light", &C::red_lights);
    field("stop_sign", &C::stop_signs);
    field("timeout", &C::timeouts);
    field("blocked", &C::blocked);
    field("outside_lanes_share", &C::outside_lanes_share);
    field("route_completion", &C::route_completion, {.in_files = false});  // as a percentage
    field("minimum_speed_percent", &C::minimum_speed_percent);
}

constexpr void describe(engine::core::Of<NuplanTerms>, auto&& field) {
    using N = NuplanTerms;
    field("no_at_fault_collision", &N::no_at_fault_collision);
    field("drivable_area", &N::drivable_area);
    field("making_progress", &N::making_progress);
    field("driving_direction", &N::driving_direction);
    field("progress", &N::progress);
    field("time_to_collision", &N::time_to_collision);
    field("speed_limit", &N::speed_limit);
    field("comfort", &N::comfort);
}

constexpr void describe(engine::core::Of<PdmsMeans>, auto&& field) {
    using P = PdmsMeans;
    field("score", &P::score);
    field("no_at_fault_collision", &P::no_at_fault_collision);
    field("drivable_area", &P::drivable_area);
    field("progress", &P::progress);
    field("time_to_collision", &P::time_to_collision);
    field("comfort", &P::comfort);
}

constexpr void describe(engine::core::Of<EpdmsMeans>, auto&& field) {
    using E = EpdmsMeans;
    field("score", &E::score);
    field("no_at_fault_collision", &E::no_at_fault_collision);
    field("drivable_area", &E::drivable_area);
    field("driving_direction", &E::driving_direction);
    field("traffic_light", &E::traffic_light);
    field("progress", &E::progress);
    field("time_to_collision", &E::time_to_collision);
    field("lane_keeping", &E::lane_keeping);
    field("history_comfort", &E::history_comfort);
    field("extended_comfort", &E::extended_comfort);
}

constexpr void describe(engine::core::Of<CriterionVerdict>, auto&& field) {
    using C = CriterionVerdict;
    field("name", &C::name);
    field("kind", &C::kind);
    field("note", &C::note, {.only_when_set = true});
    field("passed", &C::passed);
    field("extreme", &C::extreme);
    field("tick", &C::tick);
    field("time_s", &C::time_s);
    field("value", &C::value);
    field("reason", &C::reason, {.only_when_set = true});
}

constexpr void describe(engine::core::Of<Verdict>, auto&& field) {
    field("passed", &Verdict::passed);
    field("criteria", &Verdict::criteria);
}

}  // namespace huntsman::bridge::score
