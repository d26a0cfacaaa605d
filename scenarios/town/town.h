// Procedural towns: a complete World from a seed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/core/random.h"
#include "engine/core/result.h"
#include "engine/world/world.h"
#include "scenarios/journey/way.h"

namespace huntsman::scenarios::town {

// The character of a town. Shares and levels are 0..1.
struct TownStyle {
    double density = 0.5;           // of building: villas among gardens to closed blocks of storeys
    double age = 0.5;               // 0 new: regular grid, wide streets; 1 old: crooked, narrow
    double block_m = 105;           // wanted side of a block, 80..160
    double hilliness = 0.3;         // 1: slopes of up to 7 %
    double one_way_share = 0.15;    // of local streets
    double dead_end_share = 0.3;    // of streets that do not run through
    double roundabout_share = 0.2;  // of small junctions
    double cycle_share = 0.3;       // of arterials and their like with cycle lanes
    double works_share = 0.06;      // of streets with roadworks
    bool motorway = false;          // a motorway with an interchange around the town
    bool railway = false;           // a railway on a viaduct through the town
    bool left_hand = false;         // traffic drives on the left
    std::string country = "DE";     // of signs and marks: "DE" (Vienna style) or "US"
};

struct TownParameters {
    std::uint64_t seed = 1;
    double size_m = 560;             // side of the square of streets, 500 to 3000
    int vehicles = 20;               // driving, without the ego; 0..200
    std::optional<int> pedestrians;  // 0..500; see map.h
    double parked_share = 0.4;       // share of parking places taken, 0..1
    double route_m = 900;            // wanted length of the ego's route
    journey::Way way;                // of the ego, as far as it is given

    // What is left open is drawn from the seed.
    std::optional<double> density, age, block_m, hilliness, one_way_share, dead_end_share,
        roundabout_share, cycle_share, works_share;
    std::optional<bool> motorway, railway, left_hand;
    std::optional<std::string> country;
};

// The character that a town of these parameters has.
TownStyle style_of(const TownParameters& parameters);

// The roads alone: valid OpenDRIVE. The same parameters give the same model bit for bit. Errors
// name the parameter that is out of range.
engine::core::Result<engine::world::RoadModel> generate_roads(const TownParameters& parameters);

// Road network, scene, archetypes, static objects, environment, spawns and the ego's route; the rig
// is left empty. The same parameters give the same world bit for bit.
engine::core::Result<engine::world::World> generate(const TownParameters& parameters);

}  // namespace huntsman::scenarios::town
