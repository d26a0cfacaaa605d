// Where an actor's parts and box are.
#pragma once

#include "engine/math/geometry.h"
#include "engine/world/state.h"
#include "engine/world/world.h"

namespace huntsman::engine::world {

// Pose of a part's mesh in W: wheels steer, roll and spring, limbs swing with the gait.
math::RigidTransform part_pose(const Archetype& archetype, const Part& part,
                               const ActorState& actor);

// The actor `dt_s` later (or earlier) if it goes on as it does: velocity, turning, rolling and gait
// stay. For moments within a picture's exposure and read-out, some milliseconds away.
ActorState advanced(const ActorState& actor, double dt_s);

// Ground that a walking person covers in one cycle of two steps [m]: 1.4 at 1.34 m/s, growing with
// the root of speed.
double gait_cycle_m(double speed_mps);

// The ground rectangle of a body.
math::Box2 footprint(const Extent& extent, const math::RigidTransform& X_WB);

// Centre of the 3D box in W.
math::Vec3 box_centre(const Extent& extent, const math::RigidTransform& X_WB);

}  // namespace huntsman::engine::world
