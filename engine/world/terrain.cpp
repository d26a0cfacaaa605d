#include "engine/world/terrain.h"

#include <algorithm>

namespace huntsman::engine::world {

namespace {

// The cell of a point and where in it the point lies, 0..1 each.
struct CellPoint {
    std::size_t index;  // of the cell's low corner
    double u, v;
};
CellPoint locate(const Terrain& t, const math::Vec2& p) {
    const double x = std::clamp((p.x - t.origin.x) / t.cell_m, 0.0, t.columns - 1.0);
    const double y = std::clamp((p.y - t.origin.y) / t.cell_m, 0.0, t.rows - 1.0);
    const auto column = std::min(static_cast<std::uint32_t>(x), t.columns - 2);
    const auto row = std::min(static_cast<std::uint32_t>(y), t.rows - 2);
    return {static_cast<std::size_t>(row) * t.columns + column, x - column, y - row};
}

}  // namespace

double Terrain::height_m(const math::Vec2& p) const {
    if (empty()) return 0.0;
    const CellPoint at = locate(*this, p);
    const float* low = &heights_m[at.index];
    const float* high = low + columns;
    const double a = low[0] + at.u * (static_cast<double>(low[1]) - low[0]);
    const double b = high[0] + at.u * (static_cast<double>(high[1]) - high[0]);
    return a + at.v * (b - a);
}

math::Vec3 Terrain::normal(const math::Vec2& p) const {
    if (empty()) return {0, 0, 1};
    const CellPoint at = locate(*this, p);
    const float* low = &heights_m[at.index];
    const float* high = low + columns;
    const double along_x = (1 - at.v) * (static_cast<double>(low[1]) - low[0]) +
                           at.v * (static_cast<double>(high[1]) - high[0]);
    const double along_y = (1 - at.u) * (static_cast<double>(high[0]) - low[0]) +
                           at.u * (static_cast<double>(high[1]) - low[1]);
    return glm::normalize(math::Vec3(-along_x / cell_m, -along_y / cell_m, 1.0));
}

}  // namespace huntsman::engine::world
