#include "sensors/imager/flicker.h"

#include <algorithm>
#include <cmath>

namespace huntsman::sensors::imager {

Pwm lamp_of(const engine::core::Key& key, std::uint32_t actor) {
    constexpr double kBulbs = 0.3;
    const auto own = key.with("lamp").with(actor);
    if (own.uniform(0) < kBulbs) return {};
    return {own.uniform(90, 400, 1), own.uniform(0.1, 0.6, 2), own.uniform(3)};
}

double flicker_factor(const Pwm& pwm, double start_s, double length_s) {
    if (pwm.frequency_hz <= 0 || pwm.duty >= 1 || length_s <= 0) return 1;
    // Time on from 0 to `at` periods: whole periods and the part of the last.
    const auto on = [&](double at) {
        const double whole = std::floor(at);
        return whole * pwm.duty + std::min(at - whole, pwm.duty);
    };
    const double from = start_s * pwm.frequency_hz + pwm.phase;
    const double to = from + length_s * pwm.frequency_hz;
    return (on(to) - on(from)) / ((to - from) * pwm.duty);
}

}  // namespace huntsman::sensors::imager
