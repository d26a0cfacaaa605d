#include <algorithm>

#include "scenarios/town/network.h"

namespace huntsman::scenarios::town {

namespace math = engine::math;
using namespace engine::world;

namespace {

constexpr double kLeastRadius_m = 5.5;  // of a turn
constexpr double kStraightStep_m = 5.0, kBendStep_m = 1.0;

LaneId add_lane(RoadNetwork& network) {
    Lane lane;
    lane.id = static_cast<LaneId>(network.lanes.size());
    network.lanes.push_back(std::move(lane));
    return network.lanes.back().id;
}

// A lane beside the street's centre line, at an offset to its left, running with or against it.
void fill_street_lane(const Street& street, double offset_m, bool forward, Lane& lane) {
    auto stations =
        street.path.stations(street.begin_m, street.end_m, kStraightStep_m, kBendStep_m);
    if (!forward) std::reverse(stations.begin(), stations.end());
    double s = 0, before = stations.front();
    for (const double at : stations) {
        // Between joints the curvature is constant: a concentric arc scales by 1 - k·t.
        const PathPoint middle = street.path.at(0.5 * (before + at));
        s += std::abs(at - before) * (1.0 - middle.curvature_per_m * offset_m);
        before = at;
        const PathPoint q = street.path.at(at);
        const double k = q.curvature_per_m / (1.0 - q.curvature_per_m * offset_m);
        lane.samples.push_back({s, Vec3(q.left(offset_m), 0),
                                math::wrap_angle(q.heading_rad + (forward ? 0 : math::kPi)),
                                forward ? k : -k, street.lane_width_m});
    }
    lane.length_m = s;
    lane.speed_limit_mps = street.speed_limit_mps;
}

void add_street(Street& street, std::uint32_t index, RoadNetwork& network) {
    for (const bool forward : {true, false}) {
        auto& ids = forward ? street.forward : street.backward;
        for (int i = 0; i < street.lanes; ++i) {
            const double offset = (i + 0.5) * street.lane_width_m;
            const LaneId id = add_lane(network);
            network.lanes[id].road = index;
            fill_street_lane(street, forward ? -offset : offset, forward, network.lanes[id]);
            if (i > 0) {
                network.lanes[id].left = ids.back();
                network.lanes[ids.back()].right = id;
            }
            ids.push_back(id);
        }
    }
}

PathPoint end_of(const Lane& lane, bool front) {
    const LaneSample& q = front ? lane.samples.front() : lane.samples.back();
    return {math::xy(q.p), q.heading_rad, 0};
}

// The turn from one arm into another.
Turn turn_between(const Arm& from, const Arm& to) {
    constexpr double kStraight_rad = 40.0 * math::kPi / 180.0;
    const double turn = math::wrap_angle(to.angle_rad - from.angle_rad - math::kPi);
    if (std::abs(turn) < kStraight_rad) return Turn::kStraight;
    return turn > 0 ? Turn::kLeft : Turn::kRight;
}

// Which lanes (from, to; innermost 0) serve a turn between roads of so many lanes.
std::vector<std::array<std::size_t, 2>> lane_pairs(Turn turn, std::size_t in, std::size_t out) {
    if (turn == Turn::kLeft) return {{0, 0}};
    if (turn == Turn::kRight) return {{in - 1, out - 1}};
    std::vector<std::array<std::size_t, 2>> pairs;
    for (std::size_t i = 0; i < std::min(in, out); ++i) pairs.push_back({i, i});
    return pairs;
}

bool add_junction(Layout& layout, std::uint32_t index, RoadNetwork& network) {
    Node& node = layout.nodes[index];
    Junction junction;
    junction.id = index;
    junction.centre = Vec3(node.p, 0);
    junction.signalled = node.signalled;
    for (Arm& arm : node.arms) {
        const Street& street = layout.streets[arm.street];
        arm.in = arm.at_start ? street.backward : street.forward;
        arm.out = arm.at_start ? street.forward : street.backward;
        junction.entries.insert(junction.entries.end(), arm.in.begin(), arm.in.end());
        junction.radius_m = std::max(junction.radius_m, std::hypot(arm.cut_m, street.kerb_m()));
    }
    for (const Arm& from : node.arms) {
        for (const Arm& to : node.arms) {
            if (&from == &to) continue;
            const Turn turn = turn_between(from, to);
            for (const auto& [i, o] : lane_pairs(turn, from.in.size(), to.out.size())) {
                const Lane &in = network.lanes[from.in[i]], &out = network.lanes[to.out[o]];
                auto samples = connect(end_of(in, false), end_of(out, true),
                                       in.samples.back().width_m, kLeastRadius_m);
                if (!samples) return false;
                const LaneId id = add_lane(network);
                Lane& lane = network.lanes[id];
                Lane &before = network.lanes[from.in[i]], &after = network.lanes[to.out[o]];
                lane.samples = std::move(*samples);
                lane.length_m = lane.samples.back().s_m;
                lane.speed_limit_mps = std::min(before.speed_limit_mps, after.speed_limit_mps);
                lane.road = before.road;
                lane.junction = index;
                lane.turn = turn;
                lane.control = from.control;
                lane.stop_s_m = before.length_m - (from.stop_m() - from.cut_m);
                lane.predecessors = {before.id};
                lane.successors = {after.id};
                before.successors.push_back(id);
                after.predecessors.push_back(id);
                junction.connections.push_back(id);
            }
        }
    }
    network.junctions.push_back(std::move(junction));
    return true;
}

}  // namespace

bool strongly_connected(const RoadNetwork& network) {
    // Lane 0 reaches all, and all reach lane 0.
    const std::size_t count = network.lanes.size();
    std::vector<std::vector<LaneId>> next(count), before(count);
    for (const Lane& lane : network.lanes) {
        for (const LaneId to : lane.successors) next[lane.id].push_back(to);
        for (const LaneId to : {lane.left, lane.right}) {
            if (to != kNone) next[lane.id].push_back(to);
        }
        for (const LaneId to : next[lane.id]) before[to].push_back(lane.id);
    }
    const auto reaches_all = [&](const std::vector<std::vector<LaneId>>& edges) {
        std::vector<char> seen(count, 0);
        std::vector<LaneId> open{0};
        seen[0] = 1;
        std::size_t reached = 1;
        while (!open.empty()) {
            const LaneId at = open.back();
            open.pop_back();
            for (const LaneId to : edges[at]) {
                if (seen[to] != 0) continue;
                seen[to] = 1;
                ++reached;
                open.push_back(to);
            }
        }
        return reached == count;
    };
    return count > 0 && reaches_all(next) && reaches_all(before);
}

bool build_lanes(Layout& layout, RoadNetwork& network) {
    for (std::uint32_t i = 0; i < layout.streets.size(); ++i) {
        add_street(layout.streets[i], i, network);
    }
    for (std::uint32_t i = 0; i < layout.nodes.size(); ++i) {
        if (!add_junction(layout, i, network)) return false;
    }
    return strongly_connected(network);
}

}  // namespace huntsman::scenarios::town
