#include "engine/figure/ik.h"

#include <algorithm>
#include <cmath>

namespace huntsman::engine::figure {

using math::Mat3;
using math::Quat;
using math::RigidTransform;
using math::Vec3;

Quat turn_about(const Vec3& axis, double angle_rad) {
    const Vec3 v = glm::normalize(axis) * std::sin(0.5 * angle_rad);
    return {std::cos(0.5 * angle_rad), v.x, v.y, v.z};
}

Quat turn_between(const Vec3& from, const Vec3& to) {
    const Vec3 a = glm::normalize(from), b = glm::normalize(to);
    const double cosine = glm::dot(a, b);
    if (cosine < -1 + 1e-9) {
        const Vec3 aside = std::abs(a.z) < 0.9 ? Vec3(0, 0, 1) : Vec3(1, 0, 0);
        return turn_about(glm::cross(a, aside), math::kPi);
    }
    const Vec3 axis = glm::cross(a, b);
    return glm::normalize(Quat(1 + cosine, axis.x, axis.y, axis.z));
}

namespace {

// The frame of a direction and a second one across it, as columns.
Mat3 basis(const Vec3& along, const Vec3& side) {
    const Vec3 x = glm::normalize(along);
    Vec3 y = side - x * glm::dot(side, x);
    if (glm::dot(y, y) < 1e-12) y = std::abs(x.z) < 0.9 ? Vec3(0, 0, 1) : Vec3(1, 0, 0);
    y = glm::normalize(y - x * glm::dot(y, x));
    return {x, y, glm::cross(x, y)};
}

}  // namespace

Quat turn_to(const Vec3& rest, const Vec3& rest_side, const Vec3& aim, const Vec3& aim_side) {
    return glm::normalize(
        glm::quat_cast(basis(aim, aim_side) * glm::transpose(basis(rest, rest_side))));
}

Bend bend(const Vec3& root, const Vec3& end, double upper_m, double lower_m, const Vec3& pole) {
    Vec3 way = end - root;
    double distance = glm::length(way);
    if (distance < 1e-9) {
        way = Vec3(0, 0, -1);
        distance = 1e-9;
    }
    const Vec3 along = way / distance;
    const double reach_m =
        std::clamp(distance, std::abs(upper_m - lower_m) + 1e-4, 0.9995 * (upper_m + lower_m));
    Vec3 across = pole - along * glm::dot(pole, along);
    if (glm::dot(across, across) < 1e-12) across = Vec3(1, 0, 0) - along * along.x;
    across = glm::normalize(across);
    const double s = (upper_m * upper_m - lower_m * lower_m + reach_m * reach_m) / (2 * reach_m);
    const double h = std::sqrt(std::max(0.0, upper_m * upper_m - s * s));
    const double cosine =
        (upper_m * upper_m + lower_m * lower_m - reach_m * reach_m) / (2 * upper_m * lower_m);
    return {root + along * s + across * h, root + along * reach_m,
            std::acos(std::clamp(cosine, -1.0, 1.0))};
}

void reach(const Skeleton& skeleton, Pose& pose, const RigidTransform& X_BP, Joint upper,
           Joint lower, Joint end, const Vec3& end_B, const Vec3& pole_B, const Vec3& rest_pole) {
    const Vec3 root = X_BP * (skeleton.at(upper) - skeleton.at(parent(upper)));
    const Vec3 upper_rest = skeleton.at(lower) - skeleton.at(upper);
    const Vec3 lower_rest = skeleton.at(end) - skeleton.at(lower);
    const Bend limb = bend(root, end_B, glm::length(upper_rest), glm::length(lower_rest), pole_B);
    const Vec3 upper_aim = limb.middle - root, lower_aim = limb.end - limb.middle;
    // The axis about which the limb bends, at rest and now, keeps the bones from twisting.
    const Vec3 rest_axis = glm::cross(skeleton.at(end) - skeleton.at(upper), rest_pole);
    const Vec3 axis = glm::cross(limb.end - root, pole_B);
    const Quat q_upper = turn_to(upper_rest, rest_axis, upper_aim, axis);
    const Quat q_lower = turn_to(lower_rest, rest_axis, lower_aim, axis);
    pose[upper] = glm::normalize(glm::conjugate(X_BP.q) * q_upper);
    pose[lower] = glm::normalize(glm::conjugate(q_upper) * q_lower);
}

}  // namespace huntsman::engine::figure
