// The planner that `oracle` and `network` share: a perceived scene and a route in, pedals out.
//
// Its steps, each by itself in this room: `speed` (limits and bends), `lines` (signals, stop signs,
// give-way lines), `road_users` (leaders, people at crossings, crossing paths), `steering`,
// `pedals`. Longitudinally the lowest of the accelerations that they ask for counts (`demand`).
// Wanted accelerations build up from zero at no more than kLaunchJerk_mps3, as passengers like it;
// braking is as prompt as it must be.
//
// The planner remembers which signal state it saw last and whether it has stopped at a stop sign;
// `reset` forgets that.
#pragma once

#include <cstdint>

#include "bridge/driver/lines.h"
#include "bridge/messages/huntsman.pb.h"

namespace huntsman::bridge::driver {

class Planner {
  public:
    void reset();
    messages::Pedals plan(const messages::Observation& observation,
                          const messages::Perception& perception);

  private:
    LineWatch lines_;
    double acceleration_mps2_ = 0;  // asked for in the frame before
    std::int64_t last_time_us_ = -1;
};

}  // namespace huntsman::bridge::driver
