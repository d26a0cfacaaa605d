// All that is seen and hit: ground, buildings, trees, furniture, parked vehicles.
#pragma once

#include "engine/world/world.h"
#include "scenarios/town/layout.h"
#include "scenarios/town/network.h"
#include "scenarios/town/town.h"

namespace huntsman::scenarios::town {

// Fills the scene and the static objects of a world whose roads and archetypes are set.
void add_scenery(const TownParameters& parameters, const engine::core::Key& key,
                 const Layout& layout, const std::vector<SignalMast>& masts,
                 engine::world::World& world);

}  // namespace huntsman::scenarios::town
