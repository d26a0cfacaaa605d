#include "scenarios/animals/joints.h"

#include <algorithm>

#include "engine/figure/quadruped.h"

namespace huntsman::scenarios::animals {

namespace figure = engine::figure;
using engine::math::Vec3;
using figure::Joint;

const std::vector<NamedJoint>& named_joints() {
    using J = Joints;
    static const std::vector<NamedJoint> kNames = {
        {"pelvis", Joint::kPelvis, &J::pelvis},
        {"loin", Joint::kSpine1, &J::loin},
        {"chest", Joint::kSpine2, &J::chest},
        {"neck", Joint::kSpine3, &J::neck},
        {"neck_middle", Joint::kNeck, &J::neck_middle},
        {"head", Joint::kHead, &J::head},
        {"ear", Joint::kLeftEye, &J::ear},
        {"shoulder_blade", Joint::kLeftClavicle, &J::shoulder_blade},
        {"shoulder", Joint::kLeftUpperArm, &J::shoulder},
        {"elbow", Joint::kLeftLowerArm, &J::elbow},
        {"carpus", Joint::kLeftHand, &J::carpus},
        {"fetlock", Joint::kLeftFingers, &J::fetlock},
        {"toe", Joint::kLeftFingertips, &J::toe},
        {"hip", Joint::kLeftThigh, &J::hip},
        {"stifle", Joint::kLeftCalf, &J::stifle},
        {"hock", Joint::kLeftFoot, &J::hock},
        {"hind_fetlock", Joint::kLeftToes, &J::hind_fetlock},
        {"tail_1", Joint::kLeftThumb, &J::tail_1},
        {"tail_2", Joint::kLeftThumbTip, &J::tail_2},
        {"tail_3", Joint::kRightThumb, &J::tail_3},
    };
    return kNames;
}

std::optional<Joint> joint_named(std::string_view name) {
    for (const NamedJoint& known : named_joints()) {
        if (name == known.name) return known.joint;
    }
    return std::nullopt;
}

bool is_middle(Joint joint) {
    return figure::mirrored(joint) == joint || joint == Joint::kLeftThumb ||
           joint == Joint::kLeftThumbTip || joint == Joint::kRightThumb;
}

figure::Skeleton skeleton_of(const Joints& joints, double height_m) {
    figure::Skeleton skeleton;
    const auto vec = [](const std::array<double, 3>& p) { return Vec3(p[0], p[1], p[2]); };
    for (const NamedJoint& known : named_joints()) {
        const Vec3 p = vec(joints.*known.at);
        skeleton.joints[figure::index(known.joint)] = p;
        if (is_middle(known.joint)) continue;
        skeleton.joints[figure::index(figure::mirrored(known.joint))] = {p.x, -p.y, p.z};
    }
    // One joint has no use; it goes with the pelvis.
    skeleton.joints[figure::index(Joint::kRightThumbTip)] = skeleton.at(Joint::kPelvis);
    const Vec3 tip = vec(joints.hind_toe);
    skeleton.tips = {tip, Vec3(tip.x, -tip.y, tip.z)};
    skeleton.height_m = height_m;
    return skeleton;
}

}  // namespace huntsman::scenarios::animals
