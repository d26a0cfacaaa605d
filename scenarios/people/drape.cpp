#include "scenarios/people/drape.h"

#include <algorithm>
#include <cmath>

namespace huntsman::scenarios::people {

using engine::math::Vec3;

Drape::Drape(const Places& places, const Piece& cover, double low_m, double high_m, double hang)
    : low_(low_m),
      high_(std::max(high_m, low_m + 0.05)),
      radii_(static_cast<std::size_t>(kDirections * kHeights), 0.0) {
    const double step = (high_ - low_) / (kHeights - 1);
    for (const Point& point : cover.points) {
        if (places.arm_share(point) > 0.3) continue;
        const int height = static_cast<int>(std::lround((point.p.z - low_) / step));
        if (height < 0 || height >= kHeights) continue;
        const Vec3 out = point.p - places.torso_axis(point.p.z);
        const int direction = static_cast<int>(
            std::lround(std::atan2(out.y, out.x) / (2 * engine::math::kPi) * kDirections));
        double& radius = cell(direction, height);
        radius = std::max(radius, std::hypot(out.x, out.y));
    }
    // Cells without a point take their neighbours' largest.
    for (int round = 0; round < 3; ++round) {
        const std::vector<double> before = radii_;
        const auto was = [&](int d, int h) {
            h = std::clamp(h, 0, kHeights - 1);
            return before[static_cast<std::size_t>(h * kDirections +
                                                   (d + kDirections) % kDirections)];
        };
        for (int h = 0; h < kHeights; ++h) {
            for (int d = 0; d < kDirections; ++d) {
                if (cell(d, h) > 0) continue;
                cell(d, h) = std::max({was(d - 1, h), was(d + 1, h), was(d, h - 1), was(d, h + 1)});
            }
        }
    }
    for (int h = kHeights - 2; h >= 0; --h) {
        for (int d = 0; d < kDirections; ++d) {
            cell(d, h) = std::max(cell(d, h), cell(d, h + 1) - hang * step);
        }
    }
    // Cloth is stiff: it bridges hollows around.
    for (int round = 0; round < 4; ++round) {
        const std::vector<double> before = radii_;
        for (int h = 0; h < kHeights; ++h) {
            for (int d = 0; d < kDirections; ++d) {
                const auto row = static_cast<std::size_t>(h * kDirections);
                const double mean =
                    0.5 *
                    (before[row + static_cast<std::size_t>((d + 1) % kDirections)] +
                     before[row + static_cast<std::size_t>((d + kDirections - 1) % kDirections)]);
                cell(d, h) = std::max(cell(d, h), 0.5 * (cell(d, h) + mean));
            }
        }
    }
}

double Drape::radius_m(double direction_rad, double z_m) const {
    const double d = direction_rad / (2 * engine::math::kPi) * kDirections;
    const double h = std::clamp((z_m - low_) / (high_ - low_) * (kHeights - 1), 0.0,
                                static_cast<double>(kHeights - 1));
    const int d0 = static_cast<int>(std::floor(d));
    const int h0 = std::min(static_cast<int>(h), kHeights - 2);
    const double u = d - d0, v = h - h0;
    const auto wrap = [&](int direction) { return (direction % kDirections + kDirections); };
    return (1 - v) * ((1 - u) * at(wrap(d0), h0) + u * at(wrap(d0 + 1), h0)) +
           v * ((1 - u) * at(wrap(d0), h0 + 1) + u * at(wrap(d0 + 1), h0 + 1));
}

}  // namespace huntsman::scenarios::people
