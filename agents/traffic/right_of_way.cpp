#include "agents/traffic/right_of_way.h"

#include <tuple>

#include "agents/traffic/idm.h"

namespace huntsman::agents::traffic {
namespace {

constexpr double kClearBefore_s = 1.2;  // out of the area before the other comes
constexpr double kEnterAfter_s = 0.3;   // into it after the other has left
constexpr double kYellowStop_mps2 = 3.0;
constexpr double kStanding_mps = 0.3;
constexpr double kPatience_s = 5.0;  // after which standing blockers are passed
constexpr double kBlockerStands_s = 2.0;

// When a vehicle occupies a stretch of its connection.
struct Window {
    double in_m = 0, out_m = 0;  // front to its begin, rear to its end
    double in_s = 0, out_s = 0;
};

Window window(const Scene& scene, std::size_t vehicle, world::LaneId lane, double start_m,
              double begin_m, double end_m) {
    const Body& body = scene.bodies[vehicle];
    const double v = std::max(body.speed, 0.0);
    const double vmax = std::max(v, scene.book->slowest_mps(lane));
    Window w;
    w.in_m = start_m + begin_m - body.front;
    w.out_m = start_m + end_m + body.rear;
    w.in_s = travel_time_s(v, w.in_m, vmax);
    w.out_s = travel_time_s(v, w.out_m, vmax);
    return w;
}

// Latest time at which somebody else leaves the stretch: at the speed it has now.
double late_out_s(const Body& body, const Window& w) { return w.out_m / std::max(body.speed, 0.5); }

// Whether a vehicle before its line is held there by its signal.
bool held_by_signal(const Scene& scene, const Comer& comer, world::LaneId lane) {
    switch (scene.aspect(lane)) {
        case world::Aspect::kRed:
        case world::Aspect::kRedYellow:
            return true;
        case world::Aspect::kYellow:
            return stopping_mps2(scene.bodies[comer.vehicle].speed, comer.line_m) <
                   kYellowStop_mps2;
        case world::Aspect::kOff:
        case world::Aspect::kGreen:
            return false;
    }
    return false;
}

// The deadlock rule: everyone stands; who has waited longest goes, then the lower id.
bool passes_standing(const Body& self, const Body& other) {
    return self.waited_s > kPatience_s && other.speed < kStanding_mps &&
           other.waited_s >= kBlockerStands_s &&
           std::tuple(-self.waited_s, self.id) < std::tuple(-other.waited_s, other.id);
}

}  // namespace

Verdict may_enter(const Scene& scene, std::size_t self, std::size_t leg) {
    const auto& [lane_id, start_m] = scene.ways[self].legs[leg];
    const world::Lane& lane = scene.book->roads().lanes[lane_id];
    const Body& me = scene.bodies[self];
    for (const world::Conflict& conflict : lane.conflicts) {
        const Window mine =
            window(scene, self, lane_id, start_m, conflict.s_begin_m, conflict.s_end_m);
        for (const Comer& comer : scene.comers[conflict.other]) {
            if (comer.vehicle == self) continue;
            const Body& other = scene.bodies[comer.vehicle];
            const Window theirs = window(scene, comer.vehicle, conflict.other, comer.start_m,
                                         conflict.other_s_begin_m, conflict.other_s_end_m);
            if (theirs.out_m <= 0.0) continue;  // has cleared it
            const bool inside = comer.line_m < kPastLine_m;
            if (!inside) {
                if (!conflict.yields || held_by_signal(scene, comer, conflict.other)) continue;
                // Far back in a standing queue.
                if (other.speed < kStanding_mps && comer.line_m > 8.0) continue;
            }
            if (passes_standing(me, other)) continue;
            const bool before = mine.out_s + kClearBefore_s < theirs.in_s;
            const bool after = late_out_s(other, theirs) + kEnterAfter_s < mine.in_s;
            if (!before && !after) return {false, other.id};
        }
    }
    return {};
}

Halt must_halt_inside(const Scene& scene, std::size_t self, std::size_t leg) {
    const auto& [lane_id, start_m] = scene.ways[self].legs[leg];
    const world::Lane& lane = scene.book->roads().lanes[lane_id];
    const Body& me = scene.bodies[self];
    Halt halt;
    for (std::size_t c = 0; c < lane.conflicts.size(); ++c) {
        const world::Conflict& conflict = lane.conflicts[c];
        const Window mine =
            window(scene, self, lane_id, start_m, conflict.s_begin_m, conflict.s_end_m);
        if (mine.in_m <= 0.0 || mine.in_m >= halt.distance_m) continue;  // in it or past it
        for (const Comer& comer : scene.comers[conflict.other]) {
            if (comer.vehicle == self || comer.line_m >= kPastLine_m) continue;
            const Body& other = scene.bodies[comer.vehicle];
            const Window theirs = window(scene, comer.vehicle, conflict.other, comer.start_m,
                                         conflict.other_s_begin_m, conflict.other_s_end_m);
            if (theirs.out_m <= 0.0) continue;
            // Both compute the same order: who is there first, with a bonus for having way.
            const double my_key = mine.in_s + (conflict.yields ? 0.75 : 0.0);
            const double their_key =
                theirs.in_s + (scene.book->other_yields(lane_id, c) ? 0.75 : 0.0);
            if (std::tuple(my_key, me.id) < std::tuple(their_key, other.id)) continue;
            if (late_out_s(other, theirs) + kEnterAfter_s < mine.in_s) continue;
            if (passes_standing(me, other)) continue;
            if (mine.in_m < halt.distance_m) halt = {mine.in_m, other.id};
        }
    }
    return halt;
}

}  // namespace huntsman::agents::traffic
