// Car following and the kinematics of estimates.
//
// References: M. Treiber, A. Kesting, Traffic Flow Dynamics, 2013, ch. 11 (IDM and its free-road
// branch for v > v0).
#pragma once

#include <algorithm>
#include <cmath>

namespace huntsman::agents::traffic {

struct Idm {
    double headway_s = 1.5;
    double acceleration_mps2 = 1.5;
    double braking_mps2 = 2.5;  // comfortable
    double jam_gap_m = 2.0;
};
constexpr double kHardestBraking_mps2 = 8.0;

// Acceleration on a free road towards v0.
inline double free_acceleration(const Idm& idm, double v, double v0) {
    const double goal = std::max(v0, 0.1);
    if (v <= goal) {
        const double r = v / goal;
        return idm.acceleration_mps2 * (1.0 - r * r * r * r);
    }
    return -idm.braking_mps2 *
           (1.0 - std::pow(goal / v, 4.0 * idm.acceleration_mps2 / idm.braking_mps2));
}

// Acceleration behind a leader: gap bumper to bumper, both speeds along the path.
inline double follow_acceleration(const Idm& idm, double v, double v0, double gap_m,
                                  double leader_mps) {
    const double free = free_acceleration(idm, v, v0);
    const double gap = std::max(gap_m, 0.05);
    const double dv = v - leader_mps;
    const double wanted =
        idm.jam_gap_m +
        std::max(0.0, v * idm.headway_s +
                          v * dv / (2.0 * std::sqrt(idm.acceleration_mps2 * idm.braking_mps2)));
    const double ratio = wanted / gap;
    const double following =
        std::min(free, idm.acceleration_mps2) - idm.acceleration_mps2 * ratio * ratio;
    return std::max(-kHardestBraking_mps2, following);
}

// Time to cover a distance when speeding up gently to `vmax`, or slowing to it.
inline double travel_time_s(double v, double distance_m, double vmax) {
    constexpr double kGentle_mps2 = 1.5;
    if (distance_m <= 0.0) return 0.0;
    if (v >= vmax) return distance_m / (0.5 * (v + vmax));
    const double ramp_m = (vmax * vmax - v * v) / (2.0 * kGentle_mps2);
    if (distance_m <= ramp_m) {
        return (std::sqrt(v * v + 2.0 * kGentle_mps2 * distance_m) - v) / kGentle_mps2;
    }
    return (vmax - v) / kGentle_mps2 + (distance_m - ramp_m) / vmax;
}

// Deceleration that stops within a distance.
inline double stopping_mps2(double v, double distance_m) {
    return v * v / (2.0 * std::max(distance_m, 0.01));
}

}  // namespace huntsman::agents::traffic
