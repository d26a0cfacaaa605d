#include "scenarios/journey/journey.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/driving/motion.h"
#include "engine/math/constants.h"
#include "engine/math/geometry.h"
#include "engine/road/foot_places.h"
#include "engine/road/lane_curve.h"
#include "engine/road/rings.h"
#include "engine/road/road_map.h"
#include "engine/road/vehicle_pose.h"
#include "engine/world/pose.h"
#include "scenarios/catalogue/catalogue.h"
#include "scenarios/journey/route_search.h"

namespace huntsman::scenarios::journey {

namespace math = engine::math;
using engine::core::Error;
using engine::core::Key;
using engine::core::Status;
using engine::road::lane_at;
using engine::road::RoadMap;
using math::Vec2;
using math::Vec3;
using namespace engine::world;

namespace {

constexpr double kNearRoute_m = 200.0;  // where the ego meets others
constexpr double kBesideLane_m = 0.35;  // lanes are at least this much wider than who starts there
constexpr double kMostGrip = 0.5;
constexpr double kSteep = 0.4;            // sine of a bank that a slow car would slide down
constexpr double kLeastStart_mps = 16.0;  // slower roads are started on at rest
constexpr double kFast_mps = 28.0;        // faster than lorries drive
constexpr double kLong_m = 7.0;
constexpr int kTries = 600;
constexpr double kPersonReach_m = 0.4;  // of a person with nothing, to each side

// Boxes that are taken already, with their heights.
struct Taken {
    std::vector<std::pair<math::Box2, double>> boxes;

    bool free(const math::Box2& box, double z_m) const {
        return std::none_of(boxes.begin(), boxes.end(), [&](const auto& other) {
            return std::abs(other.second - z_m) < engine::road::kLevel_m &&
                   math::overlap(box, other.first);
        });
    }
};

math::Box2 padded(math::Box2 box, double along_m, double across_m) {
    box.half += Vec2(along_m, across_m);
    return box;
}

bool on_crossing(const RoadNetwork& network, LaneId lane, double rear_s, double front_s) {
    return std::any_of(network.crossings.begin(), network.crossings.end(), [&](const Crossing& c) {
        return std::any_of(c.lanes.begin(), c.lanes.end(), [&](const auto& span) {
            return span.lane == lane && front_s > span.s_begin_m - 1.5 &&
                   rear_s < span.s_end_m + 1.5;
        });
    });
}

std::array<float, 3> draw_colour(const catalogue::Palette& palette, Dice& dice) {
    const double shade = dice.uniform(0, 1), which = dice.uniform(0, 1);
    return palette.pick(which, shade);
}

// Everything that places vehicles, one after another.
class Placer {
  public:
    Placer(const Key& key, const catalogue::Catalogue& catalogue,
           std::vector<std::pair<math::Box2, double>> obstacles, World& world)
        : key_(key),
          catalogue_(catalogue),
          world_(world),
          map_(world),
          starts_(start_lanes(world, fits_m(catalogue, world))),
          for_buses_(engine::road::lanes_for_buses(world.roads,
                                                   engine::road::lanes_on_rings(world.roads))) {
        standing_.boxes = obstacles;
        taken_.boxes = std::move(obstacles);
        // Steep banks on which a lane asks for too much grip, as their twist throws cars about.
        std::vector<LaneId> steady = starts_;
        std::erase_if(steady, [&](LaneId lane) { return grip_needed(lane) > kMostGrip; });
        if (!steady.empty()) starts_ = std::move(steady);
        any_for_buses_ = std::any_of(starts_.begin(), starts_.end(),
                                     [&](LaneId lane) { return for_buses_[lane] != 0; });
    }

    // The least width of a lane that the ego fits into.
    static double fits_m(const catalogue::Catalogue& catalogue, const World& world) {
        return world.archetypes[catalogue.ego].extent.width_m + kBesideLane_m;
    }

