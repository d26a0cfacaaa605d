// From a driver's mind to steering wheel, pedals and lamps.
#pragma once

#include <span>

#include "agents/conduct/lane_book.h"
#include "engine/world/state.h"

namespace huntsman::agents::traffic {

using conduct::LaneBook;
namespace math = engine::math;
namespace world = engine::world;

struct LampsInUse {
    bool dipped_beam = false;
    bool blue_light = false;  // of an emergency vehicle
};

// Follows the route: updates the place on the lane, steers by pure pursuit, presses pedals for the
// wanted acceleration, sets lamps.
void drive(const LaneBook& book, const world::World& world, const LampsInUse& in_use,
           world::ActorState& actor);

// Lamps that follow from pedals and darkness alone, as bits of world::Lamp.
std::uint32_t lamps_of(const world::ActorState& actor, bool dipped_beam);

// Indicators of a vehicle that somebody else drives along a route, as bits of world::Lamp.
std::uint32_t route_lamps(const LaneBook& book, std::span<const world::LaneId> route,
                          const world::ActorState& actor);

// Whether drivers light their lamps: at dusk, in rain and fog, and under thick cloud.
bool wants_dipped_beam(const world::Environment& sky);

}  // namespace huntsman::agents::traffic
