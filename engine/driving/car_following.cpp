#include "engine/driving/car_following.h"

#include <algorithm>
#include <cmath>

namespace huntsman::engine::driving {

double wanted_gap_m(const Idm& idm, double v, double leader_mps) {
    const double dv = v - leader_mps;
    return idm.jam_gap_m +
           std::max(0.0, v * idm.headway_s +
                             v * dv / (2.0 * std::sqrt(idm.acceleration_mps2 * idm.braking_mps2)));
}

double free_acceleration(const Idm& idm, double v, double v0) {
    const double goal = std::max(v0, 0.1);
    if (v <= goal) {
        const double r = v / goal;
        return idm.acceleration_mps2 * (1.0 - r * r * r * r);
    }
    return -idm.braking_mps2 *
           (1.0 - std::pow(goal / v, 4.0 * idm.acceleration_mps2 / idm.braking_mps2));
}

double follow_acceleration(const Idm& idm, double v, double v0, double gap_m, double leader_mps) {
    const double free = free_acceleration(idm, v, v0);
    const double ratio = wanted_gap_m(idm, v, leader_mps) / std::max(gap_m, 0.05);
    const double following =
        std::min(free, idm.acceleration_mps2) - idm.acceleration_mps2 * ratio * ratio;
    return std::max(-idm.hardest_mps2, following);
}

double strict_acceleration(const Idm& idm, double v, double v0, double gap_m, double leader_mps) {
    constexpr double kExponent = 4.0, kMostFree = -2.0, kLeastGap_m = 0.3;
    const double free = 1.0 - std::pow(v / std::max(0.1, v0), kExponent);
    if (!std::isfinite(gap_m)) return idm.acceleration_mps2 * std::max(free, kMostFree);
    const double ratio = wanted_gap_m(idm, v, leader_mps) / std::max(kLeastGap_m, gap_m);
    return std::max(idm.acceleration_mps2 * (free - ratio * ratio), -idm.hardest_mps2);
}

}  // namespace huntsman::engine::driving
