// Meshes of actors, built from profiles. Internal to the catalogue.
#pragma once

#include <vector>

#include "engine/world/world.h"
#include "scenarios/catalogue/models.h"

namespace huntsman::scenarios::catalogue {

constexpr const char* kWheelMesh = "wheel";

// What parts of vehicles and people can show, and where people's parts hang.
std::vector<const char*> vehicle_meshes();
std::vector<const char*> person_meshes();
std::vector<const char*> person_joints();

// The parts of an archetype whose measures are there, with their meshes appended to the scene.
void add_vehicle_parts(const VehicleModel& model, engine::world::Archetype& archetype,
                       engine::world::StaticScene& scene);
// And its body points.
void add_person_parts(const PersonModel& model, engine::world::Archetype& archetype,
                      engine::world::StaticScene& scene);

}  // namespace huntsman::scenarios::catalogue
