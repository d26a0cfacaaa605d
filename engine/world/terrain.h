// The ground between roads: heights on a regular grid, bilinear between them. Where roads are, it
// lies a little below them.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/math/vec.h"

namespace huntsman::engine::world {

struct Terrain {
    math::Vec2 origin{0, 0};  // of height(0, 0) [m]
    double cell_m = 4.0;
    std::uint32_t columns = 0, rows = 0;  // grid points along x and y; 0: flat at z = 0
    std::vector<float> heights_m;         // row by row, columns * rows

    bool empty() const { return columns == 0 || rows == 0; }
    // Height and upward unit normal; beyond the grid those of its nearest border point, level.
    double height_m(const math::Vec2& p) const;
    math::Vec3 normal(const math::Vec2& p) const;
};

}  // namespace huntsman::engine::world
