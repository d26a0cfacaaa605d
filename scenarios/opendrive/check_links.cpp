// Roads and lanes that follow each other.
#include <algorithm>
#include <cmath>

#include "scenarios/opendrive/checker.h"

namespace huntsman::scenarios::opendrive {

using namespace engine::world;
using engine::math::Vec3;

std::uint32_t section_at(const Road& road, ContactPoint end) {
    return end == ContactPoint::kStart ? 0U : static_cast<std::uint32_t>(road.sections.size()) - 1;
}
const RoadLink& link_at(const Road& road, ContactPoint end) {
    return end == ContactPoint::kStart ? road.predecessor : road.successor;
}
const std::vector<int>& ids_at(const ModelLane& lane, ContactPoint end) {
    return end == ContactPoint::kStart ? lane.predecessors : lane.successors;
}

namespace {

// Middle of a lane at one of its ends, and its direction along s there.
struct Middle {
    Vec3 p{0, 0, 0};
    double heading_rad = 0;
    double width_m = 0;
};
Middle middle_of(const Checker& checker, const LaneEnd& at) {
    const auto& geometry = checker.geometry;
    const double s = at.end == ContactPoint::kStart
                         ? checker.model.roads[at.road].sections[at.section].s_m
                         : geometry.section_end_m(at.road, at.section);
    const int inner = at.lane > 0 ? at.lane - 1 : at.lane < 0 ? at.lane + 1 : 0;
    Middle middle;
    // Both borders at the lane's own height: a kerb beside it is its neighbour's.
    const double t_inner = geometry.outer_t_m(at.road, at.section, inner, s);
    const double own = geometry.surface_offset_m(at.road, at.section, at.lane, s, t_inner) -
                       geometry.surface_offset_m(at.road, at.section, inner, s, t_inner);
    middle.p = 0.5 * (geometry.border(at.road, at.section, at.lane, s).p +
                      geometry.border(at.road, at.section, inner, s).p);
    middle.p.z += 0.5 * own * std::cos(geometry.superelevation_rad(at.road, s));
    const double t = 0.5 * (geometry.outer_t_m(at.road, at.section, at.lane, s) + t_inner);
    const double slope = 0.5 * (geometry.outer_t_slope(at.road, at.section, at.lane, s) +
                                geometry.outer_t_slope(at.road, at.section, inner, s));
    const auto reference = geometry.reference(at.road, s);
    middle.heading_rad =
        reference.heading_rad + std::atan2(slope, 1.0 - reference.curvature_per_m * t);
    middle.width_m = geometry.width_m(at.road, at.section, at.lane, s);
    return middle;
}

std::string described(const Checker& checker, const LaneEnd& at) {
    return fmt::format("lane {} at the {} of road {}, section at s = {:g}", at.lane, word(at.end),
                       checker.model.roads[at.road].id,
                       checker.model.roads[at.road].sections[at.section].s_m);
}

bool holds(const std::vector<int>& ids, int id) {
    return std::find(ids.begin(), ids.end(), id) != ids.end();
}

// One lane's links to a neighbouring section, by `end` of the lane and `met` of the neighbour.
void check_lane_links(Checker& checker, const LaneEnd& from, std::uint32_t other_road,
                      std::uint32_t other_section, ContactPoint met) {
    const ModelLane* lane = checker.geometry.lane(from.road, from.section, from.lane);
    for (int id : ids_at(*lane, from.end)) {
        const LaneEnd to{other_road, other_section, id, met};
        const ModelLane* other = checker.geometry.lane(other_road, other_section, id);
        if (other == nullptr) {
            checker.at_road(
                Severity::kError, from.road, "lane.link.unknown",
                fmt::format("{} is linked to lane {} of road {}, which does not exist",
                            described(checker, from), id, checker.model.roads[other_road].id));
            continue;
        }
        if (lane->id == 0 || id == 0) continue;
        if (!holds(ids_at(*other, met), lane->id))
            checker.at_road(Severity::kWarning, from.road, "lane.link.one-sided",
                            fmt::format("{} is linked to {}, which does not link back",
                                        described(checker, from), described(checker, to)));
        // Where lanes merge or split, only some of them meet in their middle.
        const bool single = ids_at(*lane, from.end).size() == 1 && ids_at(*other, met).size() <= 1;
        // Each joint once: from its earlier side.
        const bool first =
            from.road < to.road || (from.road == to.road && from.end == ContactPoint::kEnd);
        if (single && first) check_joint(checker, from, to, "lane.link");
    }
}

void check_within(Checker& checker, std::uint32_t r) {
    const Road& road = checker.model.roads[r];
    for (std::uint32_t k = 0; k + 1 < road.sections.size(); ++k) {
        for (const ModelLane& lane : road.sections[k].lanes)
            check_lane_links(checker, {r, k, lane.id, ContactPoint::kEnd}, r, k + 1,
                             ContactPoint::kStart);
        for (const ModelLane& lane : road.sections[k + 1].lanes)
            check_lane_links(checker, {r, k + 1, lane.id, ContactPoint::kStart}, r, k,
                             ContactPoint::kEnd);
    }
}

void check_ends(Checker& checker, std::uint32_t r) {
    const Road& road = checker.model.roads[r];
    for (ContactPoint end : {ContactPoint::kStart, ContactPoint::kEnd}) {
        const RoadLink& link = link_at(road, end);
        if (link.kind == RoadLink::Kind::kNothing) continue;
        if (link.index == kNone) {
            checker.at_road(
                Severity::kError, r, "road.link.unknown",
                fmt::format("its {} is linked to {} {}, which does not exist", word(end),
                            link.kind == RoadLink::Kind::kRoad ? "road" : "junction", link.id));
            continue;
        }
        if (link.kind != RoadLink::Kind::kRoad || link.at_element_s) continue;
        const Road& other = checker.model.roads[link.index];
        if (link.contact == ContactPoint::kUnknown) {
            checker.at_road(Severity::kError, r, "road.link.contact",
                            fmt::format("its link to road {} lacks the contact point", other.id));
            continue;
        }
        const RoadLink& back = link_at(other, link.contact);
        const bool mutual =
            back.kind == RoadLink::Kind::kRoad && back.index == r && back.contact == end;
        // Connecting roads are linked to roads that are linked to the junction.
        const bool by_junction = road.junction != kNone && back.kind == RoadLink::Kind::kJunction &&
                                 back.index == road.junction;
        if (!mutual && !by_junction)
            checker.at_road(
                Severity::kError, r, "road.link.asymmetric",
                fmt::format("its {} is linked to the {} of road {}, which is linked to {}",
                            word(end), word(link.contact), other.id,
                            back.kind == RoadLink::Kind::kNothing ? "nothing"
                            : back.kind == RoadLink::Kind::kRoad  ? "road " + back.id
                                                                  : "junction " + back.id));
        // Towards a junction the incoming road's lanes have no links back: see check_junctions.
        if (other.sections.empty() || by_junction) continue;
        const std::uint32_t section = section_at(road, end);
        for (const ModelLane& lane : road.sections[section].lanes)
            check_lane_links(checker, {r, section, lane.id, end}, link.index,
                             section_at(other, link.contact), link.contact);
    }
}

// Whether traffic on a lane drives towards the lane's `end`.
bool leads_to(const Road& road, const ModelLane& lane, ContactPoint end) {
    if (lane.direction == ModelLane::Direction::kBoth || lane.type == LaneType::kBidirectional)
        return true;
    bool forward = (lane.id < 0) != road.left_hand;
    if (lane.direction == ModelLane::Direction::kReversed) forward = !forward;
    return forward == (end == ContactPoint::kEnd);
}

// Whether some connection of the junction takes the lane on.
bool taken_on(const ModelJunction& junction, std::uint32_t road, int lane) {
    for (const JunctionConnection& connection : junction.connections) {
        const bool incoming = connection.incoming == road;
        // Direct junctions lead both ways.
        const bool linked =
            junction.kind == ModelJunction::Kind::kDirect && connection.connecting == road;
        if (!incoming && !linked) continue;
        for (const LaneLink& link : connection.lanes) {
            if ((incoming && link.from == lane) || (linked && link.to == lane)) return true;
        }
    }
    return false;
}

// Lanes for cars that simply stop.
void check_dead_ends(Checker& checker, std::uint32_t r) {
    constexpr double kNarrow_m = 0.5;  // lanes that taper off end by themselves
    const Road& road = checker.model.roads[r];
    for (std::uint32_t k = 0; k < road.sections.size(); ++k) {
        for (const ModelLane& lane : road.sections[k].lanes) {
            if (lane.id == 0 || !is_driven(lane.type)) continue;
            for (ContactPoint end : {ContactPoint::kStart, ContactPoint::kEnd}) {
                if (!leads_to(road, lane, end)) continue;
                if (!ids_at(lane, end).empty()) continue;
                const bool last = k == section_at(road, end);
                const RoadLink& link = link_at(road, end);
                // Lanes in the middle for turning off and overtaking end where they are used.
                bool harmless = lane.type == LaneType::kBidirectional ||
                                lane.direction == ModelLane::Direction::kBoth;
                bool map_ends = false;
                if (last && link.kind == RoadLink::Kind::kJunction && link.index != kNone &&
                    taken_on(checker.model.junctions[link.index], r, lane.id))
                    continue;
                if (last && link.kind == RoadLink::Kind::kNothing) map_ends = true;
                const LaneEnd at{r, k, lane.id, end};
                if (middle_of(checker, at).width_m < kNarrow_m) continue;
                harmless = harmless || map_ends;
                checker.at_road(harmless ? Severity::kNote : Severity::kWarning, r,
                                map_ends ? "road.dead-end" : "lane.dead-end",
                                fmt::format("{} leads nowhere", described(checker, at)));
            }
        }
    }
}

}  // namespace

void check_joint(Checker& checker, const LaneEnd& from, const LaneEnd& to, const char* rule) {
    const Middle a = middle_of(checker, from), b = middle_of(checker, to);
    const std::string what =
        fmt::format("{} and {}", described(checker, from), described(checker, to));
    // Where roads meet head on, what is left of one is right of the other.
    const bool turned = from.end == to.end;
    const auto driven = [&](const LaneEnd& at) {
        return is_driven(checker.geometry.lane(at.road, at.section, at.lane)->type);
    };
    if ((from.lane > 0) != ((to.lane > 0) != turned))
        checker.at_road(driven(from) && driven(to) ? Severity::kWarning : Severity::kNote,
                        from.road, fmt::format("{}.side", rule).c_str(),
                        what + " lie on different sides of their roads");
    const double gap = glm::distance(a.p, b.p);
    if (gap > kGap_m)
        checker.at_road(gap > kWideGap_m ? Severity::kError : Severity::kWarning, from.road,
                        fmt::format("{}.gap", rule).c_str(),
                        fmt::format("{} are {:.3g} m apart", what, gap));
    const double ahead = b.heading_rad + (turned ? engine::math::kPi : 0.0);
    const double kink = std::abs(engine::math::wrap_angle(a.heading_rad - ahead));
    if (kink > kKink_rad)
        checker.at_road(Severity::kWarning, from.road, fmt::format("{}.kink", rule).c_str(),
                        fmt::format("{} meet at an angle of {:.3g} rad", what, kink));
}

void check_links(Checker& checker) {
    for (std::uint32_t r = 0; r < checker.model.roads.size(); ++r) {
        if (checker.model.roads[r].sections.empty() || checker.model.roads[r].plan.empty())
            continue;
        check_within(checker, r);
        check_ends(checker, r);
        check_dead_ends(checker, r);
    }
}

}  // namespace huntsman::scenarios::opendrive
