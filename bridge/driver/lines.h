// Lines and signals of the route: where to stop, where to give way.
#pragma once

#include <cstdint>
#include <limits>
#include <map>

#include "bridge/driver/demand.h"
#include "bridge/messages/huntsman.pb.h"

namespace huntsman::bridge::driver {

// What the lines ahead ask of the ego towards others.
struct Duties {
    bool gives_way = false;  // a give-way line is close ahead or just passed
    // Where it waits for others; infinity: at no line.
    double line_s_m = std::numeric_limits<double>::infinity();
    bool red = false;         // the signal close ahead
    bool unreadable = false;  // the signal close ahead shows nothing that is known
};

// Remembers which signal states it saw, whether it has stopped at a stop sign and how long it has
// stood.
class LineWatch {
  public:
    // Since the frame before: `dt_s` at about this speed.
    void advance(double dt_s, double speed_mps);
    // What is seen of signals now.
    void see(const messages::Perception& perception, std::int64_t time_us);
    // Adds what the lines ask for to `demand`.
    Duties weigh(const messages::Route& route, std::int64_t time_us, Demand& demand);
    // How long the ego has stood at a give-way line.
    double waiting_s() const { return waiting_s_; }

  private:
    struct Sight {
        messages::SignalState state = messages::SIGNAL_UNKNOWN;
        std::int64_t seen_us = 0;
    };
    messages::SignalState state_of(const messages::RouteEvent& event, std::int64_t time_us) const;
    void at_signal(const messages::RouteEvent& event, std::int64_t time_us, Duties& duties,
                   Demand& demand) const;
    void at_stop_sign(const messages::RouteEvent& event, Duties& duties, Demand& demand);

    std::map<std::uint32_t, Sight> signals_;  // by head id
    double odometer_m_ = 0;
    double stopped_odometer_m_ = -1e9;  // where the ego last stood at a stop line
    double waiting_s_ = 0;              // stood at a give-way line
    double unreadable_s_ = 0;           // stood before a signal whose state is not seen
    Duties before_;                     // of the frame before
};

}  // namespace huntsman::bridge::driver
