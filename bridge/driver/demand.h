// The acceleration that the planner's steps agree on: the lowest that any of them asks for.
#pragma once

#include "bridge/messages/huntsman.pb.h"
#include "engine/driving/car_following.h"

namespace huntsman::bridge::driver {

constexpr double kHardBrake_mps2 = 7.0;     // the planner's emergency braking
constexpr double kComfortBrake_mps2 = 2.5;  // what passengers take as normal

class Demand {
  public:
    // `desired_mps` is the speed of the empty road, `front_m` the front bumper's place before B.
    Demand(double speed_mps, double desired_mps, double front_m);

    double speed_mps() const { return speed_mps_; }
    double front_m() const { return front_m_; }
    // Between emergency braking and the model's acceleration.
    double acceleration_mps2() const;

    void at_most(double acceleration_mps2);
    // Approaches another speed limit than the road's.
    void keep_to(double speed_mps);
    // Follows a leader whose rear is `gap_m` before the front bumper.
    void follow(double gap_m, double leader_mps);
    // Stops with the front bumper at `s_m` of the route.
    void stop_before(double s_m);

  private:
    engine::driving::Idm idm_;
    double speed_mps_, desired_mps_, front_m_;
    double acceleration_mps2_;
};

// How the planner follows others: its gaps are a little shorter and wider than the traffic's.
engine::driving::Idm planner_idm();

}  // namespace huntsman::bridge::driver
