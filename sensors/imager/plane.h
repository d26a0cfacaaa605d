// The image plane: light while it passes the optical stages.
//
// A plane holds height × width × RGB floats, rows from the top; units are the shot's [kcd/m²]
// times what the stages did. All functions work on bands of rows through the pool and give the same
// bits with any number of threads.
#pragma once

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
void sample(const Plane& plane, float x, float y, float rgb[3]);

}  // namespace huntsman::sensors::imager
