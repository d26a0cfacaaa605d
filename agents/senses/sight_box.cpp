#include "agents/senses/sight_box.h"

#include <algorithm>

#include "engine/world/pose.h"

namespace huntsman::agents::senses {

SightBox sight_box(const world::Extent& extent, const math::RigidTransform& X_WB) {
    const math::Box2 plan = world::footprint(extent, X_WB);
    return {.centre = plan.centre,
            .x = math::direction(plan.yaw_rad),
            .half = plan.half,
            .low_m = X_WB.p.z,
            .high_m = X_WB.p.z + extent.height_m,
            .radius_m = glm::length(plan.half)};
}

PointSet hidden_by(const SightBox& box, const Vec3& eye_W, const Silhouette& points,
                   PointSet open) {
    const auto in_box = [&](const Vec3& p_W) {
        const Vec2 d = math::xy(p_W) - box.centre;
        return Vec3(glm::dot(d, box.x), math::cross(box.x, d), p_W.z);
    };
    const Vec3 eye = in_box(eye_W);
    const Vec3 low(-box.half, box.low_m), high(box.half, box.high_m);
    PointSet hidden = 0;
    for (unsigned i = 0; i < kSilhouettePoints; ++i) {
        if ((open & 1U << i) == 0) continue;
        // Where the segment (0 at the eye, 1 at the point) is between each pair of sides.
        const Vec3 d = in_box(points[i]) - eye;
        double first = 0, last = 1;
        bool misses = false;
        for (int axis = 0; axis < 3; ++axis) {
            if (d[axis] == 0) {
                misses = misses || eye[axis] <= low[axis] || eye[axis] >= high[axis];
                continue;
            }
            const double a = (low[axis] - eye[axis]) / d[axis];
            const double b = (high[axis] - eye[axis]) / d[axis];
            first = std::max(first, std::min(a, b));
            last = std::min(last, std::max(a, b));
        }
        if (!misses && first > 0 && last < 1 && first < last) hidden |= 1U << i;
    }
    return hidden;
}

Silhouette silhouette(world::Semantic semantic, const world::Extent& extent,
                      const math::RigidTransform& X_WB) {
    const auto at = [&](double length, double width, double height) {
        return X_WB * Vec3(extent.centre_x_m() + 0.5 * length * extent.length_m(),
                           0.5 * width * extent.width_m, height * extent.height_m);
    };
    // Points of the surface lie a little inside, so that what touches the body does not hide them.
    constexpr double kInside = 0.85;
    if (world::is_vehicle(semantic) && !world::is_two_wheeler(semantic)) {
        return {at(kInside, kInside, 0.5), at(kInside, -kInside, 0.5), at(-kInside, kInside, 0.5),
                at(-kInside, -kInside, 0.5), at(0, 0, 0.95)};
    }
    return {at(0, 0, 0.93), at(0, kInside, 0.75), at(0, -kInside, 0.75), at(0, 0, 0.5),
            at(0, 0, 0.15)};
}

Fan::Fan(const Vec3& eye_W, const Silhouette& points) : eye(math::xy(eye_W)) {
    Vec2 middle{0, 0};
    for (const Vec3& p : points) middle += math::xy(p) - eye;
    const double length = glm::length(middle);
    if (length > 0) to_middle = middle / length;
    for (const Vec3& p : points) {
        const Vec2 d = math::xy(p) - eye;
        half_width_m = std::max(half_width_m, std::abs(math::cross(to_middle, d)));
        reach_m = std::max(reach_m, glm::dot(to_middle, d));
    }
}

}  // namespace huntsman::agents::senses
