#include "engine/figure/limbs.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace huntsman::engine::figure {

using math::Quat;
using math::RigidTransform;
using math::Vec3;

namespace {

// Directions of a hand at rest.
struct HandRest {
    Vec3 fingers, thumb, curl_axis;
};
HandRest hand_rest(const Skeleton& s, Side side) {
    const Vec3& wrist = s.at(of(side, Joint::kLeftHand));
    const Vec3& knuckles = s.at(of(side, Joint::kLeftFingers));
    HandRest rest;
    rest.fingers = glm::normalize(knuckles - wrist);
    const Vec3 aside = s.at(of(side, Joint::kLeftThumbTip)) - wrist;
    rest.thumb = glm::normalize(aside - rest.fingers * glm::dot(aside, rest.fingers));
    // Fingers bend about the way to the thumb.
    const Vec3 bent = s.at(of(side, Joint::kLeftFingertips)) - knuckles;
    rest.curl_axis = rest.thumb;
    if (glm::dot(glm::cross(rest.curl_axis, rest.fingers), bent) < 0) {
        rest.curl_axis = -rest.curl_axis;
    }
    return rest;
}

// The axis of the elbow at rest.
Vec3 elbow_axis(const Skeleton& s, Side side) {
    const Vec3 upper = s.at(of(side, Joint::kLeftLowerArm)) - s.at(of(side, Joint::kLeftUpperArm));
    const Vec3 lower = s.at(of(side, Joint::kLeftHand)) - s.at(of(side, Joint::kLeftLowerArm));
    Vec3 axis = glm::cross(upper, lower);
    // A straight arm bends forward.
    if (glm::length(axis) < 0.05 * glm::length(upper) * glm::length(lower)) {
        axis = glm::cross(upper, Vec3(1, 0, 0));
    }
    return glm::normalize(axis);
}

void set_arm(Maker& maker, Side side, const Vec3& upper_aim, const Vec3& lower_aim,
             const Vec3& axis_aim) {
    const Skeleton& s = maker.skeleton;
    const Joint upper = of(side, Joint::kLeftUpperArm), lower = of(side, Joint::kLeftLowerArm),
                hand = of(side, Joint::kLeftHand);
    const Vec3 rest_axis = elbow_axis(s, side);
    const Quat above = maker.frame(parent(upper)).q;
    const Quat q_upper = turn_to(s.at(lower) - s.at(upper), rest_axis, upper_aim, axis_aim);
    const Quat q_lower = turn_to(s.at(hand) - s.at(lower), rest_axis, lower_aim, axis_aim);
    maker.pose[upper] = glm::normalize(glm::conjugate(above) * q_upper);
    maker.pose[lower] = glm::normalize(glm::conjugate(q_upper) * q_lower);
    maker.pose[hand] = Quat(1, 0, 0, 0);
}

}  // namespace

RigidTransform Maker::frame(Joint joint) const {
    // Up to the pelvis and down again; chains are short.
    std::array<Joint, 12> chain{};
    std::size_t count = 0;
    for (Joint at = joint; at != kNoJoint; at = parent(at)) chain[count++] = at;
    RigidTransform X{pose[Joint::kPelvis], pose.pelvis_B};
    for (std::size_t k = count - 1; k-- > 0;) {
        const Joint at = chain[k];
        X = X * RigidTransform{pose[at], skeleton.at(at) - skeleton.at(parent(at))};
    }
    return X;
}

void bend_trunk(Maker& maker, double pitch_rad, double yaw_rad, double roll_rad) {
    constexpr std::array<std::pair<Joint, double>, 3> kShares = {
        {{Joint::kSpine1, 0.3}, {Joint::kSpine2, 0.35}, {Joint::kSpine3, 0.35}}};
    for (const auto& [joint, share] : kShares) {
        maker.pose[joint] = math::yaw_rotation(share * yaw_rad) *
                            turn_about(Vec3(1, 0, 0), share * roll_rad) *
                            turn_about(Vec3(0, 1, 0), share * pitch_rad);
    }
}

