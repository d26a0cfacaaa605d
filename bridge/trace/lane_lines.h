// Lines along lanes with few points.
#pragma once

#include <vector>

#include "engine/world/road_network.h"

namespace huntsman::bridge::trace {

// A line along a lane: points with their place on the lane.
struct LanePoint {
    double s_m = 0;
    engine::math::Vec3 p_W{0, 0, 0};
};
using LaneLine = std::vector<LanePoint>;

// OSI allows 5 cm between the true line and straight pieces between the points.
constexpr double kLineError_m = 0.02;

// The line `side` half widths to the left of a lane's centre: -1 right border, 0 centre, 1 left
// border. Straight pieces are at most kLineError_m off. The height is the centre's.
LaneLine lane_line(const engine::world::Lane& lane, double side);

// Fewer points, `error_m` off at most [Douglas, Peucker 1973, Algorithms for the reduction of the
// number of points required to represent a digitized line or its caricature].
LaneLine simplified(const LaneLine& line, double error_m);

}  // namespace huntsman::bridge::trace
