// Which stretches of roads are bridges and tunnels, and the outline of each kind.
#pragma once

#include "scenarios/streets/streets.h"
#include "scenarios/streets/surface/sheet.h"

namespace huntsman::scenarios::streets {

enum class Level : std::uint8_t { kGround, kBridge, kTunnel };

struct Stretch {
    Level level = Level::kGround;
    double s_begin_m = 0, s_end_m = 0;
};

// Stretches of each road that are not on the ground, sorted: structures that the model names, and
// where a road passes more than 3 m above another one.
std::vector<std::vector<Stretch>> find_stretches(const engine::road::RoadGeometry& geometry);

// Outline of the sheets of one level of welded sheets; `take` says which sheets count.
std::vector<OutlinePolygon> outline_of(const std::vector<Sheet>& sheets,
                                       const std::vector<bool>& take);

}  // namespace huntsman::scenarios::streets
