// Small tileable noise for procedural textures and clouds: a function of position only.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace huntsman::engine::texture {

// Uniform in [0, 1) from two words.
inline double hash01(std::uint32_t a, std::uint32_t b) {
    std::uint32_t h = a * 0x9e3779b1U ^ (b + 0x7f4a7c15U) * 0x85ebca6bU;
    h ^= h >> 15;
    h *= 0x2c1b3c6dU;
    h ^= h >> 12;
    h *= 0x297a2d39U;
    h ^= h >> 15;
    return h * 0x1.0p-32;
}

// Value noise that repeats with period 1 in both coordinates.
class TileNoise {
  public:
    // `lattice` must be a power of two: the finest lattice that can be asked for.
    TileNoise(std::uint32_t seed, int lattice) : lattice_(lattice) {
        values_.reserve(static_cast<std::size_t>(lattice * lattice));
        for (int i = 0; i < lattice * lattice; ++i) {
            values_.push_back(static_cast<float>(hash01(static_cast<std::uint32_t>(i), seed)));
        }
    }
    // Smooth noise in [0, 1] with `cells_u` × `cells_v` cells per period (powers of two up to
    // `lattice`).
    double at(double u, double v, int cells_u, int cells_v) const {
        const double x = u * cells_u, y = v * cells_v;
        const double fx0 = std::floor(x), fy0 = std::floor(y);
        const int ix = static_cast<int>(fx0), iy = static_cast<int>(fy0);
        double fx = x - fx0, fy = y - fy0;
        fx = fx * fx * (3 - 2 * fx);
        fy = fy * fy * (3 - 2 * fy);
        const int j0 = iy & (cells_v - 1), j1 = (iy + 1) & (cells_v - 1);
        const float* row0 = values_.data() + static_cast<std::size_t>(j0 * lattice_);
        const float* row1 = values_.data() + static_cast<std::size_t>(j1 * lattice_);
        const int i0 = ix & (cells_u - 1), i1 = (ix + 1) & (cells_u - 1);
        const double a = row0[i0] + (row0[i1] - row0[i0]) * fx;
        const double b = row1[i0] + (row1[i1] - row1[i0]) * fx;
        return a + (b - a) * fy;
    }
    double at(double u, double v, int cells) const { return at(u, v, cells, cells); }
    // Sum of octaves, each twice as fine and half as strong; in [0, 1].
    double fbm(double u, double v, int cells, int octaves) const {
        return stretched(u, v, cells, cells, octaves);
    }
    // The same with other cells along u than along v: for grain and streaks.
    double stretched(double u, double v, int cells_u, int cells_v, int octaves) const {
        double sum = 0, weight = 0.5, total = 0;
        for (int i = 0; i < octaves && std::max(cells_u, cells_v) <= lattice_; ++i) {
            // Each octave is shifted so that lattice points do not coincide.
            sum += weight * at(u + 0.371 * i, v + 0.653 * i, cells_u, cells_v);
            total += weight;
            weight *= 0.5;
            cells_u *= 2;
            cells_v *= 2;
        }
        return sum / total;
    }

  private:
    int lattice_;
    std::vector<float> values_;
};

}  // namespace huntsman::engine::texture
