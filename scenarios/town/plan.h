// A world seen from above, as a drawing.
#pragma once

#include <string>
#include <vector>

#include "engine/world/world.h"

namespace huntsman::scenarios::town {

// SVG of lanes, junctions, crossings, walkways, static objects, signals, spawns and the ego's
// route; 1 unit is 1 m, north is up. `track` adds a driven line, if any.
std::string plan_svg(const engine::world::World& world,
                     const std::vector<engine::math::Vec2>& track = {});

}  // namespace huntsman::scenarios::town