void turn_head(Maker& maker, double yaw_rad, double pitch_rad, double roll_rad) {
    const Quat target = math::yaw_rotation(yaw_rad) * turn_about(Vec3(0, 1, 0), pitch_rad) *
                        turn_about(Vec3(1, 0, 0), roll_rad);
    const Quat trunk = maker.frame(Joint::kSpine3).q;
    const Quat neck = glm::slerp(trunk, target, 0.45);
    maker.pose[Joint::kNeck] = glm::normalize(glm::conjugate(trunk) * neck);
    maker.pose[Joint::kHead] = glm::normalize(glm::conjugate(neck) * target);
}

void look_at(Maker& maker, const Vec3& p_B, double stoop_rad) {
    const RigidTransform head = maker.frame(Joint::kHead);
    const Vec3 way = p_B - head.p - Vec3(0, 0, 0.08);
    const double yaw = std::clamp(std::atan2(way.y, way.x), -1.9, 1.9);
    const double pitch =
        std::clamp(-std::atan2(way.z, std::max(0.05, std::hypot(way.x, way.y))), -0.7, 0.9);
    // Eyes take what is left after the head, which stops short of small turns.
    const double head_yaw =
        std::clamp(std::copysign(std::max(0.0, std::abs(yaw) - 0.12), yaw), -1.25, 1.25);
    const double head_pitch = std::lerp(0.35 * stoop_rad, pitch, 0.7);
    turn_head(maker, head_yaw, head_pitch, 0);
    const Quat eyes = math::yaw_rotation(std::clamp(yaw - head_yaw, -0.6, 0.6)) *
                      turn_about(Vec3(0, 1, 0), std::clamp(pitch - head_pitch, -0.4, 0.4));
    maker.pose[Joint::kLeftEye] = eyes;
    maker.pose[Joint::kRightEye] = eyes;
}

void hang_arm(Maker& maker, Side side, double forward_rad, double out_rad, double elbow_rad) {
    const double y = sign(side);
    const Quat trunk = maker.frame(of(side, Joint::kLeftClavicle)).q;
    // Half of the trunk's turn about the vertical goes along with the arm.
    const Quat turn =
        math::yaw_rotation(0.7 * std::atan2(2 * (trunk.w * trunk.z + trunk.x * trunk.y),
                                            1 - 2 * (trunk.y * trunk.y + trunk.z * trunk.z)));
    const Quat swing =
        turn * turn_about(Vec3(1, 0, 0), y * out_rad) * turn_about(Vec3(0, 1, 0), -forward_rad);
    const Vec3 axis = swing * Vec3(0, -1, 0.35 * -y * 0);
    // The forearm bends forward and a little across.
    const Vec3 inward = glm::normalize(swing * Vec3(-0.25 * y, -1, 0) * 1.0);
    const Vec3 upper = swing * Vec3(0, 0, -1);
    const Vec3 bend_axis = glm::normalize(axis + 0.5 * (inward - axis));
    const Vec3 lower = turn_about(bend_axis, elbow_rad) * upper;
    set_arm(maker, side, upper, lower, bend_axis);
}

void reach_arm(Maker& maker, Side side, const Vec3& wrist_B, const Vec3& elbow_way_B) {
    const Skeleton& s = maker.skeleton;
    const Joint upper = of(side, Joint::kLeftUpperArm), lower = of(side, Joint::kLeftLowerArm),
                hand = of(side, Joint::kLeftHand);
    const RigidTransform above = maker.frame(parent(upper));
    const Vec3 root = above * (s.at(upper) - s.at(parent(upper)));
    const Bend arm = bend(root, wrist_B, glm::distance(s.at(upper), s.at(lower)),
                          glm::distance(s.at(lower), s.at(hand)), elbow_way_B);
    Vec3 axis = glm::cross(arm.middle - root, arm.end - arm.middle);
    if (glm::length(axis) < 1e-9) axis = glm::cross(arm.end - root, elbow_way_B);
    set_arm(maker, side, arm.middle - root, arm.end - arm.middle, axis);
}

