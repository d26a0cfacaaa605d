// The seam where a driving network or program is put in.
//
// A Driver is given the ego's moment at each camera tick and answers with an Action, which takes
// effect after the run's latency (bridge/loop/latency.h). Frames may be missing: those that a fault
// drops, and with a measured latency those that come while the driver is busy. A driver must be a
// function of what it has been given since `reset` and of nothing else: no clock, no shared random
// numbers, a fixed number of threads.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "bridge/messages/huntsman.pb.h"
#include "bridge/parts/part.h"
#include "engine/core/result.h"
#include "engine/world/rig.h"

namespace huntsman::bridge::driver {

// The latest picture of one camera: a view of buffers that belong to whoever gives it.
struct CameraPicture {
    const engine::world::Camera* camera = nullptr;  // as its data file says
    std::span<const std::uint8_t> rgb;  // height × width × 3, rows from the top, 8-bit sRGB
};

// What a driver is given; valid during the call.
struct DriverInput {
    const messages::Observation& observation;     // without its cameras
    std::span<const CameraPicture> pictures;      // in the rig's order; empty unless needs_images()
    const messages::Perception* truth = nullptr;  // what is truly there; null unless needs_truth()
    bool night = false;  // the sun is 6° below the horizon; for whoever has no pictures
    // Parts of the run that are ideal, and what could be seen from the car; null where none of them
    // is about what is perceived. For drivers of bridge/driver/perceiving.h.
    std::span<const parts::Part> ideal;
    const messages::Perception* actual = nullptr;
};

class Driver {
  public:
    virtual ~Driver() = default;
    virtual std::string name() const = 0;
    virtual bool needs_images() const = 0;
    virtual bool needs_truth() const { return false; }
    virtual void reset() = 0;
    virtual engine::core::Result<messages::Action> drive(const DriverInput& input) = 0;
    // What has been odd about its answers since `reset` though they could be used, a sentence each
    // kind, as steering far beyond what the wheels can.
    virtual std::vector<std::string> notes() const { return {}; }
};

// Brakes gently and does nothing else: the floor that every driver is compared with.
std::unique_ptr<Driver> make_none_driver();

// The planner on ground truth.
std::unique_ptr<Driver> make_oracle_driver();

// Keeps the speed that it has at the first observation (the speed limit where it stands then) on
// its route, slower in bends alone, and reacts to nobody: what a dangerous situation is measured
// by.
std::unique_ptr<Driver> make_constant_driver();

// The same with the reactions of the competent and careful human driver of UN R157, see r157.h:
// what an avoidable situation is measured by. Neither stops at lights and signs.
std::unique_ptr<Driver> make_r157_driver();

// The message form of pictures, which copies them: for drivers in other processes.
void add_cameras(std::span<const CameraPicture> pictures, messages::Observation& observation);

}  // namespace huntsman::bridge::driver
