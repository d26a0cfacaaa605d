// The road network as data: lanes, junctions, signals, crossings and pavements.
//
// This is the form that every source (procedural town, OpenDRIVE) is compiled to, and that agents,
// labels and scores read. Queries live in engine/road. Lanes are directed: s grows with the
// direction of travel, whatever the sign convention of the source was. Positions are in frame W
// [m].
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/time.h"
#include "engine/math/vec.h"
#include "engine/world/ids.h"

namespace huntsman::engine::world {

using LaneId = std::uint32_t;  // index into RoadNetwork::lanes
using JunctionId = std::uint32_t;
using SignalGroupId = std::uint32_t;
using CrossingId = std::uint32_t;
using WalkwayId = std::uint32_t;

struct LaneSample {
    double s_m = 0;         // along the lane from its start
    math::Vec3 p{0, 0, 0};  // lane centre in W
    double heading_rad = 0;
    double curvature_per_m = 0;  // left positive
    double width_m = 3.5;
};

enum class LaneKind : std::uint8_t { kDriving, kParking, kCycle, kShoulder };
enum class Turn : std::uint8_t { kStraight, kLeft, kRight, kUTurn };
// What stands at a lane's end, before the junction.
enum class Control : std::uint8_t { kUncontrolled, kSignal, kStop, kYield };

// Where one connecting lane of a junction meets another.
struct Conflict {
    LaneId other = kNone;
    double s_begin_m = 0, s_end_m = 0;              // shared area along this lane
    double other_s_begin_m = 0, other_s_end_m = 0;  // and along the other
    bool yields =
        false;  // this lane must give way to the other (both having green where signalled)
};

struct Lane {
    LaneId id = kNone;
    std::uint32_t road = kNone;     // road of the source: index into RoadModel::roads
    std::uint32_t section = kNone;  // of that road, and the lane's id in it
    int model_lane = 0;
    LaneKind kind = LaneKind::kDriving;
    std::vector<LaneSample> samples;  // at least two, s strictly increasing from 0
    double length_m = 0;              // == samples.back().s_m
    double speed_limit_mps = 13.9;

    std::vector<LaneId> successors;  // lanes that continue this one
    std::vector<LaneId> predecessors;
    LaneId left = kNone;  // neighbour of the same direction that may be changed to
    LaneId right = kNone;

    // For lanes inside a junction (connections); kNone outside.
    JunctionId junction = kNone;
    Turn turn = Turn::kStraight;
    SignalGroupId signal_group = kNone;        // must show green to enter this connection
    Control control = Control::kUncontrolled;  // what rules the entry to this connection
    std::vector<Conflict> conflicts;           // sorted by s_begin_m
    // Where a vehicle waiting to enter this connection stops: s on the *predecessor* lane.
    double stop_s_m = 0;

    bool in_junction() const { return junction != kNone; }
};

enum class Aspect : std::uint8_t { kOff, kRed, kRedYellow, kGreen, kYellow };

// One fixed-time programme; all groups share the cycle. Aspects of a time are computed by
// engine/road/signals.h.
struct SignalPhase {
    core::TimeUs duration_us = 0;
    std::vector<Aspect> aspects;  // one for each group of the programme, same order
};
struct SignalProgram {
    JunctionId junction = kNone;
    core::TimeUs offset_us = 0;  // the cycle starts at -offset
    std::vector<SignalGroupId> groups;
    std::vector<SignalPhase> phases;
};
struct SignalGroup {
    JunctionId junction = kNone;
    std::uint32_t program = kNone;  // index into RoadNetwork::programs
    bool for_pedestrians = false;
};
// A head that can be seen and labelled.
struct SignalHead {
    SignalGroupId group = kNone;
    math::Vec3 p{0, 0, 0};   // centre of the housing in W
    double heading_rad = 0;  // direction the lamps shine to
    double width_m = 0.35, height_m = 1.0;
    ActorId object = kNoActor;     // its id in the id buffer
    std::uint32_t road = kNone;    // of the source: index into RoadModel::roads, and there
    std::uint32_t signal = kNone;  // into Road::signals
    std::vector<LaneId> governs;   // connections it rules; empty for pedestrians' heads
};

struct Junction {
    JunctionId id = kNone;
    math::Vec3 centre{0, 0, 0};
    double radius_m = 0;  // all connections lie within
    std::vector<LaneId> connections;
    std::vector<LaneId> entries;  // lanes that end here
    bool signalled = false;
};

// Where people cross the carriageway.
struct Crossing {
    CrossingId id = kNone;
    math::Vec3 a{0, 0, 0}, b{0, 0, 0};  // ends on the two kerbs
    double width_m = 3.0;
    SignalGroupId signal_group = kNone;  // kNone: vehicles give way to people (zebra)
    struct LaneSpan {
        LaneId lane = kNone;
        double s_begin_m = 0, s_end_m = 0;
    };
    std::vector<LaneSpan> lanes;  // all lanes it runs over, connections included
    WalkwayId walkway = kNone;    // the walkway that runs over it
};

// An edge of the graph that people walk on; walked in both directions.
struct Walkway {
    WalkwayId id = kNone;
    std::vector<math::Vec3> points;  // centre line, at least two
    double width_m = 2.0;
    double length_m = 0;
    CrossingId crossing = kNone;             // set where it runs over a carriageway
    std::uint32_t from = kNone, to = kNone;  // nodes: indices into RoadNetwork::walk_nodes
};
struct WalkNode {
    math::Vec3 p{0, 0, 0};
    std::vector<WalkwayId> walkways;  // edges that meet here
};

struct RoadNetwork {
    bool left_hand = false;  // traffic drives on the left
    std::vector<Lane> lanes;
    std::vector<Junction> junctions;
    std::vector<SignalGroup> signal_groups;
    std::vector<SignalProgram> programs;
    std::vector<SignalHead> signal_heads;
    std::vector<Crossing> crossings;
    std::vector<Walkway> walkways;
    std::vector<WalkNode> walk_nodes;
};

}  // namespace huntsman::engine::world
