#include "engine/road/walkways.h"

#include <algorithm>
#include <cmath>

namespace huntsman::engine::road {

using math::Vec3;

namespace {

struct Nearest {
    double off_m = 0;
    std::size_t segment = 0;
};

// The closest place of a walkway within `reach_m`, else one at that distance.
Nearest nearest_on(const world::Walkway& walkway, const Vec3& p, double reach_m) {
    Nearest best{.off_m = reach_m};
    for (std::size_t i = 0; i + 1 < walkway.points.size(); ++i) {
        const Vec3 a = walkway.points[i], ab = walkway.points[i + 1] - a;
        const double length2 = glm::dot(ab, ab);
        const double u = length2 > 0 ? std::clamp(glm::dot(p - a, ab) / length2, 0.0, 1.0) : 0.0;
        const double off_m = glm::length(a + u * ab - p);
        if (off_m < best.off_m) best = {off_m, i};
    }
    return best;
}

}  // namespace

world::WalkwayId nearest_walkway(const world::RoadNetwork& roads, const Vec3& p, double reach_m) {
    world::WalkwayId best = world::kNone;
    for (const world::Walkway& walkway : roads.walkways) {
        if (walkway.crossing != world::kNone) continue;
        const Nearest at = nearest_on(walkway, p, reach_m);
        if (at.off_m >= reach_m) continue;
        reach_m = at.off_m;
        best = walkway.id;
    }
    return best;
}

bool runs_along(const world::Walkway& walkway, const Vec3& p, double heading_rad) {
    if (walkway.points.size() < 2) return true;
    const std::size_t i = nearest_on(walkway, p, 1e9).segment;
    const Vec3 ab = walkway.points[i + 1] - walkway.points[i];
    return ab.x * std::cos(heading_rad) + ab.y * std::sin(heading_rad) >= 0;
}

}  // namespace huntsman::engine::road
