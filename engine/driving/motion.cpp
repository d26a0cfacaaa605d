#include "engine/driving/motion.h"

#include <algorithm>
#include <cmath>

#include "engine/math/constants.h"

namespace huntsman::engine::driving {

double pursuit_steer_rad(double wheelbase_m, double across_m, double distance2_m2) {
    return std::atan(2.0 * wheelbase_m * across_m / distance2_m2);
}

double pursuit_steer_rad(double wheelbase_m, const math::Vec2& target) {
    constexpr double kNearest2_m2 = 0.01;
    const double distance2 = glm::dot(target, target);
    return distance2 < kNearest2_m2 ? 0.0 : pursuit_steer_rad(wheelbase_m, target.y, distance2);
}

void bicycle_step(double wheelbase_m, double steer_rad, double step_m, math::Vec2& p,
                  double& yaw_rad) {
    const double turn = step_m * std::tan(steer_rad) / wheelbase_m;
    p += step_m * math::direction(yaw_rad + 0.5 * turn);
    yaw_rad += turn;
}

double bend_speed_mps(double lateral_mps2, double curvature_per_m, double bank, double cosine) {
    constexpr double kLeast_mps2 = 0.5;  // is left where the bank pulls outwards
    const double pull = math::kGravity_mps2 * std::copysign(1.0, curvature_per_m) * bank;
    const double lateral = std::max(kLeast_mps2, lateral_mps2 + pull) / cosine;
    return std::sqrt(lateral / std::abs(curvature_per_m));
}

double travel_time_s(double v, double distance_m, double vmax, double gain_mps2) {
    if (distance_m <= 0.0) return 0.0;
    if (v >= vmax) return distance_m / (0.5 * (v + vmax));
    const double ramp_m = (vmax * vmax - v * v) / (2.0 * gain_mps2);
    if (distance_m <= ramp_m) {
        return (std::sqrt(v * v + 2.0 * gain_mps2 * distance_m) - v) / gain_mps2;
    }
    return (vmax - v) / gain_mps2 + (distance_m - ramp_m) / vmax;
}

double stopping_mps2(double v, double distance_m) {
    return v * v / (2.0 * std::max(distance_m, 0.01));
}

double stoppable_mps(double distance_m, double braking_mps2) {
    return std::sqrt(2.0 * braking_mps2 * std::max(0.0, distance_m));
}

}  // namespace huntsman::engine::driving
