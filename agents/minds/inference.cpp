#include "agents/minds/inference.h"

#include <algorithm>
#include <cmath>

#include "agents/conduct/periods.h"

namespace huntsman::agents::minds {

namespace math = engine::math;
namespace world = engine::world;
using math::Vec2;

namespace {

constexpr double kNear_m = 50.0;
constexpr double kBeside_m = 10.0;   // people this far from a driver's way matter
constexpr double kStands_m = 15.0;   // vehicles that stand this near to somebody on foot do
constexpr double kBehind_rad = 1.9;  // from its heading: somebody behind it is not in its sight
constexpr double kReacts_mps2 = 0.8;
constexpr std::int64_t kGoalThinks = 4;
constexpr double kWalk_mps = 1.34;
constexpr double kSignalled = 0.97;  // that somebody has seen me who signals to me

bool matters(const Observer& me, const world::Track& track) {
    const Vec2 off = math::xy(track.p_W) - math::xy(me.X_WB.p);
    if (glm::dot(off, off) > kNear_m * kNear_m) return false;
    const bool vehicle = world::is_vehicle(track.kind);
    if (!me.vehicle) {
        if (!vehicle) return false;
        const double speed = glm::length(track.v_W);
        return speed < 0.5 ? glm::length(off) < kStands_m : glm::dot(track.v_W, off) < 0;
    }
    const Vec2 x = math::direction(me.X_WB.yaw_rad());
    const double ahead = glm::dot(off, x);
    if (ahead < -2 || std::abs(math::cross(x, off)) > (vehicle ? kNear_m : kBeside_m)) return false;
    // Who drives the same way is followed, not guessed at.
    return !vehicle || glm::dot(math::direction(track.yaw_rad), x) < 0.7;
}

beliefs::SeenMeCue seen_me_cue(const Observer& me, const world::Track& track, double dt_s) {
    const Vec2 to_me = math::xy(me.X_WB.p) - math::xy(track.p_W);
    const double direction_rad = std::atan2(to_me.y, to_me.x);
    beliefs::SeenMeCue cue{.dt_s = dt_s, .clear = track.unseen_s < 0.5, .gaze_off_rad = {}};
    if (track.gaze_rad) {
        cue.gaze_off_rad = std::abs(math::wrap_angle(*track.gaze_rad - direction_rad));
    } else {
        const double off_rad = std::abs(math::wrap_angle(track.yaw_rad - direction_rad));
        if (off_rad > kBehind_rad) cue.gaze_off_rad = off_rad;
    }
    cue.conflict = true;
    const bool brakes = (track.lamps & world::bit(world::Lamp::kBrake)) != 0;
    cue.reacts = track.a_mps2 < -kReacts_mps2 || (brakes && track.a_mps2 < -0.3);
    return cue;
}

void think_of_goal(const conduct::LaneBook& book, const world::Track& track, double dt_s,
                   world::OtherMind& mind) {
    beliefs::GoalCue cue{
        .dt_s = dt_s, .speed_mps = glm::length(track.v_W), .acceleration_mps2 = track.a_mps2};
    if (world::is_vehicle(track.kind)) {
        if (track.lane == world::kNone) return;
        const world::Lane& lane = book.map().lane(track.lane);
        if (lane.in_junction() || lane.successors.empty()) return;
        const world::Lane& next = book.map().lane(lane.successors.front());
        if (!next.in_junction()) return;
        cue.distance_m = std::max(0.0, next.stop_s_m - track.lane_s_m);
        cue.cruise_mps = lane.speed_limit_mps;
    } else {
        const auto on = book.crossing_at(track.p_W);
        if (!on) return;
        cue.distance_m = std::max(0.0, -std::min(on->place_m, on->length_m - on->place_m));
        cue.cruise_mps = kWalk_mps;
    }
    beliefs::update_goal(mind.goal, track.kind, cue, beliefs::goal_model_of(track.kind));
}

}  // namespace

void infer_minds(const Observer& me, const conduct::LaneBook& book, double dt_s, std::int64_t think,
                 world::Beliefs& beliefs) {
    static const beliefs::SeenMeModel kModel;
    const bool rarely = dt_s > 1.5 * engine::core::seconds(conduct::kThinkPeriod_us);
    const bool goals = rarely || (think + me.id) % kGoalThinks == 0;
    const double goals_dt_s = rarely ? dt_s : static_cast<double>(kGoalThinks) * dt_s;
    for (world::Track& track : beliefs.tracks) {
        if (!matters(me, track)) {
            if (track.mind && track.unseen_s > 5) track.mind.reset();
            continue;
        }
        if (!track.mind) track.mind = beliefs::first_thought_of(track.kind);
        if (me.starts) {
            track.mind->has_seen_me = std::min(track.mind->has_seen_me,
                                               beliefs::first_thought_of(track.kind).has_seen_me);
        }
        beliefs::update_seen_me(*track.mind, seen_me_cue(me, track, dt_s), kModel);
        // Whoever signals to me has seen me.
        if (track.gesture != world::Gesture::kNothing) {
            track.mind->has_seen_me = std::max(track.mind->has_seen_me, kSignalled);
        }
        if (goals && track.unseen_s < 0.5) {
            think_of_goal(book, track, goals_dt_s, *track.mind);
        }
    }
}

}  // namespace huntsman::agents::minds
