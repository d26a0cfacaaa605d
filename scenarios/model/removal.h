// Leaving out of a world what was generated there: road users and parked vehicles.
#pragma once

#include <set>
#include <vector>

#include "engine/core/result.h"
#include "engine/world/world.h"

namespace huntsman::scenarios::model {

// Takes these spawns and objects out, and the objects' instances in the scene.
void leave_out(const std::set<engine::world::ActorId>& gone, engine::world::World& world);

// The same for those whom a scenario removes. Errors name an id that is the ego's, or of nobody who
// was generated: spawns, and objects that have a label (parked vehicles).
engine::core::Status remove_actors(const std::vector<engine::world::ActorId>& removed,
                                   engine::world::World& world);

}  // namespace huntsman::scenarios::model
