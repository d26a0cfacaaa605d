#include "bridge/live/hands.h"

#include <cmath>

#include "bridge/live/live_run.h"

namespace huntsman::bridge::live {

using engine::core::Result;

std::string Hands::name() const { return other_ ? other_->name() : kByHand; }

void Hands::reset() {
    if (other_) other_->reset();
    command_.reset();
}

Result<messages::Action> Hands::drive(const driver::DriverInput& input) {
    messages::Action action;
    if (other_) {
        HM_TAKE(action, other_->drive(input));
        if (!command_) return action;
    }
    messages::Pedals& pedals = *action.mutable_pedals();  // in place of a trajectory
    pedals.Clear();
    if (command_) {
        pedals.set_steer_rad(command_->steer_rad);
        pedals.set_throttle(command_->throttle);
        pedals.set_brake(command_->brake);
        pedals.set_reverse(command_->reverse);
    } else {
        constexpr double kRest_mps = 0.5;
        pedals.set_brake(std::abs(input.observation.motion().speed_mps()) < kRest_mps ? 1 : 0);
    }
    return action;
}

std::vector<std::string> Hands::notes() const {
    return other_ ? other_->notes() : std::vector<std::string>();
}

}  // namespace huntsman::bridge::live
