#include "agents/conduct/walk_book.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <queue>
#include <utility>

#include "engine/road/foot_places.h"

namespace huntsman::agents::conduct {

using engine::core::Key;
using namespace engine::world;

namespace {

constexpr double kCrossing_m = 15.0;  // by which a crossing makes a way seem longer
constexpr std::size_t kShare = 8;     // one node of so many is a goal,
constexpr std::size_t kFewest = 16;   // and at least so many
constexpr double kMostWeight = 12.0;

// What draws people to each node: that of the places along its walkways' nearer halves.
std::vector<double> node_weights(const World& world, const engine::road::RoadMap& map) {
    const RoadNetwork& roads = world.roads;
    std::vector<double> weights(roads.walk_nodes.size(), 1.0);
    const engine::road::FootPlaces places(world, map);
    for (const engine::road::FootPlace& place : places.all()) {
        const Walkway& walkway = roads.walkways[place.walkway];
        const std::uint32_t node = place.s_m < 0.5 * walkway.length_m ? walkway.from : walkway.to;
        if (node >= weights.size()) continue;
        constexpr double kPlace = 0.25;
        weights[node] = std::min(kMostWeight, weights[node] + kPlace * (place.busy - 1.0));
    }
    return weights;
}

}  // namespace

WalkBook::WalkBook(const World& world, const engine::road::RoadMap& map) {
    const RoadNetwork& roads = world.roads;
    const std::size_t nodes = roads.walk_nodes.size();
    if (nodes == 0) return;
    leads_.resize(nodes);
    const std::vector<double> weights = node_weights(world, map);
    // Draws without putting back, by weight [Efraimidis and Spirakis 2006].
    const Key key = Key(world.seed).with("goals");
    std::vector<std::pair<double, std::uint32_t>> order;
    for (std::uint32_t node = 0; node < nodes; ++node) {
        order.emplace_back(-std::log(1.0 - key.uniform(node)) / weights[node], node);
    }
    std::sort(order.begin(), order.end());
    std::vector<std::uint32_t> goals;
    const std::size_t count = std::max(nodes / kShare, std::min(nodes, kFewest));
    for (std::size_t i = 0; i < count; ++i) goals.push_back(order[i].second);
    std::sort(goals.begin(), goals.end());
    for (const std::uint32_t goal : goals) find_ways(roads, goal, weights[goal]);
}

// Dijkstra from the goal outwards.
void WalkBook::find_ways(const RoadNetwork& roads, std::uint32_t goal, double weight) {
    using Reached = std::pair<double, std::uint32_t>;
    std::priority_queue<Reached, std::vector<Reached>, std::greater<>> open;
    open.emplace(0.0, goal);
    const auto leads_there = [&](std::uint32_t node) {
        return !leads_[node].empty() && leads_[node].back().goal == goal;
    };
    leads_[goal].push_back({goal, kNone, 0, weight});
    while (!open.empty()) {
        const auto [distance, node] = open.top();
        open.pop();
        if (distance > leads_[node].back().distance_m) continue;
        for (const WalkwayId id : roads.walk_nodes[node].walkways) {
            const Walkway& walkway = roads.walkways[id];
            const std::uint32_t other = walkway.from == node ? walkway.to : walkway.from;
            const double there =
                distance + walkway.length_m + (walkway.crossing != kNone ? kCrossing_m : 0.0);
            if (there > kFarthest_m) continue;
            if (!leads_there(other)) {
                leads_[other].push_back({goal, id, there, weight});
            } else if (there < leads_[other].back().distance_m) {
                leads_[other].back() = {goal, id, there, weight};
            } else {
                continue;
            }
            open.emplace(there, other);
        }
    }
}

std::uint32_t WalkBook::draw_goal(std::uint32_t node, WalkwayId came_along, const Key& key,
                                  std::uint32_t draw) const {
    if (node >= leads_.size()) return kNone;
    // What is asked of a goal, as far as some can give it.
    const auto suits = [&](const Lead& lead, int strictness) {
        return lead.goal != node && (strictness < 1 || lead.walkway != came_along) &&
               (strictness < 2 || lead.distance_m > kNearest_m);
    };
    for (int strictness = 2; strictness >= 0; --strictness) {
        double sum = 0;
        for (const Lead& lead : leads_[node]) sum += suits(lead, strictness) ? lead.weight : 0.0;
        if (sum <= 0) continue;
        double left = sum * key.uniform(draw);
        std::uint32_t last = kNone;
        for (const Lead& lead : leads_[node]) {
            if (!suits(lead, strictness)) continue;
            last = lead.goal;
            left -= lead.weight;
            if (left < 0) break;
        }
        return last;
    }
    return kNone;
}

WalkwayId WalkBook::next(std::uint32_t node, std::uint32_t goal) const {
    if (node >= leads_.size()) return kNone;
    const auto lead =
        std::lower_bound(leads_[node].begin(), leads_[node].end(), goal,
                         [](const Lead& l, std::uint32_t wanted) { return l.goal < wanted; });
    return lead != leads_[node].end() && lead->goal == goal ? lead->walkway : kNone;
}

}  // namespace huntsman::agents::conduct
