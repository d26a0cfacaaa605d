#include "agents/conduct/backing.h"

#include <algorithm>
#include <cmath>

#include "agents/conduct/passing.h"

namespace huntsman::agents::conduct {

namespace {

constexpr double kAfter_s = 15, kAfterMore_s = 15;  // of waiting, by `side`, which differs
constexpr double kTooClose_s = 8;                   // of standing behind what it wants to pass
constexpr double kHeldUp_s = 8, kBacksFor_s = 5, kWantsOn_mps2 = 0.5;
constexpr double kHeld_mps = 0.02;  // whoever is free is faster by the next thought
constexpr double kOnFoot_s = 20, kOnFootStands_s = 10;
constexpr double kLongVehicleMore_s = 20;
constexpr double kLongStands_s = 5;  // because of this one
constexpr double kSwept_m = 0.2, kClear_m = 0.7;
constexpr double kNear_m = 9;         // between the two
constexpr double kRoom_m = 11;        // that is made
constexpr double kBeside_m = 7;       // up to which somebody is in front
constexpr double kQueue_m = 3.5;      // behind somebody who backs off,
constexpr double kQueueRoom_m = 5.0;  // and the gap to keep then
constexpr double kStanding_mps = 0.3;
constexpr double kBack_mps = 1.2, kKeep_m = 0.8, kKeepPerson_m = 2.5, kSlows_per_s = 0.5;
constexpr double kSide_m = 0.3;
constexpr double kLeast_m = 1.0;  // of the lane behind
constexpr double kReach_m = 30;   // up to which things may stand in the way back

// Where a box lies as seen from the agent: along its heading and to the left, and its half extents.
struct Seen {
    double ahead_m = 0, left_m = 0, half_ahead_m = 0, half_left_m = 0;
};
Seen seen(const RoadUser& me, const Vec2& centre, const Vec2& x, const Vec2& half) {
    const Vec2 off = centre - me.centre;
    const double c = std::abs(glm::dot(x, me.x)), s = std::abs(math::cross(x, me.x));
    return {glm::dot(off, me.x), math::cross(me.x, off), c * half.x + s * half.y,
            s * half.x + c * half.y};
}

Seen seen(const RoadUser& me, const RoadUser& other) {
    return seen(me, other.centre, other.x, other.half);
}

double gap_ahead_m(const RoadUser& me, const Seen& at) {
    return at.ahead_m - at.half_ahead_m - me.half.x;
}

bool same_way(const RoadUser& me, const RoadUser& other) { return glm::dot(me.x, other.x) > 0.6; }

bool reverses(const RoadUser& other) {
    return (other.track->lamps & world::bit(world::Lamp::kReverse)) != 0;
}

// The nearest vehicle in front that this one does not queue behind.
const RoadUser* opponent(const Scene& scene) {
    const RoadUser& me = scene.road_users[kSelf];
    const RoadUser* nearest = nullptr;
    double least_m = kRoom_m;
    for (std::size_t i = 1; i < scene.road_users.size(); ++i) {
        const RoadUser& other = scene.road_users[i];
        if (other.person || same_way(me, other) || !same_level(me, other)) continue;
        const Seen at = seen(me, other);
        const double gap_m = gap_ahead_m(me, at);
        if (at.ahead_m < 0 || std::abs(at.left_m) - at.half_left_m > kBeside_m) continue;
        if (gap_m > least_m) continue;
        least_m = gap_m;
        nearest = &other;
    }
    return nearest;
}

// Whoever stands right before this one and is in reverse.
const RoadUser* queues_behind_reversing(const Scene& scene, double within_m) {
    const RoadUser& me = scene.road_users[kSelf];
    for (std::size_t i = 1; i < scene.road_users.size(); ++i) {
        const RoadUser& other = scene.road_users[i];
        if (other.person || !same_way(me, other) || !reverses(other)) continue;
        const Seen at = seen(me, other);
        const double gap_m = gap_ahead_m(me, at);
        if (gap_m < -1 || gap_m > within_m) continue;
        if (std::abs(at.left_m) < at.half_left_m + me.half.y) return &other;
    }
    return nullptr;
}

// A long vehicle that stands because this one is on the ground that its body needs in a bend.
const RoadUser* swept_by(const Scene& scene, double beside_m) {
    const RoadUser& me = scene.road_users[kSelf];
    const math::Box2 mine{me.centre, me.yaw_rad, me.half + Vec2(beside_m)};
    for (const Sweeper& sweeper : scene.sweepers) {
        if (sweeper.vehicle == kSelf) continue;
        const RoadUser& other = scene.road_users[sweeper.vehicle];
        const bool stands = other.waited_s > kLongStands_s && std::abs(other.speed) < kStanding_mps;
        if (!stands || same_way(me, other) || !same_level(me, other) || reverses(other)) continue;
        const auto near = sweeper.boxes.begin() + static_cast<std::ptrdiff_t>(sweeper.near);
        if (std::any_of(sweeper.boxes.begin(), near,
                        [&](const math::Box2& box) { return math::overlap(mine, box); })) {
            return &other;
        }
    }
    return nullptr;
}

// Whether the agent is on its way out past what stands on its lane, or beside it.
bool passes_something(const Scene& scene) {
    constexpr double kOut_m = 0.2;
    const world::DriverMind& mind = scene.self.mind->driver();
    if (mind.route[0] == world::kNone) return false;
    const Detours& detours = scene.book->detours();
    const double out_m = detours.offset_m(mind.route[0], scene.self.archetype, mind.lane_s_m);
    const double slope = detours.slope(mind.route[0], scene.self.archetype, mind.lane_s_m);
    return std::abs(out_m) > kOut_m && out_m * slope >= 0;
}

// How fast the agent can go backwards, for what is behind it.
double back_mps(const Scene& scene) {
    const RoadUser& me = scene.road_users[kSelf];
    double speed = kBack_mps;
    const auto weigh = [&](const Seen& at, double keep_m) {
        if (at.ahead_m > 0 || std::abs(at.left_m) > at.half_left_m + me.half.y + kSide_m) return;
        const double gap_m = -at.ahead_m - at.half_ahead_m - me.half.x;
        speed = std::min(speed, kSlows_per_s * (gap_m - keep_m));
    };
    for (std::size_t i = 1; i < scene.road_users.size(); ++i) {
        const RoadUser& other = scene.road_users[i];
        if (!same_level(me, other)) continue;
        weigh(seen(me, other), other.person ? kKeepPerson_m : kKeep_m);
    }
    const auto& obstacles = scene.book->obstacles();
    for (std::size_t i = 0; i < obstacles.size(); ++i) {
        const Vec2 off = obstacles[i].centre - me.centre;
        if (glm::dot(off, off) > kReach_m * kReach_m) continue;
        if (std::abs(scene.book->obstacle_z_m(i) - me.z_m) > road::kLevel_m) continue;
        weigh(
            seen(me, obstacles[i].centre, math::direction(obstacles[i].yaw_rad), obstacles[i].half),
            kKeep_m);
    }
    // It knows its way back to the begin of its lane, or of the one that it came from.
    const world::DriverMind& mind = scene.self.mind->driver();
    double behind_m = mind.lane_s_m - kLeast_m;
    if (mind.route[0] != world::kNone) {
        const auto& lanes = scene.book->roads().lanes;
        const auto& before = lanes[mind.route[0]].predecessors;
        if (before.size() == 1) behind_m += lanes[before.front()].length_m;
    }
    return std::clamp(std::min(speed, kSlows_per_s * behind_m), 0.0, kBack_mps);
}

// Too close behind what stands there to pass it, as after having made room: once more.
bool too_close_to_pass(const Scene& scene, const world::DriverMind& mind, bool backs) {
    const bool too_close =
        mind.leader >= world::kFirstStaticObject && scene.road_users[kSelf].waited_s > kTooClose_s;
    return (backs || too_close) && passes_something(scene);
}

// Held up by what it touches, as by a post in a bend: a few metres back, and once more.
bool held_up(const Scene& scene, const world::DriverMind& mind, bool backs) {
    const RoadUser& me = scene.road_users[kSelf];
    if (me.waited_s <= kHeldUp_s || me.waited_s >= kHeldUp_s + kBacksFor_s) return false;
    const double wants_mps2 =
        std::min(mind.acceleration_mps2, scene.self.mind->driver().acceleration_mps2);
    return backs || (wants_mps2 > kWantsOn_mps2 && std::abs(me.speed) < kHeld_mps);
}

// Somebody on foot waits right before it, and it waits for that one.
bool faces_person(const Scene& scene, const world::DriverMind& mind, bool backs) {
    const RoadUser& me = scene.road_users[kSelf];
    if (me.waited_s <= kOnFoot_s || me.waited_s >= kOnFoot_s + kBacksFor_s) return false;
    const auto waits = [&](const RoadUser& user) {
        return user.person && user.id == mind.leader && user.waited_s > kOnFootStands_s;
    };
    return backs || std::any_of(scene.road_users.begin() + 1, scene.road_users.end(), waits);
}

// Whether this one and the other have waited for each other for long.
bool standoff(const Scene& scene, const world::DriverMind& mind, const RoadUser& other) {
    const RoadUser& me = scene.road_users[kSelf];
    const bool is_long = me.front > kLongFront_m;
    const double after_s =
        kAfter_s + kAfterMore_s * scene.self.traits->side + (is_long ? kLongVehicleMore_s : 0.0);
    return mind.leader == other.id && me.waited_s > after_s &&
           std::abs(other.speed) < kStanding_mps && other.waited_s > 2.0 &&
           gap_ahead_m(me, seen(me, other)) < kNear_m && !reverses(other);
}

}  // namespace

std::optional<Backing> weigh_backing(const Scene& scene, const world::DriverMind& mind) {
    const RoadUser& me = scene.road_users[kSelf];
    const bool backs = backs_off(scene.self.mind->driver());
    if (!backs && me.speed > kStanding_mps) return std::nullopt;
    if (const RoadUser* other = queues_behind_reversing(scene, backs ? kQueueRoom_m : kQueue_m)) {
        return Backing{back_mps(scene), other->id};
    }
    if (const RoadUser* other = swept_by(scene, backs ? kClear_m : kSwept_m)) {
        return Backing{back_mps(scene), other->id};
    }
    if (too_close_to_pass(scene, mind, backs)) return Backing{back_mps(scene), mind.leader};
    if (held_up(scene, mind, backs)) return Backing{back_mps(scene), world::kNoActor};
    if (faces_person(scene, mind, backs)) return Backing{back_mps(scene), mind.leader};
    const RoadUser* other = opponent(scene);
    if (other == nullptr) return std::nullopt;
    if (backs) return Backing{other->speed > kStanding_mps ? 0.0 : back_mps(scene), other->id};
    if (!standoff(scene, mind, *other)) return std::nullopt;
    return Backing{back_mps(scene), other->id};
}

}  // namespace huntsman::agents::conduct
