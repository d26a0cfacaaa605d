// Where an actor's parts and box are.
#pragma once

#include "engine/math/geometry.h"
#include "engine/world/state.h"
#include "engine/world/world.h"

namespace huntsman::engine::world {

// Pose of a part's mesh in W: wheels steer, roll and spring, limbs swing with the gait.
math::RigidTransform part_pose(const Archetype& archetype, const Part& part,
                               const ActorState& actor);

// The ground rectangle of a body.
math::Box2 footprint(const Extent& extent, const math::RigidTransform& X_WB);

// Centre of the 3D box in W.
math::Vec3 box_centre(const Extent& extent, const math::RigidTransform& X_WB);

}  // namespace huntsman::engine::world
