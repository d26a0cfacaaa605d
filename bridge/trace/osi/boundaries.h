// Borders of lanes as OSI has them: points, what they are, where their dashes are.
#pragma once

#include "bridge/trace/lane_lines.h"
#include "engine/world/world.h"
#include "osi3/osi_lane.pb.h"

namespace huntsman::bridge::trace::osi {

// What the road model says of a lane's surroundings.
struct LaneSides {
    const engine::world::Road* road = nullptr;  // null: the world has no road model
    const engine::world::LaneSection* section = nullptr;
    double length_m = 0;         // of the section
    bool outer_is_right = true;  // seen in the direction of travel
    bool along_road = true;      // the lane's s grows with the road's
    int lane = 0;                // id in the section
    int inner = 0, outer = 0;    // ids of the lanes beside it; 0 is the middle line, no lane
    int beyond_inner = 0;        // the lane on the other side of the inner border
};
LaneSides sides_of(const engine::world::World& world, const engine::world::Lane& lane);

// The left or right border of a lane with type, colour, width and dashes.
void set_boundary(osi3::LaneBoundary* to, const engine::world::World& world,
                  const engine::world::Lane& lane, bool left);

}  // namespace huntsman::bridge::trace::osi
