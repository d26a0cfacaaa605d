#include "bridge/loop/driver_faults.h"

#include <fmt/format.h>

#include <algorithm>

namespace huntsman::bridge::loop {

const char* name(OnDriverFault on_fault) {
    return on_fault == OnDriverFault::kStop    ? "stop"
           : on_fault == OnDriverFault::kBrake ? "brake"
                                               : "hold";
}

messages::Action braking(const messages::EgoMotion& motion) {
    constexpr double kFirmly = 0.6;  // of what the pedal gives
    messages::Action brake;
    brake.mutable_pedals()->set_brake(kFirmly);
    brake.mutable_pedals()->set_steer_rad(motion.steer_rad());
    return brake;
}

void DriverFaults::add(const std::string& what, double time_s) {
    ++frames;
    auto reason = std::ranges::find(reasons, what, &Reason::what);
    if (reason == reasons.end()) {
        if (reasons.size() == kMostReasons) return;
        reason = reasons.insert(reasons.end(), {.what = what, .first_time_s = time_s});
    }
    ++reason->frames;
}

std::vector<std::string> DriverFaults::notes(std::uint64_t frames_of_run) const {
    std::vector<std::string> notes;
    if (frames == 0) return notes;
    for (const Reason& reason : reasons) {
        notes.push_back(
            fmt::format("the driver gave no answer to {} of {} frames, first at {:.2f} s: {}",
                        reason.frames, frames_of_run, reason.first_time_s, reason.what));
    }
    notes.push_back(fmt::format(
        "is not comparable: {} of its frames {} no answer, and another run may fare otherwise",
        frames, frames == 1 ? "has" : "have"));
    return notes;
}

}  // namespace huntsman::bridge::loop
