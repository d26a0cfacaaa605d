#include "scenarios/player/speed_change.h"

#include <algorithm>
#include <cmath>

namespace huntsman::scenarios::player {

namespace {

bool binds(double limit) { return std::isfinite(limit) && limit > 0; }
// Time in which the acceleration changes by 1 m/s².
double slowness(double rate_mps3) { return binds(rate_mps3) ? 1 / rate_mps3 : 0; }

}  // namespace

SpeedChange::SpeedChange(double change_mps, const story::Limits& limits,
                         std::optional<double> time_s)
    : change_mps_(change_mps) {
    const double size = std::abs(change_mps);
    const double up = slowness(limits.max_acceleration_rate_mps3);
    const double down = slowness(limits.max_deceleration_rate_mps3);
    const double rise = change_mps >= 0 ? up : down, fall = change_mps >= 0 ? down : up;
    const double limit =
        change_mps >= 0 ? limits.max_acceleration_mps2 : limits.max_deceleration_mps2;
    // The change is a·length − a²·(rise + fall)/2; a is largest where nothing is held.
    const double ramps = rise + fall;
    double most = binds(limit) ? limit : 0;
    if (ramps > 0) {
        const double peak = std::sqrt(2 * size / ramps);
        most = most > 0 ? std::min(most, peak) : peak;
    }
    if (time_s) {
        const double root = *time_s * *time_s - 2 * ramps * size;
        const double asked = root < 0       ? most
                             : *time_s <= 0 ? most
                                            : 2 * size / (*time_s + std::sqrt(root));
        // Gently where there is time, as fast as allowed where there is not.
        most = most > 0 ? std::min(most, asked) : asked;
        if (size == 0) hold_s_ = *time_s;
    }
    if (most <= 0 || size == 0) return;
    most_mps2_ = std::copysign(most, change_mps);
    rise_s_ = most * rise;
    fall_s_ = most * fall;
    hold_s_ = std::max(0.0, (size - most * (rise_s_ + fall_s_) / 2) / most);
}

double SpeedChange::at(double time_s) const {
    if (time_s >= length_s()) return change_mps_;
    const double t = std::max(0.0, time_s);
    if (t < rise_s_) return most_mps2_ * t * t / (2 * rise_s_);
    if (t < rise_s_ + hold_s_) return most_mps2_ * (t - rise_s_ / 2);
    const double left_s = length_s() - t;
    return change_mps_ - most_mps2_ * left_s * left_s / (2 * fall_s_);
}

}  // namespace huntsman::scenarios::player
