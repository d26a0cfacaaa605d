// A world from a road model: what a map file is driven as.
#pragma once

#include <cstdint>

#include "engine/core/result.h"
#include "engine/world/world.h"

namespace huntsman::scenarios::map {

struct MapParameters {
    std::uint64_t seed = 1;
    int vehicles = 20, pedestrians = 20;  // as many as find room
    double route_m = 900;                 // wanted length of the ego's route
};

// Roads, archetypes, environment, spawns and the ego's route; the rig is left empty. Maps far from
// their origin are moved near it, as pictures and physics want small numbers; the model's offset
// keeps the way back. The same model and parameters give the same world bit for bit. Errors name
// what the map lacks.
engine::core::Result<engine::world::World> build(engine::world::RoadModel model,
                                                 const MapParameters& parameters);

// Moves all roads by whole metres so that their middle is near the origin, where it was more than
// `far_m` away; adds the move to the model's offset.
void recentre(engine::world::RoadModel& model, double far_m = 2000);

}  // namespace huntsman::scenarios::map
