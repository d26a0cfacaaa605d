// Four-legged animals: what their joints are, and how they stand, walk, trot and gallop.
//
// An animal has the skeleton of skeleton.h, so that whatever takes figures takes animals: pictures,
// boxes, masks, flow, rays. Its joints have other meanings and partly other parents:
//
//   kPelvis        croup                      kLeftClavicle    shoulder blade, turns at its top
//   kSpine1        loin                       kLeftUpperArm    shoulder, carries the upper arm
//   kSpine2        chest, carries the blades  kLeftLowerArm    elbow, carries the forearm
//   kSpine3        neck, where it begins      kLeftHand        wrist ("knee" of a cow), carries
//   kNeck          neck, its middle                            the cannon
//   kHead          head, behind the skull     kLeftFingers     fetlock, carries the foot
//   kLeftEye       left ear                   kLeftFingertips  tip of the toes, on the ground
//   kLeftThumb     tail, where it begins      kLeftThigh       hip, carries the thigh
//   kLeftThumbTip  tail, first third          kLeftCalf        stifle, carries the shank
//   kRightThumb    tail, second third         kLeftFoot        hock, carries the cannon
//   kRightThumbTip none                       kLeftToes        fetlock, carries the foot
//
// Skeleton::tips are those of the hind feet; heels, balls and key points are not used. B's origin
// is on the ground below the middle of the body.
#pragma once

#include <array>
#include <cstdint>

#include "engine/figure/motion.h"

namespace huntsman::engine::figure {

// An animal's forefeet are on the ground at rest; a person's hands are not.
bool four_legged(const Skeleton& skeleton);

using Parents = std::array<Joint, kJointCount>;
// Of each joint, in a skeleton of this kind; kNoJoint of the pelvis.
const Parents& parents_of(const Skeleton& skeleton);

enum class Foot : std::uint8_t { kLeftHind, kLeftFore, kRightHind, kRightFore, kCount };
constexpr bool is_fore(Foot foot) { return foot == Foot::kLeftFore || foot == Foot::kRightFore; }
constexpr Side side_of(Foot foot) {
    return foot == Foot::kLeftHind || foot == Foot::kLeftFore ? Side::kLeft : Side::kRight;
}
// The joint of the fetlock, and the tip of the toes at rest, in B.
Joint fetlock_of(Foot foot);
math::Vec3 tip_of(const Skeleton& skeleton, Foot foot);

// Joints' rotations of an animal that stands, walks, trots or gallops, by speed and rate of
// turning; of other activities it has none, and stands. Of the movement it takes phase (the left
// hind foot lands at 0), speed, turning, time and, as a direction, look_at_B.
//
// Feet do not slide, as people's do not; see motion.h. A leg of three bones folds by one number:
// the elbow alone, stifle and hock together; wrist and hock fold further in the swing. At a walk
// the feet land in lateral sequence, left hind, left fore, right hind, right fore, a quarter of the
// cycle apart; at a trot, from a Froude number of about 0.5 on, in diagonal pairs; in a gallop,
// from about 2.5 on, hind feet and forefeet in turn [Alexander & Jayes 1983].
//
// Cost: some 20 microseconds.
Pose animal_pose(const Skeleton& skeleton, const Movement& movement);

// Cycles each second. A cycle covers 2.4 Fr^0.34 heights of the hip at a walk and 1.9 Fr^0.40 above
// it, where Fr is the squared speed over the hip's height and gravity [Alexander & Jayes 1983].
double animal_cycle_rate_hz(const Skeleton& skeleton, const Movement& movement);

// Where a foot is. FootState::place_B is the point of the ground below the fetlock of the flat
// foot; the heel rises about the tip of the toes.
FootState animal_foot(const Skeleton& skeleton, const Movement& movement, Foot foot);

// References
// [Alexander & Jayes 1983] A dynamic similarity hypothesis for the gaits of quadrupedal mammals,
//   Journal of Zoology 201:135-152.

}  // namespace huntsman::engine::figure
