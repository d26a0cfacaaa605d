#include "agents/conduct/lane_changes.h"

#include <algorithm>
#include <cmath>

#include "agents/conduct/aside.h"
#include "engine/driving/car_following.h"

namespace huntsman::agents::conduct {
namespace {

using engine::driving::follow_acceleration;
using engine::driving::free_acceleration;
using engine::driving::Idm;
using world::kNone;
using world::LaneId;

// Open road ahead that a change which nothing asks for needs.
constexpr double kOpenAhead_m = 70.0;

// Whether the gaps on a neighbouring lane are safe: a short headway, and no more than 3 m/s² of
// braking for the follower. `beside` tells whether somebody is beside the driver.
bool has_room(const Scene& scene, const world::DriverMind& mind, LaneId target, bool& beside) {
    const RoadUser& me = scene.road_users[kSelf];
    for (std::size_t i = 1; i < scene.road_users.size(); ++i) {
        if (scene.road_users[i].person || scene.ways[i].leg_count == 0) continue;
        // Who drives on the target lane, or comes onto it from behind.
        const auto& legs = scene.ways[i].legs;
        const RoadUser& other = scene.road_users[i];
        for (std::size_t k = 0; k < std::min<std::size_t>(2, scene.ways[i].leg_count); ++k) {
            if (legs[k].lane != target) continue;
            const double ahead = -legs[k].start_m - mind.lane_s_m;  // its origin from mine
            const double gap =
                ahead > 0 ? ahead - other.rear - me.front : -ahead - me.rear - other.front;
            const double follower = ahead > 0 ? me.speed : other.speed;
            const double leader = ahead > 0 ? other.speed : me.speed;
            const double closing = std::max(0.0, follower - leader);
            if (gap < 2.0 + 0.5 * follower + closing * closing / (2.0 * 3.0)) {
                beside = std::abs(ahead) < me.front + me.rear + other.front + other.rear;
                return false;
            }
        }
    }
    return true;
}

// Who is next ahead and behind at an offset to the left of the way.
Neighbours neighbours_at(const Scene& scene, double offset_m, double half_lane_m) {
    const RoadUser& me = scene.road_users[kSelf];
    const Way& way = scene.ways[kSelf];
    Neighbours near{.length_m = me.front + me.rear};
    for (const RoadUser& user : scene.road_users) {
        if (user.track == nullptr || user.person || !same_level(me, user)) continue;
        const OnWay at = way.project(user.centre);
        if (std::abs(at.t_m - offset_m) > half_lane_m + 0.3) continue;
        if (glm::dot(user.x, at.tangent) < 0.7) continue;
        const bool ahead = at.s_m > 0.5 * (me.front - me.rear);
        const double gap_m =
            ahead ? at.s_m - user.half.x - me.front : -at.s_m - user.half.x - me.rear;
        InLane& next = ahead ? near.leader : near.follower;
        if (gap_m < next.gap_m) next = {gap_m, std::max(0.0, user.speed)};
    }
    return near;
}

// Nothing but a straight road goes on ahead: no junction, crossing, bend or thing on the lane.
bool is_open(const Scene& scene, const world::Lane& lane, double s_m) {
    constexpr double kFromStart_m = 15.0, kSeenBehind_m = 40.0, kStraight_per_m = 1.0 / 150.0;
    constexpr double kTakes_s = 5.0, kSettles_s = 8.0;
    const LaneBook& book = *scene.book;
    const double ahead_m = std::max(kOpenAhead_m, kTakes_s * scene.road_users[kSelf].speed);
    // Who comes out of a bend behind, as fast, sees in time who moves over.
    const double behind_m = std::max(kSeenBehind_m, kSettles_s * scene.road_users[kSelf].speed);
    if (s_m < kFromStart_m || lane.length_m - s_m < ahead_m) return false;
    const auto line = scene.next_line(kSelf);
    if (line && line->ahead_m < ahead_m) return false;
    for (const CrossingOnLane& c : book.crossings(lane.id)) {
        if (c.end_m > s_m && c.begin_m < s_m + ahead_m) return false;
    }
    for (const Detour& detour : book.detours().on(lane.id, scene.self.archetype)) {
        if (detour.swerve.end_m > s_m && detour.swerve.begin_m < s_m + ahead_m) return false;
    }
    for (double s = std::max(0.0, s_m - behind_m); s < s_m + ahead_m; s += 10.0) {
        if (std::abs(book.map().at(lane.id, s).curvature_per_m) > kStraight_per_m) return false;
    }
    return true;
}

// Whether one may think of a change that nothing asks for.
bool is_at_leisure(const Scene& scene, const world::DriverMind& mind) {
    // A driver thinks of it for a while every few seconds, so that one change is not followed by
    // another at once.
    constexpr double kThinksEvery_s = 10.0, kThinks_s = 3.5;
    constexpr double kLeast_mps = 3.0;
    constexpr double kSettled_m = 0.5;  // off the middle of its lane
    const RoadUser& me = scene.road_users[kSelf];
    const auto semantic = scene.book->archetypes()[scene.self.archetype].semantic;
    const double own_s = 0.37 * static_cast<double>(scene.self.id);
    const double within_s =
        std::fmod(engine::core::seconds(scene.self.time_us) + own_s, kThinksEvery_s);
    return within_s < kThinks_s && me.speed > kLeast_mps && me.front <= kLongFront_m &&
           !world::is_two_wheeler(semantic) && mind.aside_m == 0.0 && mind.parked_s <= 0.0 &&
           std::abs(mind.lane_t_m) < kSettled_m && !believed_emergency(scene);
}

// The neighbouring lane on which the driver would get on so much better that it is worth a change;
// kNone: it stays.
LaneId better_lane(const Scene& scene, const world::DriverMind& mind) {
    // MOBIL [facts]: the gain that is worth it, more towards the side for passing.
    constexpr double kThreshold_mps2 = 0.2, kBias_mps2 = 0.2, kNothing_mps2 = 0.01;
    constexpr double kQueue_mps = 1.5, kShorter_m = 15.0;  // a queue that is clearly shorter
    const auto& roads = scene.book->roads();
    const world::Lane& lane = roads.lanes[mind.route[0]];
    if (lane.in_junction() || (lane.left == kNone && lane.right == kNone) ||
        !is_at_leisure(scene, mind) || !is_open(scene, lane, mind.lane_s_m)) {
        return kNone;
    }
    const RoadUser& me = scene.road_users[kSelf];
    const Traits& traits = *scene.self.traits;
    const double v = std::max(0.0, me.speed);
    const auto half_m = [&](LaneId id, double s_m) {
        return 0.5 * scene.book->map().at(id, s_m).width_m;
    };
    const double own_half_m = half_m(lane.id, mind.lane_s_m);
    const Neighbours here = neighbours_at(scene, 0.0, own_half_m);
    LaneId best = kNone;
    double most_mps2 = 0;
    for (const bool left : {true, false}) {
        const LaneId target = left ? lane.left : lane.right;
        if (target == kNone || roads.lanes[target].kind != world::LaneKind::kDriving) continue;
        // Who was given a route keeps to its lanes.
        const auto& plan = scene.self.plan;
        if (!plan.empty() && std::ranges::find(plan, target) == plan.end()) continue;
        const auto place = scene.book->map().project(target, me.p);
        if (!is_open(scene, roads.lanes[target], place.s_m)) continue;
        if (roads.lanes[target].successors.empty() && !scene.book->leaves(target)) continue;
        const double half_lane_m = half_m(target, place.s_m);
        const double offset_m = (left ? 1.0 : -1.0) * (own_half_m + half_lane_m);
        const Neighbours there = neighbours_at(scene, offset_m, half_lane_m);
        const bool queues = here.leader.any() && here.leader.speed_mps < kQueue_mps &&
                            there.leader.any() && there.leader.speed_mps < kQueue_mps;
        if (queues && there.leader.gap_m < here.leader.gap_m + kShorter_m) continue;
        const auto gain = incentive_mps2(traits.idm, v, mind.target_speed_mps, here, there,
                                         politeness(traits.social_rad));
        const bool to_pass = left != roads.left_hand;
        const double needed_mps2 = kThreshold_mps2 + (to_pass ? kBias_mps2 : -kBias_mps2);
        if (!gain || *gain < needed_mps2 + kNothing_mps2 || *gain - needed_mps2 <= most_mps2) {
            continue;
        }
        best = target;
        most_mps2 = *gain - needed_mps2;
    }
    return best;
}

}  // namespace

double politeness(double social_rad) {
    constexpr double kMost = 0.5, kAllAlike_rad = math::kPi / 4;
    return kMost * std::clamp(social_rad / kAllAlike_rad, 0.0, 1.0);
}

std::optional<double> incentive_mps2(const Idm& idm, double v, double v0, const Neighbours& here,
                                     const Neighbours& there, double politeness) {
    const auto follows = [&](double speed_mps, double gap_m, double leader_mps) {
        const double wanted_mps = std::max(v0, speed_mps);
        return gap_m < 1e8 ? follow_acceleration(idm, speed_mps, wanted_mps, gap_m, leader_mps)
                           : free_acceleration(idm, speed_mps, wanted_mps);
    };
    // Of a follower: behind the driver, and behind who is ahead of the driver.
    const auto behind_me = [&](const Neighbours& lane) {
        return follows(lane.follower.speed_mps, lane.follower.gap_m, v);
    };
    const auto without_me = [&](const Neighbours& lane) {
        const double gap_m = lane.follower.gap_m + lane.length_m + lane.leader.gap_m;
        return follows(lane.follower.speed_mps, gap_m, lane.leader.speed_mps);
    };
    if (there.leader.gap_m <= 0 || there.follower.gap_m <= 0) return std::nullopt;
    double gain = follows(v, there.leader.gap_m, there.leader.speed_mps) -
                  follows(v, here.leader.gap_m, here.leader.speed_mps);
    if (there.follower.any()) {
        const double braking = behind_me(there);
        if (braking < -kSafe_mps2) return std::nullopt;
        gain += politeness * (braking - without_me(there));
    }
    if (here.follower.any()) gain += politeness * (without_me(here) - behind_me(here));
    return gain;
}

void change_lane(const Scene& scene, world::DriverMind& mind) {
    const world::RoadNetwork& roads = scene.book->roads();
    auto& route = mind.route;
    const world::Lane& lane = roads.lanes[route[0]];
    const bool asked = route[1] != kNone && (lane.left == route[1] || lane.right == route[1]);
    const LaneId target = asked ? route[1] : better_lane(scene, mind);
    if (target == kNone) {
        mind.checked_s = 0.0;
        return;
    }
    // A look at the mirror and over the shoulder comes first.
    constexpr double kLook_s = 1.0, kFallsBack_mps = 4.0, kFallsBack_mps2 = -0.6;
    mind.change_left = lane.left == target;
    if (scene.self.mind->glance.away) return;
    mind.checked_s += scene.self.dt_s;
    if (mind.checked_s < kLook_s) return;
    const RoadUser& me = scene.road_users[kSelf];
    bool beside = false;
    if (!has_room(scene, mind, target, beside)) {
        // Falls back behind whoever is beside.
        if (asked && beside && me.speed > kFallsBack_mps) {
            mind.acceleration_mps2 = std::min(mind.acceleration_mps2, kFallsBack_mps2);
        }
        if (!asked) mind.checked_s = 0.0;
        return;
    }
    const auto place = scene.book->map().project(target, me.p);
    if (asked) {
        std::move(route.begin() + 1, route.end(), route.begin());
        route.back() = kNone;
    } else {
        route.fill(kNone);  // goes on from there
        route[0] = target;
    }
    mind.lane_s_m = place.s_m;
    mind.lane_t_m = place.t_m;
    mind.checked_s = 0.0;
}

}  // namespace huntsman::agents::conduct
