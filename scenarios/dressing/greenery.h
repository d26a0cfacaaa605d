// Trees, hedges, lamps, benches and parked vehicles.
#pragma once

#include <vector>

#include "scenarios/catalogue/furniture.h"
#include "scenarios/dressing/houses.h"

namespace huntsman::scenarios::dressing {

struct Scene {
    const DressingParameters& parameters;
    const catalogue::Catalogue& catalogue;
    const engine::road::RoadGeometry& geometry;
    const Land& land;
    const LandHeight& height;
    Builder& builder;
};

// Lamps, street trees, benches and bins on pavements, clear of the way along their middle.
void add_pavement_furniture(Scene& scene, const std::vector<Front>& fronts);

// Hedges and fences of front gardens, trees of yards, parks and the land outside.
void add_greenery(Scene& scene, const std::vector<Lot>& lots, std::vector<Zone>& zones);

// Vehicles in parking places: objects of the model, and parking lanes where it has none.
void add_parked(Scene& scene);

}  // namespace huntsman::scenarios::dressing
