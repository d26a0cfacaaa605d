#include "bridge/score/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <set>

#include "bridge/score/centre_line.h"
#include "bridge/score/encounter.h"
#include "bridge/score/formulas.h"
#include "bridge/score/judge.h"
#include "engine/core/check.h"
#include "engine/world/pose.h"

namespace huntsman::bridge::score {

using engine::core::Error;
using engine::core::Result;
using engine::math::Box2;
using engine::math::Vec2;
using engine::math::Vec3;
using engine::math::wrap_angle;
using engine::world::LaneId;

namespace {

constexpr double kStoppedCollision_mps = 0.05;
constexpr double kStoppedTtc_mps = 0.005;
constexpr double kAhead_rad = 30.0 * engine::math::kPi / 180.0;
constexpr double kBehind_rad = 150.0 * engine::math::kPi / 180.0;
constexpr std::array<std::size_t, 4> kLookahead = {0, 3, 6, 9};  // steps
constexpr std::size_t kSecond = 10;                              // steps

bool finite(const Vec2& p, double a, double b, double c) {
    return std::isfinite(p.x) && std::isfinite(p.y) && std::isfinite(a) && std::isfinite(b) &&
           std::isfinite(c);
}

// Between two points of a plan.
PlanState between(const PlanPoint& a, const PlanPoint& b, double t_s) {
    const double span = b.t_s - a.t_s, u = (t_s - a.t_s) / span;
    const Vec2 from = engine::math::direction(a.yaw_rad) * (a.speed_mps * span);
    const Vec2 to = engine::math::direction(b.yaw_rad) * (b.speed_mps * span);
    const double u2 = u * u, u3 = u2 * u;
    PlanState state;
    state.p_W = a.p_W * (2 * u3 - 3 * u2 + 1) + from * (u3 - 2 * u2 + u) +
                b.p_W * (3 * u2 - 2 * u3) + to * (u3 - u2);
    state.yaw_rad = wrap_angle(a.yaw_rad + u * wrap_angle(b.yaw_rad - a.yaw_rad));
    const Vec2 v = (a.p_W * (6 * u2 - 6 * u) + from * (3 * u2 - 4 * u + 1) +
                    b.p_W * (6 * u - 6 * u2) + to * (3 * u2 - 2 * u)) /
                   span;
    state.speed_mps = glm::dot(v, engine::math::direction(state.yaw_rad));
    return state;
}

}  // namespace

Result<std::vector<PlanState>> plan_states(const PlanState& ego,
                                           std::span<const PlanPoint> points) {
    constexpr double kEnd_s = (kPlanStates - 1) * kPlanStep_s;
    constexpr double kFurthest_m = 1000, kFastest_mps = 150;  // no car gets there in 4 s
    std::vector<PlanPoint> nodes = {{0.0, ego.p_W, ego.yaw_rad, ego.speed_mps}};
    double before_s = -std::numeric_limits<double>::infinity();
    for (const PlanPoint& point : points) {
        if (!finite(point.p_W, point.t_s, point.yaw_rad, point.speed_mps)) {
            return Error{"a point of the plan is not finite"};
        }
        if (glm::length(point.p_W - ego.p_W) > kFurthest_m ||
            std::abs(point.speed_mps) > kFastest_mps) {
            return Error{
                fmt::format("a point of the plan is further than {} m away or faster than {} m/s",
                            kFurthest_m, kFastest_mps)};
        }
        if (!(point.t_s > before_s)) {
            return Error{fmt::format("the plan's time goes from {} to {} s; expected it to grow",
                                     before_s, point.t_s)};
        }
        before_s = point.t_s;
        if (point.t_s > 0.0) nodes.push_back(point);
    }
    // The tolerance is for times that were added up.
    if (nodes.back().t_s < kEnd_s - 1e-6) {
        return Error{fmt::format("the plan ends after {:.2f} s; expected at least {} s",
                                 nodes.back().t_s, kEnd_s)};
    }
    std::vector<PlanState> states;
    std::size_t node = 0;
    for (std::size_t i = 0; i < kPlanStates; ++i) {
        const double t_s = static_cast<double>(i) * kPlanStep_s;
        while (node + 2 < nodes.size() && nodes[node + 1].t_s <= t_s) ++node;
        states.push_back(between(nodes[node], nodes[node + 1], t_s));
    }
    return states;
}

PlanState plan_state(const engine::world::ActorState& ego) {
    const double yaw = ego.X_WB.yaw_rad();
    return {.p_W = engine::math::xy(ego.X_WB.p),
            .yaw_rad = yaw,
            .speed_mps = glm::dot(engine::math::xy(ego.v_W), engine::math::direction(yaw))};
}

PlanScene plan_scene(const engine::world::World& world, const engine::road::RoadMap& map,
                     const route::EgoRoute& route, double route_s_m,
                     const engine::world::State& now, double reach_m, std::vector<PlanState> past) {
    // Further than 4.9 s of any driving; behind for who drives backwards.
    constexpr double kBehind_m = 20, kAhead_m = 250;
    const auto& ego = now.actors.front();
    PlanScene scene{.map = &map,
                    .extent = world.archetypes[ego.archetype].extent,
                    .z_m = ego.X_WB.p.z,
                    .p_W = engine::math::xy(ego.X_WB.p),
                    .reach_m = reach_m,
                    .past = std::move(past)};
    for (const auto& sample : route.samples()) {
        if (sample.s_m < route_s_m - kBehind_m || sample.s_m > route_s_m + kAhead_m) continue;
        scene.centre_line.push_back(sample.p);
        scene.allowed_mps.push_back(undisturbed_mps(sample));
        if (scene.route.empty() || scene.route.back() != sample.lane) {
            scene.route.push_back(sample.lane);
        }
    }
    for (const auto& thing : world.objects) {
        if (!thing.collides) continue;
        const Box2 box = engine::world::footprint(thing.extent, thing.X_WB);
        if (glm::length(box.centre - scene.p_W) > reach_m + glm::length(box.half)) continue;
        const PlanOther::Moment moment{.box = box, .z_m = thing.X_WB.p.z};
        scene.others.push_back(
            {.id = thing.id,
             .agent = is_vehicle(thing.semantic),
             .moments = std::vector<std::optional<PlanOther::Moment>>(kPlanMoments, moment)});
    }
    return scene;
}

void add_moment(const engine::world::World& world, const engine::world::State& state,
                PlanScene& scene) {
    const std::size_t step = scene.red.size();
    for (const auto& actor : state.actors) {
        if (actor.id == engine::world::kEgo) continue;
        const auto& archetype = world.archetypes[actor.archetype];
        const auto& extent = archetype.extent;
        const double reach_m =
            scene.reach_m + std::max(extent.front_m, extent.rear_m) + extent.width_m;
        if (glm::length(engine::math::xy(actor.X_WB.p) - scene.p_W) > reach_m) continue;
        // Actors stand behind the things.
        auto found = std::find_if(scene.others.rbegin(), scene.others.rend(),
                                  [&](const PlanOther& other) { return other.id == actor.id; });
        if (found == scene.others.rend()) {
            const bool agent = is_vehicle(archetype.semantic) || is_vulnerable(archetype.semantic);
            scene.others.push_back({.id = actor.id, .agent = agent, .moments = {}});
            scene.others.back().moments.reserve(kPlanMoments);
            found = scene.others.rbegin();
        }
        found->moments.resize(step + 1);
        found->moments[step] =
            PlanOther::Moment{.box = engine::world::footprint(extent, actor.X_WB),
                              .z_m = actor.X_WB.p.z,
                              .speed_mps = glm::length(engine::math::xy(actor.v_W))};
    }
    auto& red = scene.red.emplace_back();
    for (const LaneId id : scene.route) {
        const auto group = scene.map->lane(id).signal_group;
        if (group >= state.signals.size()) continue;
        const auto aspect = state.signals[group];
        if (aspect == engine::world::Aspect::kRed || aspect == engine::world::Aspect::kRedYellow) {
            red.push_back(id);
        }
    }
}

Box2 plan_box(const engine::world::Extent& extent, const PlanState& state) {
    return {.centre = state.p_W + engine::math::direction(state.yaw_rad) * extent.centre_x_m(),
            .yaw_rad = state.yaw_rad,
            .half = {0.5 * extent.length_m(), 0.5 * extent.width_m}};
}

namespace {

// Where the ego is at one step, as the map sees it.
struct EgoArea {
    Box2 box;
    double z_m = 0;
    bool many_lanes = false;  // corners in several lanes, and in none all of them
    bool off_road = false;    // a corner outside the drivable area
    bool off_route = false;   // the middle on no lane of the route
    bool middle_in_junction = false, axle_in_junction = false;

