#include "bridge/driver/driver.h"
#include "bridge/driver/planner.h"

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

class OracleDriver final : public Driver {
  public:
    explicit OracleDriver(std::function<messages::Perception()> truth) : truth_(std::move(truth)) {}
    std::string name() const override { return "oracle"; }
    bool needs_images() const override { return false; }
    void reset() override { planner_.reset(); }
    engine::core::Result<messages::Action> drive(
        const messages::Observation& observation) override {
        messages::Action action;
        *action.mutable_perception() = truth_();
        *action.mutable_pedals() = planner_.plan(observation, action.perception());
        return action;
    }

  private:
    std::function<messages::Perception()> truth_;
    Planner planner_;
};

}  // namespace

std::unique_ptr<Driver> make_none_driver() { return std::make_unique<NoneDriver>(); }

std::unique_ptr<Driver> make_oracle_driver(std::function<messages::Perception()> truth) {
    return std::make_unique<OracleDriver>(std::move(truth));
}

}  // namespace huntsman::bridge::driver
