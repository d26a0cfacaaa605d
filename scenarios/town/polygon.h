// Polylines and polygons of the ground.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/math/vec.h"

namespace huntsman::scenarios::town {

// `count` points (at least two) evenly spaced by arc length, both ends kept.
std::vector<engine::math::Vec2> resample(const std::vector<engine::math::Vec2>& line,
                                         std::size_t count);

// Twice the signed area is positive for counter-clockwise polygons.
double area_m2(const std::vector<engine::math::Vec2>& polygon);

// The polygon without points that lie within `tolerance_m` of their neighbours' chord or nearly
// coincide with a neighbour.
std::vector<engine::math::Vec2> simplify(const std::vector<engine::math::Vec2>& polygon,
                                         double tolerance_m);

// Triangles (indices into the polygon) of a simple counter-clockwise polygon by clipping ears.
std::vector<std::uint32_t> triangulate(const std::vector<engine::math::Vec2>& polygon);

}  // namespace huntsman::scenarios::town
