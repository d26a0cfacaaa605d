// Feet and pelvis of those on foot; used by motion.cpp and quadruped.cpp.
#pragma once

#include "engine/figure/motion.h"

namespace huntsman::engine::figure {

// The numbers of a gait that do not change over its cycle.
struct Gait {
    double rate_hz = 0;  // cycles each second; 0: stands
    double cycle_m = 0;
    double duty = 1;
    double running = 0;  // 0 walks, 1 runs
    double active = 0;   // 0 stands, 1 is on the way
    double speed_mps = 0, turn_rad_s = 0;
    double width_m = 0.1;   // between the feet
    double lift_m = 0.03;   // of a swinging foot
    double strike_rad = 0;  // toes up at landing
    double push_rad = 0;    // heel up at leaving
};
Gait gait_of(const Skeleton& skeleton, const Movement& movement);

// A foot that stood here below the body in the middle of its stance, `t_s` later, seen from the
// body.
struct Stand {
    math::Vec2 p;
    double yaw;
};
Stand stance(double speed_mps, double turn_rad_s, const math::Vec2& middle, double t_s);

FootState foot_of(const Skeleton& skeleton, const Movement& movement, const Gait& gait, Side side,
                  double phase_rad);
// The ankle of a foot in this state.
math::RigidTransform ankle_of(const Skeleton& skeleton, const FootState& foot, Side side);
// Height of the ground below a place along the way.
double ground_m(const Movement& movement, double x_m);

// Pelvis in B at this phase, high enough for a relaxed stride and low enough for both feet.
math::RigidTransform pelvis_of(const Skeleton& skeleton, const Movement& movement,
                               const Gait& gait);

}  // namespace huntsman::engine::figure
