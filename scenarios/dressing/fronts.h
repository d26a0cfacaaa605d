// The sides of the roads as seen from the land behind them.
#pragma once

#include <vector>

#include "engine/road/road_geometry.h"
#include "engine/world/world.h"

namespace huntsman::scenarios::dressing {

using engine::math::Vec2;
using engine::math::Vec3;

// What a side's traffic makes of it.
enum class Rank : std::uint8_t { kLocal, kMain, kMotorway, kRural };

// One side of a road outside junctions.
struct Front {
    std::uint32_t road = 0;
    bool left = true;
    Rank rank = Rank::kLocal;
    double length_m = 0;
    bool pavement = false;  // its outermost lane is a pavement
    double pavement_m = 0;  // width of it, half-way along the road

    double sign() const { return left ? 1.0 : -1.0; }
};

std::vector<Front> find_fronts(const engine::road::RoadGeometry& geometry);

// A point `out_m` beyond a front's outer edge at s; s may lie beyond the road's ends by some
// metres. `heading` is that of the road.
struct FrontPoint {
    Vec2 p{0, 0};
    double heading_rad = 0;
    double curvature_per_m = 0;
};
FrontPoint front_point(const engine::road::RoadGeometry& geometry, const Front& front, double s_m,
                       double out_m);

// t of the inner border of a front's pavement (its kerb) at s, and of its outer edge.
double kerb_t_m(const engine::road::RoadGeometry& geometry, const Front& front, double s_m);
double edge_t_m(const engine::road::RoadGeometry& geometry, const Front& front, double s_m);

}  // namespace huntsman::scenarios::dressing
