// From a driver's mind to steering wheel, pedals and lamps.
#pragma once

#include "agents/traffic/scene.h"

namespace huntsman::agents::traffic {

// Follows the route: updates the place on the lane, steers by pure pursuit, presses pedals for the
// wanted acceleration, sets lamps.
void drive(const LaneBook& book, const world::World& world, bool dipped_beam,
           world::ActorState& actor);

// How far ahead on its way a driver aims, at a speed and a distance beside the way.
double aim_ahead_m(const world::VehicleSpec& spec, double speed_mps, double beside_m);

// Lamps that follow from pedals and darkness alone, as bits of world::Lamp.
std::uint32_t lamps_of(const world::ActorState& actor, bool dipped_beam);

// Whether drivers light their lamps: at dusk, in rain and fog, and under thick cloud.
bool wants_dipped_beam(const world::Environment& sky);

}  // namespace huntsman::agents::traffic
