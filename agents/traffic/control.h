// From a driver's mind to steering wheel, pedals and lamps.
#pragma once

#include "agents/traffic/scene.h"

namespace huntsman::agents::traffic {

// Follows the route: updates the place on the lane, steers by pure pursuit, presses pedals for the
// wanted acceleration, sets lamps.
void drive(const LaneBook& book, const world::World& world, bool dipped_beam,
           world::ActorState& actor);

// Whether drivers light their lamps: at dusk, in rain and fog, and under thick cloud.
bool wants_dipped_beam(const world::Environment& sky);

}  // namespace huntsman::agents::traffic
