#include "scenarios/town/journey.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/math/geometry.h"
#include "engine/road/lane_curve.h"
#include "engine/world/pose.h"
#include "scenarios/catalogue/catalogue.h"
#include "scenarios/town/dice.h"

namespace huntsman::scenarios::town {

namespace math = engine::math;
using engine::core::Error;
using engine::core::Key;
using engine::core::Status;
using engine::road::lane_at;
using math::Vec2;
using math::Vec3;
using namespace engine::world;

namespace {

constexpr double kChangeRoom_m = 55.0;  // a street that is long enough to change lanes on
constexpr double kEgoStart_m = 9.0;     // of the ego's rear axle on its first lane
constexpr double kGoalBefore_m = 8.0;   // goal's least distance to the end of its lane
constexpr double kNearRoute_m = 200.0;  // where the ego meets others

struct Route {
    std::vector<LaneId> lanes;
    double length_m = 0;  // from the ego's start to the goal
    double goal_s_m = 0;
    double score = -1e30;
};

// A walk along the network that prefers turns and streets it has not seen.
Route random_route(const RoadNetwork& network, LaneId start, double wanted_m, Dice& dice) {
    Route route;
    std::vector<char> seen(network.lanes.size(), 0);
    LaneId at = start;
    seen[at] = 1;
    route.lanes.push_back(at);
    double length = network.lanes[at].length_m - kEgoStart_m;
    int turns = 0, signals = 0, repeats = 0, changes = 0, junctions = 0;
    while (length < wanted_m) {
        // Ways on: from this lane, or from a neighbour where there is room to change to it.
        struct Option {
            LaneId change, connection;
            double weight;
        };
        std::vector<Option> options;
        double total = 0;
        const auto add = [&](LaneId from, LaneId change) {
            for (const LaneId c : network.lanes[from].successors) {
                const Lane& connection = network.lanes[c];
                double weight = connection.turn == Turn::kStraight ? 0.8 : 1.0;
                if (change != kNone) weight *= 0.5;
                if (seen[connection.successors[0]] != 0) weight *= 1e-3;
                options.push_back({change, c, weight});
                total += weight;
            }
        };
        add(at, kNone);
        if (network.lanes[at].length_m > kChangeRoom_m) {
            for (const LaneId other : {network.lanes[at].left, network.lanes[at].right}) {
                if (other != kNone) add(other, other);
            }
        }
        double draw = dice.uniform(0, total);
        std::size_t pick = 0;
        while (pick + 1 < options.size() && draw > options[pick].weight) {
            draw -= options[pick].weight;
            ++pick;
        }
        const Option& option = options[pick];
        const Lane& connection = network.lanes[option.connection];
        if (option.change != kNone) {
            route.lanes.push_back(option.change);
            ++changes;
        }
        route.lanes.push_back(option.connection);
        at = connection.successors[0];
        route.lanes.push_back(at);
        turns += connection.turn == Turn::kStraight ? 0 : 1;
        signals += connection.signal_group != kNone ? 1 : 0;
        repeats += seen[at];
        ++junctions;
        seen[at] = 1;
        length += connection.length_m + network.lanes[at].length_m;
    }
    // The goal: where the wanted length is reached, or a little before the last lane's end.
    const Lane& last = network.lanes[at];
    route.goal_s_m =
        std::clamp(last.length_m - (length - wanted_m), std::min(12.0, 0.5 * last.length_m),
                   std::max(0.5 * last.length_m, last.length_m - kGoalBefore_m));
    route.length_m = length - last.length_m + route.goal_s_m;
    const double share = junctions > 0 ? static_cast<double>(turns) / junctions : 0.0;
    route.score = -20.0 * std::abs(share - 0.55) + 1.5 * std::min(signals, 4) - 4.0 * repeats -
                  0.3 * changes - 0.05 * std::max(0.0, wanted_m - route.length_m);
    return route;
}

// Boxes that are taken already.
struct Taken {
    std::vector<math::Box2> boxes;

