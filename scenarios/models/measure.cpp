#include "scenarios/models/measure.h"

#include <algorithm>
#include <cmath>

namespace huntsman::scenarios::models {

namespace {

constexpr double kSlice_m = 0.02, kMirrors_m = 0.5;

// Half widths of slices along x that faces reach into.
std::vector<double> half_widths(const Surface& surface, double low_x, double high_x) {
    std::vector<double> widths(static_cast<std::size_t>((high_x - low_x) / kSlice_m) + 1);
    const auto slice = [&](double x) {
        const auto i = static_cast<std::int64_t>((x - low_x) / kSlice_m);
        return static_cast<std::size_t>(
            std::clamp<std::int64_t>(i, 0, static_cast<std::int64_t>(widths.size()) - 1));
    };
    for (const Face& face : surface.faces) {
        for (std::size_t k = 0; k < 3; ++k) {
            // Along each edge: the widest place in a slice lies on one.
            const Vec3 &a = surface.point(face, k), &b = surface.point(face, (k + 1) % 3);
            const auto steps = static_cast<int>(std::abs(b.x - a.x) / (0.5 * kSlice_m)) + 1;
            for (int i = 0; i <= steps; ++i) {
                const Vec3 p = a + (b - a) * (static_cast<double>(i) / steps);
                double& width = widths[slice(p.x)];
                width = std::max(width, std::abs(p.y));
            }
        }
    }
    return widths;
}

}  // namespace

engine::world::Extent measure(const Surface& surface, bool has_mirrors) {
    Vec3 low(1e9, 1e9, 1e9), high = -low;
    for (const Face& face : surface.faces) {
        for (std::size_t k = 0; k < 3; ++k) {
            low = glm::min(low, surface.point(face, k));
            high = glm::max(high, surface.point(face, k));
        }
    }
    engine::world::Extent extent{.front_m = high.x,
                                 .rear_m = -low.x,
                                 .width_m = 2 * std::max(high.y, -low.y),
                                 .height_m = high.z};
    if (has_mirrors) {
        auto widths = half_widths(surface, low.x, high.x);
        std::sort(widths.begin(), widths.end(), std::greater<>());
        const auto skip = static_cast<std::size_t>(kMirrors_m / kSlice_m);
        if (skip < widths.size()) extent.width_m = 2 * widths[skip];
    }
    return extent;
}

}  // namespace huntsman::scenarios::models
