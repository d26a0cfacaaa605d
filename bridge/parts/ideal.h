// Ideal parts in the place of a driver's own: what they make of what it perceives.
#pragma once

#include <cstdint>
#include <set>
#include <span>

#include "bridge/messages/huntsman.pb.h"
#include "bridge/parts/part.h"

namespace huntsman::bridge::parts {

// Track numbers of objects that an ideal part has put in begin here: they are no number of a
// driver's own.
constexpr std::uint32_t kFirstIdealTrack = 1U << 30U;

class IdealPerception {
  public:
    void reset() { known_.clear(); }
    // `actual`: what can be seen at the moment that `perception` is of, in the same frame; tracks
    // are true numbers, and road users have the ways that they will go where those are known. To
    // be called with each perception in turn. A perceived object is of the nearest actual one of
    // its class within 2 m, the closest pairs first; else of that with its track within 10 m.
    void improve(std::span<const Part> parts, const messages::Perception& actual,
                 messages::Perception& perception);

  private:
    std::set<std::uint32_t> known_;  // true numbers of who has been perceived
};

}  // namespace huntsman::bridge::parts
