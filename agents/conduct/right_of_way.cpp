#include "agents/conduct/right_of_way.h"

#include <tuple>

#include "engine/driving/motion.h"

namespace huntsman::agents::conduct {
namespace {

using engine::driving::stopping_mps2;
using engine::driving::travel_time_s;

constexpr double kClearBefore_s = 1.2;  // out of the area before the other comes
constexpr double kEnterAfter_s = 0.3;   // into it after the other has left
constexpr double kWayBonus_s = 0.75;    // of having way, for two who are inside
constexpr double kYellowStop_mps2 = 3.0;
constexpr double kStanding_mps = 0.3;
constexpr double kPatience_s = 5.0;  // after which standing blockers are passed
constexpr double kBlockerStands_s = 2.0;
constexpr double kSurely_s = 0.5;  // a difference in waiting that both see
constexpr double kLonger_s = 10.0;

// When a vehicle occupies a stretch of its connection.
struct Window {
    double in_m = 0, out_m = 0;  // front to its begin, rear to its end
    double in_s = 0, out_s = 0;
};

Window window(const Scene& scene, std::size_t vehicle, world::LaneId lane, double start_m,
              double begin_m, double end_m) {
    const RoadUser& user = scene.road_users[vehicle];
    const double v = std::max(user.speed, 0.0);
    const double vmax = std::max(v, scene.book->slowest_mps(lane));
    Window w;
    w.in_m = start_m + begin_m - user.front;
    w.out_m = start_m + end_m + user.rear;
    w.in_s = travel_time_s(v, w.in_m, vmax);
    w.out_s = travel_time_s(v, w.out_m, vmax);
    return w;
}

// Latest time at which somebody else leaves the stretch: at the speed it has now.
double late_out_s(const RoadUser& user, const Window& w) {
    return w.out_m / std::max(user.speed, 0.5);
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
    bool i_yield = false, they_yield = false;
};

// Inside, long vehicles' sweeps are weighed box by box instead (see drivers.cpp).
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

}  // namespace

Verdict may_enter(const Scene& scene, std::size_t self, std::size_t leg) {
    Verdict verdict;
    visit_meetings(scene, self, leg, true, [&](const Comer& comer, const Meeting& m) {
        if (!verdict.go) return;
        const RoadUser& other = scene.road_users[comer.vehicle];
        if (comer.line_m >= kPastLine_m) {  // not inside yet
            if (!m.i_yield || held_by_signal(scene, comer, comer.lane)) return;
            // Far back in a standing queue.
            if (other.speed < kStanding_mps && comer.line_m > 8.0) return;
        }
        if (passes_standing(scene, other)) return;
        const bool before = m.mine.out_s + kClearBefore_s < m.theirs.in_s;
        const bool after = late_out_s(other, m.theirs) + kEnterAfter_s < m.mine.in_s;
        if (!before && !after) verdict = {false, other.id};
    });
    return verdict;
}

Halt must_halt_inside(const Scene& scene, std::size_t self, std::size_t leg) {
    const RoadUser& me = scene.road_users[self];
    Halt halt;
    visit_meetings(scene, self, leg, false, [&](const Comer& comer, const Meeting& m) {
        if (comer.line_m >= kPastLine_m) return;
        // In it or past it, or further than another halt.
        if (m.mine.in_m <= 0.0 || m.mine.in_m >= halt.distance_m) return;
        const RoadUser& other = scene.road_users[comer.vehicle];
        // Both compute the same order: who is there first, with a bonus for having way.
        const double my_key = m.mine.in_s + (m.i_yield ? kWayBonus_s : 0.0);
        const double their_key = m.theirs.in_s + (m.they_yield ? kWayBonus_s : 0.0);
        if (std::tuple(my_key, me.id) < std::tuple(their_key, other.id)) return;
        if (late_out_s(other, m.theirs) + kEnterAfter_s < m.mine.in_s) return;
        if (passes_standing(scene, other)) return;
        halt = {m.mine.in_m, other.id};
    });
    return halt;
}

}  // namespace huntsman::agents::conduct
