// From the plan to lanes, junctions, signals, crossings and walkways.
#pragma once

#include "engine/world/road_network.h"
#include "scenarios/town/layout.h"

namespace huntsman::scenarios::town {

// A pole that carries signal heads, with an arm over the road where `reach_m` is above 0.
struct SignalMast {
    Vec2 p{0, 0};
    double height_m = 3.4;
    double arm_heading_rad = 0;
    double reach_m = 0;
    std::vector<std::uint32_t> heads;  // indices into RoadNetwork::signal_heads
};

// Fills lanes and junctions, and the lanes' ids in the layout. Fails where a connection would be
// too tight or a lane cannot reach every other; then the caller draws another layout.
bool build_lanes(Layout& layout, engine::world::RoadNetwork& network);

// Fills groups, programmes and heads, then the junctions' conflicts.
std::vector<SignalMast> build_signals(const Layout& layout, const engine::core::Key& key,
                                      engine::world::RoadNetwork& network);

// Fills crossings, walkways and their nodes.
void build_walks(const Layout& layout, engine::world::RoadNetwork& network);

// Whether every driving lane reaches every other over successors and lane changes.
bool strongly_connected(const engine::world::RoadNetwork& network);

}  // namespace huntsman::scenarios::town
