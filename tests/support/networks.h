// Small hand-made road networks with known numbers.
#pragma once

#include "engine/world/road_network.h"

namespace huntsman::tests {

// A straight street along the x axis from x = 0 to `length_m`, lanes 3.5 m wide, 13.9 m/s:
// lane 0 runs east at y = -1.75, lane 1 west at y = +1.75. No junctions, no pavements.
engine::world::RoadNetwork straight_road(double length_m = 500.0);

// Two lanes of one direction along x: lane 0 right (y = -1.75), lane 1 left (y = +1.75),
// neighbours.
engine::world::RoadNetwork two_lane_one_way(double length_m = 500.0);

// One lane: an arc to the left of radius `radius_m` from the origin, heading east, of `angle_rad`;
// samples every metre.
engine::world::RoadNetwork arc(double radius_m, double angle_rad);

// A four-way junction centred on the origin with four arms of 100 m (from 12 m to 112 m), one lane
// a direction, right-hand traffic, 3.5 m wide.
//   Arms: 0 east, 1 north, 2 west, 3 south. Lane 2·arm comes in, lane 2·arm + 1 goes out.
//   Lanes 8 + 3·arm + k are the connections from that arm: k = 0 right, 1 straight, 2 left.
// Outgoing lanes have no successors. The stop line is 1 m before the end of each incoming lane.
// Signalled: group 0 for arms 0 and 2, group 1 for arms 1 and 3; a cycle of 60 s:
//   group 0: 0..25 green, 25..28 yellow, 28..59 red, 59..60 red-yellow;
//   group 1: 0..29 red, 29..30 red-yellow, 30..55 green, 55..58 yellow, 58..60 red.
// Not signalled: arms 0 and 2 are the main road, arms 1 and 3 have yield signs.
engine::world::RoadNetwork four_way(bool signalled);

}  // namespace huntsman::tests
