// Where an actor's parts are; boxes.h has its box.
#pragma once

#include "engine/world/boxes.h"
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

}  // namespace huntsman::engine::world
