#include "agents/conduct/drivers.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "agents/conduct/aside.h"
#include "agents/conduct/backing.h"
#include "agents/conduct/caution.h"
#include "agents/conduct/deliberate.h"
#include "agents/conduct/gaze.h"
#include "agents/conduct/gestures.h"
#include "agents/conduct/lane_changes.h"
#include "agents/conduct/long_vehicles.h"
#include "agents/conduct/periods.h"
#include "agents/conduct/right_of_way.h"
#include "agents/conduct/wrong_way.h"
#include "engine/driving/motion.h"

namespace huntsman::agents::conduct {
namespace {

using engine::core::Key;
using engine::driving::Idm;
using engine::driving::stopping_mps2;
using engine::driving::travel_time_s;

constexpr double kSide_m = 0.25;       // room that a driver wants on each side
constexpr double kTightSide_m = 0.05;  // after having waited long for no good reason
constexpr double kMovesOver_m = 0.7;   // off the middle of its lane
constexpr double kLongBody_m = 6.0;
constexpr double kStanding_mps = 0.1;
constexpr double kStood_mps = 0.3;        // as others see it too (see beliefs/track.cpp)
constexpr double kGoing_mps = 1.5;        // no longer creeping
constexpr double kInReverse_mps = -1e-3;  // in reverse, but standing
constexpr double kYellowStop_mps2 = 3.0;  // comfortable; harder for those who already brake for it
constexpr double kYellowKept_mps2 = 5.0;
constexpr double kYieldStop_mps2 = 4.5;
constexpr double kEasyStop_mps2 = 2.0;
constexpr double kWalkingPace_mps = 2.0;
constexpr double kCarefulMost_mps2 = 3.0, kCarefulGain_per_s = 4.0;
constexpr double kCreeps_mps = 2.5;  // past a line, where the view is short
constexpr double kRedStop_mps2 = 7.0;
constexpr double kRunsRed_mps2 = 2.5;  // who does not obey runs it rather than brake harder
constexpr double kCrossingStop_mps2 = 4.0;

// The speed that the driver likes at a place: in its own proportion to the limit, but in bends
// hardly what is comfortable.
double liked_mps(const Thought& t, world::LaneId lane, double s_m) {
    constexpr double kMostInBends = 0.98;
    const double speed = t.scene.book->speed_mps(lane, s_m);
    const bool bend = speed < 0.97 * t.scene.book->roads().lanes[lane].speed_limit_mps;
    const double factor = t.driver.speed_factor;
    return speed * (bend ? std::min(factor, kMostInBends) : factor);
}

// Highest comfortable speed here, with slowing for the lanes ahead.
double comfortable_speed(const Thought& t) {
    double speed = liked_mps(t, t.way.legs[0].lane, -t.way.legs[0].start_m);
    for (std::size_t k = 1; k < t.way.leg_count; ++k) {
        const double there = liked_mps(t, t.way.legs[k].lane, 0.0);
        speed = std::min(speed, std::sqrt(there * there +
                                          2.0 * LaneBook::kSlowing_mps2 * t.way.legs[k].start_m));
    }
    return speed;
}

// Braking for bends that are close: hard enough to be slow where they begin. The free-road law
// alone lags behind a speed that falls.
void weigh_bends(Thought& t) {
    constexpr double kAtOnce_mps2 = 1.6, kHardest_mps2 = 6.0;
    const LaneBook& book = *t.scene.book;
    double needed = 0;
    const auto weigh = [&](double there, double distance) {
        const double limit = 1.03 * there;
        needed = std::max(needed, (t.v * t.v - limit * limit) / (2.0 * std::max(distance, 1.0)));
    };
    const world::LaneId lane = t.way.legs[0].lane;
    const double s = -t.way.legs[0].start_m;
    const double rest = book.roads().lanes[lane].length_m - s;
    for (const double ahead : {4.0, 8.0, 16.0, 32.0, 64.0}) {
        if (ahead < rest) weigh(liked_mps(t, lane, s + ahead), ahead);
    }
    for (std::size_t k = 1; k < t.way.leg_count; ++k) {
        weigh(liked_mps(t, t.way.legs[k].lane, 0.0), t.way.legs[k].start_m);
    }
    if (needed > kAtOnce_mps2) {
        t.restrain(-std::min(kHardest_mps2, 1.1 * needed), world::kNoActor,
                   world::Intention::kFollow);
    }
}

// Time for which the way of somebody on foot is foreseen [s]: a second on the pavement, where it
// may stop; for those who walk across the road until the vehicle will have passed.
double foresight_s(const Thought& t, const math::Box2& box, double z_m, double across_mps,
                   double gap_m) {
    constexpr double kSoon_s = 1.0, kMost_s = 5.0, kWalks_mps = 0.5, kSpare_s = 1.0;
    if (std::abs(across_mps) < kWalks_mps) return kSoon_s;
    if (!t.scene.book->map().on_road(math::Vec3(box.centre, z_m))) return kSoon_s;
    const double passed_s =
        (std::max(0.0, gap_m) + t.me.front + t.me.rear) / std::max(t.v, 1.0) + kSpare_s;
    return std::clamp(passed_s, kSoon_s, kMost_s);
}

// One thing against the corridor that the vehicle will sweep.
void weigh_body(Thought& t, const math::Box2& box, double z_m, const Vec2& velocity,
                world::ActorId id, bool person) {
    const Way& way = t.way;
    // People come from further away than bodies reach.
    constexpr double kForeseen_s = 5.0;
    const double margin = 3.0 + box.half.x + (person ? kForeseen_s * glm::length(velocity) : 0.0);
    if (box.centre.x < way.low.x - margin || box.centre.x > way.high.x + margin ||
        box.centre.y < way.low.y - margin || box.centre.y > way.high.y + margin) {
        return;
    }
    const OnWay at = way.project(box.centre);
    // Half extents along and across the way.
    const Vec2 x = math::direction(box.yaw_rad);
    const double c = std::abs(glm::dot(x, at.tangent)), s = std::abs(math::cross(at.tangent, x));
    const double half_s = c * box.half.x + s * box.half.y;
    const double half_t = s * box.half.x + c * box.half.y;
    if (at.s_m < 0.5 * t.me.front || std::abs(at.z_m - z_m) > road::kLevel_m) return;
    const double gap = at.s_m - half_s - t.me.front;
    const double along = glm::dot(velocity, at.tangent);
    const double across = math::cross(at.tangent, velocity);

    // The corridor: own width and room, widened to where the vehicle still is beside its way.
    const bool stuck = t.me.waited_s > Thought::kLongWait_s;
    const double half_width = t.me.half.y + (stuck ? kTightSide_m : kSide_m);
    const double beside = at.s_m < 25.0 ? way.offset_m : 0.0;
    const double low = std::min(0.0, beside) - half_width,
                 high = std::max(0.0, beside) + half_width;
    bool in_way = at.t_m + half_t > low && at.t_m - half_t < high;
    if (!in_way && person) {
        // About to step in, or on the road already and there before the vehicle has passed.
        const double foreseen_s = foresight_s(t, box, z_m, across, gap);
        const double soon = at.t_m + foreseen_s * across;
        in_way = std::max(at.t_m, soon) + half_t > low && std::min(at.t_m, soon) - half_t < high;
    }
    if (!in_way) return;

    // Somebody who crosses and will be gone in time is no obstacle.
    const double reach_s = std::max(0.0, gap) / std::max(t.v, 1.0);
    if (std::abs(across) > 0.5 && std::abs(across) > std::abs(along)) {
        const double to_leave = across > 0 ? high - (at.t_m - half_t) : at.t_m + half_t - low;
        if (to_leave / std::abs(across) + (person ? 1.2 : 0.8) < reach_s) return;
    }
    // A queue is what stands or creeps the same way.
    if (along < 2.0 && glm::dot(x, at.tangent) > 0.3 && at.s_m - half_s < t.queue_end_m) {
        t.queue_end_m = at.s_m - half_s;
        t.queue_end = id;
    }
    t.restrain(follow_acceleration(t.driver.idm, t.v, t.v0, gap, std::max(along, -2.0)), id,
               person ? world::Intention::kYield : world::Intention::kFollow);
}

// Who comes up behind somebody with hazard lights stops with room to move out.
constexpr double kMovesOut_m = 4.0, kMovedOut_m = 0.5;

void weigh_bodies(Thought& t) {
    for (std::size_t i = 0; i < t.scene.road_users.size(); ++i) {
        if (i == t.self) continue;
        const RoadUser& user = t.scene.road_users[i];
        if (meets_closely(t, user)) continue;
        // Room to move out behind who stands there for a while.
        const bool keeps_back =
            stands_with_hazard_lights(user) && std::abs(t.mind.aside_m) < kMovedOut_m;
        // Long bodies in parts, as they are not parallel to the way in a bend.
        const int parts = 1 + static_cast<int>(2.0 * user.half.x / kLongBody_m);
        const double length = 2.0 * user.half.x / parts;
        for (int part = 0; part < parts; ++part) {
            const double back_m = keeps_back && part == 0 ? 0.5 * kMovesOut_m : 0.0;
            const double ahead = -user.half.x + (part + 0.5) * length - back_m;
            weigh_body(
                t,
                {user.centre + ahead * user.x, user.yaw_rad, {0.5 * length + back_m, user.half.y}},
                user.z_m, user.v, user.id, user.person);
        }
    }
    const auto& obstacles = t.scene.book->obstacles();
    for (std::size_t i = 0; i < obstacles.size(); ++i) {
        weigh_body(t, obstacles[i], t.scene.book->obstacle_z_m(i), {0, 0},
                   t.scene.book->obstacle_ids()[i], false);
    }
}

// Whoever is moving over into the lane ahead is followed already.
void weigh_those_moving_over(Thought& t) {
    constexpr double kBraking_mps2 = 4.0, kReach_m = 60.0;
    // Who passes somebody at the side keeps clear of its body instead.
    if (t.mind.aside_m != 0.0) return;
    for (std::size_t i = 1; i < t.scene.road_users.size(); ++i) {
        const RoadUser& other = t.scene.road_users[i];
        const Way& theirs = t.scene.ways[i];
        if (other.person || theirs.leg_count == 0 || std::abs(theirs.offset_m) < kMovesOver_m) {
            continue;
        }
        // Two-wheelers ride at the side.
        if (world::is_two_wheeler(t.scene.book->archetypes()[other.archetype].semantic)) continue;
        for (std::size_t k = 0; k < t.way.leg_count && t.way.legs[k].start_m < kReach_m; ++k) {
            if (t.way.legs[k].lane != theirs.legs[0].lane) continue;
            const double gap =
                t.way.legs[k].start_m - theirs.legs[0].start_m - other.rear - t.me.front;
            if (gap < 0.0 || gap > kReach_m) break;
            t.restrain(std::max(-kBraking_mps2,
                                follow_acceleration(t.driver.idm, t.v, t.v0, gap, other.speed)),
                       other.id, world::Intention::kFollow);
            break;
        }
    }
}

// Somebody comes towards it in its own lane: it stops early, so that there is room to go back.
void weigh_meeting(Thought& t, const std::optional<HeadOn>& meeting) {
    if (!meeting || t.me.waited_s > Thought::kLongWait_s) return;
    t.stop_at(meeting->stop_m, meeting->whom, world::Intention::kFollow);
}

// Lets somebody in whose lane ends ahead, one at a time as in a zip: falls behind it.
void weigh_mergers(Thought& t) {
    constexpr double kAhead_m = 30.0, kEnds_m = 80.0, kBraking_mps2 = 2.0;
    const auto& lanes = t.scene.book->roads().lanes;
    const world::Lane& mine = lanes[t.way.legs[0].lane];
    const double my_s = -t.way.legs[0].start_m;
    for (std::size_t i = 1; i < t.scene.road_users.size(); ++i) {
        const RoadUser& other = t.scene.road_users[i];
        const Way& theirs = t.scene.ways[i];
        if (other.person || theirs.leg_count != 1) continue;
        const world::Lane& lane = lanes[theirs.legs[0].lane];
        if ((lane.left != mine.id && lane.right != mine.id) || !lane.successors.empty()) continue;
        const double its_s = -theirs.legs[0].start_m;
        const double gap = its_s - other.rear - my_s - t.me.front;
        if (gap < 0.0 || gap > kAhead_m || lane.length_m - its_s > kEnds_m) continue;
        // Others are between the two: it is their turn to let it in.
        const bool next = std::none_of(
            t.scene.road_users.begin() + 1, t.scene.road_users.end(), [&](const RoadUser& user) {
                const auto index = static_cast<std::size_t>(&user - t.scene.road_users.data());
                const Way& way = t.scene.ways[index];
                if (user.person || way.leg_count == 0 || way.legs[0].lane != mine.id) return false;
                const double s = -way.legs[0].start_m;
                return s > my_s && s < its_s;
            });
        const double courtesy = 0.5 + 0.5 * std::sin(t.driver.social_rad);
        if (!next || t.seed.with(t.me.id).with("lets in").with(other.id).uniform() > courtesy) {
            continue;
        }
        t.restrain(std::max(-kBraking_mps2,
                            follow_acceleration(t.driver.idm, t.v, t.v0, gap, other.speed)),
                   other.id, world::Intention::kYield);
    }
}

// Where the standing room behind a connection begins: past a crossing close to its end.
double far_side_m(const Thought& t, std::size_t leg) {
    const auto& lanes = t.scene.book->roads().lanes;
    double point = t.way.legs[leg].start_m + lanes[t.way.legs[leg].lane].length_m;
    if (leg + 1 < t.way.leg_count) {
        for (const CrossingOnLane& c : t.scene.book->crossings(t.way.legs[leg + 1].lane)) {
            if (c.begin_m < 6.0) point = std::max(point, t.way.legs[leg + 1].start_m + c.end_m);
        }
    }
    return point;
}

// Whether a driver runs this light, if it can hardly stop: drawn for each approach.
bool runs_red(const Thought& t, world::LaneId connection) {
    const Key key = t.seed.with(t.me.id).with("red").with(connection);
    return key.uniform(t.mind.decisions) >= t.driver.obeys_signals;
}

// Before a junction an emergency vehicle slows down at red to look, and others wait for it. True
// where there is nothing more to decide.
bool weigh_emergency(Thought& t, double line_m, double needed_mps2, double place_m, bool red) {
    constexpr double kLooks_mps = 5.0, kAtOnce_mps2 = 1.0, kLongest_s = 12.0;
    if (t.driver.blue_light && red) {
        const double slowing_mps2 =
            (t.v * t.v - kLooks_mps * kLooks_mps) / (2.0 * std::max(line_m, 1.0));
        if (slowing_mps2 > kAtOnce_mps2) {
            t.restrain(-slowing_mps2, world::kNoActor, world::Intention::kYield);
        }
        return false;
    }
    const auto emergency = believed_emergency(t.scene);
    if (!emergency || needed_mps2 > kYellowStop_mps2 || t.me.waited_s > kLongest_s) return false;
    t.stop_at(place_m, emergency->id, world::Intention::kYield);
    return true;
}

// The next connection that has not been entered: signal, signs, gaps, and room behind it.
void weigh_entry(Thought& t, std::size_t leg, double line_m) {
    const world::Lane& lane = t.scene.book->roads().lanes[t.way.legs[leg].lane];
    // Long vehicles stand where others can turn into their arm, unless they are past that place.
    const double held_m =
        line_m - (t.me.front > kLongFront_m ? t.scene.book->hold_m(lane.id) : 0.0);
    const bool holds = held_m > 0.0 && stopping_mps2(t.v, held_m) < kYellowStop_mps2;
    const double place_m = holds ? held_m : line_m;
    const double needed = stopping_mps2(t.v, line_m);
    const bool was_going = t.mind.intention == world::Intention::kCross ||
                           (t.deliberation.going && t.deliberation.place == lane.id);
    const bool was_stopping = t.mind.intention == world::Intention::kStopAtLine;
    const world::Aspect aspect = t.scene.aspect(lane.id);
    const bool red = aspect == world::Aspect::kRed || aspect == world::Aspect::kRedYellow;
    const bool against_signal = red && t.driver.blue_light;
    if (weigh_emergency(t, line_m, needed, place_m, red)) return;
    const bool runs = (red || aspect == world::Aspect::kYellow) && runs_red(t, lane.id);
    switch (aspect) {
        case world::Aspect::kRed:
        case world::Aspect::kRedYellow:
            if (!against_signal && needed < (runs ? kRunsRed_mps2 : kRedStop_mps2)) {
                t.stop_at(place_m, world::kNoActor, world::Intention::kStopAtLine);
                t.mind.waited_s = 0.0;  // a red light is no deadlock
                return;
            }
            break;
        case world::Aspect::kYellow:
            if (!runs && needed < (was_stopping ? kYellowKept_mps2 : kYellowStop_mps2)) {
                t.stop_at(place_m, world::kNoActor, world::Intention::kStopAtLine);
                t.mind.waited_s = 0.0;  // a red light is no deadlock
                return;
            }
            break;
        case world::Aspect::kGreen:
        case world::Aspect::kOff:
            break;
    }
    // A stop sign asks for a standstill at the line.
    const bool stopped = t.mind.waited_s >= 0.5 && place_m < 3.0 && t.v < kStanding_mps;
    if (lane.control == world::Control::kStop && !stopped && !was_going) {
        t.stop_at(place_m, world::kNoActor, world::Intention::kStopAtLine);
        return;
    }
    if (needed > kYieldStop_mps2) {
        t.restraint.intention = world::Intention::kCross;
        return;
    }
    // Decided while the one ahead leaves, too.
    Prospect prospect = prospect_of_entry(t.scene, t.self, leg, against_signal);
    // Who has just let somebody go by a sign waits for that one.
    const world::ActorId let = lets_go(*t.scene.self.mind);
    if (let != world::kNoActor) prospect = {-1.0, let};
    // Who is careful does not decide to go while it looks elsewhere.
    const bool elsewhere = t.driver.careful() && t.scene.self.mind->glance.away;
    const double drift = elsewhere ? std::min(prospect.drift, 0.0) : prospect.drift;
    deliberate(t.deliberation, lane.id, drift, t.scene.self, t.seed);
    // Who goes round a roundabout moves up, as those behind it wait on the junctions before.
    const bool goes_round = leg > 0 && t.scene.book->on_ring(t.way.legs[leg - 1].lane);
    if (!goes_round && !t.room_beyond(far_side_m(t, leg))) {
        t.stop_at(place_m, t.queue_end, world::Intention::kStopAtLine);
        return;
    }
    // Where nobody comes one drives on meanwhile, as long as a halt is still easy.
    const bool free = prospect.drift >= 1.0 && needed < kEasyStop_mps2;
    if (!t.deliberation.going && !free) {
        t.stop_at(place_m, prospect.whom, world::Intention::kYield);
        return;
    }
    if (line_m < 4.0 && t.restraint.intention == world::Intention::kFollow) {
        t.restraint.intention = world::Intention::kCross;
    }
}

// How it follows now: in a junction, and once it has been decided to enter it, it speeds up as
// briskly as the gap asks for, and a slow queue closes up.
Idm idm_now(const Scene& scene) {
    constexpr double kClosesUp = 0.65, kSlow_mps = 6.0, kFast_mps = 12.0;
    Idm idm = scene.self.traits->idm;
    const Way& way = scene.ways[kSelf];
    const world::Deliberation& before = scene.self.mind->deliberation;
    for (std::size_t k = 0; k < std::min<std::size_t>(2, way.leg_count); ++k) {
        const world::LaneId lane = way.legs[k].lane;
        if (!scene.book->roads().lanes[lane].in_junction()) continue;
        if (k > 0 && !(before.going && before.place == lane)) continue;
        idm.acceleration_mps2 = start_mps2(scene, lane);
        const double fast = std::clamp(
            (scene.road_users[kSelf].speed - kSlow_mps) / (kFast_mps - kSlow_mps), 0.0, 1.0);
        idm.headway_s *= std::lerp(kClosesUp, 1.0, fast);
        break;
    }
    return idm;
}

// A stop to deliver: at the kerb, with hazard lights (see control.cpp).
void weigh_delivery(Thought& t) {
    constexpr double kWindow_m = 0.6, kLeast_s = 20.0, kMost_s = 60.0, kHold_mps2 = -3.0;
    constexpr double kFrom_m = 60.0, kJam_m = 1.5;
    if (t.mind.parked_s <= 0) {
        const double ahead_m = delivery_ahead_m(t.scene, t.seed);
        if (ahead_m > kFrom_m) return;
        if (ahead_m > kDelivers_m + kWindow_m) {
            t.stop_at(ahead_m - kDelivers_m + kJam_m, world::kNoActor, world::Intention::kFollow);
            return;
        }
        const Key key = t.seed.with(t.me.id).with("delivery").with(t.way.legs[0].lane);
        t.mind.parked_s = key.uniform(kLeast_s, kMost_s, t.mind.decisions);
    }
    t.mind.parked_s = std::max(0.0, t.mind.parked_s - t.scene.self.dt_s);
    t.mind.waited_s = 0.0;
    t.restrain(kHold_mps2, world::kNoActor, world::Intention::kFollow);
}

// Past a stop line from which little was to be seen, a driver creeps on until it sees those who
// have way early enough, or is where they come.
void weigh_view_inside(Thought& t, std::size_t leg, double back_m) {
    constexpr double kRolls_mps = 6.0, kSlows_per_s = 0.8;
    if (t.scene.self.sight == nullptr || t.v > kRolls_mps) return;
    const double needed_s = sight_needed_s(t.scene, leg);
    const auto& [lane, start_m] = t.way.legs[leg];
    const double past_m = t.me.front - start_m + back_m;
    if (needed_s <= 0 || t.scene.self.sight->shortest_s(lane, -past_m) >= needed_s) return;
    t.restrain(kSlows_per_s * (kCreeps_mps - t.v), world::kNoActor, world::Intention::kCross);
}

void weigh_junctions(Thought& t) {
    const auto& lanes = t.scene.book->roads().lanes;
    for (std::size_t k = 0; k < t.way.leg_count; ++k) {
        const world::Lane& lane = lanes[t.way.legs[k].lane];
        if (!lane.in_junction()) continue;
        const double back = k == 0 || lane.predecessors.empty()
                                ? 0.0
                                : lanes[lane.predecessors.front()].length_m - lane.stop_s_m;
        const double line_m = t.way.legs[k].start_m - back - t.me.front;
        if (k > 0 && line_m >= kPastLine_m) {
            // Only the next junction, and only once one would begin to brake for it.
            if (line_m < t.v * t.v / (2.0 * 1.5) + 15.0) weigh_entry(t, k, line_m);
            return;
        }
        // Inside: clear the junction, but not into one another.
        weigh_view_inside(t, k, back);
        if (t.restraint.intention == world::Intention::kFollow) {
            t.restraint.intention = world::Intention::kCross;
        }
        const Halt halt = must_halt_inside(t.scene, t.self, k);
        if (halt.blocker != world::kNoActor && stopping_mps2(t.v, halt.distance_m) < 7.0) {
            t.stop_at(halt.distance_m + 0.8, halt.blocker, world::Intention::kYield);
        }
    }
}

// Whether a person claims a crossing against a vehicle that would be on it from `in_s` to `out_s`.
bool claims(const Thought& t, const Crosser& crosser, const CrossingOnLane& c, bool zebra,
            double out_s, double needed) {
    const RoadUser& person = t.scene.road_users[crosser.person];
    const double reach = t.me.half.y + 1.0;  // from the lane's centre
    const double to_lane = c.place_m - crosser.place_m;
    if (crosser.waiting) {
        // Stepping on is announced by waiting at a zebra; a driver who has long stood goes on.
        if (!zebra || needed > 3.0 || t.me.waited_s > 6.0 || lets_go_first(person)) return false;
        return (std::abs(to_lane) - reach) / 1.3 < out_s + 1.0;
    }
    if (std::abs(to_lane) < reach) {
        // On this lane, unless about to leave it.
        return !(crosser.speed * to_lane < 0 && std::abs(to_lane) > reach - 0.4);
    }
    const bool coming = crosser.speed * to_lane > 0;
    if (!coming && glm::length(person.v) > 0.3) return false;
    if (!coming) return false;
    return (std::abs(to_lane) - reach) / std::max(std::abs(crosser.speed), 0.5) < out_s + 1.5;
}

// Whether the vehicle comes onto a leg of its way by turning.
bool turned_into(const Thought& t, std::size_t leg) {
    const auto& lanes = t.scene.book->roads().lanes;
    const auto turns = [&](world::LaneId lane) {
        return lanes[lane].in_junction() && lanes[lane].turn != world::Turn::kStraight;
    };
    const world::LaneId lane = t.way.legs[leg].lane;
    if (turns(lane)) return true;
    if (leg > 0) return turns(t.way.legs[leg - 1].lane);
    return false;
}

void weigh_crossings(Thought& t) {
    for (std::size_t k = 0; k < t.way.leg_count; ++k) {
        for (const CrossingOnLane& c : t.scene.book->crossings(t.way.legs[k].lane)) {
            const double begin = t.way.legs[k].start_m + c.begin_m - t.me.front;
            const double end = t.way.legs[k].start_m + c.end_m + t.me.rear;
            // Behind, under the car already, or too far to matter.
            if (end < 0.0 || begin < -0.3 || begin > t.v * t.v / (2.0 * 1.5) + 15.0) continue;
            const double needed = stopping_mps2(t.v, begin);
            if (needed > kCrossingStop_mps2 && t.v > 1.0) continue;
            // No standing on it.
            if (!t.room_beyond(t.way.legs[k].start_m + c.end_m)) {
                t.stop_at(begin, t.queue_end, world::Intention::kStopAtLine);
                continue;
            }
            const auto lights = t.scene.book->roads().crossings[c.crossing].signal_group;
            // Those who turn leave it to people who have green, too.
            const bool zebra =
                lights == world::kNone ||
                (turned_into(t, k) && t.scene.group_aspect(lights) == world::Aspect::kGreen);
            const double cruise = std::max(t.v, 4.0);
            const double out_s = travel_time_s(t.v, end, cruise);
            for (const Crosser& crosser : t.scene.crossers[c.crossing]) {
                if (!claims(t, crosser, c, zebra, out_s, needed)) continue;
                t.stop_at(begin, t.scene.road_users[crosser.person].id, world::Intention::kYield);
            }
        }
    }
}

// All who are in its way, come into it or need room beside it.
void weigh_others(Thought& t, const std::optional<HeadOn>& meeting) {
    weigh_bodies(t);
    weigh_those_moving_over(t);
    weigh_meeting(t, meeting);
    weigh_mergers(t);
    const bool is_long = t.me.front > kLongFront_m;
    // After a long wait a car uses what room the bodies' boxes leave.
    if (is_long || t.me.waited_s >= Thought::kLongWait_s) weigh_sweep(t);
    if (is_long) weigh_long_meetings(t);
    if (is_long) weigh_posts(t);
    if (!is_long && t.me.waited_s < Thought::kLongWait_s) weigh_sweepers(t);
}

}  // namespace

world::DriverMind think_driver(const Scene& scene, const Key& seed,
                               world::Deliberation& deliberation, world::Signalled& signalled) {
    constexpr std::size_t self = kSelf;
    const RoadUser& me = scene.road_users[self];
    world::DriverMind mind = scene.self.mind->driver();
    const Way& way = scene.ways[self];
    const double dt_s = scene.self.dt_s;
    // Creeping up is waiting too: who begins to go because it has waited must not forget why.
    if (me.speed < kStood_mps) mind.waited_s += dt_s;
    if (me.speed > kGoing_mps) mind.waited_s = 0.0;
    mind.gaze_rad = gaze_of_driver(scene, mind);
    if (way.leg_count == 0) {  // nowhere near a road
        mind.target_speed_mps = 0.0;
        mind.acceleration_mps2 = -3.0;
        return mind;
    }
    Traits driver = *scene.self.traits;
    driver.idm = idm_now(scene);
    Thought t{scene, self, driver, me, way, mind, deliberation, seed};
    t.v = std::max(0.0, me.speed);
    const PassingDuty passing = weigh_passing(scene, self);
    const double careful = std::max(kWalkingPace_mps, careful_speed_mps(scene));
    const double own_mps =
        driver.speed_factor * cycling_mps(scene.book->archetypes()[scene.self.archetype].semantic);
    t.v0 = std::min({comfortable_speed(t), passing.speed_mps, careful, own_mps});
    const AsideDuty aside = weigh_aside(scene, t.v0, seed);
    mind.aside_m = aside.offset_m;
    t.v0 = std::min(t.v0, aside.speed_mps);
    t.restraint.acceleration_mps2 = free_acceleration(driver.idm, t.v, t.v0);

    if (t.v > careful) {
        t.restrain(-std::min(kCarefulMost_mps2, kCarefulGain_per_s * (t.v - careful)),
                   world::kNoActor, world::Intention::kFollow);
    }
    if (passing.line_m >= 0.0) {
        t.stop_at(passing.line_m, passing.whom, world::Intention::kYield);
    }
    weigh_bends(t);
    weigh_delivery(t);
    const auto meeting = comes_at(scene);
    weigh_others(t, meeting);
    if (way.dead_end) {
        t.stop_at(way.end_m - me.front, world::kNoActor, world::Intention::kFollow);
    }
    const double deliberated_s = deliberation.since_s;
    weigh_junctions(t);
    // Another time at the same place is another decision.
    if (deliberation.since_s == deliberated_s) deliberation = {};
    weigh_crossings(t);

    mind.intention = t.restraint.intention;
    mind.leader = t.restraint.leader;
    const auto line = scene.next_line(self);
    signalled = signal_of_driver(
        scene, {.intention = mind.intention,
                .whom = mind.leader,
                .acceleration_mps2 = t.restraint.acceleration_mps2,
                .comes_at = meeting ? meeting->whom : world::kNoActor,
                .green = line && scene.aspect(line->connection) == world::Aspect::kGreen});
    mind.target_speed_mps = t.v0;
    mind.acceleration_mps2 = t.restraint.acceleration_mps2;
    if (const auto backing = weigh_backing(scene, mind)) {
        mind.intention = world::Intention::kYield;
        mind.leader = backing->whom;
        mind.target_speed_mps = std::min(-backing->speed_mps, kInReverse_mps);
        mind.acceleration_mps2 = 0.0;
        return mind;
    }
    // Whoever has made room waits for what it was made for.
    if (backs_off(scene.self.mind->driver())) mind.waited_s = 0.0;
    change_lane(scene, mind);
    update_route(*scene.book, scene.self, me, seed, mind);
    return mind;
}

}  // namespace huntsman::agents::conduct
