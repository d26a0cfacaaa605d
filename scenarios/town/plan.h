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

}  // namespace huntsman::scenarios::town
