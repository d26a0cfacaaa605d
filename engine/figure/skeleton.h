// A person's skeleton: joints with parents and rest places, poses, forward kinematics.
//
// Frame B: x forward, y left, z up, origin on the ground between the feet. At rest all joints'
// frames are parallel to B, so that a joint's rest transform is its place alone. The rest pose is
// that of the mesh: upright, arms held away from the body, legs slightly apart, feet flat.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/math/transform.h"

namespace huntsman::engine::figure {

// Parents come before their children. Joints with a side: left, then right.
enum class Joint : std::uint8_t {
    kPelvis,
    kSpine1,
    kSpine2,
    kSpine3,
    kNeck,
    kHead,
    kLeftEye,
    kRightEye,
    kLeftClavicle,
    kLeftUpperArm,
    kLeftLowerArm,
    kLeftHand,
    kLeftFingers,  // the four fingers' first phalanges together
    kLeftFingertips,
    kLeftThumb,
    kLeftThumbTip,
    kRightClavicle,
    kRightUpperArm,
    kRightLowerArm,
    kRightHand,
    kRightFingers,
    kRightFingertips,
    kRightThumb,
    kRightThumbTip,
    kLeftThigh,
    kLeftCalf,
    kLeftFoot,
    kLeftToes,
    kRightThigh,
    kRightCalf,
    kRightFoot,
    kRightToes,
    kCount,
};
constexpr std::size_t kJointCount = static_cast<std::size_t>(Joint::kCount);
constexpr std::size_t index(Joint joint) { return static_cast<std::size_t>(joint); }
constexpr Joint kNoJoint = Joint::kCount;

Joint parent(Joint joint);  // kNoJoint for the pelvis
std::string_view name(Joint joint);
// The same joint of the other side; of the middle: itself.
Joint mirrored(Joint joint);
enum class Side : std::uint8_t { kLeft, kRight };
constexpr double sign(Side side) { return side == Side::kLeft ? 1.0 : -1.0; }  // of y
// `left` of this side, for joints that have a side.
constexpr Joint of(Side side, Joint left) {
    const std::size_t apart = left < Joint::kLeftThigh ? 8U : 4U;
    if (left == Joint::kLeftEye) return side == Side::kLeft ? left : Joint::kRightEye;
    return side == Side::kLeft ? left : static_cast<Joint>(index(left) + apart);
}

// COCO's order.
enum class KeyPoint : std::uint8_t {
    kNose,
    kLeftEye,
    kRightEye,
    kLeftEar,
    kRightEar,
    kLeftShoulder,
    kRightShoulder,
    kLeftElbow,
    kRightElbow,
    kLeftWrist,
    kRightWrist,
    kLeftHip,
    kRightHip,
    kLeftKnee,
    kRightKnee,
    kLeftAnkle,
    kRightAnkle,
    kCount,
};
constexpr std::size_t kKeyPointCount = static_cast<std::size_t>(KeyPoint::kCount);

// The skeleton of one body. Places are those at rest, in B [m].
struct Skeleton {
    std::array<math::Vec3, kJointCount> joints{};
    std::array<math::Vec3, kKeyPointCount> key_points{};
    // Where the soles touch the ground, of the left foot and the right one.
    std::array<math::Vec3, 2> heels{};
    std::array<math::Vec3, 2> balls{};  // below the joint of the toes
    std::array<math::Vec3, 2> tips{};   // of the shoe
    double height_m = 0;                // from the ground to the crown, at rest
    double girth_rad = 0;  // by how much more than a slim body it holds its hanging arms away
    double age_years = 30;

    const math::Vec3& at(Joint joint) const { return joints[index(joint)]; }
    double leg_m() const;  // from hip to ankle, stretched
};

// A skeleton of mean proportions, for tests and where no body is at hand [Winter 2009, fig. 4.1].
Skeleton mean_skeleton(double height_m);

// Rotations of the joints against their parents, and where the pelvis is.
struct Pose {
    math::Vec3 pelvis_B{0, 0, 0};
    std::array<math::Quat, kJointCount> turns;  // identity: as at rest

    Pose() { turns.fill(math::Quat(1, 0, 0, 0)); }
    math::Quat& operator[](Joint joint) { return turns[index(joint)]; }
    const math::Quat& operator[](Joint joint) const { return turns[index(joint)]; }
};
Pose rest_pose(const Skeleton& skeleton);
// Between two poses: 0 gives `a`, 1 gives `b`.
Pose blended(const Pose& a, const Pose& b, double share);

// Frames of all joints in B.
using Frames = std::array<math::RigidTransform, kJointCount>;
Frames forward(const Skeleton& skeleton, const Pose& pose);

// Takes a vertex of the mesh at rest to where a joint's frame carries it, in B.
math::RigidTransform skinning_transform(const Skeleton& skeleton, const Frames& frames,
                                        Joint joint);

// Three rows of four numbers for each joint, as shaders take them: the linear part and the shift.
using SkinningRows = std::array<std::array<float, 12>, kJointCount>;
SkinningRows skinning_rows(const Skeleton& skeleton, const Frames& frames);

// The joint that carries a key point.
Joint carrier(KeyPoint point);
std::array<math::Vec3, kKeyPointCount> key_points(const Skeleton& skeleton, const Frames& frames);

// References
// [Winter 2009] D. A. Winter, Biomechanics and Motor Control of Human Movement, 4th ed.

}  // namespace huntsman::engine::figure
