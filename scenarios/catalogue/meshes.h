// Meshes of actors, built from profiles. Internal to the catalogue.
#pragma once

#include "engine/world/world.h"

namespace huntsman::scenarios::catalogue {

// Body and four wheels of a vehicle archetype (kSedan ... kBus), appended to the scene.
void add_vehicle_parts(std::uint32_t kind, engine::world::Archetype& archetype,
                       engine::world::StaticScene& scene);

// Body, head, arms and legs of a person (kMan ... kElder).
void add_person_parts(std::uint32_t kind, engine::world::Archetype& archetype,
                      engine::world::StaticScene& scene);

}  // namespace huntsman::scenarios::catalogue
