// Roundabouts that no file names, and merges of two lanes into one outside junctions.
#include <algorithm>
#include <cmath>
#include <tuple>

#include "engine/math/geometry.h"
#include "engine/road/compile_parts.h"
#include "engine/road/lane_curve.h"
#include "engine/road/rings.h"

namespace huntsman::engine::road::parts {

using math::Vec2;
using namespace world;

namespace {

// Whether all driven lanes beside this one run its way.
bool one_way(const Draft& draft, LaneId id) {
    for (const std::uint32_t p : draft.chains[id]) {
        const Piece& piece = draft.pieces[p];
        for (const std::uint32_t q : draft.stretches[piece.road][piece.stretch].pieces) {
            const Piece& other = draft.pieces[q];
            if (other.kind == LaneKind::kDriving && other.forward != piece.forward) return false;
        }
    }
    return true;
}

// The part of a lane from s on as a lane of its own, behind it.
LaneId cut(Draft& draft, LaneId id, double s) {
    RoadNetwork& network = draft.network;
    const auto rest_id = static_cast<LaneId>(network.lanes.size());
    Lane rest = network.lanes[id];
    const LaneSample at = lane_at(rest, s);
    Lane& head = network.lanes[id];
    std::erase_if(head.samples, [&](const LaneSample& q) { return q.s_m > s - 0.05; });
    head.samples.push_back(at);
    head.length_m = s;
    head.successors = {rest_id};
    rest.id = rest_id;
    std::erase_if(rest.samples, [&](const LaneSample& q) { return q.s_m < s + 0.05; });
    rest.samples.insert(rest.samples.begin(), at);
    for (LaneSample& q : rest.samples) q.s_m -= s;
    rest.length_m -= s;
    rest.predecessors = {id};
    for (const LaneId next : rest.successors) {
        for (LaneId& before : network.lanes[next].predecessors) {
            if (before == id) before = rest_id;
        }
        auto& list = network.lanes[next].predecessors;
        std::sort(list.begin(), list.end());
    }
    // Neighbours stay those of the longer part.
    rest.left = rest.right = kNone;
    network.lanes.push_back(std::move(rest));
    draft.chains.push_back(draft.chains[id]);
    return rest_id;
}

// From where to the end two lanes that merge are too close for two vehicles.
double merging_m(const Lane& a, const Lane& b) {
    constexpr double kStep_m = 1.0, kLongest_m = 60.0, kShare = 0.8;
    double back = 0;
    const double most = std::min({kLongest_m, a.length_m, b.length_m});
    for (; back < most; back += kStep_m) {
        const LaneSample p = lane_at(a, a.length_m - back), q = lane_at(b, b.length_m - back);
        if (glm::length(math::xy(p.p - q.p)) > kShare * 0.5 * (p.width_m + q.width_m)) break;
    }
    return back;
}

}  // namespace

void heed_rings(Draft& draft) {
    RoadNetwork& network = draft.network;
    std::vector<char> ring(network.lanes.size(), 0);
    bool any = false;
    for (const Lane& lane : network.lanes) {
        if (lane.kind != LaneKind::kDriving || lane.in_junction() || ring[lane.id] != 0 ||
            !one_way(draft, lane.id)) {
            continue;
        }
        const auto one_way_lane = [&](LaneId id) { return one_way(draft, id); };
        for (const LaneId l : ring_of(network, lane.id, one_way_lane)) {
            ring[l] = 1;
            any = true;
        }
    }
    if (!any) return;
    // Whoever comes onto the ring from outside gives way.
    for (const Junction& junction : network.junctions) {
        const bool on_ring = std::any_of(junction.connections.begin(), junction.connections.end(),
                                         [&](LaneId c) { return ring[c] != 0; });
        if (!on_ring) continue;
        for (const LaneId c : junction.connections) {
            Lane& lane = network.lanes[c];
            const bool from_ring =
                ring[c] != 0 || std::any_of(lane.predecessors.begin(), lane.predecessors.end(),
                                            [&](LaneId p) { return ring[p] != 0; });
            if (!from_ring && lane.control == Control::kUncontrolled) {
                lane.control = Control::kYield;
            }
        }
    }
}

void make_merges(Draft& draft) {
    RoadNetwork& network = draft.network;
    constexpr double kBefore_m = 6.0;  // before the lanes come together
    const auto count = static_cast<LaneId>(network.lanes.size());
    for (LaneId x = 0; x < count; ++x) {
        if (network.lanes[x].kind != LaneKind::kDriving || network.lanes[x].in_junction()) continue;
        std::vector<LaneId> merging;
        for (const LaneId p : network.lanes[x].predecessors) {
            const Lane& lane = network.lanes[p];
            // Connections of one junction have its order already.
            if (!lane.in_junction() && lane.length_m > 3 * kBefore_m &&
                lane.successors.size() == 1) {
                merging.push_back(p);
            }
        }
        if (merging.size() < 2) continue;
        // The main lane: no ramp, on the road that goes on, the straightest, the lowest.
        const auto rank = [&](LaneId l) {
            const Lane& lane = network.lanes[l];
            const LaneType type = draft.pieces[draft.chains[l].back()].type;
            const bool ramp = type == LaneType::kEntry || type == LaneType::kOnRamp ||
                              type == LaneType::kSlipLane || type == LaneType::kConnectingRamp;
            const double bend = std::abs(
                math::wrap_angle(lane.samples.back().heading_rad -
                                 lane_at(lane, std::max(0.0, lane.length_m - 40.0)).heading_rad));
            return std::tuple(ramp, lane.road != network.lanes[x].road, bend, l);
        };
        std::sort(merging.begin(), merging.end(),
                  [&](LaneId a, LaneId b) { return rank(a) < rank(b); });
        double together = 0;
        for (std::size_t i = 0; i < merging.size(); ++i) {
            for (std::size_t j = i + 1; j < merging.size(); ++j) {
                together = std::max(
                    together, merging_m(network.lanes[merging[i]], network.lanes[merging[j]]));
            }
        }
        Junction junction;
        junction.id = static_cast<JunctionId>(network.junctions.size());
        for (std::size_t i = 0; i < merging.size(); ++i) {
            const Lane& lane = network.lanes[merging[i]];
            const double s = std::max(0.4 * lane.length_m, lane.length_m - together - kBefore_m);
            const LaneId rest = cut(draft, merging[i], s);
            Lane& connection = network.lanes[rest];
            connection.junction = junction.id;
            connection.control = i == 0 ? Control::kUncontrolled : Control::kYield;
            connection.stop_s_m = s;
            junction.connections.push_back(rest);
            junction.entries.push_back(merging[i]);
        }
        std::sort(junction.connections.begin(), junction.connections.end());
        std::sort(junction.entries.begin(), junction.entries.end());
        network.junctions.push_back(std::move(junction));
    }
}

}  // namespace huntsman::engine::road::parts
