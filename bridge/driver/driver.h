// The seam where a driving network or program is put in.
//
// A Driver is given an Observation at each camera tick and answers with an Action, which takes
// effect after the run's latency. A driver must be a function of the observations it has been given
// since `reset` and of nothing else: no clock, no shared random numbers, a fixed number of threads.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "bridge/messages/huntsman.pb.h"
#include "engine/core/result.h"

namespace huntsman::bridge::driver {

class Driver {
  public:
    virtual ~Driver() = default;
    virtual std::string name() const = 0;
    // Whether `drive` looks at the observation's images; it gets none otherwise.
    virtual bool needs_images() const = 0;
    virtual void reset() = 0;
    virtual engine::core::Result<messages::Action> drive(
        const messages::Observation& observation) = 0;
    // What has been odd about its answers since `reset` though they could be used, a sentence each
    // kind, as steering far beyond what the wheels can.
    virtual std::vector<std::string> notes() const { return {}; }
};

// Brakes gently and does nothing else: the floor that every driver is compared with.
std::unique_ptr<Driver> make_none_driver();

// The planner on ground truth. `truth` gives what is truly there at the moment of the observation.
std::unique_ptr<Driver> make_oracle_driver(std::function<messages::Perception()> truth);

}  // namespace huntsman::bridge::driver