    bool free(const math::Box2& box) const {
        return std::none_of(boxes.begin(), boxes.end(),
                            [&](const math::Box2& other) { return math::overlap(box, other); });
    }
};

math::Box2 padded(math::Box2 box, double along_m, double across_m) {
    box.half += Vec2(along_m, across_m);
    return box;
}

}  // namespace

Status add_journey(const TownParameters& parameters, const Key& key, World& world) {
    const RoadNetwork& network = world.roads;

    // The best of many random routes.
    std::vector<LaneId> streets;
    for (const Lane& lane : network.lanes) {
        if (!lane.in_junction() && lane.length_m > 35.0) streets.push_back(lane.id);
    }
    if (streets.empty()) return Error{"size_m: the town has no street to start on"};
    Dice dice(key.with("route"));
    Route best;
    constexpr int kWalks = 160;
    for (int i = 0; i < kWalks; ++i) {
        Route route =
            random_route(network, streets[dice.index(streets.size())], parameters.route_m, dice);
        if (route.score > best.score) best = std::move(route);
    }
    world.ego_route = best.lanes;
    world.ego_goal_s_m = best.goal_s_m;

    // Points every few metres along the route tell what is near it.
    std::vector<Vec2> route_points;
    for (const LaneId id : best.lanes) {
        for (double s = 0; s < network.lanes[id].length_m; s += 20.0) {
            route_points.push_back(math::xy(lane_at(network.lanes[id], s).p));
        }
    }
    const auto near_route = [&](const Vec2& p) {
        return std::any_of(route_points.begin(), route_points.end(), [&](const Vec2& q) {
            return glm::dot(p - q, p - q) < kNearRoute_m * kNearRoute_m;
        });
    };

    // The ego.
    Taken taken;
    const auto place_on_lane = [&](Spawn& spawn, LaneId lane, double s) {
        const LaneSample q = lane_at(network.lanes[lane], s);
        spawn.X_WB = math::upright(q.p, q.heading_rad);
        spawn.lane = lane;
        spawn.lane_s_m = s;
        return footprint(world.archetype_of(spawn).extent, spawn.X_WB);
    };
    Spawn ego;
    ego.id = kEgo;
    ego.archetype = catalogue::kSedan;
    ego.tint = {0.03F, 0.10F, 0.28F};
    const math::Box2 ego_box = place_on_lane(ego, best.lanes[0], kEgoStart_m);
    taken.boxes.push_back(padded(ego_box, 15.0, 4.0));
    world.spawns.push_back(ego);

    // Other vehicles: on lanes between junctions, clear of crossings and of each other.
    Dice traffic(key.with("traffic"));
    ActorId next_id = kEgo + 1;
    constexpr int kTries = 600;
    for (int i = 0; i < parameters.vehicles; ++i) {
        const bool near = i % 2 == 0;
        bool placed = false;
        Spawn spawn;
        spawn.id = next_id;
        spawn.archetype = catalogue::pick_vehicle(traffic.uniform(0, 1), false);
        spawn.tint = catalogue::paint(traffic.uniform(0, 1), traffic.uniform(0, 1));
        const Extent& extent = world.archetype_of(spawn).extent;
        for (int attempt = 0; attempt < kTries && !placed; ++attempt) {
            const LaneId lane = streets[traffic.index(streets.size())];
            const double first = extent.rear_m + 3.0;
            const double last = network.lanes[lane].length_m - extent.front_m - 6.0;
            if (last < first) continue;
            const double s = traffic.uniform(first, last);
            const math::Box2 box = place_on_lane(spawn, lane, s);
            if (near && attempt < kTries / 2 && !near_route(box.centre)) continue;
            const bool on_crossing = std::any_of(
                network.crossings.begin(), network.crossings.end(), [&](const Crossing& c) {
                    return std::any_of(c.lanes.begin(), c.lanes.end(), [&](const auto& span) {
                        return span.lane == lane && s + extent.front_m > span.s_begin_m - 1.5 &&
                               s - extent.rear_m < span.s_end_m + 1.5;
                    });
                });
            if (on_crossing || !taken.free(padded(box, 2.5, 0.2))) continue;
            taken.boxes.push_back(padded(box, 2.5, 0.2));
            placed = true;
        }
        if (!placed) {
            return Error{fmt::format("vehicles: only {} of {} find room in a town of {} m", i,
                                     parameters.vehicles, parameters.size_m)};
        }
        world.spawns.push_back(spawn);
        ++next_id;
    }

    // People on pavements.
    Dice crowd(key.with("crowd"));
    std::vector<WalkwayId> pavements;
    for (const Walkway& walkway : network.walkways) {
        if (walkway.crossing == kNone && walkway.length_m > 3.0) pavements.push_back(walkway.id);
    }
    std::vector<Vec2> people;
    for (int i = 0; i < parameters.pedestrians; ++i) {
        const bool near = i % 2 == 0;
        bool placed = false;
        Spawn spawn;
        spawn.id = next_id;
        spawn.archetype = catalogue::pick_person(crowd.uniform(0, 1));
        spawn.tint = catalogue::cloth(crowd.uniform(0, 1), crowd.uniform(0, 1));
        for (int attempt = 0; attempt < kTries && !placed; ++attempt) {
            const Walkway& walkway = network.walkways[pavements[crowd.index(pavements.size())]];
            const double s = crowd.uniform(0.5, walkway.length_m - 0.5);
            // The point and direction at s.
            double left = s;
            std::size_t k = 0;
            while (k + 2 < walkway.points.size()) {
                const double step = glm::length(walkway.points[k + 1] - walkway.points[k]);
                if (left <= step) break;
                left -= step;
                ++k;
            }
            const Vec3 along = glm::normalize(walkway.points[k + 1] - walkway.points[k]);
            const Vec3 p = walkway.points[k] + left * along;
            const Vec2 q = math::xy(p);
            if (near && attempt < kTries / 2 && !near_route(q)) continue;
            constexpr double kApart_m = 0.9;
            if (std::any_of(people.begin(), people.end(),
                            [&](const Vec2& other) { return glm::length(other - q) < kApart_m; })) {
                continue;
            }
            spawn.walkway = walkway.id;
            spawn.walkway_s_m = s;
            spawn.walkway_forward = crowd.chance(0.5);
            const double yaw =
                std::atan2(along.y, along.x) + (spawn.walkway_forward ? 0 : math::kPi);
            spawn.X_WB = math::upright(p, math::wrap_angle(yaw));
            people.push_back(q);
            placed = true;
        }
        if (!placed) {
            return Error{fmt::format("pedestrians: only {} of {} find room in a town of {} m", i,
                                     parameters.pedestrians, parameters.size_m)};
        }
        world.spawns.push_back(spawn);
        ++next_id;
    }
    return {};
}

}  // namespace huntsman::scenarios::town
