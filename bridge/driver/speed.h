// The speed of the empty road: limits and bends ahead.
#pragma once

#include <utility>
#include <vector>

#include "bridge/messages/huntsman.pb.h"

namespace huntsman::bridge::driver {

// The ego's own passage: the time at which its reference point reaches s, at its present speed or,
// when slow, while accelerating gently, and no faster than bends and limits allow.
class Passage {
  public:
    // s and the highest speed of each point of the route ahead, by ascending s.
    Passage(const std::vector<std::pair<double, double>>& s_and_cap_mps, double speed_mps);
    double time_s(double s_m) const;

  private:
    std::vector<std::pair<double, double>> points_;  // s, time
    double last_mps_ = 0;
};

struct SpeedPlan {
    double desired_mps = 0;  // here
    Passage passage;
};

// What a point of the route allows: its limit, or comfort in its bend on its bank.
double highest_speed_mps(const messages::RoutePoint& point);

// Limits and bends ahead are each reached by comfortable braking.
SpeedPlan plan_speed(const messages::Route& route, double speed_mps);

}  // namespace huntsman::bridge::driver
