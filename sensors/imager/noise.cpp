#include "sensors/imager/noise.h"

#include <array>
#include <cmath>

namespace huntsman::sensors::imager {

namespace {

// The inverse of the normal distribution by Newton steps on erfc: exact to double precision.
double exact_normal(double p) {
    // The lower half, where erfc keeps its relative precision.
    const bool upper = p > 0.5;
    const double q = upper ? 1 - p : p;
    constexpr double kRootHalf = 0.70710678118654752, kRootTwoPi = 2.5066282746310002;
    // Start by the rational approximation 26.2.23 of Abramowitz and Stegun.
    const double t = std::sqrt(-2 * std::log(q));
    double x = -(t - (2.515517 + 0.802853 * t + 0.010328 * t * t) /
                         (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t * t * t));
    for (int i = 0; i < 3; ++i) {
        const double f = 0.5 * std::erfc(-x * kRootHalf) - q;
        x -= f * kRootTwoPi * std::exp(0.5 * x * x);
    }
    return upper ? -x : x;
}

using detail::kNormalCells;
using detail::kNormalTail;

struct NormalTable {
    std::array<float, kNormalCells + 1> at{};
    NormalTable() {
        for (std::uint32_t i = kNormalTail; i <= kNormalCells - kNormalTail; ++i) {
            at[i] = static_cast<float>(exact_normal(i / static_cast<double>(kNormalCells)));
        }
    }
};
const NormalTable kNormal;

double quantile(std::uint32_t bits) { return (bits + 0.5) * 0x1p-32; }

}  // namespace

namespace detail {

const float* const kNormalAt = kNormal.at.data();

float normal_in_tail(std::uint32_t bits) {
    return static_cast<float>(exact_normal(quantile(bits)));
}

float small_poisson(float mean, std::uint32_t bits) {
    // Sums probabilities from zero up to the quantile; 60 is beyond every quantile of 32 bits.
    const double u = quantile(bits);
    double p = std::exp(-static_cast<double>(mean)), sum = p;
    int n = 0;
    while (u > sum && n < 60) {
        ++n;
        p *= static_cast<double>(mean) / n;
        sum += p;
    }
    return static_cast<float>(n);
}

}  // namespace detail

}  // namespace huntsman::sensors::imager
