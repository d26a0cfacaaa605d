// The ego's route through a road network, and who stands where at the start.
#pragma once

#include "engine/core/random.h"
#include "engine/core/result.h"
#include "engine/world/world.h"

namespace huntsman::scenarios::journey {

struct JourneyParameters {
    int vehicles = 20;     // driving, without the ego; 0..200
    int pedestrians = 20;  // 0..500; none where a map has no pavements
    double route_m = 900;  // wanted length of the ego's route, 100..20000
    engine::core::Key key{0};
    // Whether as many vehicles and people as find room are enough: for maps whose size one did not
    // choose.
    bool as_many_as_fit = false;
};

// Names the parameter that is out of range.
engine::core::Status check(const JourneyParameters& parameters);

// Fills ego_route, ego_goal_s_m and all spawns of a world whose roads and archetypes are set. The
// route may be shorter than wanted where roads end.
engine::core::Status add_journey(const JourneyParameters& parameters, engine::world::World& world);

}  // namespace huntsman::scenarios::journey
