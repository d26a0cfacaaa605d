// Everything beside the roads: ground, buildings, gardens, trees, lamps, parked vehicles and a
// skyline. It is made from the road model alone, so that another's map and a generated town are
// dressed alike.
#pragma once

#include <string>

#include "engine/core/random.h"
#include "engine/core/result.h"
#include "engine/road/road_geometry.h"
#include "engine/world/world.h"
#include "scenarios/catalogue/catalogue.h"
#include "scenarios/streets/streets.h"

namespace huntsman::scenarios::dressing {

struct DressingParameters {
    double density = 0.5;       // 0 villas among gardens .. 1 closed blocks of many storeys
    double age = 0.5;           // 0 new .. 1 old
    double parked_share = 0.4;  // share of parking places taken
    engine::core::Key key{0};
};

// Appends terrain, meshes, instances and static objects to a world whose roads, archetypes (those
// of the catalogue) and streets are there. Nothing solid stands on a road, and nothing stands in
// another. An error says how large the land would be, where it is too large: by more than 38 km to
// a side or 400 km2.
engine::core::Status dress(const DressingParameters& parameters,
                           const catalogue::Catalogue& catalogue,
                           const engine::road::RoadGeometry& geometry,
                           const streets::Streets& streets, engine::world::World& world);

}  // namespace huntsman::scenarios::dressing
