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

RoundedProfile::RoundedProfile(double start_mps,
                               std::span<const story::SpeedProfileAction::Entry> entries,
                               const story::Limits& limits)
    : speed_mps_(start_mps), last_(0, limits, {}) {
    double time_s = 0, speed_mps = start_mps;
    for (const auto& entry : entries) {
        const double change = entry.speed_mps - speed_mps;
        const double limit =
            change >= 0 ? limits.max_acceleration_mps2 : limits.max_deceleration_mps2;
        const double least_s = binds(limit) ? std::abs(change) / limit : 0;
        const double length_s = std::max(entry.time_s.value_or(0), least_s);
        if (length_s > 0) turn(change / length_s, speed_mps, time_s, limits);
        time_s += length_s;
        speed_mps = entry.speed_mps;
    }
    turn(0, speed_mps, time_s, limits);
    last_ = SpeedChange(speed_mps - speed_mps_, limits, {});
}

void RoundedProfile::turn(double acceleration_mps2, double speed_mps, double time_s,
                          const story::Limits& limits) {
    constexpr double kSame_mps2 = 1e-9;
    const double before = acceleration_mps2_, after = acceleration_mps2;
    if (std::abs(after - before) < kSame_mps2) return;
    const double jerk =
        after > before ? limits.max_acceleration_rate_mps3 : -limits.max_deceleration_rate_mps3;
    const double turn_s = (after - before) / jerk;
    // The speed after a turn that begins now, less the line's then; it changes by `before − after`
    // a second.
    const double beyond = speed_mps_ + (before + after) / 2 * turn_s -
                          (speed_mps + after * (end_s_ + turn_s - time_s));
    const double wait_s = std::max(0.0, beyond / (after - before));
    pieces_.push_back({end_s_, speed_mps_, before, 0});
    end_s_ += wait_s;
    speed_mps_ += before * wait_s;
    pieces_.push_back({end_s_, speed_mps_, before, jerk});
    end_s_ += turn_s;
    speed_mps_ += (before + after) / 2 * turn_s;
    acceleration_mps2_ = after;
}

double RoundedProfile::Piece::at(double time_s) const {
    const double t = time_s - from_s;
    return speed_mps + acceleration_mps2 * t + jerk_mps3 * t * t / 2;
}

double RoundedProfile::at(double time_s) const {
    if (time_s >= end_s_) return speed_mps_ + last_.at(time_s - end_s_);
    const auto after = std::ranges::upper_bound(pieces_, time_s, {}, &Piece::from_s);
    return after == pieces_.begin() ? pieces_.front().speed_mps : std::prev(after)->at(time_s);
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
