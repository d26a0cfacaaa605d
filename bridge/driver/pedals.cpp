#include "bridge/driver/pedals.h"

#include <algorithm>
#include <cmath>

#include "engine/math/constants.h"

namespace huntsman::bridge::driver {

messages::Pedals pedals_for(const messages::EgoVehicle& vehicle, double acceleration_mps2,
                            double steer_rad, double speed_mps, double grade) {
    // Rolling and air resistance of a passenger car, so that a wanted 0 holds the speed.
    constexpr double kRolling_mps2 = 0.12, kAir_per_m = 0.00037;
    // Below the first a car stands; with no more wish to go than the second the brake holds it.
    constexpr double kStanding_mps = 0.3, kNoWish_mps2 = 0.05, kHold = 0.3;
    messages::Pedals pedals;
    pedals.set_steer_rad(std::clamp(steer_rad, -vehicle.max_steer_rad(), vehicle.max_steer_rad()));
    const double resistance_mps2 =
        speed_mps > kStanding_mps ? kRolling_mps2 + kAir_per_m * speed_mps * speed_mps : 0.0;
    const double weight_mps2 = engine::math::kGravity_mps2 * grade / std::sqrt(1.0 + grade * grade);
    const double demand = acceleration_mps2 + resistance_mps2 + weight_mps2;
    if (demand >= 0.0) {
        pedals.set_throttle(std::clamp(demand / vehicle.full_throttle_mps2(), 0.0, 1.0));
    } else {
        pedals.set_brake(std::clamp(-demand / vehicle.full_brake_mps2(), 0.0, 1.0));
    }
    if (speed_mps < kStanding_mps && acceleration_mps2 <= kNoWish_mps2) {
        pedals.set_throttle(0.0);
        pedals.set_brake(std::max(kHold, pedals.brake()));
    }
    return pedals;
}

double eased(double wanted_mps2, double before_mps2, double dt_s) {
    constexpr double kEasyBrake_mps2 = 2.5;    // the part of the brake that is eased
    constexpr double kReleaseJerk_mps3 = 6.0;  // of letting it go
    const double before = std::max(before_mps2, -kEasyBrake_mps2);
    return std::min(wanted_mps2, before < 0.0 ? std::min(0.0, before + kReleaseJerk_mps3 * dt_s)
                                              : before + kLaunchJerk_mps3 * dt_s);
}

}  // namespace huntsman::bridge::driver
