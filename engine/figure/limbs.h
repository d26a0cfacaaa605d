// Arms, hands, legs, trunk and head brought to where they shall be; used by motion.cpp.
#pragma once

#include "engine/figure/ik.h"
#include "engine/figure/motion.h"

namespace huntsman::engine::figure {

// A pose in the making, with the frames of its joints in B.
struct Maker {
    const Skeleton& skeleton;
    Pose pose;

    explicit Maker(const Skeleton& of) : skeleton(of), pose(rest_pose(of)) {}
    // Frame of a joint by the turns that are set now.
    math::RigidTransform frame(Joint joint) const;
};

// Bends spine and neck: total turns, shared out over the joints.
void bend_trunk(Maker& maker, double pitch_rad, double yaw_rad, double roll_rad);
// Turns the head to a direction of B: yaw left, pitch down positive.
void turn_head(Maker& maker, double yaw_rad, double pitch_rad, double roll_rad);
// Turns head and eyes to a place.
void look_at(Maker& maker, const math::Vec3& p_B, double stoop_rad);

// Arm by angles: swing forward and out from hanging straight down, and the elbow's bend [rad].
void hang_arm(Maker& maker, Side side, double forward_rad, double out_rad, double elbow_rad);
// Arm to a place of the wrist, elbow towards a direction.
void reach_arm(Maker& maker, Side side, const math::Vec3& wrist_B, const math::Vec3& elbow_way_B);
// Hand: directions of fingers and thumb. The forearm takes half of the twist.
void turn_hand(Maker& maker, Side side, const math::Vec3& fingers_B, const math::Vec3& thumb_B);
// Hand whose fist holds a bar through a place; the elbow towards a direction. Fingers and thumb as
// for turn_hand: the thumb along the bar.
void hold_bar(Maker& maker, Side side, const math::Vec3& bar_B, const math::Vec3& fingers_B,
              const math::Vec3& thumb_B, const math::Vec3& elbow_way_B);
// Fingers: 0 stretched to 1 fist.
void curl(Maker& maker, Side side, double share);

// Leg to a foot's frame; toes bent by an angle, up positive. Knees towards `knee_way_B`.
void reach_leg(Maker& maker, Side side, const math::RigidTransform& foot_B, double toes_rad,
               const math::Vec3& knee_way_B);
// Where a leg's hip joint is.
math::Vec3 hip_of(const Maker& maker, Side side);

}  // namespace huntsman::engine::figure
