// Places that may become sites, by how the ego passes them.
#include <algorithm>
#include <cmath>

#include "engine/math/geometry.h"
#include "scenarios/situations/finder_parts.h"

namespace huntsman::scenarios::situations {

using engine::math::Vec2;
using engine::math::Vec3;
using engine::world::Conflict;
using engine::world::Crossing;
using engine::world::LaneKind;
using engine::world::Turn;

namespace {

constexpr double kEvery_m = 8;      // between conflict points that are tried on a lane
constexpr double kLongest_m = 500;  // ways are followed this far

}  // namespace

void PlaceFinder::Impl::on_lanes(std::vector<Candidate>& found) const {
    for (const Lane& each : network.lanes) {
        if (each.kind != LaneKind::kDriving || each.in_junction() || on_ring[each.id] != 0)
            continue;
        for (double s = kEvery_m / 2; s < each.length_m; s += kEvery_m) {
            found.push_back({.lane = each.id, .s_m = s});
        }
    }
}

void PlaceFinder::Impl::on_crossings(bool after_turns, std::vector<Candidate>& found) const {
    for (const Crossing& crossing : network.crossings) {
        for (const auto& span : crossing.lanes) {
            const Lane& over = lane(span.lane);
            if (over.kind != LaneKind::kDriving) continue;
            const double s = (span.s_begin_m + span.s_end_m) / 2;
            if (!after_turns) {
                if (over.in_junction()) continue;
                found.push_back({.lane = over.id, .s_m = s, .crossing = crossing.id});
                continue;
            }
            // On the connection's later half, or soon after it.
            constexpr double kSoon_m = 20;
            if (over.in_junction()) {
                if (over.turn == Turn::kStraight || s < over.length_m / 2) continue;
                found.push_back({.lane = over.id, .s_m = s, .crossing = crossing.id});
                continue;
            }
            if (s > kSoon_m) continue;
            for (const LaneId before : over.predecessors) {
                if (!lane(before).in_junction() || lane(before).turn == Turn::kStraight) continue;
                // `other` is the connection by which the ego comes.
                found.push_back(
                    {.lane = over.id, .s_m = s, .other = before, .crossing = crossing.id});
            }
        }
    }
}

void PlaceFinder::Impl::in_junctions(std::vector<Candidate>& found) const {
    for (const Lane& each : network.lanes) {
        if (!each.in_junction() || each.kind != LaneKind::kDriving) continue;
        for (const Conflict& conflict : each.conflicts) {
            found.push_back({.lane = each.id,
                             .s_m = (conflict.s_begin_m + conflict.s_end_m) / 2,
                             .other = conflict.other,
                             .other_s_m = (conflict.other_s_begin_m + conflict.other_s_end_m) / 2});
        }
    }
}

void PlaceFinder::Impl::at_entries(std::vector<Candidate>& found) const {
    // Ways that run together in a junction.
    for (const Lane& each : network.lanes) {
        if (!each.in_junction() || each.turn != Turn::kStraight) continue;
        for (const Conflict& conflict : each.conflicts) {
            const Lane& other = lane(conflict.other);
            if (other.successors != each.successors || other.turn != Turn::kStraight) continue;
            found.push_back({.lane = each.id,
                             .s_m = (conflict.s_begin_m + conflict.s_end_m) / 2,
                             .other = conflict.other,
                             .other_s_m = (conflict.other_s_begin_m + conflict.other_s_end_m) / 2});
        }
    }
    // Lanes that end beside another.
    constexpr double kRoom_m = 15;
    for (const Lane& each : network.lanes) {
        const LaneId near = network.left_hand ? each.left : each.right;
        if (each.kind != LaneKind::kDriving || near == kNone) continue;
        const Lane& ending = lane(near);
        if (!ending.successors.empty() || ending.predecessors.empty()) continue;
        if (ending.length_m < 2 * kRoom_m) continue;
        const double other_s = ending.length_m - kRoom_m;
        const Vec3 p = map.at(near, other_s).p;
        const double s = map.project(each.id, Vec2(p.x, p.y)).s_m;
        found.push_back({.lane = each.id, .s_m = s, .other = near, .other_s_m = other_s});
    }
}

void PlaceFinder::Impl::at_exits(std::vector<Candidate>& found) const {
    for (const Lane& each : network.lanes) {
        if (!each.in_junction() || each.turn != Turn::kStraight || each.predecessors.size() != 1) {
            continue;
        }
        for (const LaneId sibling : lane(each.predecessors.front()).successors) {
            if (sibling == each.id || lane(sibling).turn != Turn::kStraight) continue;
            // The exit lies at the near side of the way on.
            const Vec3 d = lane(sibling).samples.back().p - each.samples.back().p;
            const double heading = each.samples.back().heading_rad;
            const double left =
                glm::dot(Vec2(d.x, d.y), engine::math::perp(engine::math::direction(heading)));
            if (left * side() > -2) continue;
            found.push_back({.lane = each.id, .s_m = 1, .other = sibling, .other_s_m = 1});
        }
    }
}

std::vector<Candidate> PlaceFinder::Impl::candidates(const Needs& needs) const {
    std::vector<Candidate> found;
    switch (needs.pass) {
        case Pass::kLane:
            on_lanes(found);
            break;
        case Pass::kCrossing:
        case Pass::kTurnCrossing:
            on_crossings(needs.pass == Pass::kTurnCrossing, found);
            break;
        case Pass::kJunction:
            in_junctions(found);
            break;
        case Pass::kRoundabout:
            in_junctions(found);
            std::erase_if(found, [&](const Candidate& at) {
                const auto from_ring = [&](LaneId id) {
                    return std::ranges::any_of(lane(id).predecessors,
                                               [&](LaneId p) { return on_ring[p] != 0; });
                };
                return from_ring(at.lane) || on_ring[at.other] == 0 || !from_ring(at.other);
            });
            break;
        case Pass::kEntry:
            at_entries(found);
            break;
        case Pass::kExit:
            at_exits(found);
            break;
    }
    return found;
}

// Ways, cross-section and conflict point.
void PlaceFinder::Impl::follow(Candidate& at, const Needs& needs) const {
    const double before = needs.before_m + 20;
    std::vector<LaneId> way;
    if (needs.pass == Pass::kTurnCrossing && at.other != kNone) {
        // Through the connection that turns into the crossing's road.
        const double own = at.s_m + lane(at.other).length_m;
        way =
            way_through(network, at.other, lane(at.other).length_m, before - own, 0, &at.conflict);
        way.resize(at.conflict + 1);
        std::size_t unused = 0;
        const auto on =
            way_through(network, at.lane, at.s_m, 0, std::min(needs.after_m, kLongest_m), &unused);
        at.conflict = way.size();
        way.insert(way.end(), on.begin(), on.end());
        at.other = kNone;
    } else {
        way = way_through(network, at.lane, at.s_m, std::min(before, kLongest_m),
                          std::min(needs.after_m, kLongest_m), &at.conflict);
    }
    at.ego = SitePath(map, std::move(way), at.conflict, at.s_m);
    const PathPoint here = at.ego.at(0);
    at.p_W = here.p;
    at.heading_rad = here.heading_rad;
    const auto place = geometry.project(lane(at.lane).road, here.p);
    at.section = cross_section(geometry, lane(at.lane).road, place.s_m, place.t_m);
    if (at.other != kNone) {
        std::size_t conflict = 0;
        auto other = way_through(network, at.other, at.other_s_m,
                                 std::min(needs.other_before_m + 20, kLongest_m), 40, &conflict);
        at.other_path = SitePath(map, std::move(other), conflict, at.other_s_m);
    }
}

}  // namespace huntsman::scenarios::situations
