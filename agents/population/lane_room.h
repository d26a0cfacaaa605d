// What a place on a lane must have for a vehicle to appear there.
#pragma once

#include <cmath>

#include "agents/conduct/lane_book.h"

namespace huntsman::agents::population {

// Lanes are at least this much wider than who appears on them.
constexpr double kBesideLane_m = 0.35;
// Way to the vehicles around, in time.
constexpr double kHeadway_s = 2.0;

// Whether the road is level enough across for a vehicle to appear on it.
inline bool is_level(const conduct::LaneBook& book, const engine::world::LaneSample& place) {
    constexpr double kSteepest = 0.1;  // sine
    const engine::math::Vec3 n = book.map().surface(place.p + engine::math::Vec3(0, 0, 0.3)).normal;
    const engine::math::Vec2 left = engine::math::perp(engine::math::direction(place.heading_rad));
    return std::abs(glm::dot(engine::math::xy(n), left)) <= kSteepest;
}

}  // namespace huntsman::agents::population
