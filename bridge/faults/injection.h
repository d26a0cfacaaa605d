// What faults do: on the way from the world to the driver, and from the driver to the car.
#pragma once

#include <cstdint>
#include <deque>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "bridge/faults/fault.h"
#include "bridge/messages/huntsman.pb.h"
#include "engine/core/random.h"
#include "engine/core/result.h"
#include "engine/world/rig.h"
#include "engine/world/state.h"

namespace huntsman::bridge::faults {

// What the car makes of its driver's commands.
struct Actuation {
    double late_ms = 0;  // beyond the run's latency
    double steer_limit_rad = std::numeric_limits<double>::infinity();
    double throttle_limit = 1, brake_limit = 1;
    double brake_share = 1;       // of the braking that takes effect
    double steer_offset_rad = 0;  // to the left

    engine::world::VehicleCommand operator()(engine::world::VehicleCommand command) const;
};
// Those of all faults together.
Actuation actuation_of(std::span<const Fault> faults);

// Changes what a driver is told of its map: where the route lies and how fast one may drive.
void misplace(std::span<const Fault> faults, messages::Route& route);

// Takes out of a true perception what the driver is blind to, and shows it wrong signals.
void deceive(std::span<const Fault> faults, bool night, const messages::EgoVehicle& vehicle,
             messages::Perception& perception);

// Puts the drift of cameras into the rig that is rendered. Error: a fault names a camera that the
// rig has not.
engine::core::Status unsettle(std::span<const Fault> faults, engine::world::Rig& rig);

// Spoils a picture of this camera, height × width × 3. The dirt of a camera stays where it is.
void soil(std::span<const Fault> faults, const engine::core::Key& key,
          const engine::world::Camera& camera, std::span<std::uint8_t> rgb);

// Which of the frames so far comes at each frame.
class Arrivals {
  public:
    // `frame_s`: from a frame to the next.
    Arrivals(std::span<const Fault> faults, const engine::core::Key& key, double frame_s);
    // Nothing comes.
    bool lost(std::uint64_t frame) const;
    // The frame that comes at this one.
    std::uint64_t at(std::uint64_t frame) const;
    // How far back that may lie.
    std::size_t depth() const { return depth_; }

  private:
    struct Keyed {
        Fault fault;
        engine::core::Key key;
        std::uint64_t frames = 0;  // how late, or how long it stands still
    };
    std::vector<Keyed> faults_;
    std::size_t depth_ = 0;
};

// What a driver is given at a frame besides its observation.
struct Sight {
    std::uint64_t frame = 0;
    std::vector<std::vector<std::uint8_t>> pictures;  // by camera; empty where none are looked at
    messages::Perception truth;
    messages::Perception actual;  // what could be seen, where somebody asks
};
// The sights of the last frames.
class Sights {
  public:
    // Keeps the newest and `depth` before it.
    void add(Sight sight, std::size_t depth);
    // That of a frame, or the oldest there is.
    const Sight& of(std::uint64_t frame) const;

  private:
    std::deque<Sight> kept_;
};

// What the faults cannot do in such a run, a sentence each.
std::vector<std::string> idle_faults(std::span<const Fault> faults, bool sees_pictures,
                                     bool sees_truth);

}  // namespace huntsman::bridge::faults
