#include "engine/road/rings.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "engine/math/geometry.h"

namespace huntsman::engine::road {

using math::Vec2;
using namespace world;

namespace {

double turned_rad(const Lane& lane) {
    double turn = 0;
    for (std::size_t i = 0; i + 1 < lane.samples.size(); ++i) {
        turn += math::wrap_angle(lane.samples[i + 1].heading_rad - lane.samples[i].heading_rad);
    }
    return turn;
}

}  // namespace

std::vector<LaneId> ring_of(const RoadNetwork& network, LaneId start,
                            const std::function<bool(LaneId)>& one_way) {
    constexpr double kShortest_m = 40.0, kLongest_m = 600.0, kTurn_rad = 0.35, kRound = 0.82;
    constexpr std::size_t kMostLanes = 96;
    const double side = network.left_hand ? -1.0 : 1.0;
    std::vector<LaneId> lanes{start};
    double turn = 0, length = 0;
    LaneId at = start;
    do {
        turn += turned_rad(network.lanes[at]);
        length += network.lanes[at].length_m;
        if (length > kLongest_m || lanes.size() > kMostLanes) return {};
        LaneId next = kNone;
        double best = -1e30;
        for (const LaneId candidate : network.lanes[at].successors) {
            const double inwards = side * turned_rad(network.lanes[candidate]);
            if (inwards > best) {
                best = inwards;
                next = candidate;
            }
        }
        if (next == kNone) return {};
        if (!network.lanes[next].in_junction() && !one_way(next)) return {};
        at = next;
        lanes.push_back(at);
    } while (at != start);
    lanes.pop_back();
    if (length < kShortest_m || std::abs(side * turn - 2 * math::kPi) > kTurn_rad) return {};
    // Round, not a block of houses: area against that of a circle of the same length.
    double area = 0, rim = 0;
    std::vector<Vec2> points;
    for (const LaneId lane : lanes) {
        for (const LaneSample& q : network.lanes[lane].samples) points.push_back(math::xy(q.p));
    }
    for (std::size_t i = 0; i < points.size(); ++i) {
        const Vec2 &a = points[i], &b = points[(i + 1) % points.size()];
        area += 0.5 * math::cross(a - points[0], b - points[0]);
        rim += glm::length(b - a);
    }
    return 4 * math::kPi * std::abs(area) > kRound * rim * rim ? lanes : std::vector<LaneId>{};
}

std::vector<char> lanes_on_rings(const RoadNetwork& network) {
    const auto& lanes = network.lanes;
    std::vector<char> on_ring(lanes.size(), 0);
    // Roads that are driven both ways.
    std::set<std::uint32_t> forward, backward;
    for (const Lane& lane : lanes) {
        if (lane.kind != LaneKind::kDriving) continue;
        (lane.model_lane < 0 ? forward : backward).insert(lane.road);
    }
    const auto one_way = [&](LaneId id) {
        return !forward.contains(lanes[id].road) || !backward.contains(lanes[id].road);
    };
    for (const Lane& lane : lanes) {
        if (lane.kind != LaneKind::kDriving || lane.in_junction() || on_ring[lane.id] != 0 ||
            !one_way(lane.id)) {
            continue;
        }
        for (const LaneId l : ring_of(network, lane.id, one_way)) on_ring[l] = 1;
    }
    return on_ring;
}

std::vector<char> lanes_for_buses(const RoadNetwork& network, const std::vector<char>& on_ring) {
    const auto& lanes = network.lanes;
    std::vector<char> fits(lanes.size(), 1);
    for (const Lane& lane : lanes) {
        for (const LaneSample& q : lane.samples) {
            if (std::abs(q.curvature_per_m) > 1.0 / kNarrow_m) fits[lane.id] = 0;
        }
    }
    // On a ring: whether one of the exits from here on does.
    const auto leaves = [&](LaneId start) {
        LaneId at = start;
        do {
            LaneId next = kNone;
            for (const LaneId l : lanes[at].successors) {
                if (on_ring[l] != 0) {
                    next = l;
                } else if (fits[l] != 0) {
                    return true;
                }
            }
            at = next;
        } while (at != kNone && at != start);
        return false;
    };
    const auto goes_on = [&](const Lane& lane) {
        if (on_ring[lane.id] != 0) return leaves(lane.id);
        const auto fit = [&](LaneId l) { return fits[l] != 0; };
        if (lane.successors.empty()) return true;
        return std::any_of(lane.successors.begin(), lane.successors.end(), fit);
    };
    for (bool changed = true; changed;) {
        changed = false;
        for (const Lane& lane : lanes) {
            if (fits[lane.id] == 0 || goes_on(lane)) continue;
            fits[lane.id] = 0;
            changed = true;
        }
    }
    return fits;
}

}  // namespace huntsman::engine::road