void turn_hand(Maker& maker, Side side, const Vec3& fingers_B, const Vec3& thumb_B) {
    const HandRest rest = hand_rest(maker.skeleton, side);
    const Joint lower = of(side, Joint::kLeftLowerArm), hand = of(side, Joint::kLeftHand);
    const Quat target = turn_to(rest.fingers, rest.thumb, fingers_B, thumb_B);
    const Quat arm = maker.frame(lower).q;
    Quat local = glm::normalize(glm::conjugate(arm) * target);
    if (local.w < 0) local = -local;
    // The part of the turn about the forearm's own axis.
    const Vec3 along = glm::normalize(maker.skeleton.at(hand) - maker.skeleton.at(lower));
    const double twist = 2 * std::atan2(glm::dot(Vec3(local.x, local.y, local.z), along), local.w);
    const Quat half = turn_about(along, 0.5 * std::clamp(math::wrap_angle(twist), -2.4, 2.4));
    maker.pose[lower] = glm::normalize(maker.pose[lower] * half);
    maker.pose[hand] = glm::normalize(glm::conjugate(half) * local);
}

constexpr double kFist = 0.8;  // of fingers around a bar

void hold_bar(Maker& maker, Side side, const Vec3& bar_B, const Vec3& fingers_B,
              const Vec3& thumb_B, const Vec3& elbow_way_B) {
    const Skeleton& s = maker.skeleton;
    const HandRest rest = hand_rest(s, side);
    const Vec3& wrist = s.at(of(side, Joint::kLeftHand));
    const Vec3& knuckles = s.at(of(side, Joint::kLeftFingers));
    // In the middle of what the closed hand goes around: knuckles, fingers and thumb.
    curl(maker, side, kFist);
    const auto closed = [&](Joint joint, Joint next) {
        return s.at(of(side, joint)) +
               maker.pose[of(side, joint)] * (s.at(of(side, next)) - s.at(of(side, joint)));
    };
    const Vec3 from_wrist = (knuckles + closed(Joint::kLeftFingers, Joint::kLeftFingertips) +
                             closed(Joint::kLeftThumb, Joint::kLeftThumbTip)) /
                                3.0 -
                            wrist;
    const Quat target = turn_to(rest.fingers, rest.thumb, fingers_B, thumb_B);
    reach_arm(maker, side, bar_B - target * from_wrist, elbow_way_B);
    turn_hand(maker, side, fingers_B, thumb_B);
}

void curl(Maker& maker, Side side, double share) {
    const HandRest rest = hand_rest(maker.skeleton, side);
    maker.pose[of(side, Joint::kLeftFingers)] = turn_about(rest.curl_axis, 1.45 * share);
    maker.pose[of(side, Joint::kLeftFingertips)] = turn_about(rest.curl_axis, 1.75 * share);
    const Vec3 across = glm::cross(rest.fingers, rest.thumb);
    const double y = glm::dot(across, glm::cross(rest.curl_axis, rest.fingers)) > 0 ? 1 : -1;
    maker.pose[of(side, Joint::kLeftThumb)] =
        turn_about(rest.fingers, -0.5 * share * y) * turn_about(rest.curl_axis, 0.2 * share);
    maker.pose[of(side, Joint::kLeftThumbTip)] = turn_about(rest.curl_axis, 0.5 * share);
}

Vec3 hip_of(const Maker& maker, Side side) {
    const Skeleton& s = maker.skeleton;
    return maker.frame(Joint::kPelvis) * (s.at(of(side, Joint::kLeftThigh)) - s.at(Joint::kPelvis));
}

void reach_leg(Maker& maker, Side side, const RigidTransform& foot_B, double toes_rad,
               const Vec3& knee_way_B) {
    const Skeleton& s = maker.skeleton;
    const Joint thigh = of(side, Joint::kLeftThigh), calf = of(side, Joint::kLeftCalf),
                foot = of(side, Joint::kLeftFoot);
    const RigidTransform above = maker.frame(Joint::kPelvis);
    reach(s, maker.pose, above, thigh, calf, foot, foot_B.p, knee_way_B, Vec3(1, 0, 0));
    const Quat leg = maker.frame(calf).q;
    maker.pose[foot] = glm::normalize(glm::conjugate(leg) * foot_B.q);
    maker.pose[of(side, Joint::kLeftToes)] = turn_about(Vec3(0, 1, 0), -toes_rad);
}

}  // namespace huntsman::engine::figure
