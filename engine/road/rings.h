// Roundabouts, found by their shape, and lanes that long vehicles get along.
#pragma once

#include <functional>
#include <vector>

#include "engine/world/road_network.h"

namespace huntsman::engine::road {

// The lanes of the roundabout that a lane lies on, in the order in which they are driven from it;
// empty where there is none. On a ring the way that bends most to the inside leads on, and after 40
// to 600 m of nearly one turn it comes back to its start, enclosing an area as round as a circle's
// (a block of houses is less so). Outside junctions all its lanes must be one-way, as `one_way`
// says.
std::vector<world::LaneId> ring_of(const world::RoadNetwork& network, world::LaneId start,
                                   const std::function<bool(world::LaneId)>& one_way);

// For each lane whether it lies on a roundabout, between its junctions or inside them.
std::vector<char> lanes_on_rings(const world::RoadNetwork& network);

// The sharpest bend that a city bus gets around without leaving its lane by far [m].
constexpr double kNarrow_m = 9.0;

// For each lane whether a bus can drive it and go on from it, to wherever the roads end, without a
// bend narrower than kNarrow_m. Going round a roundabout is not going on: one of its exits must do.
std::vector<char> lanes_for_buses(const world::RoadNetwork& network,
                                  const std::vector<char>& on_ring);

}  // namespace huntsman::engine::road
