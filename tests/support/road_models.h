// Small hand-made road models with known numbers.
#pragma once

#include "engine/world/road_model.h"

namespace huntsman::tests {

struct ArmOptions {
    bool left_hand = false;
    bool pavements = true;     // 2 m wide, 0.12 m high, on arms and around the corners
    bool signals = false;      // a traffic light (1000001) at each arm, 6 m before the junction
    bool controllers = false;  // arms 0 and 2 on one controller, 1 and 3 on another
    bool crosswalks = false;   // on each arm from 1.5 m to 4.5 m before the junction
    bool yield_signs = false;  // 205 at arms 1 and 3
};

// A four-way junction centred on the origin. Roads 0..3 are arms along the axes (east, north, west,
// south), their reference lines run outwards from 12 m to 112 m; lane 1 and lane -1 are 3.5 m wide
// and driven, lanes 2 and -2 pavements. Roads 4 + 3·arm + k are the connecting roads from that arm
// to arm + 1 + k: k = 0 right, 1 straight, 2 left; their reference lines join those of the arms
// (turns are quarter circles of 12 m), their one driven lane is -1 (left-hand: 1), right turns have
// a pavement outside it.
engine::world::RoadModel four_way_model(const ArmOptions& options = {});

// A straight road along x, `length_m` long in sections of `section_m`, `lanes` driven lanes of
// 3.5 m a direction, broken marks between those of one direction.
engine::world::RoadModel straight_model(double length_m, int lanes = 1, double section_m = 1e9);

// A roundabout of 20 m radius, traffic counter-clockwise, without signs or junction groups. Roads
// 0..3 are the arms along the axes, from 40 m outwards; roads 4..7 the ring's quarters from arm to
// arm, one lane -1; junction k at arm k has three connecting roads: the ring's way through, the way
// in and the way out, in this order from road 8 + 3 k.
engine::world::RoadModel roundabout_model();

// Two one-lane roads of 100 m that run side by side, come together over their last 60 m, and both
// go on in road 2. Road 1 comes from the right.
engine::world::RoadModel merge_model();

// Adds a lane of constant width.
engine::world::ModelLane& add_lane(engine::world::LaneSection& section, int id,
                                   engine::world::LaneType type, double width_m);
// One straight or bent piece as a road's plan.
engine::world::PlanPiece plan_piece(double x_m, double y_m, double heading_rad, double length_m,
                                    double curvature_per_m = 0);

}  // namespace huntsman::tests
