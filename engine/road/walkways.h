// Queries on walkways.
#pragma once

#include "engine/math/vec.h"
#include "engine/world/road_network.h"

namespace huntsman::engine::road {

// The walkway that is closest to a person, none of those over a road; kNone where there is none
// within `reach_m`.
world::WalkwayId nearest_walkway(const world::RoadNetwork& roads, const math::Vec3& p,
                                 double reach_m);

// Whether a walkway's forward direction at the point of it that is closest to p is the one that is
// closer to a heading.
bool runs_along(const world::Walkway& walkway, const math::Vec3& p, double heading_rad);

}  // namespace huntsman::engine::road
