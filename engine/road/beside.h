// The lane beside a lane.
#pragma once

#include "engine/road/road_map.h"

namespace huntsman::engine::road {

// A driven lane beside another, whatever is painted between the two.
struct LaneBeside {
    world::LaneId lane = world::kNone;  // kNone: there is none
    double width_m = 0;                 // from the border between them to its far border
    bool oncoming = false;              // its traffic comes the other way
};

// What lies beside `lane` at s, to its left (side 1) or right (−1). Lanes of junctions have nothing
// beside them and are not beside others; nor are lanes that a median or an angle sets apart.
LaneBeside lane_beside(const RoadMap& map, world::LaneId lane, double s_m, double side);

}  // namespace huntsman::engine::road
