#include "scenarios/people/places.h"

#include <algorithm>
#include <cmath>

namespace huntsman::scenarios::people {

using engine::figure::Joint;
using engine::math::Vec3;

namespace {

// Along a limb of two bones: metres from its root, and the nearest place of its axis.
struct Along {
    double metres;
    Vec3 axis;
};
Along along(const Vec3& root, const Vec3& middle, const Vec3& end, const Vec3& p) {
    const double upper = glm::distance(root, middle), lower = glm::distance(middle, end);
    const Vec3 u = (middle - root) / upper, l = (end - middle) / lower;
    const double s = glm::dot(p - root, u), t = glm::dot(p - middle, l);
    // Past the end it goes on, so that fields have no plateau there.
    const double metres = std::clamp(s, 0.0, upper) + std::max(0.0, t);
    if (metres <= upper) return {metres, root + u * metres};
    return {metres, middle + l * (metres - upper)};
}

}  // namespace

Places::Places(const Body& body) : skeleton_(body.skeleton) {
    const auto gap = [&](Joint a, Joint b) {
        return glm::distance(skeleton_.at(a), skeleton_.at(b));
    };
    upper_arm_ = gap(Joint::kLeftUpperArm, Joint::kLeftLowerArm);
    lower_arm_ = gap(Joint::kLeftLowerArm, Joint::kLeftHand);
    thigh_ = gap(Joint::kLeftThigh, Joint::kLeftCalf);
    calf_ = gap(Joint::kLeftCalf, Joint::kLeftFoot);
    crotch_ = skeleton_.at(Joint::kLeftThigh).z - 0.045 * skeleton_.height_m;
    waist_ = skeleton_.at(Joint::kSpine2).z - 0.01 * skeleton_.height_m;
    chest_ = skeleton_.at(Joint::kLeftUpperArm).z - 0.085 * skeleton_.height_m;
}

double Places::arm_share(const Point& point) const {
    return share_of(
        point.carried,
        {Joint::kLeftUpperArm, Joint::kLeftLowerArm, Joint::kLeftHand, Joint::kLeftFingers,
         Joint::kLeftFingertips, Joint::kLeftThumb, Joint::kLeftThumbTip, Joint::kRightUpperArm,
         Joint::kRightLowerArm, Joint::kRightHand, Joint::kRightFingers, Joint::kRightFingertips,
         Joint::kRightThumb, Joint::kRightThumbTip});
}

double Places::leg_share(const Point& point) const {
    return share_of(point.carried,
                    {Joint::kLeftThigh, Joint::kLeftCalf, Joint::kLeftFoot, Joint::kLeftToes,
                     Joint::kRightThigh, Joint::kRightCalf, Joint::kRightFoot, Joint::kRightToes});
}

double Places::torso_share(const Point& point) const {
    return std::clamp(1 - arm_share(point) - leg_share(point), 0.0, 1.0);
}

double Places::arm_m(const Point& point) const {
    const bool left = point.p.y > 0;
    const double metres = along(skeleton_.at(left ? Joint::kLeftUpperArm : Joint::kRightUpperArm),
                                skeleton_.at(left ? Joint::kLeftLowerArm : Joint::kRightLowerArm),
                                skeleton_.at(left ? Joint::kLeftHand : Joint::kRightHand), point.p)
                              .metres;
    return metres * smooth_step(0.05, 0.6, arm_share(point));
}

double Places::leg_m(const Point& point) const {
    const bool left = point.p.y > 0;
    const double metres = along(skeleton_.at(left ? Joint::kLeftThigh : Joint::kRightThigh),
                                skeleton_.at(left ? Joint::kLeftCalf : Joint::kRightCalf),
                                skeleton_.at(left ? Joint::kLeftFoot : Joint::kRightFoot), point.p)
                              .metres;
    return metres * smooth_step(0.05, 0.6, leg_share(point));
}

Vec3 Places::leg_axis(const Vec3& p) const {
    const bool left = p.y > 0;
    return along(skeleton_.at(left ? Joint::kLeftThigh : Joint::kRightThigh),
                 skeleton_.at(left ? Joint::kLeftCalf : Joint::kRightCalf),
                 skeleton_.at(left ? Joint::kLeftFoot : Joint::kRightFoot), p)
        .axis;
}

Vec3 Places::arm_axis(const Vec3& p) const {
    const bool left = p.y > 0;
    return along(skeleton_.at(left ? Joint::kLeftUpperArm : Joint::kRightUpperArm),
                 skeleton_.at(left ? Joint::kLeftLowerArm : Joint::kRightLowerArm),
                 skeleton_.at(left ? Joint::kLeftHand : Joint::kRightHand), p)
        .axis;
}

Vec3 Places::torso_axis(double z_m) const {
    constexpr Joint kChain[] = {Joint::kPelvis, Joint::kSpine1, Joint::kSpine2, Joint::kSpine3,
                                Joint::kNeck};
    // The joints lie near the back; the axis that radii are measured from runs through the middle.
    const double forward = 0.012 * skeleton_.height_m;
    if (z_m <= skeleton_.at(kChain[0]).z) return {skeleton_.at(kChain[0]).x + forward, 0, z_m};
    for (std::size_t k = 1; k < std::size(kChain); ++k) {
        const Vec3 &a = skeleton_.at(kChain[k - 1]), &b = skeleton_.at(kChain[k]);
        if (z_m > b.z) continue;
        return {std::lerp(a.x, b.x, (z_m - a.z) / std::max(1e-6, b.z - a.z)) + forward, 0, z_m};
    }
    return {skeleton_.at(Joint::kNeck).x + forward, 0, z_m};
}

double Places::from_neck_m(const Vec3& p) const {
    const Vec3& neck = skeleton_.at(Joint::kNeck);
    // The neck leans: its foot is a little wider than it is deep, and open in front.
    const double x = (p.x - neck.x - 0.008 * scale()) * (p.x > neck.x ? 0.55 : 1.0);
    // Only up to the neck's foot: heads, too, stand out.
    return std::min(std::hypot(x, 0.85 * p.y) - 0.068 * scale(), neck.z + 0.025 * scale() - p.z);
}

double Places::below_neck_m(const Vec3& p, double drop_m) const {
    const Vec3& neck = skeleton_.at(Joint::kNeck);
    // From the neck's back to its front over about 12 cm.
    const double front = std::clamp((p.x - neck.x) / (0.07 * scale()) * 0.5 + 0.5, 0.0, 1.6);
    return neck.z + 0.012 * scale() - drop_m * front - p.z;
}

}  // namespace huntsman::scenarios::people