    const std::vector<LaneId>& starts() const { return starts_; }
    const RoadMap& map() const { return map_; }
    void ego(const Route& route);
    void vehicles(int count);

  private:
    bool place_on_lane(Spawn& spawn, LaneId lane, double s, math::Box2& box) const {
        const LaneSample q = lane_at(world_.roads.lanes[lane], s);
        const Archetype& archetype = world_.archetype_of(spawn);
        if (q.width_m < archetype.extent.width_m + kBesideLane_m) return false;
        spawn.X_WB = engine::road::vehicle_pose(map_, archetype.vehicle, q);
        spawn.lane = lane;
        spawn.lane_s_m = s;
        box = footprint(archetype.extent, spawn.X_WB);
        return true;
    }
    bool is_bus(const Spawn& spawn) const {
        return world_.archetype_of(spawn).semantic == Semantic::kBus;
    }
    // Share of the load that tyres must push sideways on the lane's steep banks, at its limit.
    double grip_needed(LaneId lane) const;
    // Slope across a lane, as a sine.
    double bank(const LaneSample& q) const {
        const Vec3 n = map_.surface(q.p + Vec3(0, 0, 0.3)).normal;
        return glm::dot(math::xy(n), math::perp(math::direction(q.heading_rad)));
    }
    // Whether a car that starts here would slide down.
    bool banked(LaneId lane, double s) const {
        return std::abs(bank(lane_at(world_.roads.lanes[lane], s))) > kSteep;
    }
    // On fast roads everybody is on the way already: as fast as the limit, the bends and the next
    // junction, crossing or end of the road allow.
    double start_speed(LaneId lane, double s) const;
    // Whether things leave a vehicle room to move aside before them.
    bool room_before_things(const Spawn& spawn) const {
        constexpr double kRoom_m = 32.0, kStep_m = 3.0;
        const Lane& lane = world_.roads.lanes[spawn.lane];
        const Archetype& archetype = world_.archetype_of(spawn);
        const double end = std::min(lane.length_m, spawn.lane_s_m + kRoom_m);
        for (double s = spawn.lane_s_m; s < end; s += kStep_m) {
            const LaneSample q = lane_at(lane, s);
            const math::Box2 box = footprint(archetype.extent, math::upright(q.p, q.heading_rad));
            if (!standing_.free(box, q.p.z)) return false;
        }
        return true;
    }
    bool near_route(const Vec2& p) const {
        return std::any_of(route_points_.begin(), route_points_.end(), [&](const Vec2& q) {
            return glm::dot(p - q, p - q) < kNearRoute_m * kNearRoute_m;
        });
    }

