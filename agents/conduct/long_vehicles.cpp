#include "agents/conduct/long_vehicles.h"

#include <algorithm>
#include <tuple>

#include "engine/driving/motion.h"

namespace huntsman::agents::conduct {
namespace {

using engine::driving::follow_acceleration;
using engine::driving::stopping_mps2;

constexpr double kTightSweep_m = 0.12;  // beside a body in a bend, after having waited long
constexpr double kSweepAhead_m = 25.0;  // along which a long vehicle weighs its body's boxes
constexpr double kBanked = 1.2;  // bends that are banked more have room enough for long vehicles
constexpr double kStandsStill_mps = 0.1;

// Whether a vehicle accepts little room beside another: it has waited long, longer than the other,
// which stands. Two that squeeze past each other at the same time would touch.
bool squeezes_past(const RoadUser& me, const RoadUser& other) {
    return me.waited_s >= Thought::kLongWait_s && std::abs(other.speed) < kStandsStill_mps &&
           waits_longer(me, other);
}

// Distance along its way at which a vehicle begins to touch a box, found by bisection between point
// k, at which it does, and the point before, at which it does not.
double touch_m(const Thought& t, std::size_t k, double beside_m, const math::Box2& box) {
    constexpr int kHalvings = 4;
    const math::Box2 from = t.scene.box_at(t.self, k - 1), to = t.scene.box_at(t.self, k);
    const double turn = math::wrap_angle(to.yaw_rad - from.yaw_rad);
    double free = 0.0, touching = 1.0;
    for (int i = 0; i < kHalvings; ++i) {
        const double u = 0.5 * (free + touching);
        const math::Box2 mine{from.centre + u * (to.centre - from.centre), from.yaw_rad + u * turn,
                              to.half + Vec2(beside_m)};
        (math::overlap(mine, box) ? touching : free) = u;
    }
    return t.way.s_m[k - 1] + free * (t.way.s_m[k] - t.way.s_m[k - 1]);
}

// Where two long vehicles' ways share ground: the first place of each whose box meets one of the
// other's, and whether either vehicle is there already.
struct SharedGround {
    bool any = false;
    std::size_t mine = 0, theirs = 0;  // points of the ways
    bool i_stand = false, they_stand = false;
};

// On this vehicle's way between two distances ahead.
SharedGround shared_ground(const Thought& t, const Sweeper& sweeper, double from_m, double to_m) {
    const double beside_m =
        squeezes_past(t.me, t.scene.road_users[sweeper.vehicle]) ? kTightSweep_m : 0.25;
    const Way& way = t.way;
    const Way& theirs = t.scene.ways[sweeper.vehicle];
    const double reach_m =
        2.0 *
        (t.me.half.x + t.scene.road_users[sweeper.vehicle].half.x);  // more than two boxes need
    SharedGround shared;
    for (std::size_t k = 0; k < way.points.size() && way.s_m[k] <= to_m; ++k) {
        if (way.s_m[k] < from_m || way.stretch[k] > kBanked) continue;
        math::Box2 mine = t.scene.box_at(t.self, k);
        mine.half += Vec2(beside_m);
        for (std::size_t j = 0; j < sweeper.claimed; ++j) {
            const Vec2 off = sweeper.boxes[j].centre - mine.centre;
            if (glm::dot(off, off) > reach_m * reach_m ||
                std::abs(way.z_m[k] - theirs.z_m[j]) > road::kLevel_m ||
                !math::overlap(mine, sweeper.boxes[j])) {
                continue;
            }
            if (!shared.any) shared = {true, k, j, false, false};
            shared.theirs = std::min(shared.theirs, j);
            shared.i_stand = shared.i_stand || k == 0;
            shared.they_stand = shared.they_stand || j == 0;
        }
    }
    return shared;
}

// Whether the other long vehicle goes first over ground that two share: who is on it goes on; else
// who cannot stop any more, who is closer, the lower id. Both compute the same order.
bool other_goes_first(const Thought& t, const Sweeper& sweeper, const SharedGround& shared,
                      bool i_claim) {
    constexpr double kHardStop_mps2 = 3.0, kOtherStands_s = 2.0;
    const RoadUser& other = t.scene.road_users[sweeper.vehicle];
    if (shared.i_stand && !shared.they_stand) return false;
    // It stands for something else, and not on the ground.
    if (t.me.waited_s > Thought::kLongWait_s && !shared.they_stand &&
        other.speed < kStandsStill_mps && other.waited_s > kOtherStands_s &&
        waits_longer(t.me, other)) {
        return false;
    }
    if (shared.i_stand != shared.they_stand || !i_claim) return true;
    const auto order = [](double distance_m, const RoadUser& user) {
        const bool stops = stopping_mps2(user.speed, distance_m) < kHardStop_mps2;
        return std::tuple(stops, distance_m, user.id);
    };
    return order(t.scene.ways[sweeper.vehicle].s_m[shared.theirs], other) <
           order(t.way.s_m[shared.mine], t.me);
}

}  // namespace

bool meets_closely(const Thought& t, const RoadUser& other) {
    if (t.me.front <= kLongFront_m || other.person) return false;
    const Vec2 off = other.centre - t.me.centre;
    if (glm::dot(off, off) > kSweepAhead_m * kSweepAhead_m) return false;
    return glm::dot(other.x, t.way.project(other.centre).tangent) < -0.5;
}

void weigh_sweep(Thought& t) {
    constexpr double kAhead_m = kSweepAhead_m, kOnWay_m = 1.0, kJunction_m = 25.0;
    // Past what is as near as this it goes slowly: its body does not go quite as foreseen.
    constexpr double kClose_m = 0.5, kCloseAhead_m = 10.0, kClose_mps = 1.0, kSlows_per_s = 1.0;
    bool closely = false;
    const Way& way = t.way;
    // Through the whole junction before it is entered.
    const auto line = t.scene.next_line(t.self);
    const double ahead_m = line && line->ahead_m < kAhead_m
                               ? std::max(kAhead_m, line->ahead_m + t.me.front + kJunction_m)
                               : kAhead_m;
    const double reach_m = ahead_m + 15.0;
    for (std::size_t i = 0; i < t.scene.road_users.size(); ++i) {
        const RoadUser& other = t.scene.road_users[i];
        const Vec2 off = other.centre - t.me.centre;
        if (i == t.self || glm::dot(off, off) > reach_m * reach_m) continue;
        // Whoever drives or stands ahead on the way is followed, not waited for.
        if (other.speed > 1.0 && glm::dot(other.x, t.me.x) > 0.7) continue;
        const OnWay at = way.project(other.p);
        if (at.s_m > 0.0 && std::abs(at.t_m) < kOnWay_m && glm::dot(other.x, at.tangent) > 0.7) {
            continue;
        }
        const math::Box2 box{other.centre, other.yaw_rad, other.half};
        const double beside_m = squeezes_past(t.me, other) ? kTightSweep_m : 0.2;
        for (std::size_t k = 1; k < way.points.size() && way.s_m[k] < ahead_m; ++k) {
            math::Box2 mine = t.scene.box_at(t.self, k), wide = mine;
            wide.half += Vec2(beside_m + kClose_m);
            if (!math::overlap(wide, box)) continue;
            if (std::abs(way.z_m[k] - other.z_m) > road::kLevel_m) continue;
            if (way.stretch[k] > kBanked) continue;
            mine.half += Vec2(beside_m);
            if (!math::overlap(mine, box)) {
                closely = closely || way.s_m[k] < kCloseAhead_m;
                continue;
            }
            // Moving on, it will be gone in three seconds.
            if (other.speed > 1.0 && way.s_m[k] > 3.0 * t.v + 2.0) break;
            // Before a junction rather than inside it, where it would be in everybody's way.
            const bool inside = line && way.s_m[k] > line->ahead_m;
            const double gap_m = inside
                                     ? line->ahead_m + t.driver.idm.jam_gap_m - Thought::kLineGap_m
                                     : touch_m(t, k, beside_m, box) + 1.0;
            // A vehicle that moves is given way. One that stands is an obstacle: this vehicle does
            // not count as yielding to it, so the other may go on (see passes_standing).
            t.restrain(follow_acceleration(t.driver.idm, t.v, t.v0, gap_m, 0.0), other.id,
                       other.speed > kStandsStill_mps ? world::Intention::kYield
                                                      : world::Intention::kFollow);
            break;
        }
    }
    if (closely) {
        t.restrain(kSlows_per_s * (kClose_mps - t.v), world::kNoActor, world::Intention::kCross);
    }
}

void weigh_posts(Thought& t) {
    constexpr double kAhead_m = 20.0, kBeside_m = 0.3, kSlow_mps = 1.5, kEvery_m = 3.0;
    for (std::size_t k = 1; k < t.way.points.size() && t.way.s_m[k] < kAhead_m; ++k) {
        math::Box2 mine = t.scene.box_at(t.self, k);
        mine.half += Vec2(kBeside_m);
        const Vec2 x = math::direction(mine.yaw_rad);
        bool touches = false;
        for (double along_m = -mine.half.x; along_m <= mine.half.x; along_m += kEvery_m) {
            t.scene.book->near_boxes(
                mine.centre + along_m * x, [&](const math::Box2& box, double z_m) {
                    const bool level = std::abs(z_m - t.way.z_m[k]) < road::kLevel_m;
                    touches = touches || (level && math::overlap(mine, box));
                });
        }
        if (!touches) continue;
        const double slowing_mps2 =
            (t.v * t.v - kSlow_mps * kSlow_mps) / (2.0 * std::max(t.way.s_m[k - 1], 1.0));
        t.restrain(slowing_mps2 > 0 ? -slowing_mps2 : kSlow_mps - t.v, world::kNoActor,
                   world::Intention::kCross);
        return;
    }
}

void weigh_sweepers(Thought& t) {
    constexpr double kAhead_m = 30.0;
    for (const Sweeper& sweeper : t.scene.sweepers) {
        const RoadUser& other = t.scene.road_users[sweeper.vehicle];
        const Vec2 off = other.centre - t.me.centre;
        if (sweeper.vehicle == t.self || glm::dot(off, off) > kSweepReach_m * kSweepReach_m)
            continue;
        // Followed from behind.
        if (glm::dot(off, t.me.x) > 0.0 && glm::dot(other.x, t.me.x) > 0.7) continue;
        for (std::size_t k = 0; k < t.way.points.size() && t.way.s_m[k] < kAhead_m; ++k) {
            math::Box2 mine = t.scene.box_at(t.self, k);
            mine.half += Vec2(0.5, 0.5);
            const auto near = sweeper.boxes.begin() + static_cast<std::ptrdiff_t>(sweeper.near);
            const bool meets = std::any_of(sweeper.boxes.begin(), near, [&](const math::Box2& box) {
                return math::overlap(mine, box);
            });
            if (!meets || std::abs(t.way.z_m[k] - other.z_m) > road::kLevel_m) continue;
            if (t.way.stretch[k] > kBanked) continue;
            // Already on it: it waits for this one.
            if (k > 0) {
                t.restrain(
                    follow_acceleration(t.driver.idm, t.v, t.v0, t.way.s_m[k - 1] + 1.0, 0.0),
                    other.id, world::Intention::kYield);
            }
            break;
        }
    }
}

void weigh_long_meetings(Thought& t) {
    const auto& sweepers = t.scene.sweepers;
    const bool i_claim = std::any_of(sweepers.begin(), sweepers.end(),
                                     [&](const Sweeper& s) { return s.vehicle == t.self; });
    const double claim_m = t.scene.claim_m(t.self);
    for (const Sweeper& sweeper : sweepers) {
        const RoadUser& other = t.scene.road_users[sweeper.vehicle];
        const Vec2 off = other.centre - t.me.centre;
        if (sweeper.vehicle == t.self || glm::dot(off, off) > kMeetingReach_m * kMeetingReach_m)
            continue;
        // One follows the other.
        if (glm::dot(other.x, t.me.x) > 0.7) continue;
        const auto wait = [&](double gap_m, bool blocked) {
            t.restrain(follow_acceleration(t.driver.idm, t.v, t.v0, gap_m, 0.0), other.id,
                       blocked ? world::Intention::kFollow : world::Intention::kYield);
        };
        const SharedGround near = shared_ground(t, sweeper, 0.0, claim_m);
        if (near.any && other_goes_first(t, sweeper, near, i_claim)) {
            wait(near.mine > 0 ? t.way.s_m[near.mine - 1] + 1.0 : 0.1,
                 near.they_stand && other.speed < kStandsStill_mps);
        }
        // Only for a vehicle that moves: one that stands there may be waiting for this one.
        if (other.speed < kStandsStill_mps || near.i_stand) continue;
        const SharedGround beyond = shared_ground(t, sweeper, claim_m, kLongAhead_m);
        if (beyond.any) wait(claim_m + t.driver.idm.jam_gap_m - Thought::kLineGap_m, false);
    }
}

}  // namespace huntsman::agents::conduct
