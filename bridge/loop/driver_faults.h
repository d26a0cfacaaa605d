// What a run does where its driver gives no answer that can be used, and the account of it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bridge/messages/huntsman.pb.h"

namespace huntsman::bridge::loop {

enum class OnDriverFault : std::uint8_t {
    kStop,   // ends as invalid
    kBrake,  // brakes until there is an answer
    kHold,   // goes on with the action before
};
const char* name(OnDriverFault on_fault);  // "stop", "brake", "hold"

// In the place of an answer: brakes firmly and holds the wheel.
messages::Action braking(const messages::EgoMotion& motion);

// Where the driver gave no answer that could be used.
struct DriverFaults {
    struct Reason {
        std::string what;  // one sentence, the same for all of its frames
        double first_time_s = 0;
        std::uint64_t frames = 0;
    };
    std::uint64_t frames = 0;     // without an answer
    std::vector<Reason> reasons;  // by their first time; at most kMostReasons
    static constexpr std::size_t kMostReasons = 20;

    void add(const std::string& what, double time_s);
    // For the run's notes, of a run of so many frames; none where there was nothing.
    std::vector<std::string> notes(std::uint64_t frames_of_run) const;
};

}  // namespace huntsman::bridge::loop
