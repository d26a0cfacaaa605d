#include "scenarios/journey/journey.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/math/geometry.h"
#include "engine/road/lane_curve.h"
#include "engine/world/pose.h"
#include "scenarios/catalogue/catalogue.h"

namespace huntsman::scenarios::journey {

namespace math = engine::math;
using engine::core::Error;
using engine::core::Key;
using engine::core::Status;
using engine::road::lane_at;
using math::Vec2;
using math::Vec3;
using namespace engine::world;

namespace {

// Draws of one purpose in sequence.
class Dice {
  public:
    explicit Dice(const Key& key) : key_(key) {}
    double uniform(double low, double high) { return key_.uniform(low, high, draw_++); }
    bool chance(double probability) { return key_.uniform(draw_++) < probability; }
    std::size_t index(std::size_t count) {
        return static_cast<std::size_t>(key_.index(count, draw_++));
    }

  private:
    Key key_;
    std::uint64_t draw_ = 0;
};

constexpr double kChangeRoom_m = 55.0;  // a street that is long enough to change lanes on
constexpr double kEgoStart_m = 9.0;     // of the ego's rear axle on its first lane
constexpr double kEgoStartShare = 0.4;  // or this share of a short one
constexpr double kGoalBefore_m = 8.0;   // goal's least distance to the end of its lane
constexpr double kNearRoute_m = 200.0;  // where the ego meets others

struct Route {
    std::vector<LaneId> lanes;
    double length_m = 0;  // from the ego's start to the goal
    double goal_s_m = 0;
    double score = -1e30;
};

// A walk along the network that prefers turns and lanes it has not seen.
Route random_route(const RoadNetwork& network, LaneId start, double wanted_m, Dice& dice) {
    Route route;
    std::vector<char> seen(network.lanes.size(), 0);
    LaneId at = start;
    seen[at] = 1;
    route.lanes.push_back(at);
    double length = network.lanes[at].length_m -
                    std::min(kEgoStart_m, kEgoStartShare * network.lanes[at].length_m);
    int turns = 0, signals = 0, repeats = 0, changes = 0, junctions = 0;
    constexpr std::size_t kMostLanes = 4000;
    while (length < wanted_m && route.lanes.size() < kMostLanes) {
        // Ways on: from this lane, or from a neighbour where there is room to change to it.
        struct Option {
            LaneId change, next;
            double weight;
        };
        std::vector<Option> options;
        double total = 0;
        const auto add = [&](LaneId from, LaneId change) {
            for (const LaneId n : network.lanes[from].successors) {
                const Lane& next = network.lanes[n];
                if (next.kind != LaneKind::kDriving) continue;
                double weight = next.turn == Turn::kStraight ? 0.8 : 1.0;
                if (change != kNone) weight *= 0.5;
                // What follows a connection tells whether this way is new.
                const LaneId goal =
                    next.in_junction() && !next.successors.empty() ? next.successors[0] : n;
                if (seen[goal] != 0) weight *= 1e-3;
                options.push_back({change, n, weight});
                total += weight;
            }
        };
        const Lane& here = network.lanes[at];
        add(at, kNone);
        if (here.length_m > kChangeRoom_m) {
            for (const LaneId other : {here.left, here.right}) {
                if (other != kNone) add(other, other);
            }
        }
        if (options.empty()) break;  // the road ends here
        double draw = dice.uniform(0, total);
        std::size_t pick = 0;
        while (pick + 1 < options.size() && draw > options[pick].weight) {
            draw -= options[pick].weight;
            ++pick;
        }
        const Option& option = options[pick];
        if (option.change != kNone) {
            route.lanes.push_back(option.change);
            ++changes;
        }
        at = option.next;
        route.lanes.push_back(at);
        const Lane& next = network.lanes[at];
        length += next.length_m;
        if (next.in_junction()) {
            turns += next.turn == Turn::kStraight ? 0 : 1;
            signals += next.signal_group != kNone ? 1 : 0;
            ++junctions;
        } else {
            repeats += seen[at];
        }
        seen[at] = 1;
    }
    // No route ends inside a junction.
    while (route.lanes.size() > 1 && network.lanes[at].in_junction()) {
        length -= network.lanes[at].length_m;
        route.lanes.pop_back();
        at = route.lanes.back();
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

// The pose of something that stands on a lane, on its slope.
math::RigidTransform on_lane(const Lane& lane, double s_m) {
    const LaneSample q = lane_at(lane, s_m);
    constexpr double kStep_m = 0.5;
    const double a = std::max(0.0, s_m - kStep_m), b = std::min(lane.length_m, s_m + kStep_m);
    const double slope = b > a ? (lane_at(lane, b).p.z - lane_at(lane, a).p.z) / (b - a) : 0.0;
    const double pitch = -std::atan(slope);
    math::RigidTransform X_WB = math::upright(q.p, q.heading_rad);
    X_WB.q = X_WB.q * math::Quat(std::cos(0.5 * pitch), 0, std::sin(0.5 * pitch), 0);
    return X_WB;
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

Status check(const JourneyParameters& p) {
    const auto within = [](const char* name, double value, double low, double high) -> Status {
        if (value >= low && value <= high) return {};  // false for NaN
        return Error{fmt::format("{} is {}, expected {} to {}", name, value, low, high)};
    };
    HM_TRY(within("vehicles", p.vehicles, 0, 200));
    HM_TRY(within("pedestrians", p.pedestrians, 0, 500));
    HM_TRY(within("route_m", p.route_m, 100, 20000));
    return {};
}

Status add_journey(const JourneyParameters& parameters, World& world) {
    HM_TRY(check(parameters));
    const RoadNetwork& network = world.roads;
    const Key& key = parameters.key;

    // The best of many random routes.
    std::vector<LaneId> streets;
    for (const Lane& lane : network.lanes) {
        if (lane.kind == LaneKind::kDriving && !lane.in_junction() && lane.length_m > 35.0) {
            streets.push_back(lane.id);
        }
    }
    if (streets.empty()) return Error{"the map has no driving lane of 35 m to start on"};
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
        spawn.X_WB = on_lane(network.lanes[lane], s);
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
        if (!placed && parameters.as_many_as_fit) break;
        if (!placed) {
            return Error{fmt::format("vehicles: only {} of {} find room", i, parameters.vehicles)};
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
    for (int i = 0; i < parameters.pedestrians && !pavements.empty(); ++i) {
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
        if (!placed && parameters.as_many_as_fit) break;
        if (!placed) {
            return Error{
                fmt::format("pedestrians: only {} of {} find room", i, parameters.pedestrians)};
        }
        world.spawns.push_back(spawn);
        ++next_id;
    }
    return {};
}

}  // namespace huntsman::scenarios::journey
