// Simulated time: an integer in microseconds, so that sums never drift and schedules are exact.
#pragma once

#include <cstdint>

namespace huntsman::engine::core {

using TimeUs = std::int64_t;

constexpr TimeUs kMicrosPerSecond = 1'000'000;

// The length of a tick, which is also one physics step. All periods are multiples of it.
constexpr TimeUs kTick_us = 5000;

constexpr double seconds(TimeUs time_us) { return static_cast<double>(time_us) * 1e-6; }
constexpr TimeUs from_seconds(double time_s) {
    return static_cast<TimeUs>(time_s * 1e6 + (time_s >= 0 ? 0.5 : -0.5));
}

}  // namespace huntsman::engine::core
