#include "agents/conduct/right_of_way.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "agents/conduct/deliberate.h"
#include "engine/driving/motion.h"

namespace huntsman::agents::conduct {
namespace {

using engine::driving::stopping_mps2;
using engine::driving::travel_time_s;

constexpr double kClearBefore_s = 0.2;  // out of the area before the other comes
constexpr double kSlowsFor_mps2 = 1.5;  // who is merged in front of
constexpr double kEnterAfter_s = 0.3;   // into it after the other has left
constexpr double kWayBonus_s = 0.75;    // of having way, for two who are inside
constexpr double kYellowStop_mps2 = 3.0;
constexpr double kStanding_mps = 0.3;
constexpr double kPatience_s = 5.0;  // after which standing blockers are passed
constexpr double kBlockerStands_s = 2.0;
constexpr double kSurely_s = 0.5;  // a difference in waiting that both see
constexpr double kLonger_s = 10.0;
constexpr double kAtLine_m = 3.0, kCreeping_mps = 2.0;
constexpr double kCreeps = 0.6;  // how good it is to creep into what cannot be seen
constexpr double kLateStop_mps2 = 5.0;

// Whoever is faster than this and gains less is expected to keep its speed.
constexpr double kKeepsSpeed_mps = 5.0, kGains_mps2 = 0.3;

// When a vehicle occupies a stretch of its connection.
struct Window {
    double in_m = 0, out_m = 0;  // front to its begin, rear to its end
    double in_s = 0, out_s = 0;
};

Window window(const Scene& scene, std::size_t vehicle, world::LaneId lane, double start_m,
              double begin_m, double end_m) {
    const RoadUser& user = scene.road_users[vehicle];
    const double v = std::max(user.speed, 0.0);
    const bool keeps_speed = vehicle != kSelf && v > kKeepsSpeed_mps && user.a < kGains_mps2;
    const double vmax = keeps_speed ? v : std::max(v, scene.book->slowest_mps(lane));
    const double gain_mps2 =
        vehicle == kSelf ? start_mps2(scene, lane) : engine::driving::kGentle_mps2;
    Window w;
    w.in_m = start_m + begin_m - user.front;
    w.out_m = start_m + end_m + user.rear;
    w.in_s = travel_time_s(v, w.in_m, vmax, gain_mps2);
    w.out_s = travel_time_s(v, w.out_m, vmax, gain_mps2);
    return w;
}

// Latest time at which somebody else leaves the stretch: at the speed it has now, or a little later
// than it would where it gains speed.
double late_out_s(const RoadUser& user, const Window& w) {
    constexpr double kLater_s = 0.7;
    const double now_s = w.out_m / std::max(user.speed, 0.5);
    return user.a > kGains_mps2 ? std::min(now_s, w.out_s + kLater_s) : now_s;
}

// Whether a vehicle before its line is held there by its signal.
bool held_by_signal(const Scene& scene, const Comer& comer, world::LaneId lane) {
    switch (scene.aspect(lane)) {
        case world::Aspect::kRed:
        case world::Aspect::kRedYellow:
            return true;
        case world::Aspect::kYellow:
            return stopping_mps2(scene.road_users[comer.vehicle].speed, comer.line_m) <
                   kYellowStop_mps2;
        case world::Aspect::kOff:
        case world::Aspect::kGreen:
            return false;
    }
    return false;
}

// The rule that ends standoffs: when everyone stands, who has waited longest goes first. Nobody
// knows how long another has waited, nor whether for way: after some time more, that differs from
// one to the next, one goes anyway.
bool passes_standing(const Scene& scene, const RoadUser& other) {
    const RoadUser& me = scene.road_users[kSelf];
    if (me.waited_s <= kPatience_s || other.speed >= kStanding_mps ||
        other.waited_s < kBlockerStands_s) {
        return false;
    }
    return me.waited_s > other.waited_s + kSurely_s ||
           me.waited_s > kPatience_s + kLonger_s * scene.self.traits->side;
}

// A stretch shared with somebody on another connection, by crossing lanes or by a long vehicle's
// sweep, and who gives way on it.
struct Meeting {
    Window mine, theirs;
    double clear_s = 0;  // when this one is no longer in the other's way
    bool i_yield = false, they_yield = false;
};

// When a vehicle that another follows from here on no longer holds it up: its rear is on the ground
// that they share, and the other has had the time to slow down to its speed.
double merged_s(const Scene& scene, const Window& mine, const RoadUser& me, const RoadUser& other,
                world::LaneId lane) {
    const double vmax = std::max(me.speed, scene.book->slowest_mps(lane));
    const double on_it_m = mine.in_m + me.front + me.rear;
    const double gain_mps2 = start_mps2(scene, lane);
    const double then_mps =
        std::min(vmax, std::sqrt(me.speed * me.speed + 2 * gain_mps2 * std::max(0.0, on_it_m)));
    return std::min(mine.out_s, travel_time_s(std::max(0.0, me.speed), on_it_m, vmax, gain_mps2) +
                                    std::max(0.0, other.speed - then_mps) / (2 * kSlowsFor_mps2));
}

// Inside, long vehicles' sweeps are weighed box by box instead (see long_vehicles.cpp).
// Calls visit(comer, meeting) for everybody who has not cleared a stretch shared with the vehicle.
template <typename Visit>
void visit_meetings(const Scene& scene, std::size_t self, std::size_t leg, bool with_sweeps,
                    Visit visit) {
    const auto& [lane_id, start_m] = scene.ways[self].legs[leg];
    const world::Lane& lane = scene.book->roads().lanes[lane_id];
    const auto meet = [&](const auto& stretch, const Comer& comer, bool i_yield, bool they_yield) {
        Meeting m;
        m.theirs = window(scene, comer.vehicle, stretch.other, comer.start_m,
                          stretch.other_s_begin_m, stretch.other_s_end_m);
        if (m.theirs.out_m <= 0.0) return;
        m.mine = window(scene, self, lane_id, start_m, stretch.s_begin_m, stretch.s_end_m);
        m.i_yield = i_yield;
        m.they_yield = they_yield;
        const world::Lane& theirs = scene.book->roads().lanes[stretch.other];
        const bool merges = !lane.successors.empty() && lane.successors == theirs.successors;
        m.clear_s = merges ? merged_s(scene, m.mine, scene.road_users[self],
                                      scene.road_users[comer.vehicle], lane_id)
                           : m.mine.out_s;
        visit(comer, m);
    };
    for (std::size_t c = 0; c < lane.conflicts.size(); ++c) {
        const world::Conflict& conflict = lane.conflicts[c];
        for (const Comer& comer : scene.comers[conflict.other]) {
            if (comer.vehicle == self) continue;
            meet(conflict, comer, conflict.yields, scene.book->other_yields(lane_id, c));
        }
    }
    if (!with_sweeps) return;
    const bool long_self = scene.road_users[self].front > kLongFront_m;
    for (const Sweep& sweep : scene.book->sweeps(lane_id)) {
        if (sweep.self_is_long && !long_self) continue;
        for (const Comer& comer : scene.comers[sweep.other]) {
            const bool long_other = scene.road_users[comer.vehicle].front > kLongFront_m;
            if (comer.vehicle == self || (!sweep.self_is_long && !long_other)) continue;
            if (sweep.yields || sweep.other_yields) {
                meet(sweep, comer, sweep.yields, sweep.other_yields);
                continue;
            }
            // Among equals the long one waits for the room it needs; of two, the one on the higher
            // lane.
            const bool i_yield = long_self && (!long_other || lane_id > sweep.other);
            const bool they_yield = long_other && (!long_self || sweep.other > lane_id);
            meet(sweep, comer, i_yield, they_yield);
        }
    }
}

// Whether somebody who has way leaves it to this one: it signals so, or slows down hard enough
// to stop before.
bool lets_pass(const RoadUser& other, const Window& theirs) {
    constexpr double kSlows_mps2 = 0.8, kFast_mps = 8.0, kSignals_mps = 2.0;
    if (lets_go_first(other) && other.speed < kSignals_mps) return true;
    if (other.speed < kStanding_mps) return false;
    return other.a < -kSlows_mps2 && other.speed < kFast_mps &&
           stopping_mps2(other.speed, theirs.in_m) < std::min(-1.1 * other.a, 3.5);
}

// Where both give way, as at an all-way stop: who came first goes first. Of those who came together
// nobody is sure, and the first who starts has it.
double advantage_of_turn(const RoadUser& me, const RoadUser& other, const Comer& comer,
                         bool going) {
    constexpr double kUnsure_s = 0.35, kAtStop_m = 4.0, kTogether = 0.6, kStarts_mps2 = 0.5;
    const bool waits = other.speed < kStanding_mps && comer.line_m < kAtStop_m;
    const bool starts =
        comer.line_m < kAtStop_m && other.speed > kStanding_mps && other.a > kStarts_mps2;
    if (starts) return me.speed > other.speed ? kTogether : -1.0;  // it was faster
    if (!waits) return me.speed < kStanding_mps && me.waited_s > kUnsure_s ? 1.0 : -1.0;
    if (me.speed > kStanding_mps && going) return 1.0;  // it has seen me start
    if (me.waited_s > other.waited_s + kUnsure_s) return 1.0;
    return me.waited_s < other.waited_s - kUnsure_s ? -1.0 : kTogether;
}

// The gap in time that this driver accepts half of the times, for what it is about to do.
double critical_s(const Scene& scene, const world::Lane& lane, world::LaneId other) {
    const Traits& traits = *scene.self.traits;
    const bool oncoming = lane.turn == world::Turn::kLeft &&
                          scene.book->roads().lanes[other].signal_group == lane.signal_group &&
                          scene.book->roads().lanes[other].turn != world::Turn::kLeft;
    if (oncoming) return traits.left_turn_s;
    return lane.turn == world::Turn::kStraight ? traits.cross_s : traits.merge_s;
}

}  // namespace

double start_mps2(const Scene& scene, world::LaneId connection) {
    constexpr double kBrisk_mps2 = 2.8;
    const Traits& traits = *scene.self.traits;
    const auto& conflicts = scene.book->roads().lanes[connection].conflicts;
    const bool gives_way = std::ranges::any_of(conflicts, &world::Conflict::yields);
    const bool is_long = scene.road_users[kSelf].front > kLongFront_m;
    return gives_way && !is_long ? kBrisk_mps2 : traits.idm.acceleration_mps2;
}

double sight_needed_s(const Scene& scene, std::size_t leg) {
    constexpr double kLeast_s = 2.5, kMost_s = 6.0;
    const auto& [lane_id, start_m] = scene.ways[kSelf].legs[leg];
    const world::Conflict* first = nullptr;
    for (const world::Conflict& conflict : scene.book->roads().lanes[lane_id].conflicts) {
        if (!conflict.yields) continue;
        if (first == nullptr || conflict.s_begin_m < first->s_begin_m) first = &conflict;
    }
    if (first == nullptr) return 0;
    const Window mine = window(scene, kSelf, lane_id, start_m, first->s_begin_m, first->s_end_m);
    if (mine.in_m <= 0.0) return 0;
    return std::clamp(mine.out_s + kClearBefore_s, kLeast_s, kMost_s);
}

Prospect prospect_of_entry(const Scene& scene, std::size_t self, std::size_t leg,
                           bool against_signal) {
    const world::Lane& lane = scene.book->roads().lanes[scene.ways[self].legs[leg].lane];
    const RoadUser& me = scene.road_users[self];
    Prospect prospect;
    const auto weigh = [&](double drift, world::ActorId whom) {
        if (drift >= prospect.drift) return;
        prospect = {drift, whom};
    };
    visit_meetings(scene, self, leg, true, [&](const Comer& comer, const Meeting& m) {
        const RoadUser& other = scene.road_users[comer.vehicle];
        const bool inside = comer.line_m < kPastLine_m;
        if (!inside) {
            const bool has_way = !m.i_yield && !against_signal;
            if (has_way || held_by_signal(scene, comer, comer.lane)) return;
            // Far back in a standing queue.
            if (other.speed < kStanding_mps && comer.line_m > 8.0) return;
        }
        if (passes_standing(scene, other)) return;
        if (late_out_s(other, m.theirs) + kEnterAfter_s < m.mine.in_s) return;
        if (!inside && lets_pass(other, m.theirs)) return;
        if (!inside && m.i_yield && m.they_yield) {
            return weigh(advantage_of_turn(me, other, comer, scene.self.mind->deliberation.going),
                         other.id);
        }
        if (m.clear_s + kClearBefore_s >= m.theirs.in_s) return weigh(-1.0, other.id);
        if (inside) return;
        const double critical =
            critical_now_s(critical_s(scene, lane, comer.lane), me.waited_s, *scene.self.traits);
        weigh(advantage_of_gap(m.theirs.in_s, critical), other.id);
    });
    // Where those who have way come into view late, one must be able to stop at the line, and
    // creeps on from there.
    if (prospect.drift > kCreeps && scene.self.sight != nullptr) {
        const double line_m = scene.ways[self].legs[leg].start_m -
                              Scene::line_back_m(scene.book->roads(), lane) - me.front;
        if (scene.self.sight->shortest_s(lane.id, std::max(0.0, line_m)) <
            sight_needed_s(scene, leg)) {
            const double hold_m = me.front > kLongFront_m ? scene.book->hold_m(lane.id) : 0.0;
            const bool at_line = line_m < kAtLine_m + hold_m && me.speed < kCreeping_mps;
            prospect = {at_line ? kCreeps : -1.0, world::kNoActor};
        }
    }
    return prospect;
}

Halt must_halt_inside(const Scene& scene, std::size_t self, std::size_t leg) {
    const RoadUser& me = scene.road_users[self];
    Halt halt;
    visit_meetings(scene, self, leg, false, [&](const Comer& comer, const Meeting& m) {
        // In it or past it, or further than another halt.
        if (m.mine.in_m <= 0.0 || m.mine.in_m >= halt.distance_m) return;
        const RoadUser& other = scene.road_users[comer.vehicle];
        if (comer.line_m >= kPastLine_m) {
            // Somebody with way who was not seen in time.
            if (!m.i_yield || held_by_signal(scene, comer, comer.lane)) return;
            if (other.speed < kStanding_mps || lets_pass(other, m.theirs)) return;
            if (m.clear_s < m.theirs.in_s) return;
            if (late_out_s(other, m.theirs) + kEnterAfter_s < m.mine.in_s) return;
            if (stopping_mps2(me.speed, m.mine.in_m) > kLateStop_mps2) return;
            halt = {m.mine.in_m, other.id};
            return;
        }
        // Both compute the same order: who is there first, with a bonus for having way.
        const double my_key = m.mine.in_s + (m.i_yield ? kWayBonus_s : 0.0);
        const double their_key = m.theirs.in_s + (m.they_yield ? kWayBonus_s : 0.0);
        const bool first = std::tuple(my_key, me.id) < std::tuple(their_key, other.id);
        // Who has way leaves it to one who ought to yield and cannot stop any more.
        const bool lets = m.they_yield && !m.i_yield && m.theirs.in_m > 0.0 &&
                          m.clear_s >= m.theirs.in_s &&
                          stopping_mps2(other.speed, m.theirs.in_m) > kLateStop_mps2 &&
                          stopping_mps2(me.speed, m.mine.in_m) < kLateStop_mps2;
        if (first && !lets) return;
        if (late_out_s(other, m.theirs) + kEnterAfter_s < m.mine.in_s) return;
        if (passes_standing(scene, other)) return;
        halt = {m.mine.in_m, other.id};
    });
    return halt;
}

}  // namespace huntsman::agents::conduct
