// Where an actor's parts are; boxes.h has its box.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "engine/figure/skeleton.h"
#include "engine/world/boxes.h"
#include "engine/world/state.h"
#include "engine/world/world.h"

namespace huntsman::engine::world {

// Poses of all parts' meshes in W: wheels steer, roll and spring, limbs swing with the gait, joints
// move as the figure does, cranks and pedals turn below a rider's feet. Cost: some 20 microseconds
// where there is a figure.
std::vector<math::RigidTransform> part_poses(const Archetype& archetype, const ActorState& actor);

// Frames of a figure's joints in B, and after them those of its companion's, where it has one.
constexpr std::size_t kMostJoints = 2 * figure::kJointCount;
using JointFrames = std::array<math::RigidTransform, kMostJoints>;

// The figure's movement, its companion's, and the joints' frames; the archetype has a figure.
figure::Movement movement_of(const Archetype& archetype, const ActorState& actor);
figure::Movement companion_movement(const Figure& own, const figure::Movement& movement);
JointFrames figure_frames(const Archetype& archetype, const ActorState& actor);
JointFrames figure_frames(const Figure& own, const figure::Movement& movement);

// Pose of one part; `joints` as figure_frames gives them, null where there is no figure.
math::RigidTransform part_pose(const Archetype& archetype, const Part& part,
                               const ActorState& actor, const JointFrames* joints = nullptr);

// The actor `dt_s` later (or earlier) if it goes on as it does: velocity, turning, rolling and gait
// stay. For moments within a picture's exposure and read-out, some milliseconds away. Without the
// archetype: body and wheels alone.
ActorState advanced(const Archetype& archetype, const ActorState& actor, double dt_s);
ActorState advanced(const ActorState& actor, double dt_s);

// By how much the gait's phase grows each second at the actor's speed [rad/s]: so that feet do not
// slide. Cyclists turn their cranks at figure::cadence_hz, and not while they brake.
double gait_rate_rad_s(const Archetype& archetype, const ActorState& actor);

// Moves gait and posture of a person on: the head turns to where it looks, at most at 4 rad/s
// [Guitton & Volle 1987], a hand rises and falls in 0.4 s.
void hold_posture(const Archetype& archetype, ActorState& actor, double dt_s);

// References
// [Guitton & Volle 1987] Gaze control in humans: eye-head coordination during orienting
//   movements to targets within and beyond the oculomotor range, Journal of Neurophysiology
//   58:427-459.

}  // namespace huntsman::engine::world
