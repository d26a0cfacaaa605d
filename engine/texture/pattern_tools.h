// Small things that the patterns are made of.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "engine/texture/noise.h"
#include "engine/texture/texture_patterns.h"

namespace huntsman::engine::texture {

// 0 below `low`, 1 above `high`, smooth between; the other way round where low > high.
inline double smooth(double low, double high, double x) {
    const double t = std::clamp((x - low) / (high - low), 0.0, 1.0);
    return t * t * (3 - 2 * t);
}

inline Texel grey(double albedo, double roughness) {
    const auto a = static_cast<float>(albedo);
    return {a, a, a, static_cast<float>(roughness)};
}
inline Texel rgb(double r, double g, double b, double roughness) {
    return {static_cast<float>(r), static_cast<float>(g), static_cast<float>(b),
            static_cast<float>(roughness)};
}
inline Texel scaled(Texel t, double factor) {
    const auto f = static_cast<float>(factor);
    return {t.r * f, t.g * f, t.b * f, t.a};
}
inline Texel blend(const Texel& a, const Texel& b, double t) {
    const auto f = static_cast<float>(std::clamp(t, 0.0, 1.0));
    return {a.r + (b.r - a.r) * f, a.g + (b.g - a.g) * f, a.b + (b.b - a.b) * f,
            a.a + (b.a - a.a) * f};
}

inline std::uint32_t cell_id(int x, int y, int cells) {
    const int mx = ((x % cells) + cells) % cells, my = ((y % cells) + cells) % cells;
    return static_cast<std::uint32_t>(my * cells + mx);
}

// Cellular pattern: distances to the nearest and second nearest of one point per cell, in cells.
struct Cells {
    double first = 9, second = 9;
    std::uint32_t id = 0;
};
inline Cells cells_at(double u, double v, int cells, std::uint32_t seed) {
    Cells result;
    const double x = u * cells, y = v * cells;
    const int ix = static_cast<int>(std::floor(x)), iy = static_cast<int>(std::floor(y));
    for (int j = -1; j <= 1; ++j) {
        for (int i = -1; i <= 1; ++i) {
            const std::uint32_t id = cell_id(ix + i, iy + j, cells);
            const double px = ix + i + hash01(id, seed), py = iy + j + hash01(id, seed + 1);
            const double d = std::hypot(px - x, py - y);
            if (d < result.first) {
                result.second = result.first;
                result.first = d;
                result.id = id;
            } else if (d < result.second) {
                result.second = d;
            }
        }
    }
    return result;
}

// Distance to the border of the unit square that holds (x, y).
inline double inside(double x, double y) {
    return std::min(std::min(x, 1 - x), std::min(y, 1 - y));
}

// A bell of height 1 about 0.
inline double bell(double x, double sigma) { return std::exp(-0.5 * x * x / (sigma * sigma)); }
// Factors on what lies below: layers that modulate others hold a quarter of the factor, so that its
// square root is a half where nothing changes. a: how low the place lies, 0 to 1.
inline Texel factor(double r, double g, double b, double hollow) {
    return rgb(0.25 * r, 0.25 * g, 0.25 * b, std::clamp(hollow, 0.0, 1.0));
}

}  // namespace huntsman::engine::texture
