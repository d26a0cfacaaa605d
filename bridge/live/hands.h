// A driver that can be taken over by hand.
#pragma once

#include <memory>
#include <optional>

#include "bridge/driver/driver.h"
#include "engine/world/state.h"

namespace huntsman::bridge::live {

// Does what the hand does, where one is at the wheel; the other driver goes on perceiving and
// planning meanwhile, so that it can have the car back. Without another it holds a car at rest and
// lets a moving one roll until a hand comes.
class Hands final : public driver::Driver {
  public:
    explicit Hands(std::shared_ptr<driver::Driver> other) : other_(std::move(other)) {}

    // From the next camera tick on; nothing: the other driver drives.
    void take(const std::optional<engine::world::VehicleCommand>& command) { command_ = command; }

    std::string name() const override;
    bool needs_images() const override { return other_ && other_->needs_images(); }
    bool needs_truth() const override { return other_ && other_->needs_truth(); }
    void reset() override;
    engine::core::Result<messages::Action> drive(const driver::DriverInput& input) override;
    std::vector<std::string> notes() const override;

  private:
    std::shared_ptr<driver::Driver> other_;
    std::optional<engine::world::VehicleCommand> command_;
};

}  // namespace huntsman::bridge::live
