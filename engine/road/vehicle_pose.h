// Where a vehicle stands on a road.
#pragma once

#include "engine/math/transform.h"
#include "engine/road/road_map.h"
#include "engine/world/world.h"

namespace huntsman::engine::road {

// X_WB of a vehicle whose origin is at a lane's sample: heading along the lane, its wheels on the
// road's surface there.
math::RigidTransform vehicle_pose(const RoadMap& map, const world::VehicleSpec& vehicle,
                                  const world::LaneSample& place);

}  // namespace huntsman::engine::road
