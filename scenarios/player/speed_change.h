// Changes of speed with bounded acceleration and jerk.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "scenarios/story/story.h"

namespace huntsman::scenarios::player {

// One change: the acceleration rises linearly from 0, stays, and falls linearly to 0.
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

// Changes one after the other, each in its time, as a line over time whose corners are rounded:
// from the mean acceleration of one to that of the next as the jerk allows, so timed that the
// speed is on the line again afterwards. Where the acceleration begins it lags behind the line
// until the next corner. Changes that are too steep take longer; changes too short for their
// corners end in one of their own.
class RoundedProfile {
  public:
    // All entries have times; both jerks of the limits bind.
    RoundedProfile(double start_mps, std::span<const story::SpeedProfileAction::Entry> entries,
                   const story::Limits& limits);

    double length_s() const { return end_s_ + last_.length_s(); }
    double at(double time_s) const;

  private:
    struct Piece {
        double from_s, speed_mps, acceleration_mps2, jerk_mps3;
        double at(double time_s) const;
    };
    // On with the present acceleration, then to another one by the time the speed is on the line
    // that has `speed_mps` at `time_s`.
    void turn(double acceleration_mps2, double speed_mps, double time_s,
              const story::Limits& limits);

    std::vector<Piece> pieces_;
    double end_s_ = 0, speed_mps_ = 0, acceleration_mps2_ = 0;  // after the last piece
    SpeedChange last_;
};

}  // namespace huntsman::scenarios::player
