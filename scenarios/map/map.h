// A world from a road model: what a map file is driven as, and what a generated town becomes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/random.h"
#include "engine/core/result.h"
#include "engine/world/world.h"
#include "scenarios/journey/way.h"

namespace huntsman::scenarios::map {

struct MapParameters {
    std::uint64_t seed = 1;
    int vehicles = 20;  // 0..200; as many as find room
    // 0..500, and no more than the walkways hold. Without a number 60, or as many as they hold.
    std::optional<int> pedestrians;
    double route_m = 900;       // wanted length of the ego's route, 100..20000
    double parked_share = 0.4;  // share of parking places taken, 0..1
    // What stands beside the roads: see dressing.h.
    double density = 0.45, age = 0.5;
    journey::Way way = {};  // of the ego, as far as it is given
};

// Names the parameter that is out of range.
engine::core::Status check(const MapParameters& parameters);

// Roads, scene, archetypes, static objects, environment, spawns and the ego's route; the rig is
// left empty. Maps far from their origin are moved near it, as pictures and physics want small
// numbers; the model's offset keeps the way back. The same model and parameters give the same world
// bit for bit. Errors name what the map lacks. `left_out` gets a sentence for each object that the
// world does not show.
engine::core::Result<engine::world::World> build(engine::world::RoadModel model,
                                                 const MapParameters& parameters,
                                                 std::vector<std::string>* left_out = nullptr);

// Moves all roads by whole metres so that their middle is near the origin, where it was more than
// `far_m` away; adds the move to the model's offset.
void recentre(engine::world::RoadModel& model, double far_m = 2000);

}  // namespace huntsman::scenarios::map
