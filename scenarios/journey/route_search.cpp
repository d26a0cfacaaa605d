#include "scenarios/journey/route_search.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace huntsman::scenarios::journey {

using namespace engine::world;

namespace {

constexpr double kStart_m = 9.0;        // of the ego's rear axle on its first lane
constexpr double kLongLane_m = 35.0;    // a lane to start on
constexpr double kLeastWidth_m = 2.3;   // of a lane that cars usually drive on
constexpr double kChangeRoom_m = 55.0;  // a lane that is long enough to change from
constexpr double kShortRoom_m = 25.0;   // the least where there is no other way
constexpr double kGoalBefore_m = 8.0;   // goal's least distance to the end of its lane
constexpr double kEdge_m = 30.0;        // the same where the road ends there
constexpr int kWalks = 160;
constexpr std::size_t kMostLanes = 4000;  // of one route

bool is_drivable(const World& world, const Lane& lane) {
    if (lane.kind != LaneKind::kDriving) return false;
    if (lane.road >= world.road_model.roads.size()) return true;
    // Lanes in the middle for turning lead nowhere.
    for (const ModelLane& l : world.road_model.roads[lane.road].sections[lane.section].lanes) {
        if (l.id != lane.model_lane) continue;
        if (l.type == LaneType::kBidirectional && lane.successors.empty() &&
            lane.predecessors.empty()) {
            return false;
        }
    }
    return true;
}

double least_width_m(const Lane& lane) {
    double width = 1e30;
    for (const LaneSample& q : lane.samples) width = std::min(width, q.width_m);
    return width;
}

// Whether a lane bends more sharply than any car can steer, as kinks in faulty maps do.
bool kinked(const Lane& lane) {
    constexpr double kLeastRadius_m = 3.0;
    return std::any_of(lane.samples.begin(), lane.samples.end(), [](const LaneSample& q) {
        return std::abs(q.curvature_per_m) > 1.0 / kLeastRadius_m;
    });
}

// A walk along the network that prefers turns and lanes it has not seen.
Route random_route(const RoadNetwork& network, LaneId start, double wanted_m, Dice& dice,
                   std::optional<double> start_s_m = {}) {
    Route route;
    std::vector<char> seen(network.lanes.size(), 0);
    LaneId at = start;
    seen[at] = 1;
    route.lanes.push_back(at);
    route.start_s_m = start_s_m.value_or(std::min(kStart_m, 0.3 * network.lanes[at].length_m));
    double length = network.lanes[at].length_m - route.start_s_m;
    double room = length;  // left on the present lane, for changing
    int turns = 0, signals = 0, repeats = 0, changes = 0, junctions = 0, kinks = 0;
    bool ended = false;
    while (length < wanted_m && route.lanes.size() < kMostLanes) {
        // Ways on: from this lane, or from a neighbour where there is room to change to it.
        struct Option {
            LaneId change, next;
            double weight;
        };
        std::vector<Option> options;
        double total = 0;
        const auto add = [&](LaneId from, LaneId change, double factor) {
            for (const LaneId c : network.lanes[from].successors) {
                const Lane& next = network.lanes[c];
                double weight = factor * (next.turn == Turn::kStraight ? 0.8 : 1.0);
                if (next.turn == Turn::kUTurn) weight *= 0.05;
                if (kinked(next)) weight *= 1e-6;
                // A dead end soon is taken only where all ways end.
                if (room_ahead_m(network, c, 120.0) < 120.0) weight *= 1e-3;
                const LaneId far = next.successors.empty() ? c : next.successors.front();
                if (seen[c] != 0 || seen[far] != 0) weight *= 1e-2;
                options.push_back({change, c, weight});
                total += weight;
            }
        };
        const Lane& here = network.lanes[at];
        add(at, kNone, 1.0);
        for (const LaneId other : {here.left, here.right}) {
            if (other == kNone) continue;
            if (room > kChangeRoom_m) add(other, other, 0.5);
            if (room <= kChangeRoom_m && room > kShortRoom_m && here.successors.empty()) {
                add(other, other, 0.5);
            }
        }
        if (options.empty()) {
            ended = true;
            break;
        }
        double draw = dice.uniform(0, total);
        std::size_t pick = 0;
        while (pick + 1 < options.size() && draw > options[pick].weight) {
            draw -= options[pick].weight;
            ++pick;
        }
        const Option& option = options[pick];
        if (option.change != kNone) {
            route.lanes.push_back(option.change);
            seen[option.change] = 1;
            ++changes;
        }
        const Lane& next = network.lanes[option.next];
        route.lanes.push_back(option.next);
        at = option.next;
        if (next.in_junction()) {
            turns += next.turn == Turn::kStraight ? 0 : 1;
            signals += next.signal_group != kNone ? 1 : 0;
            ++junctions;
        }
        repeats += seen[at];
        kinks += kinked(next) ? 1 : 0;
        seen[at] = 1;
        length += next.length_m;
        room = next.length_m;
        // No goal inside a junction.
        if (length >= wanted_m && next.in_junction()) wanted_m = length + 1.0;
    }
    // The goal: where the wanted length is reached, or a little before the last lane's end.
    while (route.lanes.size() > 1 && network.lanes[route.lanes.back()].in_junction()) {
        length -= network.lanes[route.lanes.back()].length_m;
        route.lanes.pop_back();
    }
    const Lane& last = network.lanes[route.lanes.back()];
    const double before = ended || last.successors.empty() ? kEdge_m : kGoalBefore_m;
    const double first = route.lanes.size() == 1 ? route.start_s_m : 0.0;
    route.goal_s_m =
        std::clamp(last.length_m - std::max(0.0, length - wanted_m),
                   first + std::min(12.0, 0.5 * (last.length_m - first)),
                   std::max(first + 0.5 * (last.length_m - first), last.length_m - before));
    route.length_m = length - last.length_m + route.goal_s_m;
    const double share = junctions > 0 ? static_cast<double>(turns) / junctions : 0.0;
    route.score = -20.0 * std::abs(share - 0.55) + 1.5 * std::min(signals, 4) - 4.0 * repeats -
                  0.3 * changes - 1000.0 * kinks - 0.05 * std::max(0.0, wanted_m - route.length_m);
    return route;
}

}  // namespace

