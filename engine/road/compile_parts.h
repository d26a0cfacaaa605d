// What the steps of compile() share. Not for others.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/road/compile.h"

namespace huntsman::engine::road::parts {

// A stretch of a road between two stations: lane sections, and where virtual junctions or speed
// limits cut them.
struct Stretch {
    double low_m = 0, high_m = 0;
    std::uint32_t section = 0;
    std::vector<std::uint32_t> pieces;  // by descending lane id: left to right
};

// One lane on one stretch.
struct Piece {
    std::uint32_t road = world::kNone, stretch = 0, section = 0;
    int lane = 0;
    world::LaneType type = world::LaneType::kDriving;
    world::LaneKind kind = world::LaneKind::kDriving;
    bool forward = true;  // travel along s
    double low_m = 0, high_m = 0;
    double limit_mps = 0;                                     // 0: none given
    std::vector<std::uint32_t> next, before;                  // pieces, in the direction of travel
    std::uint32_t left = world::kNone, right = world::kNone;  // that may be changed to
    world::LaneId net_lane = world::kNone;
    bool vanished = false;
};

// One end of a piece, at its low or high s.
struct PieceEnd {
    std::uint32_t piece = world::kNone;
    bool high = false;
};

// A signal as it rules one road: where it stands along it, for whom, and where it is described.
struct SignalUse {
    std::uint32_t road = world::kNone;  // that it rules
    double s_m = 0, t_m = 0;
    world::Orientation orientation = world::Orientation::kForward;
    const std::vector<world::LaneRange>* validity = nullptr;
    std::uint32_t home = world::kNone, signal = world::kNone;  // Road::signals of `home`
};

struct Draft {
    const world::RoadModel& model;
    const RoadGeometry& geometry;
    const CompileOptions& options;
    std::vector<std::vector<Stretch>> stretches;  // by road
    std::vector<Piece> pieces;
    // Pieces of each lane of the network, in the order of travel.
    std::vector<std::vector<std::uint32_t>> chains;
    std::vector<int> way_level;    // by lane: the file's priorities, lower goes first
    std::vector<char> given_line;  // by lane: its stop line is the file's own
    world::RoadNetwork network;

    bool in_junction(std::uint32_t road) const {
        return model.roads[road].junction != world::kNone;
    }
};

// Step 1: pieces and their links and neighbours.
void make_pieces(Draft& draft);
void link_pieces(Draft& draft);
void find_neighbours(Draft& draft);
// Step 2: lanes with samples, linked, with ends that join.
void make_lanes(Draft& draft);
// Merges of lanes outside junctions become junctions of their own, behind those of the model;
// before make_junctions().
void make_merges(Draft& draft);
// Entries of roundabouts that the file does not name give way.
void heed_rings(Draft& draft);
// Step 3: junctions with turns, signs and order of way; compile() adds the conflicts.
void make_junctions(Draft& draft);

// Moves stop lines back where a bus that turns would sweep over who waits at them. After crossings,
// whose lines are further back anyway.
void set_lines_back(Draft& draft);
// Step 4: crossings, then lights and programmes; both need the conflicts' geometry.
void make_crossings(Draft& draft);
void make_signals(Draft& draft);
// Step 5: pavements as a graph, with the crossings in it.
void make_walks(Draft& draft);

// All signals of the model and those they are referred to by, road by road.
std::vector<SignalUse> signal_uses(const Draft& draft);
// Driven lanes of the network that a signal rules where it stands.
std::vector<world::LaneId> ruled_lanes(const Draft& draft, const SignalUse& use);
// Connections that lanes lead to before anything else does, within `reach_m` of their ends;
// connections lead to themselves.
std::vector<world::LaneId> connections_ahead(const Draft& draft,
                                             const std::vector<world::LaneId>& lanes,
                                             double reach_m);
// Where a place along a road lies on one of its lanes [m].
double lane_s_at(const Draft& draft, world::LaneId lane, double road_s_m);

// The centre of a lane at s, in the plane and in height, on the given section.
math::Vec3 lane_centre(const RoadGeometry& geometry, std::uint32_t road, std::uint32_t section,
                       int lane, double s_m);
// A point of the surface at (s, t), with the lane taken for granted.
math::Vec3 surface_point(const RoadGeometry& geometry, std::uint32_t road, std::uint32_t section,
                         int lane, double s_m, double t_m);

}  // namespace huntsman::engine::road::parts
