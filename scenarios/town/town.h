// Procedural towns: a complete World from a seed.
#pragma once

#include <cstdint>

#include "engine/core/result.h"
#include "engine/world/world.h"

namespace huntsman::scenarios::town {

struct TownParameters {
    std::uint64_t seed = 1;
    double size_m = 560;        // side of the square; area at least 0.25 km²
    int vehicles = 20;          // driving, without the ego; 0..200
    int pedestrians = 20;       // 0..500
    double parked_share = 0.4;  // share of parking places taken, 0..1
    double route_m = 900;       // wanted length of the ego's route
};

// Road network, scene, archetypes, static objects, environment, spawns and the ego's route; the rig
// is left empty. The same parameters give the same world bit for bit. Errors name the parameter
// that is out of range.
engine::core::Result<engine::world::World> generate(const TownParameters& parameters);

}  // namespace huntsman::scenarios::town
