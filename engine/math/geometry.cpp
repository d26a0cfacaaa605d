#include "engine/math/geometry.h"

#include <algorithm>
#include <limits>

namespace huntsman::engine::math {

std::array<Vec2, 4> Box2::corners() const {
    const Vec2 x = direction(yaw_rad) * half.x;
    const Vec2 y = perp(direction(yaw_rad)) * half.y;
    return {centre + x + y, centre - x + y, centre - x - y, centre + x - y};
}

bool overlap(const Box2& a, const Box2& b) {
    const Vec2 between = b.centre - a.centre;
    // Most pairs are far apart: further than their diagonals together, which are not more than
    // this.
    constexpr double kRounding = 1 + 1e-9;
    const double reach = a.half.x + a.half.y + b.half.x + b.half.y;
    if (glm::dot(between, between) > kRounding * reach * reach) return false;
    const Vec2 ax = direction(a.yaw_rad), bx = direction(b.yaw_rad);
    const Vec2 axes[4] = {ax, perp(ax), bx, perp(bx)};
    for (const Vec2& axis : axes) {
        const double reach_a =
            a.half.x * std::abs(glm::dot(ax, axis)) + a.half.y * std::abs(glm::dot(perp(ax), axis));
        const double reach_b =
            b.half.x * std::abs(glm::dot(bx, axis)) + b.half.y * std::abs(glm::dot(perp(bx), axis));
        if (std::abs(glm::dot(between, axis)) > reach_a + reach_b) return false;
    }
    return true;
}

double distance(const Box2& a, const Box2& b) {
    if (overlap(a, b)) return 0.0;
    // The closest pair of disjoint convex polygons always includes a corner of one of them.
    const auto ca = a.corners(), cb = b.corners();
    double best = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < 4; ++i) {
        for (std::size_t j = 0; j < 4; ++j) {
            const std::size_t k = (j + 1) % 4;
            best = std::min(best, closest_on_segment(ca[i], cb[j], cb[k]).distance_m);
            best = std::min(best, closest_on_segment(cb[i], ca[j], ca[k]).distance_m);
        }
    }
    return best;
}

SegmentHit closest_on_segment(const Vec2& p, const Vec2& a, const Vec2& b) {
    const Vec2 ab = b - a;
    const double length2 = glm::dot(ab, ab);
    const double along = length2 > 0.0 ? std::clamp(glm::dot(p - a, ab) / length2, 0.0, 1.0) : 0.0;
    return {glm::length(p - (a + ab * along)), along};
}

std::optional<Vec2> segment_crossing(const Vec2& a0, const Vec2& a1, const Vec2& b0,
                                     const Vec2& b1) {
    const Vec2 da = a1 - a0, db = b1 - b0;
    const double det = cross(da, db);
    if (det == 0.0) return std::nullopt;
    const double t = cross(b0 - a0, db) / det;
    const double u = cross(b0 - a0, da) / det;
    if (t < 0.0 || t > 1.0 || u < 0.0 || u > 1.0) return std::nullopt;
    return Vec2(t, u);
}

bool inside_polygon(const Vec2& p, std::span<const Vec2> polygon) {
    bool inside = false;
    for (std::size_t i = 0, j = polygon.size() - 1; i < polygon.size(); j = i++) {
        const Vec2 &a = polygon[i], &b = polygon[j];
        if ((a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x) {
            inside = !inside;
        }
    }
    return inside;
}

}  // namespace huntsman::engine::math
