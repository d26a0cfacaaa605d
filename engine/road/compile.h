// From a road model to the network that agents drive on: directed lanes, junctions, signals,
// crossings, pavements.
//
// Lanes. Every driven, parking, biking and shoulder lane becomes a Lane in its direction of travel:
// that of its side (right lanes along s; the other way round on roads of left-hand traffic), or the
// reverse where the model says so. A bidirectional lane runs in its side's direction; beside other
// driven lanes it is a lane for turning that no route leads over. Consecutive lane sections become
// one Lane as long as all driven lanes of the direction go on one to one with the same type, speed
// limit and lane changes; inside junctions as long as the lane itself goes on. Sections shorter
// than 2 cm vanish. Between samples a lane_at() is within 2 mm of the model; where lanes join, both
// have the same end and heading, unless the model leaves a gap of more than kLargestMend_m there.
//
// Speed limits are those of the lane, else of the road's type, else usual ones for its kind; a
// connection without any takes that of the roads it joins. Roads of no kind have 50 km/h, or the
// speed that a steep bank asks for.
//
// Links come from road links, lane links and junction connections. Where a file links two roads but
// not their lanes, lanes whose ends touch are linked. A lane change is allowed where the mark
// between two driven lanes of one direction allows it on most of their length, and always out of a
// lane that ends and into one that begins there.
//
// Stop lines are those of the file, else lie a metre before crossings, and so far back that a bus
// that turns past them has room.
//
// Junctions keep their index in the model. Who gives way: lights, then stop (206) and yield (205)
// signs, priority signs (301, 306), the file's priorities, roundabouts, then right before left; see
// conflicts.h.
//
// The result is a pure function of the arguments. Cost: about 0.1 s for 10 km of roads.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/road/road_geometry.h"
#include "engine/world/road_network.h"

namespace huntsman::engine::road {

struct CompileOptions {
    double longest_step_m = 8.0;  // between samples of a lane
    std::uint64_t seed = 0;       // of the offsets of signal programmes
};

// Ends of linked lanes that are further apart are left as the model has them.
constexpr double kLargestMend_m = 0.25;

world::RoadNetwork compile(const world::RoadModel& model, const RoadGeometry& geometry,
                           const CompileOptions& options = {});

// Strongly connected components of the driving lanes over successors and lane changes: for each
// lane its component, numbered from 0 by descending count of lanes (ties by lowest lane); kNone for
// other lanes.
std::vector<std::uint32_t> strong_components(const world::RoadNetwork& network);

}  // namespace huntsman::engine::road
