#include "bridge/driver/driver.h"

namespace huntsman::bridge::driver {
namespace {

class NoneDriver final : public Driver {
  public:
    std::string name() const override { return "none"; }
    bool needs_images() const override { return false; }
    void reset() override {}
    engine::core::Result<messages::Action> drive(const messages::Observation&) override {
        messages::Action action;
        action.mutable_pedals()->set_brake(0.2);
        return action;
    }
};

}  // namespace

std::unique_ptr<Driver> make_none_driver() { return std::make_unique<NoneDriver>(); }

}  // namespace huntsman::bridge::driver
