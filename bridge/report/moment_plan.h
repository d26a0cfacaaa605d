// A session's moment from above: parts of an SVG drawing in metres around a place, north up.
//
//   plan_begin() + plan_lanes(session, place) + plan_actors(session, ...) + "</svg>"
#pragma once

#include <string>

#include "bridge/loop/session.h"

namespace huntsman::bridge::report {

constexpr double kPlanReach_m = 25;  // from the place to each side

// Opens the element, of the class "plan".
std::string plan_begin();
std::string plan_lanes(const loop::Session& session, const engine::math::Vec3& place);
// Outlines from above of all who are near; `ego` and `other` are attributes of their shapes.
std::string plan_actors(const loop::Session& session, const engine::math::Vec2& place,
                        const std::string& ego, const std::string& other);
// Of one of them; empty where it is not there.
std::string plan_actor(const loop::Session& session, engine::world::ActorId id,
                       const engine::math::Vec2& place, const std::string& style);

}  // namespace huntsman::bridge::report
