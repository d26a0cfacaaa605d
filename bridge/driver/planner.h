// The planner that `oracle` and `network` share: a perceived scene and a route in, pedals out.
//
// Longitudinal: the lowest of the accelerations asked for by the speed limit, curves, leaders on
// the path (IDM [Treiber et al. 2000]), stop lines, people at crossings and predicted crossing
// paths. Lateral: pure pursuit [Coulter 1992] on the route.
//
// Wanted accelerations build up from zero at no more than kLaunchJerk_mps3, as passengers like it;
// braking is as prompt as it must be.
//
// The planner remembers which signal state it saw last and whether it has stopped at a stop sign;
// `reset` forgets that.
#pragma once

#include <cstdint>
#include <map>

#include "bridge/messages/huntsman.pb.h"

namespace huntsman::bridge::driver {

class Planner {
  public:
    void reset();
    messages::Pedals plan(const messages::Observation& observation,
                          const messages::Perception& perception);

  private:
    struct SignalMemory {
        messages::SignalState state = messages::SIGNAL_UNKNOWN;
        std::int64_t seen_us = 0;
    };
    std::map<std::uint32_t, SignalMemory> signals_;  // by head id
    double stop_line_odometer_m_ = -1e9;  // where the ego last stood at a stop or yield line
    double odometer_m_ = 0;
    double acceleration_mps2_ = 0;  // wanted in the frame before
    std::int64_t last_time_us_ = -1;
    double waiting_s_ = 0;     // stood at a give-way line
    double unreadable_s_ = 0;  // stood before a signal whose state is not seen
    bool yielding_ = false;    // of the frame before
    bool unreadable_ = false;
};

constexpr double kLaunchJerk_mps3 = 1.5;

// Acceleration asked for by the intelligent driver model [Treiber et al. 2000, eq. 2–3] [m/s²].
struct IdmParameters {
    double headway_s = 1.4;
    double acceleration_mps2 = 1.8;
    double deceleration_mps2 = 2.5;
    double standstill_gap_m = 2.5;
    double exponent = 4;
};
double idm_acceleration(const IdmParameters& parameters, double speed_mps, double desired_mps,
                        double gap_m, double leader_speed_mps);

// Pedals for a wanted acceleration and steering angle; `grade` is rise over run along the car.
messages::Pedals pedals_for(const messages::EgoVehicle& vehicle, double acceleration_mps2,
                            double steer_rad, double speed_mps, double grade = 0);

// Steering of the pure pursuit law towards a point in B [rad].
double pure_pursuit_steer(double wheelbase_m, double target_x_m, double target_y_m);

// [Coulter 1992] R. C. Coulter, Implementation of the Pure Pursuit Path Tracking Algorithm.
// [Treiber et al. 2000] M. Treiber, A. Hennecke, D. Helbing, Congested traffic states in empirical
//   observations and microscopic simulations, Phys. Rev. E 62.
}  // namespace huntsman::bridge::driver
