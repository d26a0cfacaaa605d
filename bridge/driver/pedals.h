// From wanted acceleration and steering to pedals.
#pragma once

#include "bridge/messages/huntsman.pb.h"

namespace huntsman::bridge::driver {

// Wanted accelerations build up from zero no faster than this: nuPlan calls a jerk up to 4.1 m/s³
// comfortable, and the power train's own response comes on top.
constexpr double kLaunchJerk_mps3 = 1.5;

// Pedals for a wanted acceleration and steering angle; `grade` is rise over run along the car.
messages::Pedals pedals_for(const messages::EgoVehicle& vehicle, double acceleration_mps2,
                            double steer_rad, double speed_mps, double grade = 0);

// The acceleration to ask for, from the wanted one and the one asked for `dt_s` before: the brake's
// last part is let go within half a second, the throttle comes after it, braking is prompt.
double eased(double wanted_mps2, double before_mps2, double dt_s);

}  // namespace huntsman::bridge::driver
