// Lots along the roads, their buildings and gardens.
#pragma once

#include <vector>

#include "scenarios/dressing/builder.h"
#include "scenarios/dressing/dressing.h"
#include "scenarios/dressing/fronts.h"
#include "scenarios/dressing/land.h"

namespace huntsman::scenarios::dressing {

// A piece of land with a house on it. u runs along the road's side, v away from it.
struct Lot {
    Vec2 origin{0, 0};  // middle of its front
    Vec2 u{1, 0}, v{0, 1};
    double width_m = 0, depth_m = 0;
    double setback_m = 0;  // front garden
    Box2 house;
    bool garden = false;  // has a front garden with a fence or hedge
};

// Chooses parks, cuts lots, places buildings. Zones of yards and paths are appended.
std::vector<Lot> add_houses(const DressingParameters& parameters,
                            const engine::road::RoadGeometry& geometry,
                            const std::vector<Front>& fronts, Land& land, const LandHeight& height,
                            std::vector<Zone>& zones, Builder& builder);

// Rows of far buildings around the town, so that the view ends in a skyline.
void add_skyline(const DressingParameters& parameters, const Land& land, const LandHeight& height,
                 Builder& builder);

}  // namespace huntsman::scenarios::dressing
