// What a driver is given at a camera tick: what there is, as the run's faults spoil it; and, for
// its ideal parts, what could be seen.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "bridge/driver/driver.h"
#include "bridge/faults/injection.h"
#include "bridge/loop/actual.h"
#include "bridge/parts/part.h"
#include "engine/core/random.h"
#include "engine/render/view.h"
#include "engine/world/state.h"
#include "engine/world/world.h"

namespace huntsman::bridge::loop {

class DriverSight {
  public:
    // `frame_s`: from a camera tick to the next. `ways`: where the others will go, for the part
    // that knows it; may be null. All must outlive the object.
    DriverSight(std::span<const faults::Fault> faults, std::span<const parts::Part> ideal,
                const Ways* ways, const engine::world::World& world, double frame_s);

    // The observation with its route as the faults have it. At each camera tick, before `of`.
    void misplace(messages::Observation& observation);
    // The route of the last observation as it is.
    const messages::Route& true_route(const messages::Observation& observation) const {
        return faults_.empty() ? observation.route() : true_route_;
    }

    // Nothing comes to the driver at this frame.
    bool lost(std::uint64_t frame) const { return arrivals_.lost(frame); }
    // At this frame, of the pictures in the rig's order. Views of what is given here and of this
    // object: valid until the next call.
    driver::DriverInput of(const driver::Driver& driver, const engine::world::State& state,
                           const messages::Observation& observation, std::uint64_t frame,
                           std::span<const engine::render::Frame> frames);

  private:
    std::span<const faults::Fault> faults_;
    std::span<const parts::Part> ideal_;
    const engine::world::World& world_;
    engine::core::Key key_;
    faults::Arrivals arrivals_;
    faults::Sights sights_;  // of the last frames, where there are faults
    messages::Route true_route_;
    std::optional<messages::Perception> truth_;
    std::optional<Actual> actual_;     // where ideal parts need it
    messages::Perception actual_now_;  // of the last frame
    std::vector<driver::CameraPicture> pictures_;
};

}  // namespace huntsman::bridge::loop
