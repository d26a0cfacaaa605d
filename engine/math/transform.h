// Rigid transforms in monogram notation: X_AB takes points given in frame B to frame A.
//
// W world: right-handed, x east, y north, z up.  B body (ISO 8855): x forward, y left, z up, origin
// on the ground below the rear axle's centre.  C camera (OpenCV): x right, y down, z forward.
#pragma once

#include "engine/math/vec.h"

namespace huntsman::engine::math {

struct RigidTransform {
    Quat q{1, 0, 0, 0};  // unit rotation
    Vec3 p{0, 0, 0};     // B's origin in A [m]

    Vec3 operator*(const Vec3& p_B) const { return q * p_B + p; }
    Vec3 rotate(const Vec3& v_B) const { return q * v_B; }
    RigidTransform operator*(const RigidTransform& X_BC) const {
        return {q * X_BC.q, q * X_BC.p + p};
    }
    RigidTransform inverse() const {
        const Quat q_BA = glm::conjugate(q);
        return {q_BA, -(q_BA * p)};
    }
    double yaw_rad() const {
        return std::atan2(2.0 * (q.w * q.z + q.x * q.y), 1.0 - 2.0 * (q.y * q.y + q.z * q.z));
    }
};

// Rotation about z.
inline Quat yaw_rotation(double yaw_rad) {
    return {std::cos(0.5 * yaw_rad), 0.0, 0.0, std::sin(0.5 * yaw_rad)};
}

// Upright pose on the plane z = p.z.
inline RigidTransform upright(const Vec3& p, double yaw_rad) { return {yaw_rotation(yaw_rad), p}; }

// Rotation R_BC of a camera that looks along `yaw` (left positive) and `pitch` (up positive) in the
// body frame, with its picture upright: camera z forward, x right, y down.
Quat camera_rotation(double yaw_rad, double pitch_rad);

}  // namespace huntsman::engine::math
