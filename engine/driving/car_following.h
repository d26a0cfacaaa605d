// Car following by the intelligent driver model (IDM), for the traffic and for the shared planner.
//
// References: M. Treiber, A. Hennecke, D. Helbing, Congested traffic states in empirical
// observations and microscopic simulations, Phys. Rev. E 62, 2000, eq. 2 and 3 (IDM);
// M. Treiber, A. Kesting, Traffic Flow Dynamics, 2013, ch. 11 (its free-road branch for v > v0).
#pragma once

namespace huntsman::engine::driving {

constexpr double kHardestBraking_mps2 = 8.0;  // what tyres give on a dry road

struct Idm {
    double headway_s = 1.5;
    double acceleration_mps2 = 1.5;
    double braking_mps2 = 2.5;  // comfortable
    double jam_gap_m = 2.0;     // to a leader that stands
    double hardest_mps2 = kHardestBraking_mps2;
};

// The gap that a driver wants at speed `v` behind a leader [m]; both speeds along the path [m/s].
double wanted_gap_m(const Idm& idm, double v, double leader_mps);

// Acceleration on a free road towards v0. Whoever is faster than v0 brakes comfortably
// [Treiber and Kesting 2013].
double free_acceleration(const Idm& idm, double v, double v0);

// The same behind a leader: gap bumper to bumper [m], never below −hardest_mps2.
double follow_acceleration(const Idm& idm, double v, double v0, double gap_m, double leader_mps);

// The model of 2000, firmer above v0: the excess counts with its fourth power, so that v0 is kept
// closely. `gap_m` is infinite on a free road, where it brakes with twice acceleration_mps2 at
// most.
double strict_acceleration(const Idm& idm, double v, double v0, double gap_m, double leader_mps);

}  // namespace huntsman::engine::driving
