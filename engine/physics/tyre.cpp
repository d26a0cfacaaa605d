#include "engine/physics/tyre.h"

#include <array>
#include <cstddef>

namespace huntsman::engine::physics {
namespace {

constexpr std::size_t kSteps = 512;

// The formula and its slope, for a cubic in each step of slip.
struct Knot {
    double share, slope;  // slope: over one step
};
const std::array<Knot, kSteps + 1> kKnots = [] {
    std::array<Knot, kSteps + 1> knots{};
    for (std::size_t i = 0; i <= kSteps; ++i) {
        const double x = Tyre::kB * static_cast<double>(i) / kSteps;
        const double inner = x - Tyre::kE * (x - std::atan(x));
        const double angle = Tyre::kC * std::atan(inner);
        const double inner_slope = 1 - Tyre::kE * (1 - 1 / (1 + x * x));
        knots[i] = {std::sin(angle), std::cos(angle) * Tyre::kC / (1 + inner * inner) *
                                         inner_slope * Tyre::kB / kSteps};
    }
    return knots;
}();

}  // namespace

double Tyre::force_share(double s) {
    const double at = std::min(s, 1.0) * kSteps;
    const std::size_t i = std::min(static_cast<std::size_t>(at), kSteps - 1);
    const Knot &a = kKnots[i], &b = kKnots[i + 1];
    const double u = at - static_cast<double>(i);
    const double rise = b.share - a.share;
    const double share =
        a.share +
        u * (a.slope + u * (3 * rise - 2 * a.slope - b.slope + u * (a.slope + b.slope - 2 * rise)));
    return std::min(share, 1.0);
}

}  // namespace huntsman::engine::physics
