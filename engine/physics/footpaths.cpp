#include "engine/physics/footpaths.h"

#include <algorithm>

#include "engine/math/geometry.h"
#include "engine/road/road_map.h"

namespace huntsman::engine::physics {

using math::Vec2;

namespace {

constexpr double kCell_m = 4.0;
constexpr double kBeside_m = 0.6;  // people also step beside the walkway's edge

}  // namespace

Footpaths::Footpaths(const world::RoadNetwork& roads) {
    std::vector<math::Bounds2> bounds;
    for (const world::Walkway& walkway : roads.walkways) {
        for (std::size_t i = 0; i + 1 < walkway.points.size(); ++i) {
            const math::Vec3 &a = walkway.points[i], &b = walkway.points[i + 1];
            const Vec2 ab = math::xy(b - a);
            const double length2 = glm::dot(ab, ab);
            if (length2 <= 0.0) continue;
            const double reach = 0.5 * walkway.width_m + kBeside_m;
            bounds.push_back({glm::min(math::xy(a), math::xy(b)) - reach,
                              glm::max(math::xy(a), math::xy(b)) + reach});
            segments_.push_back({math::xy(a), ab, 1.0 / length2, a.z, b.z - a.z, reach});
        }
    }
    near_ = math::GridIndex(bounds, kCell_m);
}

std::optional<double> Footpaths::height_m(const math::Vec3& place) const {
    const Vec2 p = math::xy(place);
    double best2 = 1e30, height = 0;
    for (const std::uint32_t k : near_.at(p)) {
        const Segment& g = segments_[k];
        const double u = std::clamp(glm::dot(p - g.a, g.ab) * g.inverse_length2, 0.0, 1.0);
        const Vec2 off = p - g.a - u * g.ab;
        const double d2 = glm::dot(off, off);
        const double z = g.z + u * g.dz;
        if (d2 > g.reach_m * g.reach_m || d2 >= best2) continue;
        if (std::abs(z - place.z) > road::kLevel_m) continue;
        best2 = d2;
        height = z;
    }
    return best2 < 1e30 ? std::optional(height) : std::nullopt;
}

}  // namespace huntsman::engine::physics
