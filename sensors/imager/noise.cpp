#include "sensors/imager/noise.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

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

constexpr std::uint32_t kCells = 4096, kTail = 16;
constexpr int kShift = 20;  // of 32 bits, to the cell

struct NormalTable {
    std::array<float, kCells + 1> at{};
    NormalTable() {
        for (std::uint32_t i = kTail; i <= kCells - kTail; ++i) {
            at[i] = static_cast<float>(exact_normal(i / static_cast<double>(kCells)));
        }
    }
};
const NormalTable kNormal;

double quantile(std::uint32_t bits) { return (bits + 0.5) * 0x1p-32; }

constexpr float kSmallMean = 12;

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

}  // namespace

float normal_at(std::uint32_t bits) {
    const std::uint32_t cell = bits >> kShift;
    if (cell < kTail || cell >= kCells - kTail) [[unlikely]] {
        return static_cast<float>(exact_normal(quantile(bits)));
    }
    const float share = static_cast<float>(bits & ((1U << kShift) - 1)) * 0x1p-20F;
    const float low = kNormal.at[cell], high = kNormal.at[cell + 1];
    return low + (high - low) * share;
}

float poisson_at(float mean, std::uint32_t bits) {
    if (mean < kSmallMean) return mean > 0 ? small_poisson(mean, bits) : 0.0F;
    const float w = normal_at(bits), root = std::sqrt(mean);
    const float q = mean + root * w + (1.0F / 3 + w * w / 6) - (w / 36 + w * w * w / 72) / root;
    // Truncation is the floor of what is not negative; means beyond 2³⁰ would overflow.
    return static_cast<float>(static_cast<std::int32_t>(std::clamp(q, 0.0F, 0x1p30F)));
}

}  // namespace huntsman::sensors::imager
