// From a driver's action to the pedals of a tick, with the run's latency.
#pragma once

#include <deque>
#include <optional>

#include "bridge/faults/injection.h"
#include "bridge/messages/huntsman.pb.h"
#include "engine/core/time.h"
#include "engine/math/transform.h"
#include "engine/world/state.h"
#include "engine/world/world.h"

namespace huntsman::bridge::loop {

class Controller {
  public:
    explicit Controller(const engine::world::Archetype& ego,
                        const faults::Actuation& actuation = {})
        : ego_(ego), actuation_(actuation) {}

    // An action made from the state at `made_us`, not before those added already, with the ego at
    // X_WB, to take effect at `effect_us`, or as much later as the actuation is late. The newest
    // action that has come into effect holds: those made before this one that would take effect no
    // earlier never do and are dropped. Returns how many of them are of an earlier state.
    std::size_t add(const messages::Action& action, engine::core::TimeUs made_us,
                    engine::core::TimeUs effect_us, const engine::math::RigidTransform& X_WB);

    // Until the first action takes effect the car does this. Without it a car at rest is held and
    // one on its way rolls on.
    void hold(const engine::world::VehicleCommand& command) { held_ = command; }

    // The command at this time.
    engine::world::VehicleCommand command(const engine::world::ActorState& ego,
                                          engine::core::TimeUs time_us);

  private:
    struct Pending {
        messages::Action action;
        engine::core::TimeUs made_us = 0, effect_us = 0;
        engine::math::RigidTransform X_WB;
    };
    engine::world::VehicleCommand follow(const Pending& pending,
                                         const engine::world::ActorState& ego,
                                         engine::core::TimeUs time_us) const;

    engine::world::Archetype ego_;
    faults::Actuation actuation_;
    std::optional<engine::world::VehicleCommand> held_;
    // In the order of making and of effect; the first is in effect once its time has come.
    std::deque<Pending> pending_;
};

}  // namespace huntsman::bridge::loop
