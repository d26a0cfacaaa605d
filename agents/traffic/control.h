// From a driver's mind to steering wheel, pedals and lamps.
#pragma once

#include "agents/traffic/scene.h"

namespace huntsman::agents::traffic {

// Follows the route: updates the place on the lane, steers by pure pursuit, presses pedals for the
// wanted acceleration, sets lamps.
void drive(const LaneBook& book, const world::World& world, engine::core::TimeUs time_us,
           world::ActorState& actor);

}  // namespace huntsman::agents::traffic
