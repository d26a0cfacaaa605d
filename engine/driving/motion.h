// Steering by pure pursuit, speeds for bends and the kinematics of estimates, for the traffic and
// for the planner.
//
// References: R. C. Coulter, Implementation of the Pure Pursuit Path Tracking Algorithm, 1992.
#pragma once

#include "engine/math/vec.h"

namespace huntsman::engine::driving {

// Steering angle of the road wheels [rad], left positive, that leads the rear axle on a circle
// through a target `across_m` to the left, at the square of its distance `distance2_m2` > 0.
double pursuit_steer_rad(double wheelbase_m, double across_m, double distance2_m2);
// The same for a target in B; 0 for one within 0.1 m of the rear axle.
double pursuit_steer_rad(double wheelbase_m, const math::Vec2& target);

// The kinematic bicycle: moves the rear axle `p` and the heading by a step on an arc.
void bicycle_step(double wheelbase_m, double steer_rad, double step_m, math::Vec2& p,
                  double& yaw_rad);

// Speed at which a bend is driven without more than `lateral_mps2` to the side. Gravity helps where
// the road is banked towards the inside, and takes from it where it is banked to the outside:
// v² κ cos b − g sin b stays below it. `curvature_per_m` is not 0 and positive to the left; `bank`
// is the sine of the slope across, positive where the left side is lower, `cosine` its cosine.
double bend_speed_mps(double lateral_mps2, double curvature_per_m, double bank = 0,
                      double cosine = 1);

// Time to cover a distance when speeding up to `vmax`, gently unless told otherwise, or slowing to
// it [s].
constexpr double kGentle_mps2 = 1.5;
double travel_time_s(double v, double distance_m, double vmax, double gain_mps2 = kGentle_mps2);

// Deceleration that stops within a distance, positive.
double stopping_mps2(double v, double distance_m);
// Speed from which `braking_mps2` stops within a distance.
double stoppable_mps(double distance_m, double braking_mps2);

}  // namespace huntsman::engine::driving
