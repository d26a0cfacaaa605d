#include "scenarios/catalogue/meshes.h"
namespace huntsman::scenarios::catalogue {
void add_vehicle_parts(std::uint32_t, engine::world::Archetype&, engine::world::StaticScene&) {}
void add_person_parts(std::uint32_t, engine::world::Archetype&, engine::world::StaticScene&) {}
}  // namespace huntsman::scenarios::catalogue
