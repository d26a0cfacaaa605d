// The boxes that bodies fill.
#pragma once

#include "engine/math/geometry.h"
#include "engine/world/world.h"

namespace huntsman::engine::world {

// The ground rectangle of a body.
math::Box2 footprint(const Extent& extent, const math::RigidTransform& X_WB);

// Centre of the 3D box in W.
math::Vec3 box_centre(const Extent& extent, const math::RigidTransform& X_WB);

}  // namespace huntsman::engine::world
