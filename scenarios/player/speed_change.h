// One change of speed with bounded acceleration and jerk: the acceleration rises linearly from 0,
// stays, and falls linearly to 0.
#pragma once

#include <optional>

#include "scenarios/story/story.h"

namespace huntsman::scenarios::player {

class SpeedChange {
  public:
    // By `change_mps`, in `time_s` where that is given and the limits allow it, else as fast as
    // they do. While the acceleration grows its rate is that of acceleration, while it shrinks that
    // of deceleration. Limits that are infinite or 0 do not bind; without any that does, and
    // without a time, the change is there at once.
    SpeedChange(double change_mps, const story::Limits& limits, std::optional<double> time_s);

    double length_s() const { return rise_s_ + hold_s_ + fall_s_; }
    // Of the change, after a time from its start.
    double at(double time_s) const;

  private:
    double change_mps_;
    double most_mps2_ = 0;  // signed, held in the middle
    double rise_s_ = 0, hold_s_ = 0, fall_s_ = 0;
};

}  // namespace huntsman::scenarios::player
