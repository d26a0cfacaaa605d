// The image plane: light while it passes the optical stages.
//
// A plane holds height × width × RGB floats, rows from the top; units are the shot's [kcd/m²]
// times what the stages did. All functions work on bands of rows through the pool and give the same
// bits with any number of threads.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "engine/core/job_pool.h"

namespace huntsman::sensors::imager {

struct Plane {
    int width = 0, height = 0;
    std::vector<float> rgb;

    void resize(int w, int h) {
        width = w;
        height = h;
        rgb.resize(static_cast<std::size_t>(w) * static_cast<std::size_t>(h) * 3);
    }
    float* row(int y) {
        return rgb.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width) * 3;
    }
    const float* row(int y) const {
        return rgb.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width) * 3;
    }
};

// Calls body(first, last) for bands of rows.
template <typename Body>
void for_bands(engine::core::JobPool& pool, int rows, const Body& body) {
    constexpr int kBand = 32;
    const auto bands = static_cast<std::size_t>((rows + kBand - 1) / kBand);
    pool.run(bands, [&](std::size_t band) {
        const int first = static_cast<int>(band) * kBand;
        body(first, std::min(first + kBand, rows));
    });
}

// Means of factor × factor pixels; the last column and row take what is left over.
void shrink(engine::core::JobPool& pool, const Plane& from, int factor, Plane& to);

// Gaussian by separable sums, the edge pixels continued outwards.
void gaussian_blur(engine::core::JobPool& pool, const Plane& from, double sigma_px, Plane& scratch,
                   Plane& to);

// Bilinear value at (x, y), in units of `plane`'s pixels with centres at one half; clamped.
inline void sample(const Plane& plane, float x, float y, float rgb[3]) {
    x = std::clamp(x - 0.5F, 0.0F, static_cast<float>(plane.width - 1));
    y = std::clamp(y - 0.5F, 0.0F, static_cast<float>(plane.height - 1));
    const int x0 = std::min(static_cast<int>(x), std::max(0, plane.width - 2));
    const int y0 = std::min(static_cast<int>(y), std::max(0, plane.height - 2));
    const int x1 = std::min(x0 + 1, plane.width - 1), y1 = std::min(y0 + 1, plane.height - 1);
    const float fx = x - static_cast<float>(x0), fy = y - static_cast<float>(y0);
    const float* top = plane.row(y0);
    const float* bottom = plane.row(y1);
    for (int c = 0; c < 3; ++c) {
        const float a = top[3 * x0 + c] + fx * (top[3 * x1 + c] - top[3 * x0 + c]);
        const float b = bottom[3 * x0 + c] + fx * (bottom[3 * x1 + c] - bottom[3 * x0 + c]);
        rgb[c] = a + fy * (b - a);
    }
}

}  // namespace huntsman::sensors::imager
