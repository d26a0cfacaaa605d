// A world seen from above, as a drawing.
#pragma once

#include <string>
#include <vector>

#include "engine/world/world.h"

namespace huntsman::scenarios::town {

// SVG element of lanes, junctions, crossings, walkways, static objects, signals, spawns and the
// ego's route; north is up. `track` adds a driven line [m, in W], if any.
std::string plan_svg(const engine::world::World& world,
                     const std::vector<engine::math::Vec2>& track = {});

// Side of the square about W's origin that the drawing shows [m].
double plan_side_m(const engine::world::World& world);

}  // namespace huntsman::scenarios::town
