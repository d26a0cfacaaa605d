// Which connections of a junction meet, where, and who gives way.
#pragma once

#include <span>

#include "engine/world/road_network.h"

namespace huntsman::engine::road {

// Fills `conflicts` of all connections of a junction from their geometry, and `yields` by rule.
//
// Two connections from different entry lanes conflict where their centre lines come closer than 80
// % of the mean lane width. The rule of way is a strict order of connections, so that no ring of
// vehicles can wait for each other:
//   1. control of the entry: none or signal, then yield, then stop;
//   2. `way_level` of the lane, where given (by lane id): the lower goes first;
//   3. straight on and right turns before left turns and U-turns;
//   4. right before left: entries are ranked by taking, again and again, one that has no remaining
//      entry on its right (the lowest lane id where each has one);
//   5. the lower lane id.
// Where traffic drives on the left, left and right change places in rules 3 and 4. At a signalised
// junction only connections that are green together (in any phase) yield, by rules 2 to 5: a
// permissive left turn gives way to oncoming traffic.
//
// Uses `control`, `turn`, `signal_group` and `predecessors` of the connections. Cost: about 1 ms
// for a junction of 20 connections.
void compute_conflicts(world::RoadNetwork& network, world::JunctionId junction,
                       std::span<const int> way_level = {});

// Whether two signal groups are green in one phase of their common programme.
bool green_together(const world::RoadNetwork& network, world::SignalGroupId a,
                    world::SignalGroupId b);

}  // namespace huntsman::engine::road
