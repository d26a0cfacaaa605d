#include "bridge/driver/perceiving.h"

#include <utility>

namespace huntsman::bridge::driver {

using engine::core::Result;

void PerceivingDriver::reset() {
    planner_.reset();
    ideal_.reset();
    past_.clear();
    forget();
}

Result<messages::Action> PerceivingDriver::drive(const DriverInput& input) {
    HM_TAKE(Perceived perceived, perceive(input));
    improve(input, perceived);
    messages::Action action;
    const bool ideal = parts::has<parts::Planning>(input.ideal);
    *action.mutable_pedals() = ideal ? planner_.plan(input.observation, perceived.perception)
                                     : plan(input.observation, perceived.perception);
    *action.mutable_perception() = std::move(perceived.perception);
    return action;
}

messages::Pedals PerceivingDriver::plan(const messages::Observation& observation,
                                        const messages::Perception& perception) {
    return planner_.plan(observation, perception);
}

void PerceivingDriver::improve(const DriverInput& input, Perceived& perceived) {
    if (input.actual == nullptr) return;
    past_.push_back({input.observation.time_us(), *input.actual});
    while (past_.size() > 1 && past_.front().time_us < perceived.time_us) past_.pop_front();
    ideal_.improve(input.ideal, past_.front().actual, perceived.perception);
}

namespace {

class IdeallyPlanned final : public Driver {
  public:
    explicit IdeallyPlanned(std::unique_ptr<Driver> driver) : driver_(std::move(driver)) {}
    std::string name() const override { return driver_->name(); }
    bool needs_images() const override { return driver_->needs_images(); }
    bool needs_truth() const override { return driver_->needs_truth(); }
    std::vector<std::string> notes() const override { return driver_->notes(); }
    void reset() override {
        driver_->reset();
        planner_.reset();
        ideal_.reset();
    }
    Result<messages::Action> drive(const DriverInput& input) override {
        HM_TAKE(messages::Action action, driver_->drive(input));
        if (!parts::has<parts::Planning>(input.ideal) || !action.has_perception()) return action;
        if (input.actual != nullptr) {
            ideal_.improve(input.ideal, *input.actual, *action.mutable_perception());
        }
        *action.mutable_pedals() = planner_.plan(input.observation, action.perception());
        return action;
    }

  private:
    std::unique_ptr<Driver> driver_;
    Planner planner_;
    parts::IdealPerception ideal_;
};

}  // namespace

std::unique_ptr<Driver> with_ideal_planning(std::unique_ptr<Driver> driver) {
    return std::make_unique<IdeallyPlanned>(std::move(driver));
}

}  // namespace huntsman::bridge::driver
