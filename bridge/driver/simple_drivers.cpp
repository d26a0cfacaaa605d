#include "bridge/driver/driver.h"
#include "bridge/driver/perceiving.h"

namespace huntsman::bridge::driver {
namespace {

class NoneDriver final : public Driver {
  public:
    std::string name() const override { return "none"; }
    bool needs_images() const override { return false; }
    void reset() override {}
    engine::core::Result<messages::Action> drive(const DriverInput&) override {
        messages::Action action;
        action.mutable_pedals()->set_brake(0.2);
        return action;
    }
};

class OracleDriver final : public PerceivingDriver {
  public:
    std::string name() const override { return "oracle"; }
    bool needs_images() const override { return false; }
    bool needs_truth() const override { return true; }

  protected:
    void forget() override {}
    engine::core::Result<Perceived> perceive(const DriverInput& input) override {
        HM_CHECK(input.truth != nullptr, "the oracle was not given the truth");
        return Perceived{*input.truth, input.observation.time_us()};
    }
};

}  // namespace

std::unique_ptr<Driver> make_none_driver() { return std::make_unique<NoneDriver>(); }

std::unique_ptr<Driver> make_oracle_driver() { return std::make_unique<OracleDriver>(); }

}  // namespace huntsman::bridge::driver
