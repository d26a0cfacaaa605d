#include "engine/figure/skeleton.h"

#include <cmath>

#include "engine/figure/quadruped.h"

namespace huntsman::engine::figure {

using math::Quat;
using math::RigidTransform;
using math::Vec3;

namespace {

struct JointKind {
    std::string_view name;
    Joint parent;
};
constexpr std::array<JointKind, kJointCount> kKinds = {{
    {"pelvis", kNoJoint},
    {"spine_1", Joint::kPelvis},
    {"spine_2", Joint::kSpine1},
    {"spine_3", Joint::kSpine2},
    {"neck", Joint::kSpine3},
    {"head", Joint::kNeck},
    {"left_eye", Joint::kHead},
    {"right_eye", Joint::kHead},
    {"left_clavicle", Joint::kSpine3},
    {"left_upper_arm", Joint::kLeftClavicle},
    {"left_lower_arm", Joint::kLeftUpperArm},
    {"left_hand", Joint::kLeftLowerArm},
    {"left_fingers", Joint::kLeftHand},
    {"left_fingertips", Joint::kLeftFingers},
    {"left_thumb", Joint::kLeftHand},
    {"left_thumb_tip", Joint::kLeftThumb},
    {"right_clavicle", Joint::kSpine3},
    {"right_upper_arm", Joint::kRightClavicle},
    {"right_lower_arm", Joint::kRightUpperArm},
    {"right_hand", Joint::kRightLowerArm},
    {"right_fingers", Joint::kRightHand},
    {"right_fingertips", Joint::kRightFingers},
    {"right_thumb", Joint::kRightHand},
    {"right_thumb_tip", Joint::kRightThumb},
    {"left_thigh", Joint::kPelvis},
    {"left_calf", Joint::kLeftThigh},
    {"left_foot", Joint::kLeftCalf},
    {"left_toes", Joint::kLeftFoot},
    {"right_thigh", Joint::kPelvis},
    {"right_calf", Joint::kRightThigh},
    {"right_foot", Joint::kRightCalf},
    {"right_toes", Joint::kRightFoot},
}};

constexpr std::array<Joint, kKeyPointCount> kCarriers = {
    Joint::kHead,          Joint::kHead,         Joint::kHead,          Joint::kHead,
    Joint::kHead,          Joint::kLeftUpperArm, Joint::kRightUpperArm, Joint::kLeftLowerArm,
    Joint::kRightLowerArm, Joint::kLeftHand,     Joint::kRightHand,     Joint::kLeftThigh,
    Joint::kRightThigh,    Joint::kLeftCalf,     Joint::kRightCalf,     Joint::kLeftFoot,
    Joint::kRightFoot};

}  // namespace

Joint parent(Joint joint) { return kKinds[index(joint)].parent; }
std::string_view name(Joint joint) { return kKinds[index(joint)].name; }

Joint mirrored(Joint joint) {
    if (joint < Joint::kLeftEye) return joint;
    if (joint <= Joint::kRightEye) {
        return joint == Joint::kLeftEye ? Joint::kRightEye : Joint::kLeftEye;
    }
    const std::size_t first =
        joint < Joint::kLeftThigh ? index(Joint::kLeftClavicle) : index(Joint::kLeftThigh);
    const std::size_t apart = joint < Joint::kLeftThigh ? 8 : 4;
    const std::size_t at = index(joint) - first;
    return static_cast<Joint>(first + (at + apart) % (2 * apart));
}

double Skeleton::leg_m() const {
    return glm::distance(at(Joint::kLeftThigh), at(Joint::kLeftCalf)) +
           glm::distance(at(Joint::kLeftCalf), at(Joint::kLeftFoot));
}

Skeleton mean_skeleton(double height_m) {
    Skeleton s;
    s.height_m = height_m;
    const double h = height_m;
    const auto place = [&](Joint joint, double x, double y, double z) {
        s.joints[index(joint)] = Vec3(x, y, z) * h;
        const Joint other = mirrored(joint);
        if (other != joint) s.joints[index(other)] = Vec3(x, -y, z) * h;
    };
    place(Joint::kPelvis, 0, 0, 0.535);
    place(Joint::kSpine1, 0, 0, 0.57);
    place(Joint::kSpine2, 0, 0, 0.63);
    place(Joint::kSpine3, 0, 0, 0.70);
    place(Joint::kNeck, 0, 0, 0.83);
    place(Joint::kHead, 0, 0, 0.87);
    place(Joint::kLeftEye, 0.05, 0.018, 0.936);
    place(Joint::kLeftClavicle, 0, 0.02, 0.81);
    place(Joint::kLeftUpperArm, 0, 0.11, 0.80);
    place(Joint::kLeftLowerArm, 0, 0.11 + 0.186 * 0.7, 0.80 - 0.186 * 0.714);
    place(Joint::kLeftHand, 0, 0.11 + 0.332 * 0.7, 0.80 - 0.332 * 0.714);
    place(Joint::kLeftFingers, 0.005, 0.11 + 0.385 * 0.7, 0.80 - 0.385 * 0.714);
    place(Joint::kLeftFingertips, 0.005, 0.11 + 0.41 * 0.7, 0.80 - 0.41 * 0.714);
    place(Joint::kLeftThumb, 0.015, 0.11 + 0.345 * 0.7, 0.80 - 0.345 * 0.714);
    place(Joint::kLeftThumbTip, 0.03, 0.11 + 0.365 * 0.7, 0.80 - 0.365 * 0.714);
    place(Joint::kLeftThigh, 0, 0.055, 0.53);
    place(Joint::kLeftCalf, 0.003, 0.06, 0.285);
    place(Joint::kLeftFoot, -0.01, 0.065, 0.039);
    place(Joint::kLeftToes, 0.075, 0.07, 0.012);
    for (std::size_t foot = 0; foot < 2; ++foot) {
        const double side = foot == 0 ? 1 : -1;
        s.heels[foot] = Vec3(-0.045, side * 0.065, 0) * h;
        s.balls[foot] = Vec3(0.075, side * 0.07, 0) * h;
        s.tips[foot] = Vec3(0.11, side * 0.07, 0) * h;
    }
    const auto point = [&](KeyPoint key, const Vec3& p) {
        s.key_points[static_cast<std::size_t>(key)] = p;
    };
    for (std::size_t k = 5; k < kKeyPointCount; ++k) s.key_points[k] = s.at(kCarriers[k]);
    point(KeyPoint::kNose, Vec3(0.065, 0, 0.92) * h);
    point(KeyPoint::kLeftEye, s.at(Joint::kLeftEye));
    point(KeyPoint::kRightEye, s.at(Joint::kRightEye));
    point(KeyPoint::kLeftEar, Vec3(0, 0.04, 0.925) * h);
    point(KeyPoint::kRightEar, Vec3(0, -0.04, 0.925) * h);
    return s;
}

Pose rest_pose(const Skeleton& skeleton) {
    Pose pose;
    pose.pelvis_B = skeleton.at(Joint::kPelvis);
    return pose;
}

Pose blended(const Pose& a, const Pose& b, double share) {
    if (share <= 0) return a;
    if (share >= 1) return b;
    Pose pose;
    pose.pelvis_B = glm::mix(a.pelvis_B, b.pelvis_B, share);
    for (std::size_t j = 0; j < kJointCount; ++j) {
        pose.turns[j] = glm::slerp(a.turns[j], b.turns[j], share);
    }
    return pose;
}

Frames forward(const Skeleton& skeleton, const Pose& pose) {
    Frames frames;
    const Parents& parents = parents_of(skeleton);
    frames[0] = {pose.turns[0], pose.pelvis_B};
    for (std::size_t j = 1; j < kJointCount; ++j) {
        const std::size_t up = index(parents[j]);
        frames[j] =
            frames[up] * RigidTransform{pose.turns[j], skeleton.joints[j] - skeleton.joints[up]};
    }
    return frames;
}

RigidTransform skinning_transform(const Skeleton& skeleton, const Frames& frames, Joint joint) {
    const RigidTransform& X = frames[index(joint)];
    return {X.q, X.p - X.q * skeleton.at(joint)};
}

SkinningRows skinning_rows(const Skeleton& skeleton, const Frames& frames) {
    SkinningRows rows;
    for (std::size_t j = 0; j < kJointCount; ++j) {
        const RigidTransform X = skinning_transform(skeleton, frames, static_cast<Joint>(j));
        const math::Mat3 R = glm::mat3_cast(X.q);
        for (int row = 0; row < 3; ++row) {
            const auto at = static_cast<std::size_t>(4 * row);
            for (int column = 0; column < 3; ++column) {
                rows[j][at + static_cast<std::size_t>(column)] = static_cast<float>(R[column][row]);
            }
            rows[j][at + 3] = static_cast<float>(X.p[row]);
        }
    }
    return rows;
}

Joint carrier(KeyPoint point) { return kCarriers[static_cast<std::size_t>(point)]; }

std::array<Vec3, kKeyPointCount> key_points(const Skeleton& skeleton, const Frames& frames) {
    std::array<Vec3, kKeyPointCount> points;
    for (std::size_t k = 0; k < kKeyPointCount; ++k) {
        points[k] = skinning_transform(skeleton, frames, kCarriers[k]) * skeleton.key_points[k];
    }
    return points;
}

}  // namespace huntsman::engine::figure
