// How a vehicle follows a line with the steering of control.cpp: its body swings in where a bend
// begins and out where it ends.
#pragma once

#include <span>
#include <vector>

#include "engine/math/geometry.h"
#include "engine/world/world.h"

namespace huntsman::agents::conduct {

namespace math = engine::math;
namespace world = engine::world;

// The body that follows: box and steering.
struct Follower {
    const engine::world::VehicleSpec* spec = nullptr;
    double front_m = 0, rear_m = 0;  // from the rear axle to the bumpers
    double half_width_m = 0;
    engine::math::Vec2 p{0, 0};  // of the rear axle
    double yaw_rad = 0, steer_rad = 0;

    engine::math::Box2 box() const;
};

// A line by its points, how far to their left the rear axle is kept [m], and how fast it is driven
// from each of them on: one speed for all, or one for each; between 1 and 12 m/s count.
struct Line {
    const std::vector<engine::math::Vec2>& points;
    const std::vector<double>& s_m;
    const std::vector<double>& inward_m;
    std::span<const double> speed_mps;
};

// The body's boxes as its rear axle comes to each point of the line, the first where it is now, up
// to a distance ahead. Fewer than points where the line cannot be followed.
std::vector<engine::math::Box2> follow(Follower body, const Line& line, double ahead_m);

// How far ahead on its way a driver aims, at a speed and a distance beside the way.
double aim_ahead_m(const engine::world::VehicleSpec& spec, double speed_mps, double beside_m);

}  // namespace huntsman::agents::conduct
