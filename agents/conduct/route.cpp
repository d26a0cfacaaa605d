#include <algorithm>
#include <cmath>
#include <tuple>

#include "agents/conduct/drivers.h"

namespace huntsman::agents::conduct {
namespace {

using engine::core::Key;
using world::kNone;
using world::LaneId;

constexpr double kLost_m = 4.0;  // off its lane: pushed away, or driven elsewhere

bool follows(const world::Lane& lane, LaneId next) {
    return std::find(lane.successors.begin(), lane.successors.end(), next) != lane.successors.end();
}

// The lane after `last` by the route that was given, or kNone where the route has ended.
LaneId planned_after(std::span<const LaneId> plan, LaneId last) {
    const auto at = std::find(plan.begin(), plan.end(), last);
    return at == plan.end() || at + 1 == plan.end() ? kNone : *(at + 1);
}

// Where a roundabout is left, from a lane on it on.
std::vector<LaneId> exits_ahead(const LaneBook& book, LaneId lane) {
    std::vector<LaneId> exits;
    LaneId at = lane;
    do {
        LaneId next = kNone;
        for (const LaneId lane_after : book.roads().lanes[at].successors) {
            if (book.on_ring(lane_after)) {
                next = lane_after;
            } else {
                exits.push_back(lane_after);
            }
        }
        at = next;
    } while (at != kNone && at != lane);
    return exits;
}

// A successor by keyed draw; no U-turn where there is another way. Long vehicles keep to wide bends
// where they can.
LaneId drawn_after(const LaneBook& book, LaneId last, bool is_long, const Key& key,
                   std::uint32_t draw) {
    const world::RoadNetwork& roads = book.roads();
    std::vector<LaneId> next = roads.lanes[last].successors;
    if (is_long) {
        // A way without tight spots, else the fewest on the connection and behind it; then the
        // widest bend.
        const auto fit = [&](LaneId lane) {
            const auto& after = roads.lanes[lane].successors;
            const int tight =
                (book.tight(lane) ? 1 : 0) + (!after.empty() && book.tight(after.front()) ? 2 : 0);
            return std::tuple(book.roomy(lane), -tight, book.for_buses(lane));
        };
        const auto merit = [&](LaneId lane) {
            const bool ends = book.onward_m(lane) < LaneBook::kEnough_m;
            return std::tuple_cat(
                fit(lane),
                std::tuple(ends ? book.onward_m(lane) : LaneBook::kEnough_m, book.radius_m(lane)));
        };
        const auto less = [&](LaneId a, LaneId b) { return merit(a) < merit(b); };
        if (!book.on_ring(last)) return *std::max_element(next.begin(), next.end(), less);
        // Round a roundabout as far as an exit that fits as well as any.
        const std::vector<LaneId> exits = exits_ahead(book, last);
        auto best = std::tuple(false, -4, false);
        for (const LaneId exit : exits) best = std::max(best, fit(exit));
        std::erase_if(next, [&](LaneId lane) { return !book.on_ring(lane) && fit(lane) < best; });
    }
    // Roads that end soon take few: the shorter, the fewer.
    double total = 0, least = LaneBook::kEnough_m;
    const auto weight = [&](LaneId lane) {
        const double share = std::min(1.0, book.onward_m(lane) / LaneBook::kEnough_m);
        // Kinks of faulty maps, sharper than any car can steer, are no better than U-turns.
        const bool last_resort = roads.lanes[lane].turn == world::Turn::kUTurn ||
                                 book.radius_m(lane) < LaneBook::kLeastRadius_m;
        return last_resort ? 1e-6 : std::pow(share, 3.0);
    };
    for (const LaneId lane : next) {
        total += weight(lane);
        least = std::min(least, book.onward_m(lane));
        if (book.radius_m(lane) < LaneBook::kLeastRadius_m) least = 0.0;
    }
    if (least < LaneBook::kEnough_m) {
        double pick = key.uniform(0.0, total, draw);
        for (const LaneId lane : next) {
            pick -= weight(lane);
            if (pick < 0.0) return lane;
        }
        return next.back();
    }
    std::size_t ways = 0;
    for (const LaneId lane : next) ways += roads.lanes[lane].turn != world::Turn::kUTurn ? 1 : 0;
    if (ways == 0) return next[key.index(next.size(), draw)];
    std::size_t pick = key.index(ways, draw);
    for (const LaneId lane : next) {
        if (roads.lanes[lane].turn == world::Turn::kUTurn) continue;
        if (pick-- == 0) return lane;
    }
    return kNone;
}

}  // namespace

void update_route(const LaneBook& book, const Self& self, const RoadUser& user, const Key& seed,
                  world::DriverMind& mind) {
    const world::RoadNetwork& roads = book.roads();
    auto& route = mind.route;

    // Lost: begin anew where one is.
    if (route[0] >= roads.lanes.size() || std::abs(mind.lane_t_m) > kLost_m) {
        const auto place = book.map().nearest_lane(user.p3(), user.yaw_rad, 30.0);
        if (!place) return;
        if (place->lane != route[0]) {
            route.fill(kNone);
            route[0] = place->lane;
        }
        mind.lane_s_m = place->s_m;
        mind.lane_t_m = place->t_m;
    }
    // Draw lanes until the memory is full.
    const Key key = seed.with(user.id).with("route");
    for (std::size_t k = 1; k < route.size(); ++k) {
        if (route[k] != kNone) continue;
        route[k] = planned_after(self.plan, route[k - 1]);
        if (route[k] == kNone && !roads.lanes[route[k - 1]].successors.empty()) {
            route[k] =
                drawn_after(book, route[k - 1], user.front > kLongFront_m, key, mind.decisions++);
        }
        // A lane that leads nowhere is left for its neighbour.
        const world::Lane& last = roads.lanes[route[k - 1]];
        for (const LaneId beside : {last.left, last.right}) {
            if (route[k] == kNone && beside != kNone && !roads.lanes[beside].successors.empty()) {
                route[k] = beside;
            }
        }
        if (route[k] == kNone) break;
    }
}

// Drops lanes that the origin has left behind.
void advance_route(const LaneBook& book, world::DriverMind& mind) {
    const world::RoadNetwork& roads = book.roads();
    auto& route = mind.route;
    while (mind.lane_s_m >= roads.lanes[route[0]].length_m && route[1] != kNone &&
           follows(roads.lanes[route[0]], route[1])) {
        mind.lane_s_m -= roads.lanes[route[0]].length_m;
        std::move(route.begin() + 1, route.end(), route.begin());
        route.back() = kNone;
    }
}

}  // namespace huntsman::agents::conduct
