// The planner that `oracle` and `network` share: a perceived scene and a route in, pedals out.
//
// Its steps, each by itself in this room: `speed` (limits and bends), `lines` (signals, stop signs,
// give-way lines), `passing` (what stands in the way), `road_users` (leaders, people at
// crossings, crossing paths), `steering`, `pedals`. Longitudinally the lowest of the accelerations
// that they ask for counts (`demand`). Wanted accelerations build up from zero at no more than
// kLaunchJerk_mps3, as passengers like it; braking is as prompt as it must be.
//
// The planner remembers which signal state it saw last, whether it has stopped at a stop sign, who
// has stood for how long and what it is passing; `reset` forgets that.
#pragma once

#include <cstdint>

#include "bridge/driver/lines.h"
#include "bridge/driver/passing.h"
#include "bridge/messages/huntsman.pb.h"

namespace huntsman::bridge::driver {

class Planner {
  public:
    void reset();
    messages::Pedals plan(const messages::Observation& observation,
                          const messages::Perception& perception);

  private:
    LineWatch lines_;
    Passing passing_;
    double along_ = 1;              // share of its way that the ego makes along the route
    double acceleration_mps2_ = 0;  // asked for in the frame before
    std::int64_t last_time_us_ = -1;
};

}  // namespace huntsman::bridge::driver
