#include "bridge/driver/demand.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/driving/motion.h"

namespace huntsman::bridge::driver {

namespace {

constexpr double kNobody_m = std::numeric_limits<double>::infinity();  // gap on a free road

// Deceleration that stops exactly after `distance`, as an acceleration (negative).
double stop_within(double speed_mps, double distance_m) {
    constexpr double kThere_m = 0.05;
    if (distance_m <= kThere_m) return -kHardBrake_mps2;
    return -engine::driving::stopping_mps2(speed_mps, distance_m);
}

}  // namespace

engine::driving::Idm planner_idm() {
    return {.headway_s = 1.4,
            .acceleration_mps2 = 1.8,
            .braking_mps2 = kComfortBrake_mps2,
            .jam_gap_m = 2.5,
            .hardest_mps2 = kHardBrake_mps2};
}

Demand::Demand(double speed_mps, double desired_mps, double front_m)
    : idm_(planner_idm()),
      speed_mps_(speed_mps),
      desired_mps_(desired_mps),
      front_m_(front_m),
      acceleration_mps2_(
          engine::driving::strict_acceleration(idm_, speed_mps, desired_mps, kNobody_m, 0.0)) {}

double Demand::acceleration_mps2() const {
    return std::clamp(acceleration_mps2_, -kHardBrake_mps2, idm_.acceleration_mps2);
}

void Demand::at_most(double acceleration_mps2) {
    acceleration_mps2_ = std::min(acceleration_mps2_, acceleration_mps2);
}

void Demand::keep_to(double speed_mps) {
    at_most(engine::driving::strict_acceleration(idm_, speed_mps_, speed_mps, kNobody_m, 0.0));
}

void Demand::follow(double gap_m, double leader_mps) {
    at_most(
        engine::driving::strict_acceleration(idm_, speed_mps_, desired_mps_, gap_m, leader_mps));
}

void Demand::stop_before(double s_m) {
    // A line may be stood at without the gap that is kept to a leader. The braking that just stops
    // there is exceeded a little, as the pedal comes late.
    constexpr double kLate = 1.15;
    // At the line and still rolling.
    constexpr double kAtLine_m = 0.4, kRolling_mps = 1.0, kStopRolling_mps2 = 2.0;
    const double distance = s_m - front_m_;
    const double gap = distance + idm_.jam_gap_m;
    at_most(std::max(engine::driving::strict_acceleration(idm_, speed_mps_, desired_mps_, gap, 0.0),
                     std::min(stop_within(speed_mps_, distance) * kLate, -0.0)));
    if (distance < kAtLine_m && speed_mps_ < kRolling_mps) at_most(-kStopRolling_mps2);
}

}  // namespace huntsman::bridge::driver
