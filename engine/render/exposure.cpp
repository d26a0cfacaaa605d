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
constexpr double kMiddle = 0.125;  // what the tone curve shows as middle grey
constexpr double kMeter = 100 / 12.5;
constexpr double kStep = 1.0 / 64;
constexpr double kTimeConstant_s = 0.25;

double rounded(double ev) { return std::round(ev / kStep) * kStep; }

}  // namespace

double ev100_of(double luminance_cd_m2) { return std::log2(luminance_cd_m2 * kMeter); }

double exposure_scale(double ev100) { return kMiddle * 1e3 * kMeter * std::exp2(-ev100); }

double wanted_ev100(std::span<const float> luminance_kcd_m2) {
    std::array<std::int64_t, kBins> histogram{};
    // Outside of a lens's field there is no light at all, which says nothing about the scene.
    const auto lit = static_cast<std::int64_t>(std::count_if(
        luminance_kcd_m2.begin(), luminance_kcd_m2.end(), [](float l) { return l > 0; }));
    for (const float l : luminance_kcd_m2) {
        if (lit > 0 && !(l > 0)) continue;
        const double ev = l > 0 ? std::log2(static_cast<double>(l)) : kLowest;
        const double bin = std::clamp((ev - kLowest) * kPerStop, 0.0, kBins - 1.0);
        ++histogram[static_cast<std::size_t>(bin)];
    }
    const auto total = lit > 0 ? lit : static_cast<std::int64_t>(luminance_kcd_m2.size());
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
    // From stops above 1 kcd/m² to EV100.
    const double metered = sum / static_cast<double>(counted) + std::log2(1e3 * kMeter);
    // A street by night meters at EV 0 to 5, by day at 11 to 15.
    const double night = std::clamp((10.5 - metered) / 8.0, 0.0, 1.0);
    return rounded(metered + 1.5 * night);
}

double adapted_ev100(double current, double wanted, double elapsed_s) {
    const double share = 1 - std::exp(-std::clamp(elapsed_s, 0.02, 5.0) / kTimeConstant_s);
    const double next = rounded(current + (wanted - current) * share);
    // Rounding must not stop the approach short of its aim.
    if (next == current && wanted != current) {
        return current + (wanted > current ? kStep : -kStep);
    }
    return next;
}

std::optional<double> AutoExposure::at(core::TimeUs time_us) const {
    if (!last_ || last_->time_us > time_us ||
        time_us - last_->time_us > 2 * core::kMicrosPerSecond) {
        return std::nullopt;
    }
    return adapted_ev100(last_->ev100, last_->wanted_ev100,
                         core::seconds(time_us - last_->time_us));
}

void AutoExposure::keep(double ev100, double wanted_ev100, core::TimeUs time_us) {
    last_ = {.ev100 = ev100, .wanted_ev100 = wanted_ev100, .time_us = time_us};
}

}  // namespace huntsman::engine::render