    bool astray() const { return many_lanes || off_road; }
};

// A point as a lane sees it.
struct OnLane {
    bool holds = false;
    double off_m = 0;  // from the closest point of the lane's middle
    double width_m = 0;
};

OnLane on_lane_at(const engine::road::RoadMap& map, LaneId lane, const Vec2& p) {
    const auto place = map.project(lane, p);
    const auto sample = map.at(lane, place.s_m);
    const Vec2 off = p - engine::math::xy(sample.p);
    const Vec2 ahead = engine::math::direction(sample.heading_rad);
    // Beyond the lane's ends the closest point is the end itself.
    constexpr double kEndSlack_m = 0.05;
    const double beyond = glm::dot(off, ahead);
    const bool at_end = place.s_m <= 0.0 || place.s_m >= map.lane(lane).length_m;
    return {.holds = std::abs(engine::math::cross(ahead, off)) <= 0.5 * sample.width_m &&
                     !(at_end && std::abs(beyond) > kEndSlack_m),
            .off_m = glm::length(off),
            .width_m = sample.width_m};
}

bool lane_holds(const engine::road::RoadMap& map, LaneId lane, const Vec2& p) {
    return on_lane_at(map, lane, p).holds;
}

std::set<LaneId> route_lanes(const PlanScene& scene) {
    std::set<LaneId> lanes;
    for (const LaneId first : scene.route) {
        for (const auto side : {&engine::world::Lane::left, &engine::world::Lane::right}) {
            for (LaneId lane = first; lane != engine::world::kNone;
                 lane = scene.map->lane(lane).*side) {
                // A lane that was there already has had its neighbours on this side, or has them
                // next.
                if (!lanes.insert(lane).second && lane != first) break;
            }
        }
    }
    return lanes;
}

EgoArea area_of(const PlanScene& scene, const std::set<LaneId>& route, const PlanState& state,
                double z_m) {
    constexpr double kWide_m = 5;    // half a wide lane
    constexpr double kWidens_m = 1;  // a lane, along half a car
    const engine::road::RoadMap& map = *scene.map;
    EgoArea area{.box = plan_box(scene.extent, state), .z_m = z_m};
    if (const auto lane = map.nearest_lane(Vec3(state.p_W, z_m), state.yaw_rad)) {
        area.z_m = map.at(lane->lane, lane->s_m).p.z;
    }
    area.off_route = true;
    const double reach_m = glm::length(area.box.half) + kWidens_m;
    std::vector<std::pair<double, LaneId>> around;  // that may hold a corner, by their distance
    for (const LaneId lane : map.lanes_near(Vec3(area.box.centre, area.z_m), reach_m + kWide_m)) {
        const OnLane middle = on_lane_at(map, lane, area.box.centre);
        if (middle.off_m > reach_m + 0.5 * middle.width_m) continue;
        around.emplace_back(middle.off_m, lane);
        const bool junction = map.lane(lane).in_junction();
        if (middle.holds && route.count(lane) != 0) area.off_route = false;
        if (middle.holds && junction) area.middle_in_junction = true;
        if (junction && !area.axle_in_junction) {
            area.axle_in_junction = lane_holds(map, lane, state.p_W);
        }
    }
    const auto corners = area.box.corners();
    std::ranges::sort(around);
    int lanes_touched = 0;
    bool in_one = false;
    for (std::size_t i = 0; i < around.size() && !in_one; ++i) {
        const auto held = std::count_if(corners.begin(), corners.end(), [&](const Vec2& corner) {
            return lane_holds(map, around[i].second, corner);
        });
        lanes_touched += held > 0;
        in_one = held == 4;
    }
    area.many_lanes = lanes_touched > 1 && !in_one;
    for (const Vec2& corner : corners) {
        if (!map.on_road(Vec3(corner, area.z_m))) area.off_road = true;
    }
    return area;
}

// Those that come near the plan's way, or to where its speed would lead from there.
using Others = std::vector<const PlanOther*>;
Others others_near(const PlanScene& scene, std::span<const PlanState> plan,
                   const std::vector<EgoArea>& areas) {
    constexpr double kAhead_s = kLookahead.back() * kPlanStep_s;
    Vec2 low = areas.front().box.centre, high = low;
    double fastest_mps = 0;
    for (std::size_t i = 0; i < plan.size(); ++i) {
        low = glm::min(low, areas[i].box.centre);
        high = glm::max(high, areas[i].box.centre);
        fastest_mps = std::max(fastest_mps, std::abs(plan[i].speed_mps));
    }
    const double margin_m = glm::length(areas.front().box.half) + kAhead_s * fastest_mps;
    Others near;
    for (const PlanOther& other : scene.others) {
        const bool comes = std::ranges::any_of(other.moments, [&](const auto& moment) {
            if (!moment) return false;
            const Vec2 reach{margin_m + moment->box.half.x + moment->box.half.y};
            const Vec2 p = moment->box.centre;
            return glm::all(glm::lessThanEqual(low - reach, p)) &&
                   glm::all(glm::lessThanEqual(p, high + reach));
        });
        if (comes) near.push_back(&other);
    }
    return near;
}

// The other at a step, where it is in the world and on the ego's level.
const PlanOther::Moment* moment_of(const PlanOther& other, std::size_t step, double z_m) {
    if (step >= other.moments.size() || !other.moments[step]) return nullptr;
    const PlanOther::Moment& moment = *other.moments[step];
    return same_level(Vec3(0, 0, z_m), Vec3(0, 0, moment.z_m)) ? &moment : nullptr;
}

// From the ego's heading to the other's middle, as seen from the rear axle.
double bearing_rad(const PlanState& ego, const Box2& other) {
    const Vec2 off = other.centre - ego.p_W;
    return std::abs(wrap_angle(std::atan2(off.y, off.x) - ego.yaw_rad));
}

bool at_fault(const PlanState& ego, const EgoArea& area, const PlanOther& other,
              const PlanOther::Moment& moment) {
    if (std::abs(ego.speed_mps) <= kStoppedCollision_mps) return false;
    if (!other.agent || moment.speed_mps <= kStoppedCollision_mps) return true;
    if (bearing_rad(ego, moment.box) > kBehind_rad) return false;
    const Box2 bumper{
        .centre = area.box.centre + engine::math::direction(ego.yaw_rad) * area.box.half.x,
        .yaw_rad = ego.yaw_rad,
        .half = {0.0, area.box.half.y}};
    return overlap(bumper, moment.box) || area.astray();
}

// Others that overlap the ego at the start are not held against it.
std::vector<bool> touching_at_start(const Others& others, const EgoArea& start) {
    std::vector<bool> ignored;
    for (const PlanOther* other : others) {
        const auto* moment = moment_of(*other, 0, start.z_m);
        ignored.push_back(moment != nullptr && overlap(start.box, moment->box));
    }
    return ignored;
}

double collision_term(const Others& others, std::span<const PlanState> plan,
                      const std::vector<EgoArea>& areas) {
    std::vector<bool> ignored = touching_at_start(others, areas.front());
    double term = 1;
    for (std::size_t i = 0; i < plan.size(); ++i) {
        for (std::size_t o = 0; o < others.size(); ++o) {
            const PlanOther& other = *others[o];
            const auto* moment = moment_of(other, i, areas[i].z_m);
            if (ignored[o] || moment == nullptr || !overlap(areas[i].box, moment->box)) continue;
            if (at_fault(plan[i], areas[i], other, *moment)) {
                term = std::min(term, other.agent ? 0.0 : 0.5);
            } else {
                ignored[o] = true;
            }
        }
    }
    return term;
}

// The first step from which the ego, keeping its speed, meets somebody; the number of states if it
// never does.
std::size_t first_low_time_to_collision(const Others& others, std::span<const PlanState> plan,
                                        const std::vector<EgoArea>& areas) {
    std::vector<bool> ignored = touching_at_start(others, areas.front());
    for (std::size_t i = 0; i < plan.size(); ++i) {
        if (std::abs(plan[i].speed_mps) < kStoppedTtc_mps) continue;
        const Vec2 v = engine::math::direction(plan[i].yaw_rad) * plan[i].speed_mps;
        for (const std::size_t ahead : kLookahead) {
            Box2 box = areas[i].box;
            box.centre += v * (static_cast<double>(ahead) * kPlanStep_s);
            for (std::size_t o = 0; o < others.size(); ++o) {
                const auto* moment = moment_of(*others[o], i + ahead, areas[i].z_m);
                if (ignored[o] || moment == nullptr || !overlap(box, moment->box)) continue;
                const double bearing = bearing_rad(plan[i], moment->box);
                const bool beside = areas[i].astray() || areas[i].axle_in_junction;
                if (bearing < kAhead_rad || (beside && bearing <= kBehind_rad)) return i;
                ignored[o] = true;
            }
        }
    }
    return plan.size();
}

double direction_term(const std::vector<EgoArea>& areas) {
    std::vector<double> moved = {0.0};
    for (std::size_t i = 1; i < areas.size(); ++i) {
        moved.push_back(
            areas[i].off_route ? glm::length(areas[i].box.centre - areas[i - 1].box.centre) : 0.0);
    }
    double worst = 0;
    for (std::size_t i = 0; i < moved.size(); ++i) {
        double sum = 0;
        for (std::size_t k = i > kSecond ? i - kSecond : 0; k <= i; ++k) sum += moved[k];
        worst = std::max(worst, sum);
    }
    return nuplan_direction_term(worst);
}

// Whether the ego's box and a lane's area have a point in common: a corner of one in the other, or
// the lane's middle in the box.
bool on_lane(const engine::road::RoadMap& map, const Box2& box, LaneId lane) {
    const auto corners = box.corners();
    if (std::any_of(corners.begin(), corners.end(),
                    [&](const Vec2& corner) { return lane_holds(map, lane, corner); })) {
        return true;
    }
    for (const auto& sample : map.lane(lane).samples) {
        if (engine::math::inside_polygon(engine::math::xy(sample.p), corners)) return true;
    }
    return false;
}

double light_term(const PlanScene& scene, const std::vector<EgoArea>& areas) {
    for (std::size_t i = 0; i < areas.size() && i < scene.red.size(); ++i) {
        for (const LaneId lane : scene.red[i]) {
            if (on_lane(*scene.map, areas[i].box, lane)) return 0.0;
        }
    }
    return 1.0;
}

double lane_keeping_term(const CentreLine& line, const std::vector<EgoArea>& areas) {
    constexpr double kLimit_m = 0.5;
    int in_a_row = 0;
    for (const EgoArea& area : areas) {
        // Junctions neither count nor begin anew.
        if (area.middle_in_junction) continue;
        const bool off = line.project(area.box.centre).distance_m > kLimit_m;
        in_a_row = off ? in_a_row + 1 : 0;
        if (in_a_row >= 2 * static_cast<int>(kSecond)) return 0.0;
    }
    return 1.0;
}

// Accelerations by differences of speed and yaw, central but at the ends.
std::vector<MotionSample> motion_of(std::span<const PlanState> states) {
    std::vector<MotionSample> motion;
    for (std::size_t i = 0; i < states.size(); ++i) {
        const std::size_t a = i > 0 ? i - 1 : i, b = std::min(i + 1, states.size() - 1);
        const double dt = std::max(1.0, static_cast<double>(b - a)) * kPlanStep_s;
        const double turn = wrap_angle(states[b].yaw_rad - states[a].yaw_rad) / dt;
        motion.push_back({.longitudinal_mps2 = (states[b].speed_mps - states[a].speed_mps) / dt,
                          .lateral_mps2 = turn * states[i].speed_mps,
                          .yaw_rad = states[i].yaw_rad});
    }
    return motion;
}

double comfort_term(std::span<const PlanState> states, const ComfortWindows& windows) {
    const auto felt = comfort_samples(motion_of(states), windows);
    return std::all_of(felt.begin(), felt.end(), comfortable) ? 1.0 : 0.0;
}

}  // namespace

PlanTerms plan_terms(const PlanScene& scene, std::span<const PlanState> plan) {
    HM_CHECK(plan.size() == kPlanStates, "{} states", plan.size());
    const CentreLine line(scene.centre_line);
    const std::set<LaneId> route = route_lanes(scene);
    std::vector<EgoArea> areas;
    for (const PlanState& state : plan) {
        areas.push_back(area_of(scene, route, state, areas.empty() ? scene.z_m : areas.back().z_m));
    }

    PlanTerms terms;
    const Others others = others_near(scene, plan, areas);
    terms.no_at_fault_collision = collision_term(others, plan, areas);
    terms.drivable_area =
        std::none_of(areas.begin(), areas.end(), [](const EgoArea& area) { return area.off_road; })
            ? 1.0
            : 0.0;
    terms.driving_direction = direction_term(areas);
    terms.traffic_light = light_term(scene, areas);
    terms.progress_m = std::max(0.0, line.project(areas.back().box.centre).s_m -
                                         line.project(areas.front().box.centre).s_m);
    const std::size_t low = first_low_time_to_collision(others, plan, areas);
    terms.time_to_collision = low == plan.size() ? 1.0 : 0.0;
    terms.time_to_collision_within_4s = low + kLookahead.back() >= plan.size() ? 1.0 : 0.0;
    terms.lane_keeping = lane_keeping_term(line, areas);
    constexpr int kWhole = static_cast<int>(kPlanStates);
    terms.comfort = comfort_term(plan, {.acceleration = kWhole, .jerk = kWhole});
    std::vector<PlanState> with_past = scene.past;
    with_past.insert(with_past.end(), plan.begin(), plan.end());
    terms.history_comfort = comfort_term(with_past, {});
    return terms;
}

bool plans_agree(std::span<const PlanState> now, std::span<const PlanState> before,
                 std::size_t steps_apart) {
    // Jerk and yaw are filtered over some samples.
    HM_CHECK(now.size() == kPlanStates && before.size() == kPlanStates && steps_apart >= 1 &&
                 steps_apart <= kPlanStates - 6,
             "plans of {} and {} states, {} apart", now.size(), before.size(), steps_apart);
    struct Felt {
        std::vector<double> acceleration, jerk, yaw_rate, yaw_acceleration;
    };
    const auto felt_of = [](std::span<const PlanState> states) {
        const std::vector<MotionSample> motion = motion_of(states);
        std::vector<double> magnitude, yaw;
        double turned = 0;
        for (std::size_t i = 0; i < motion.size(); ++i) {
            magnitude.push_back(std::hypot(motion[i].longitudinal_mps2, motion[i].lateral_mps2));
            if (i > 0) turned += wrap_angle(motion[i].yaw_rad - motion[i - 1].yaw_rad);
            yaw.push_back(turned);
        }
        Felt felt;
        felt.acceleration = savitzky_golay(magnitude, 8, 2, 0, kPlanStep_s);
        felt.jerk = savitzky_golay(felt.acceleration, 15, 2, 1, kPlanStep_s);
        felt.yaw_rate = savitzky_golay(yaw, 5, 2, 1, kPlanStep_s);
        felt.yaw_acceleration = savitzky_golay(yaw, 5, 2, 2, kPlanStep_s);
        return felt;
    };
    const Felt a = felt_of(now.subspan(0, kPlanStates - steps_apart));
    const Felt b = felt_of(before.subspan(steps_apart));
    const auto apart = [](const std::vector<double>& x, const std::vector<double>& y) {
        double sum = 0;
        for (std::size_t i = 0; i < x.size(); ++i) sum += (x[i] - y[i]) * (x[i] - y[i]);
        return std::sqrt(sum / static_cast<double>(x.size()));
    };
    return apart(a.acceleration, b.acceleration) <= 0.7 && apart(a.jerk, b.jerk) <= 0.5 &&
           apart(a.yaw_rate, b.yaw_rate) <= 0.1 &&
           apart(a.yaw_acceleration, b.yaw_acceleration) <= 0.1;
}

double progress_share(double progress_m, double multipliers, double reference_m,
                      double reference_multipliers) {
    constexpr double kLittle_m = 5;
    const double own = progress_m * multipliers;
    const double best = std::max(own, reference_m * reference_multipliers);
    if (best > kLittle_m) return own / best;
    return multipliers == 0.0 ? 0.0 : 1.0;
}

double pdms_multipliers(const PlanTerms& t) { return t.no_at_fault_collision * t.drivable_area; }

double epdms_multipliers(const PlanTerms& t) {
    return pdms_multipliers(t) * t.driving_direction * t.traffic_light;
}

double pdms(const PlanTerms& t, double progress) {
    return pdms_multipliers(t) * (5 * progress + 5 * t.time_to_collision + 2 * t.comfort) / 12;
}

double epdms_no_human_filter(const PlanTerms& t, double progress, std::optional<bool> agrees) {
    double weighted = 5 * progress + 5 * t.time_to_collision_within_4s + 2 * t.lane_keeping +
                      2 * t.history_comfort;
    double weights = 14;
    if (agrees) {
        weighted += *agrees ? 2 : 0;
        weights += 2;
    }
    return epdms_multipliers(t) * weighted / weights;
}

}  // namespace huntsman::bridge::score
