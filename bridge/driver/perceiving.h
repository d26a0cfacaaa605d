// Drivers of two steps: they perceive, then they plan on what they perceive. Ideal parts of the run
// (bridge/parts) come in between.
#pragma once

#include <cstdint>
#include <deque>

#include "bridge/driver/driver.h"
#include "bridge/driver/planner.h"
#include "bridge/parts/ideal.h"

namespace huntsman::bridge::driver {

class PerceivingDriver : public Driver {
  public:
    void reset() final;
    // The answer's perception is what it has planned on.
    engine::core::Result<messages::Action> drive(const DriverInput& input) final;

  protected:
    struct Perceived {
        messages::Perception perception;
        std::int64_t time_us = 0;  // of the observation that it is of, this one or an earlier one
    };
    virtual void forget() = 0;  // everything since the last reset
    virtual engine::core::Result<Perceived> perceive(const DriverInput& input) = 0;
    // The shared planner, unless a driver has one of its own.
    virtual messages::Pedals plan(const messages::Observation& observation,
                                  const messages::Perception& perception);

  private:
    void improve(const DriverInput& input, Perceived& perceived);

    Planner planner_;
    parts::IdealPerception ideal_;
    struct Past {
        std::int64_t time_us = 0;
        messages::Perception actual;
    };
    std::deque<Past> past_;  // what could be seen lately, where that is given
};

// For drivers that answer an action and what they perceived at once: where planning is an ideal
// part of the run, the shared planner drives on that perception. Such a driver without perception
// drives as it does.
std::unique_ptr<Driver> with_ideal_planning(std::unique_ptr<Driver> driver);

}  // namespace huntsman::bridge::driver
