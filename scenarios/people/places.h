// Where on the body a point lies, in terms that clothing is cut by.
#pragma once

#include "scenarios/people/piece.h"

namespace huntsman::scenarios::people {

class Places {
  public:
    explicit Places(const Body& body);

    // Metres along the arm from the shoulder joint; 0 for what is not of an arm.
    double arm_m(const Point& point) const;
    // Metres along the leg from the hip joint; 0 for what is not of a leg.
    double leg_m(const Point& point) const;
    double upper_arm_m() const { return upper_arm_; }
    double whole_arm_m() const { return upper_arm_ + lower_arm_; }
    double thigh_m() const { return thigh_; }
    double whole_leg_m() const { return thigh_ + calf_; }
    // Metres below a plane around the neck that lies `drop_m` lower in front than behind.
    double below_neck_m(const engine::math::Vec3& p, double drop_m) const;
    // Metres from the neck's foot outwards, seen from above, past where collars lie.
    double from_neck_m(const engine::math::Vec3& p) const;
    // Heights: of the crotch, the waist, the armpits.
    double crotch_m() const { return crotch_; }
    double waist_m() const { return waist_; }
    double chest_m() const { return chest_; }
    // The axis of a limb nearest to a point, and how far along it is.
    engine::math::Vec3 leg_axis(const engine::math::Vec3& p) const;
    engine::math::Vec3 arm_axis(const engine::math::Vec3& p) const;
    // Middle of the torso at a height.
    engine::math::Vec3 torso_axis(double z_m) const;
    double torso_share(const Point& point) const;  // 1 - those of the limbs
    double leg_share(const Point& point) const;
    double arm_share(const Point& point) const;
    // How large the body is against one of 1.75 m: for seams, collars and the like.
    double scale() const { return skeleton_.height_m / 1.75; }
    const engine::figure::Skeleton& skeleton() const { return skeleton_; }

  private:
    engine::figure::Skeleton skeleton_;
    double upper_arm_, lower_arm_, thigh_, calf_;
    double crotch_, waist_, chest_;
};

}  // namespace huntsman::scenarios::people
