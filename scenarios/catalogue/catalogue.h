// What stands and moves in a town: vehicles, people, trees, street furniture, as archetypes and
// meshes made from a few curves and numbers.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "engine/world/world.h"

namespace huntsman::scenarios::catalogue {

// Indices into the vector that `archetypes` returns.
constexpr std::uint32_t kSedan = 0, kHatchback = 1, kSuv = 2, kVan = 3, kTruck = 4, kBus = 5;
constexpr std::uint32_t kMan = 6, kWoman = 7, kChild = 8, kElder = 9;
constexpr std::uint32_t kArchetypes = 10;

// All archetypes; their meshes are appended to the scene.
std::vector<engine::world::Archetype> archetypes(engine::world::StaticScene& scene);

// An archetype for a uniform draw in [0, 1): moving traffic or parked vehicles (cars and vans).
std::uint32_t pick_vehicle(double draw, bool parked);
std::uint32_t pick_person(double draw);

// Colours of paint and cloth for two uniform draws: which one, and how bright. Linear.
std::array<float, 3> paint(double which, double shade);
std::array<float, 3> cloth(double which, double shade);

}  // namespace huntsman::scenarios::catalogue
