// The ego's route, and who stands where at the start.
#pragma once

#include "engine/core/random.h"
#include "engine/core/result.h"
#include "engine/world/world.h"
#include "scenarios/town/town.h"

namespace huntsman::scenarios::town {

// Fills ego_route, ego_goal_s_m and all spawns of a world whose roads and archetypes are set.
engine::core::Status add_journey(const TownParameters& parameters, const engine::core::Key& key,
                                 engine::world::World& world);

}  // namespace huntsman::scenarios::town