    Key key_;
    const catalogue::Catalogue& catalogue_;
    World& world_;
    RoadMap map_;
    std::vector<LaneId> starts_;
    std::vector<char> for_buses_;  // by lane
    bool any_for_buses_ = false;   // of the starts
    std::vector<Vec2> route_points_;
    Taken taken_;     // by whoever starts or stands there
    Taken standing_;  // by things
    ActorId next_id_ = kEgo + 1;
};

void Placer::ego(const Route& route) {
    world_.ego_route = route.lanes;
    world_.ego_goal_s_m = route.goal_s_m;
    // Points every few metres along the route tell what is near it.
    for (const LaneId id : route.lanes) {
        for (double s = 0; s < world_.roads.lanes[id].length_m; s += 20.0) {
            route_points_.push_back(math::xy(lane_at(world_.roads.lanes[id], s).p));
        }
    }
    Spawn spawn;
    spawn.id = kEgo;
    spawn.archetype = catalogue_.ego;
    spawn.tint = catalogue_.ego_colour;
    math::Box2 box;
    const auto place = [&](double s) {
        if (place_on_lane(spawn, route.lanes[0], s, box)) return;
        // A narrow road is driven all the same.
        const LaneSample q = lane_at(world_.roads.lanes[route.lanes[0]], s);
        spawn.X_WB = engine::road::vehicle_pose(map_, world_.archetype_of(spawn).vehicle, q);
        spawn.lane = route.lanes[0];
        spawn.lane_s_m = s;
        box = footprint(world_.archetype_of(spawn).extent, spawn.X_WB);
    };
    // Beyond what stands on the lane, with room to get away.
    constexpr double kRoom_m = 8.0;
    double start = route.start_s_m;
    place(start);
    while (!taken_.free(padded(box, kRoom_m, 0), spawn.X_WB.p.z) &&
           start + 3 * kRoom_m < world_.roads.lanes[route.lanes[0]].length_m) {
        place(start += 1.0);
    }
    if (!taken_.free(box, spawn.X_WB.p.z)) place(start = route.start_s_m);
    spawn.speed_mps = start_speed(route.lanes[0], start);
    taken_.boxes.emplace_back(padded(box, 15.0 + spawn.speed_mps, 1.0), spawn.X_WB.p.z);
    world_.spawns.push_back(spawn);
}

double Placer::grip_needed(LaneId id) const {
    constexpr double kStep_m = 4.0, kShare = 0.95;
    const Lane& lane = world_.roads.lanes[id];
    const double v = kShare * lane.speed_limit_mps;
    double most = 0;
    for (double s = kStep_m; s + kStep_m < lane.length_m; s += kStep_m) {
        const LaneSample q = lane_at(lane, s);
        const Vec3 n = map_.surface(q.p + Vec3(0, 0, 0.3)).normal;
        if (std::hypot(n.x, n.y) < kSteep) continue;
        const Vec3 before = lane_at(lane, s - kStep_m).p, after = lane_at(lane, s + kStep_m).p;
        const double step = 0.5 * (glm::length(after - q.p) + glm::length(q.p - before));
        const Vec3 bend = (after - 2.0 * q.p + before) / (step * step);
        const Vec3 along = glm::normalize(after - before);
        // What the road must push with, for each kilogram.
        const Vec3 push = v * v * bend + Vec3(0, 0, math::kGravity_mps2);
        const double across = std::abs(glm::dot(push, glm::cross(n, along)));
        most = std::max(most, across / std::max(0.1, glm::dot(push, n)));
    }
    return most;
}

double Placer::start_speed(LaneId lane, double s) const {
    constexpr double kLook_m = 400.0, kStep_m = 5.0, kSlowing_mps2 = 1.0, kRoom_m = 30.0;
    constexpr double kLateral_mps2 = 2.0, kShare = 0.9;
    const RoadNetwork& network = world_.roads;
    double speed = kShare * network.lanes[lane].speed_limit_mps;
    if (speed < kLeastStart_mps) return 0;
    const auto slow_to = [&](double there, double ahead) {
        speed = std::min(
            speed, std::sqrt(there * there + 2 * kSlowing_mps2 * std::max(0.0, ahead - kRoom_m)));
    };
    for (double ahead = 0; ahead < kLook_m; ahead += kStep_m, s += kStep_m) {
        while (s > network.lanes[lane].length_m) {
            s -= network.lanes[lane].length_m;
            const auto& next = network.lanes[lane].successors;
            if (next.empty()) {
                slow_to(0, ahead);
                return speed < 0.5 * kLeastStart_mps ? 0 : speed;
            }
            lane = next.front();
        }
        const Lane& here = network.lanes[lane];
        slow_to(kShare * here.speed_limit_mps, ahead);
        if (here.in_junction() || on_crossing(network, lane, s, s)) slow_to(0, ahead);
        const LaneSample q = lane_at(here, s);
        if (std::abs(q.curvature_per_m) < 1e-4) continue;
        slow_to(engine::driving::bend_speed_mps(kLateral_mps2, q.curvature_per_m, bank(q)), ahead);
    }
    return speed < 0.5 * kLeastStart_mps ? 0 : speed;
}

void Placer::vehicles(int count) {
    Dice dice(key_.with("traffic"));
    const RoadNetwork& network = world_.roads;
    const double widest_m = widest_lane_m(world_);
    for (int i = 0; i < count; ++i) {
        const bool near = i % 2 == 0;
        bool done = false;
        Spawn spawn;
        spawn.id = next_id_;
        spawn.archetype = catalogue_.moving.pick(dice.uniform(0, 1));
        spawn.tint = draw_colour(catalogue_.paints, dice);
        // On narrow roads those who fit; where every way is too narrow for buses, none runs.
        const auto fits = [&] {
            return world_.archetype_of(spawn).extent.width_m + kBesideLane_m <= widest_m &&
                   (!is_bus(spawn) || any_for_buses_);
        };
        for (int draw = 0; draw < kTries && !fits(); ++draw) {
            spawn.archetype = catalogue_.moving.pick(dice.uniform(0, 1));
        }
        const Extent& extent = world_.archetype_of(spawn).extent;
        for (int attempt = 0; attempt < kTries && !done; ++attempt) {
            const LaneId lane = starts_[dice.index(starts_.size())];
            if (is_bus(spawn) && for_buses_[lane] == 0) continue;
            const double length = network.lanes[lane].length_m;
            const double first = extent.rear_m + 3.0;
            const double last = length - extent.front_m - 6.0;
            const double s = dice.uniform(first, std::max(first, last));
            if (last < first) continue;
            math::Box2 box;
            if (!place_on_lane(spawn, lane, s, box)) continue;
            if (near && attempt < kTries / 2 && !near_route(box.centre)) continue;
            const double z = spawn.X_WB.p.z;
            spawn.speed_mps = start_speed(lane, s);
            // Room for a second's headway on either side, both counted.
            const math::Box2 room = padded(box, 2.5 + 0.5 * spawn.speed_mps, 0.2);
            if (on_crossing(network, lane, s - extent.rear_m, s + extent.front_m) ||
                !taken_.free(room, z) || !room_before_things(spawn) || banked(lane, s)) {
                continue;
            }
            // Who lacks the power for the speed that a bank asks for stays away from it.
            if (spawn.speed_mps > kFast_mps && extent.length_m() > kLong_m) continue;
            // Nobody starts where the road is about to end.
            if (room_ahead_m(network, lane, s + 60.0) < s + 60.0) continue;
            taken_.boxes.emplace_back(room, z);
            done = true;
        }
        if (!done) break;
        world_.spawns.push_back(spawn);
        ++next_id_;
    }
}

}  // namespace

Status add_journey(const JourneyParameters& parameters, const catalogue::Catalogue& catalogue,
                   const Key& key, World& world) {
    Placer placer(key, catalogue, parameters.obstacles, world);
    if (placer.starts().empty()) {
        const double widest = widest_lane_m(world);
        if (widest == 0) return Error{.message = "the roads have no driven lane to start on"};
        return Error{.message = fmt::format("the widest driven lane is {:.2f} m wide where it is "
                                            "narrowest, expected at least {:.2f} m",
                                            widest, Placer::fits_m(catalogue, world))};
    }
    Dice dice(key.with("route"));
    if (parameters.way.given()) {
        HM_TAKE(const Route route,
                given_route(world, placer.map(), parameters.way, parameters.origin_W,
                            placer.starts(), parameters.route_m, dice));
        placer.ego(route);
    } else {
        placer.ego(find_route(world, placer.starts(), parameters.route_m, dice));
    }
    placer.vehicles(parameters.vehicles);
    return {};
}

namespace {

// Whether someone's box touches another spawn's or a thing.
bool touches(const World& world, const Spawn& spawn) {
    const Vec3& p = spawn.X_WB.p;
    const math::Box2 box = footprint(world.archetype_of(spawn).extent, spawn.X_WB);
    const auto near = [&](const Vec3& q) { return std::abs(p.z - q.z) <= engine::road::kLevel_m; };
    return std::any_of(world.spawns.begin(), world.spawns.end(),
                       [&](const Spawn& other) {
                           return other.id != spawn.id && near(other.X_WB.p) &&
                                  math::overlap(
                                      box, footprint(world.archetype_of(other).extent, other.X_WB));
                       }) ||
           std::any_of(world.objects.begin(), world.objects.end(), [&](const StaticObject& object) {
               return object.collides && near(object.X_WB.p) &&
                      math::overlap(box, footprint(object.extent, object.X_WB));
           });
}

// Those who push or lead something have it before or behind them: where that has no room, somebody
// else comes in their place who has nothing. `first`: of the people among the spawns.
void make_room(const catalogue::Catalogue& catalogue, const Key& crowd, std::size_t first,
               World& world) {
    const auto is_long = [&](std::uint32_t archetype) {
        const Extent& e = world.archetypes[archetype].extent;
        return std::max({e.front_m, e.rear_m, 0.5 * e.width_m}) > kPersonReach_m;
    };
    for (std::size_t i = first; i < world.spawns.size(); ++i) {
        Spawn& spawn = world.spawns[i];
        Dice dice(crowd.with(spawn.id).with("room"));
        for (int tries = 0; tries < 64 && is_long(spawn.archetype) && touches(world, spawn);
             ++tries) {
            spawn.archetype = catalogue.walking.pick(dice.uniform(0, 1));
        }
    }
}

}  // namespace

Status add_people(std::optional<int> count, const catalogue::Catalogue& catalogue, const Key& key,
                  World& world) {
    constexpr std::size_t kUsual = 60;
    if (count == 0 || world.roads.walkways.empty()) return {};
    const engine::road::FootPlaces places(world, RoadMap(world));
    const std::size_t room = places.all().size();
    const std::size_t people = count ? static_cast<std::size_t>(*count) : std::min(kUsual, room);
    if (people > room) {
        return Error{.message = fmt::format("\"pedestrians\" is {}, expected at most {}: the "
                                            "walkways do not hold more people at once",
                                            people, room)};
    }
    // Draws without putting back, by weight: the largest of log(u) / weight [Efraimidis and
    // Spirakis 2006].
    const Key crowd = key.with("crowd");
    const Vec2 middle = engine::road::FootPlaces::middle(world.spawns.front().X_WB);
    std::vector<std::pair<double, std::uint32_t>> order;
    for (std::uint32_t i = 0; i < places.all().size(); ++i) {
        const engine::road::FootPlace& place = places.all()[i];
        const double weight = place.busy * engine::road::FootPlaces::presence(
                                               glm::length(math::xy(place.p_W) - middle));
        order.emplace_back(-std::log(1.0 - crowd.with("place").uniform(i)) / weight, i);
    }
    const auto end = order.begin() + static_cast<std::ptrdiff_t>(people);
    std::partial_sort(order.begin(), end, order.end());
    for (auto at = order.begin(); at != end; ++at) {
        Spawn spawn;
        spawn.id = world.spawns.back().id + 1;
        Dice dice(crowd.with(spawn.id));
        spawn.archetype = catalogue.walking.pick(dice.uniform(0, 1));
        spawn.tint = draw_colour(catalogue.cloths, dice);
        places.put(at->second, crowd.with(spawn.id).with("stance"), spawn);
        world.spawns.push_back(spawn);
    }
    make_room(catalogue, crowd, world.spawns.size() - people, world);
    return {};
}

bool extend_route(double more_m, std::uint64_t count, World& world) {
    const LaneId last = world.ego_route.back();
    Dice dice(Key(world.seed).with("endless").with(count));
    const Route more = route_from(world, last, world.ego_goal_s_m, more_m, dice);
    if (more.lanes.size() < 2) return false;
    world.ego_route.insert(world.ego_route.end(), more.lanes.begin() + 1, more.lanes.end());
    world.ego_goal_s_m = more.goal_s_m;
    return true;
}

}  // namespace huntsman::scenarios::journey
