// Points of the plan on a lattice, so that neighbours that share a point share it exactly and
// polygons can be cut without rounding doubts.
//
// The step is 2^-13 m (0.12 mm): within 2 km of the origin of W such coordinates are exact as
// floats too, so that what is watertight here is watertight on screen.
#pragma once

#include <cmath>
#include <compare>
#include <cstdint>
#include <vector>

#include "engine/math/vec.h"

namespace huntsman::scenarios::streets {

using engine::math::Vec2;
using engine::math::Vec3;

constexpr double kLattice_m = 1.0 / 8192.0;

struct LatticePoint {
    std::int64_t x = 0, y = 0;
    friend auto operator<=>(const LatticePoint&, const LatticePoint&) = default;
};

inline std::int64_t to_lattice(double m) { return std::llround(m / kLattice_m); }
inline double to_metres(std::int64_t steps) { return static_cast<double>(steps) * kLattice_m; }
inline LatticePoint to_lattice(const Vec2& p) { return {to_lattice(p.x), to_lattice(p.y)}; }
inline Vec2 to_metres(const LatticePoint& p) { return {to_metres(p.x), to_metres(p.y)}; }

// Closed, without repeating its first point. Outer borders run counter-clockwise, holes clockwise.
using Ring = std::vector<LatticePoint>;
using Rings = std::vector<Ring>;

}  // namespace huntsman::scenarios::streets