double room_ahead_m(const RoadNetwork& network, LaneId lane, double enough_m) {
    // The longest way on, by a bounded search in depth.
    double best = 0;
    std::vector<std::pair<LaneId, double>> open{{lane, 0.0}};
    for (int steps = 0; !open.empty() && steps < 64; ++steps) {
        const auto [at, before] = open.back();
        open.pop_back();
        const double length = before + network.lanes[at].length_m;
        best = std::max(best, length);
        if (best >= enough_m) return enough_m;
        for (const LaneId next : network.lanes[at].successors) {
            if (!kinked(network.lanes[next])) open.emplace_back(next, length);
        }
        for (const LaneId side : {network.lanes[at].left, network.lanes[at].right}) {
            if (side == kNone) continue;
            for (const LaneId next : network.lanes[side].successors) {
                open.emplace_back(next, length);
            }
        }
    }
    return best;
}

double widest_lane_m(const World& world) {
    double widest = 0;
    for (const Lane& lane : world.roads.lanes) {
        if (lane.in_junction() || !is_drivable(world, lane)) continue;
        widest = std::max(widest, least_width_m(lane));
    }
    return widest;
}

std::vector<LaneId> start_lanes(const World& world, double fits_m) {
    const double least_width = widest_lane_m(world) < kLeastWidth_m ? fits_m : kLeastWidth_m;
    std::vector<LaneId> lanes;
    double longest = 0;
    for (const Lane& lane : world.roads.lanes) {
        if (lane.in_junction() || !is_drivable(world, lane)) continue;
        if (least_width_m(lane) < least_width) continue;
        lanes.push_back(lane.id);
        longest = std::max(longest, lane.length_m);
    }
    const double least = std::min(kLongLane_m, 0.5 * longest);
    std::erase_if(lanes, [&](LaneId l) { return world.roads.lanes[l].length_m <= least; });
    return lanes;
}

Route route_from(const World& world, LaneId start, double start_s_m, double wanted_m, Dice& dice) {
    Route best;
    for (int i = 0; i < kWalks; ++i) {
        Route route = random_route(world.roads, start, wanted_m, dice, start_s_m);
        if (route.score > best.score) best = std::move(route);
    }
    return best;
}

Route find_route(const World& world, const std::vector<LaneId>& starts, double wanted_m,
                 Dice& dice) {
    Route best;
    for (int i = 0; i < kWalks; ++i) {
        Route route = random_route(world.roads, starts[dice.index(starts.size())], wanted_m, dice);
        if (route.score > best.score) best = std::move(route);
    }
    return best;
}

}  // namespace huntsman::scenarios::journey
