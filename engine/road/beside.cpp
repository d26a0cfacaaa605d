#include "engine/road/beside.h"

#include <cmath>

namespace huntsman::engine::road {

LaneBeside lane_beside(const RoadMap& map, world::LaneId lane, double s_m, double side) {
    constexpr double kOver_m = 0.3;     // beyond the border: wider gaps are medians
    constexpr double kParallel = 0.95;  // cosine between the two lanes' directions
    if (map.lane(lane).in_junction()) return {};
    const world::LaneSample here = map.at(lane, s_m);
    const math::Vec2 left = math::perp(math::direction(here.heading_rad));
    const math::Vec3 p = here.p + math::Vec3(side * (0.5 * here.width_m + kOver_m) * left, 0.0);
    for (const double turn : {0.0, math::kPi}) {
        const auto place = map.nearest_lane(p, here.heading_rad + turn, 0.0);
        if (!place || place->lane == lane || map.lane(place->lane).in_junction()) continue;
        const world::LaneSample there = map.at(place->lane, place->s_m);
        const double along = std::cos(there.heading_rad - here.heading_rad);
        if (std::abs(place->t_m) > 0.5 * there.width_m || std::abs(along) < kParallel) continue;
        // From p to the far border, in that lane's own left and right.
        const double outwards = along > 0 ? side : -side;
        return {place->lane, kOver_m + 0.5 * there.width_m - outwards * place->t_m, along < 0};
    }
    return {};
}

}  // namespace huntsman::engine::road
