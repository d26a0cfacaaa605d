// Fixed-time signal programmes: stages, green times and clearing times from a junction's geometry.
//
// References: Richtlinien fuer Lichtsignalanlagen (RiLSA), FGSV 2015, section 2.5 on clearing and
// entering times and 2.7 on people on foot.
#pragma once

#include <string>
#include <vector>

#include "engine/world/road_network.h"

namespace huntsman::engine::road {

struct ProgrammeOptions {
    bool red_yellow = true;  // 1 s before green, as most of Europe has it
    double offset_s = 0;     // the cycle starts at -offset
};

// Adds the programme of a junction to the network, from its signal groups: those of its connections
// (Lane::signal_group) and those of crossings (Crossing::signal_group) with
// SignalGroup::for_pedestrians. Needs the geometry of Lane::conflicts. Does nothing where the
// junction has no group.
//
// Groups are compatible where no connection of one meets one of the other, but for turns across
// oncoming traffic, which give way (permissive). People walk with compatible groups: not while
// traffic drives over their crossing from its own arm or straight on; traffic that turns gives way
// to them. Stages are a greedy cover of the groups, in the order of their ids. From the end of one
// group's green to the start of another's at least passing time + clearing way / 10 m/s (7 m/s when
// turning) - entering way / 11 m/s, rounded up to seconds; people clear at 1.2 m/s. Yellow lasts
// 3 s, 4 s above 55 km/h.
void make_programme(world::RoadNetwork& network, world::JunctionId junction,
                    const ProgrammeOptions& options = {});

// Whether two connections of one junction may never have green together.
bool incompatible(const world::RoadNetwork& network, const world::Lane& a, const world::Lane& b);
// Whether traffic of a connection may never drive while people have green on a crossing.
bool incompatible(const world::RoadNetwork& network, const world::Lane& connection,
                  const world::Crossing& crossing);

// Two who have green at one time and may not, by an own look at the geometry; or people who have
// not cleared a crossing when traffic over it gets green.
struct GreenConflict {
    std::uint32_t program = world::kNone, phase = 0;
    world::LaneId a = world::kNone, b = world::kNone;  // b: kNone where a meets people
    world::CrossingId crossing = world::kNone;
    std::string reason;
};
std::vector<GreenConflict> conflicting_greens(const world::RoadNetwork& network);

}  // namespace huntsman::engine::road
