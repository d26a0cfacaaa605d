// Actions that take time: speeds, distances, lanes and trajectories.

#include <algorithm>

#include "scenarios/player/speed_change.h"
#include "scenarios/player/stage.h"
#include "scenarios/player/transition.h"

namespace huntsman::scenarios::player {

namespace {

constexpr double kSameSpeed_mps = 1e-4;

// Whether a profile of speeds at given times is to be driven with bounded jerk.
bool is_rounded(const story::SpeedProfileAction& action, const story::Limits& limits) {
    const auto binds = [](double rate) { return std::isfinite(rate) && rate > 0; };
    return action.entity == kNoIndex && binds(limits.max_acceleration_rate_mps3) &&
           binds(limits.max_deceleration_rate_mps3) &&
           std::ranges::all_of(action.entries, [](const auto& e) { return e.time_s.has_value(); });
}

}  // namespace

void Step::limit_speed(Index entity, double& speed_mps) const {
    const double most = story_.entities[entity].performance.max_speed_mps;
    if (most > 0) speed_mps = std::clamp(speed_mps, -most, most);
}

// ---- Speed -------------------------------------------------------------------------------------

double Step::speed_target(const story::SpeedAction& action) const {
    if (action.entity >= state_.entities.size()) return action.value;
    const double other = state_.entities[action.entity].speed_mps;
    return action.factor ? other * action.value : other + action.value;
}

bool Step::begin(const story::SpeedAction& action, RunningAction& run) {
    ScriptedEntity& self = actor(run);
    run.start = self.speed_mps;
    run.target = speed_target(action);
    run.length = transition_length(action.dynamics, run.target - run.start);
    if (run.length > 0 && action.dynamics.dimension == story::Dimension::kDistance) {
        // All shapes have the mean of both speeds: the time that the distance takes.
        const double mean = (std::abs(run.start) + std::abs(run.target)) / 2;
        run.length = mean > kSameSpeed_mps ? run.length / mean : 0;
    } else if (run.length > 0) {
        // No vehicle changes its speed faster than it can.
        const story::Limits& own = story_.entities[run.entity].performance;
        const double change = run.target - run.start;
        const double most = change >= 0 ? own.max_acceleration_mps2 : own.max_deceleration_mps2;
        if (std::isfinite(most) && most > 0) {
            run.length = std::max(run.length,
                                  std::abs(change) * largest_slope(action.dynamics.shape) / most);
        }
    }
    if (run.length > 0) return true;
    self.speed_mps = run.target;
    limit_speed(run.entity, self.speed_mps);
    return action.continuous;
}

bool Step::advance(const story::SpeedAction& action, RunningAction& run) {
    ScriptedEntity& self = actor(run);
    if (action.continuous) run.target = speed_target(action);
    run.progress += dt_s_;
    const double u = run.length > 0 ? run.progress / run.length : 1;
    self.speed_mps = run.start + (run.target - run.start) * shape_at(action.dynamics.shape, u);
    limit_speed(run.entity, self.speed_mps);
    return u < 1 || action.continuous;
}

// What both the action and the vehicle allow. Jerk is bounded where the standard leaves the way to
// the entity: where it has to be at its speeds in time (mode `position`) they run linearly.
story::Limits Step::profile_limits(const story::SpeedProfileAction& action, Index entity) const {
    story::Limits limits = action.limits;
    const story::Limits& own = story_.entities[entity].performance;
    const auto lower = [](double& mine, double theirs) {
        if (theirs > 0) mine = std::min(mine, theirs);
    };
    lower(limits.max_acceleration_mps2, own.max_acceleration_mps2);
    lower(limits.max_deceleration_mps2, own.max_deceleration_mps2);
    lower(limits.max_acceleration_rate_mps3, own.max_acceleration_rate_mps3);
    lower(limits.max_deceleration_rate_mps3, own.max_deceleration_rate_mps3);
    if (action.following == story::Following::kPosition) {
        constexpr double kFree = std::numeric_limits<double>::infinity();
        limits.max_acceleration_rate_mps3 = limits.max_deceleration_rate_mps3 = kFree;
    }
    return limits;
}

bool Step::begin(const story::SpeedProfileAction& action, RunningAction& run) {
    run.start = actor(run).speed_mps;
    return !action.entries.empty();
}

bool Step::advance(const story::SpeedProfileAction& action, RunningAction& run) {
    ScriptedEntity& self = actor(run);
    const story::Limits limits = profile_limits(action, run.entity);
    if (is_rounded(action, limits)) {
        run.progress += dt_s_;
        const RoundedProfile profile(run.start, action.entries, limits);
        self.speed_mps = profile.at(run.progress);
        limit_speed(run.entity, self.speed_mps);
        return run.progress < profile.length_s();
    }
    const double base =
        action.entity < state_.entities.size() ? state_.entities[action.entity].speed_mps : 0;
    double left_s = dt_s_;
    while (run.stage < action.entries.size() && left_s > 1e-12) {
        const auto& entry = action.entries[run.stage];
        const double target = base + entry.speed_mps;
        const SpeedChange change(target - run.start, limits, entry.time_s);
        const double room = std::max(0.0, change.length_s() - run.progress);
        const double used = std::min(left_s, room);
        run.progress += used;
        left_s -= used;
        self.speed_mps = run.start + change.at(run.progress);
        if (run.progress < change.length_s() - 1e-12) break;
        run.start = target;
        run.progress = 0;
        ++run.stage;
    }
    limit_speed(run.entity, self.speed_mps);
    return run.stage < action.entries.size();
}

bool Step::begin(const story::LongitudinalDistanceAction& action, RunningAction& run) {
    if (action.entity >= state_.entities.size()) return false;
    return action.limits.any() || advance(action, run);
}

bool Step::advance(const story::LongitudinalDistanceAction& action, RunningAction& run) {
    ScriptedEntity& self = actor(run);
    const ScriptedEntity& other = state_.entities[action.entity];
    const story::Measure measure{action.freespace, action.frame,
                                 story::DistanceKind::kLongitudinal};
    const Gap apart = gap(run.entity, action.entity, measure);
    if (!apart.found || !other.present) return true;
    const bool lead =
        action.displacement == story::Displacement::kLeading ||
        (action.displacement == story::Displacement::kAny && apart.longitudinal_m < 0);
    const double wanted = action.time_gap_s ? *action.time_gap_s * std::abs(self.speed_mps)
                                            : action.distance_m.value_or(0);
    // How far ahead of the wanted place; negative: behind it.
    const double ahead = lead ? -apart.longitudinal_m - wanted : wanted - apart.longitudinal_m;
    if (!action.limits.any()) {
        // Without bounds the distance is there at once.
        if (self.on_road.road != engine::world::kNone && std::abs(ahead) > 1e-6) {
            bool forward = faces_along(self) == (ahead < 0);
            walk_.move(self.on_road, forward, std::abs(ahead), self.route, self.route_at);
        }
        self.speed_mps = other.speed_mps;
        return action.continuous;
    }
    // A critically damped approach within the bounds.
    constexpr double kStiffness = 0.5;  // 1/s², reaches a distance within about 4 s
    const double damping = 2 * std::sqrt(kStiffness);
    const double wish = kStiffness * -ahead + damping * (other.speed_mps - self.speed_mps);
    const double a =
        std::clamp(wish, -action.limits.max_deceleration_mps2, action.limits.max_acceleration_mps2);
    self.speed_mps += a * dt_s_;
    self.speed_mps = std::clamp(self.speed_mps, 0.0, action.limits.max_speed_mps);
    limit_speed(run.entity, self.speed_mps);
    const bool reached =
        std::abs(ahead) < 0.05 && std::abs(self.speed_mps - other.speed_mps) < 0.05;
    return action.continuous || !reached;
}

bool Step::begin(const story::SynchronizeAction& action, RunningAction& run) {
    run.start = actor(run).speed_mps;
    return action.master < state_.entities.size();
}

bool Step::advance(const story::SynchronizeAction& action, RunningAction& run) {
    ScriptedEntity& self = actor(run);
    const ScriptedEntity& master = state_.entities[action.master];
    const auto place = find(action.place), master_place = find(action.master_place);
    if (!place || !master_place) return false;
    const auto way = [&](const ScriptedEntity& entity, const Pose& to) {
        const auto along = to.on_road ? along_road(entity, *to.on_road) : std::nullopt;
        return along ? *along : glm::length(to.p_W - entity.p_W);
    };
    const double left_m = way(self, *place), master_left_m = way(master, *master_place);
    double final_speed = action.final_speed_mps;
    if (action.relative) {
        final_speed =
            action.factor ? master.speed_mps * final_speed : master.speed_mps + final_speed;
    }
    if (left_m <= action.tolerance_m || master_left_m <= action.master_tolerance_m ||
        left_m <= std::abs(self.speed_mps) * dt_s_ / 2) {
        if (action.final_speed) self.speed_mps = final_speed;
        return false;
    }
    if (std::abs(master.speed_mps) < 1e-3) return true;
    double time_s = master_left_m / std::abs(master.speed_mps);
    double rest_m = left_m;
    if (action.steady == story::SynchronizeAction::Steady::kTime) {
        rest_m -= final_speed * action.steady_value;
        time_s -= action.steady_value;
    } else if (action.steady == story::SynchronizeAction::Steady::kDistance) {
        rest_m -= action.steady_value;
        time_s -= final_speed > 1e-3 ? action.steady_value / final_speed : 0;
    }
    if (time_s <= dt_s_) {
        if (action.final_speed) self.speed_mps = final_speed;
        return true;
    }
    if (!action.final_speed) {
        self.speed_mps = rest_m / time_s;
    } else {
        // Two equal stretches of time with constant accelerations, through a speed in the middle:
        // distance = T (v0 + 2 vm + v1) / 4.
        const double middle = (4 * rest_m / time_s - self.speed_mps - final_speed) / 2;
        const double a = (middle - self.speed_mps) / (time_s / 2);
        self.speed_mps = std::max(0.0, self.speed_mps + a * dt_s_);
    }
    limit_speed(run.entity, self.speed_mps);
    return true;
}

// ---- Lateral -----------------------------------------------------------------------------------

void Step::shift(ScriptedEntity& entity, double offset_m, double rate_mps) const {
    OnRoad& on = entity.on_road;
    on.offset_m = offset_m;
    on.t_m = walk_.lane_centre_t_m(on.road, on.lane, on.s_m) + offset_m;
    const double along = std::max(std::abs(entity.speed_mps), 1e-3);
    const double sign = faces_along(entity) ? 1 : -1;
    const double most = std::abs(entity.speed_mps) > 0.1 ? kPi / 2 * 0.99 : 0;
    const double turn = std::clamp(std::atan2(rate_mps, along), -most, most);
    entity.heading_to_road_rad = sign > 0 ? turn : wrap_angle(kPi - turn);
}

bool Step::advance_offset(const story::Dynamics& dynamics, RunningAction& run) {
    ScriptedEntity& self = actor(run);
    if (self.on_road.road == engine::world::kNone) return false;
    const double ds = std::abs(self.speed_mps) * dt_s_;
    const bool over_distance = dynamics.dimension == story::Dimension::kDistance;
    run.progress += over_distance ? ds : dt_s_;
    const double u = run.length > 0 ? std::min(1.0, run.progress / run.length) : 1;
    const double change = run.target - run.start;
    const double per_unit = run.length > 0 ? shape_slope(dynamics.shape, u) / run.length : 0;
    const double rate = change * per_unit * (over_distance ? std::abs(self.speed_mps) : 1);
    shift(self, run.start + change * shape_at(dynamics.shape, u), u < 1 ? rate : 0);
    return u < 1;
}

bool Step::begin(const story::LaneChangeAction& action, RunningAction& run) {
    ScriptedEntity& self = actor(run);
    OnRoad& on = self.on_road;
    if (on.road == engine::world::kNone) return false;
    int lane = action.lane;
    if (action.entity < state_.entities.size()) {
        const ScriptedEntity& other = state_.entities[action.entity];
        // To the left as the reference entity looks.
        const int left = faces_along(other) ? action.lane : -action.lane;
        lane = RoadWalk::lane_beside(other.on_road.lane, left);
    }
    if (!walk_.has_lane(on.road, lane, on.s_m)) return false;
    on.lane = lane;
    on.offset_m = on.t_m - walk_.lane_centre_t_m(on.road, lane, on.s_m);
    run.start = on.offset_m;
    run.target = action.target_offset_m;
    run.length = transition_length(action.dynamics, run.target - run.start);
    if (run.length > 0) return true;
    shift(self, run.target, 0);
    return false;
}

bool Step::advance(const story::LaneChangeAction& action, RunningAction& run) {
    return advance_offset(action.dynamics, run);
}

bool Step::begin(const story::LaneOffsetAction& action, RunningAction& run) {
    ScriptedEntity& self = actor(run);
    if (self.on_road.road == engine::world::kNone) return false;
    run.start = self.on_road.offset_m;
    run.target = action.offset_m;
    if (action.entity < state_.entities.size()) {
        run.target += state_.entities[action.entity].on_road.offset_m;
    }
    const double change = std::abs(run.target - run.start);
    // The time in which the largest lateral acceleration of the shape is the one allowed.
    const double a = action.max_lateral_acceleration_mps2;
    if (std::isfinite(a) && a > 0) {
        const double peak = action.shape == story::Shape::kSinusoidal ? kPi * kPi / 2
                            : action.shape == story::Shape::kCubic    ? 6.0
                                                                      : 4.0;
        run.length = action.shape == story::Shape::kStep ? 0 : std::sqrt(peak * change / a);
    }
    if (run.length > 0) return true;
    shift(self, run.target, 0);
    return action.continuous;
}

bool Step::advance(const story::LaneOffsetAction& action, RunningAction& run) {
    const bool going = run.progress < run.length;
    if (going) {
        return advance_offset({.shape = action.shape, .dimension = story::Dimension::kTime}, run) ||
               action.continuous;
    }
    if (action.continuous && action.entity < state_.entities.size()) {
        shift(actor(run), action.offset_m + state_.entities[action.entity].on_road.offset_m, 0);
    }
    return action.continuous;
}

bool Step::begin(const story::LateralDistanceAction& action, RunningAction&) {
    return action.entity < state_.entities.size();
}

bool Step::advance(const story::LateralDistanceAction& action, RunningAction& run) {
    ScriptedEntity& self = actor(run);
    const ScriptedEntity& other = state_.entities[action.entity];
    if (self.on_road.road == engine::world::kNone || !other.present) return action.continuous;
    // Sides are seen along the reference entity.
    const double sign = faces_along(other) ? 1 : -1;
    const double beside = (self.on_road.t_m - other.on_road.t_m) * sign;
    const bool left = action.displacement == story::Displacement::kLeft ||
                      (action.displacement == story::Displacement::kAny && beside >= 0);
    double wanted = action.distance_m.value_or(std::abs(beside));
    if (action.freespace) {
        wanted +=
            (story_.entities[run.entity].box.width_m + story_.entities[action.entity].box.width_m) /
            2;
    }
    const double target_t = other.on_road.t_m + sign * (left ? wanted : -wanted);
    const double error = target_t - self.on_road.t_m;
    double moved = error;
    if (action.limits.any()) {
        const double most_speed = std::min(action.limits.max_speed_mps, 1e3);
        const double most_a = std::min(
            {action.limits.max_acceleration_mps2, action.limits.max_deceleration_mps2, 1e3});
        // As fast as can still be braked to rest at the place.
        const double speed = std::min(most_speed, std::sqrt(2 * most_a * std::abs(error)));
        run.rate = std::clamp(std::copysign(speed, error), run.rate - most_a * dt_s_,
                              run.rate + most_a * dt_s_);
        moved = std::clamp(run.rate * dt_s_, -std::abs(error), std::abs(error));
    }
    shift(self, self.on_road.offset_m + moved, moved / dt_s_);
    return action.continuous || std::abs(error - moved) > 1e-3;
}

// ---- Trajectories ------------------------------------------------------------------------------

bool Step::begin(const story::FollowTrajectoryAction& action, RunningAction& run) {
    auto curve = curve_of(action.trajectory, actor(run));
    if (!curve) return false;
    if (action.following == story::Following::kFollow && curve->has_times && curve->straight) {
        curve->smooth_speeds();
    }
    run.trajectory_smooth = curve->smooth;
    run.trajectory_timed = action.timed && curve->has_times;
    run.trajectory_straight = curve->straight;
    run.progress = action.initial_offset_m;
    run.length = curve->length_m();
    run.trajectory = curve->points;
    if (!run.trajectory_timed) {
        // Without times in the trajectory its speed is that of the entity.
        run.longitudinal = false;
    }
    // It begins at the trajectory's start, wherever the entity was.
    ScriptedEntity& self = actor(run);
    place_on_trajectory(self, curve->at_s(run.progress));
    return true;
}

void Step::place_on_trajectory(ScriptedEntity& self, const CurvePoint& at) const {
    self.p_W = at.p_W;
    // Backwards, an entity goes the way with its rear first.
    self.heading_rad = wrap_angle(at.heading_rad + (self.speed_mps < 0 ? kPi : 0));
    find_road(self);
    if (self.on_road.road != engine::world::kNone) {
        // Heights and slopes are the road's.
        const auto pose =
            walk_.geometry().pose({self.on_road.road, self.on_road.s_m, self.on_road.t_m, 0});
        self.p_W.z = pose.p.z;
        const double c = std::cos(self.heading_to_road_rad), s = std::sin(self.heading_to_road_rad);
        self.pitch_rad = c * pose.pitch_rad - s * pose.roll_rad;
        self.roll_rad = c * pose.roll_rad + s * pose.pitch_rad;
    }
}

bool Step::advance(const story::FollowTrajectoryAction& action, RunningAction& run) {
    ScriptedEntity& self = actor(run);
    Curve curve;
    curve.points = std::move(run.trajectory);
    curve.straight = run.trajectory_straight;
    curve.smooth = run.trajectory_smooth;
    CurvePoint at;
    bool going = true;
    run.elapsed_s += dt_s_;
    if (run.trajectory_timed) {
        const double clock_s = action.absolute ? now_s() : run.elapsed_s;
        const double time_s = (clock_s - action.time_offset_s) / action.time_scale;
        at = curve.at_time(time_s);
        const double before_s = time_s - dt_s_ / action.time_scale;
        const double ds = at.s_m - curve.at_time(before_s).s_m;
        going = time_s < curve.points.back().time_s;
        // The last step is a part of one: what goes on from there keeps the speed before.
        if (going) self.speed_mps = ds / dt_s_;
        run.progress = at.s_m;
    } else {
        run.progress += std::abs(self.speed_mps) * dt_s_;
        at = curve.at_s(run.progress);
        going = run.progress < run.length;
    }
    run.trajectory = std::move(curve.points);
    place_on_trajectory(self, at);
    // Where a trajectory ends away from all roads there is no lane to go on in.
    if (!going && self.on_road.road == engine::world::kNone) self.speed_mps = 0;
    return going;
}

}  // namespace huntsman::scenarios::player
