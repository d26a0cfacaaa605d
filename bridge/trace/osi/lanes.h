// The road network as OSI has it: lanes between junctions, junctions as lanes of their own.
#pragma once

#include "engine/world/world.h"
#include "osi3/osi_groundtruth.pb.h"

namespace huntsman::bridge::trace::osi {

// The id of the OSI lane that a lane of ours is or, inside a junction, is part of.
std::uint64_t lane_id(const engine::world::Lane& lane);

// Lanes and their boundaries. A junction is one lane of TYPE_INTERSECTION: its boundaries are the
// borders of its connections where no other connection runs, its pairings the ways through it.
void add_lanes(const engine::world::World& world, osi3::GroundTruth& to);

}  // namespace huntsman::bridge::trace::osi
