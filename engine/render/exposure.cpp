#include "engine/render/exposure.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

namespace huntsman::engine::render {
namespace {

// Histogram of log2 luminance: eighths of a stop from 2^-14 to 2^10 kcd/m².
constexpr int kBins = 192;
constexpr double kPerStop = 8, kLowest = -14;
constexpr double kMiddle = 0.135;  // what the tone curve shows as middle grey
constexpr double kStep = 1.0 / 64;
constexpr double kTimeConstant_s = 0.25;

double rounded(double ev) { return std::round(ev / kStep) * kStep; }

}  // namespace

double wanted_exposure_ev(std::span<const float> luminance_kcd_m2) {
    std::array<std::int64_t, kBins> histogram{};
    for (const float l : luminance_kcd_m2) {
        const double ev = l > 0 ? std::log2(static_cast<double>(l)) : kLowest;
        const double bin = std::clamp((ev - kLowest) * kPerStop, 0.0, kBins - 1.0);
        ++histogram[static_cast<std::size_t>(bin)];
    }
    const auto total = static_cast<std::int64_t>(luminance_kcd_m2.size());
    const std::int64_t low = total * 12 / 100, high = total * 92 / 100;
    std::int64_t before = 0, counted = 0;
    double sum = 0;
    for (int i = 0; i < kBins; ++i) {
        const std::int64_t n = histogram[static_cast<std::size_t>(i)];
        const std::int64_t inside =
            std::max<std::int64_t>(0, std::min(before + n, high) - std::max(before, low));
        sum += static_cast<double>(inside) * ((i + 0.5) / kPerStop + kLowest);
        counted += inside;
        before += n;
    }
    if (counted == 0) return 0;
    const double mean_ev = sum / static_cast<double>(counted);
    return rounded(std::log2(kMiddle) - mean_ev);
}

double adapted_exposure_ev(double current_ev, double wanted_ev, double elapsed_s) {
    const double share = 1 - std::exp(-std::clamp(elapsed_s, 0.02, 5.0) / kTimeConstant_s);
    const double next = rounded(current_ev + (wanted_ev - current_ev) * share);
    // Rounding must not stop the approach short of its aim.
    if (next == current_ev && wanted_ev != current_ev) {
        return current_ev + (wanted_ev > current_ev ? kStep : -kStep);
    }
    return next;
}

}  // namespace huntsman::engine::render
