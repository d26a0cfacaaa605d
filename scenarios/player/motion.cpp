// Entities move; velocities and the like follow from where they were.

#include <algorithm>
#include <type_traits>

#include "engine/math/constants.h"
#include "scenarios/player/stage.h"

namespace huntsman::scenarios::player {

namespace {

bool is_two_wheeler(const story::Entity& entity) {
    return entity.kind == story::EntityKind::kVehicle &&
           (entity.category == "bicycle" || entity.category == "motorbike");
}

}  // namespace

void Step::move_entities() {
    std::vector<Before> before;
    before.reserve(state_.entities.size());
    for (const ScriptedEntity& e : state_.entities) {
        before.push_back({e.present, e.p_W, e.heading_rad});
    }
    std::vector<bool> on_trajectory(state_.entities.size(), false);
    // An action may end others only when it starts: the list does not change while it is gone
    // through, but for those that have ended.
    for (std::size_t i = 0; i < state_.actions.size();) {
        RunningAction& run = state_.actions[i];
        const bool going = std::visit(
            [&](const auto& kind) {
                if constexpr (requires { advance(kind, run); }) {
                    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(kind)>,
                                                 story::FollowTrajectoryAction>) {
                        on_trajectory[run.entity] = true;
                    }
                    return advance(kind, run);
                } else {
                    return false;
                }
            },
            action_of(run));
        if (going) {
            ++i;
        } else {
            state_.actions.erase(state_.actions.begin() + static_cast<std::ptrdiff_t>(i));
        }
    }
    std::vector<bool> towed(state_.entities.size(), false);
    for (const ScriptedEntity& entity : state_.entities) {
        if (entity.present && entity.trailer < towed.size()) towed[entity.trailer] = true;
    }
    for (Index i = 0; i < state_.entities.size(); ++i) {
        ScriptedEntity& entity = state_.entities[i];
        if (entity.external) continue;
        if (entity.present && !on_trajectory[i] && !towed[i]) keep_lane(entity);
    }
    for (Index i = 0; i < state_.entities.size(); ++i) tow(i);
    for (Index i = 0; i < state_.entities.size(); ++i) {
        if (!state_.entities[i].external) derive(i, before[i]);
    }
}

void Step::keep_lane(ScriptedEntity& entity) {
    if (entity.on_road.road == engine::world::kNone) {
        entity.p_W += entity.speed_mps * dt_s_ *
                      Vec3(std::cos(entity.heading_rad), std::sin(entity.heading_rad), 0);
        return;
    }
    const bool along = faces_along(entity);
    bool forward = along == (entity.speed_mps >= 0);
    const bool direction = forward;
    // Along the road; what the speed has across it goes aside.
    const double distance =
        std::abs(entity.speed_mps * std::cos(entity.heading_to_road_rad)) * dt_s_;
    const double left_m =
        walk_.move(entity.on_road, forward, distance, entity.route, entity.route_at);
    if (forward != direction) {
        entity.heading_to_road_rad = wrap_angle(entity.heading_to_road_rad + kPi);
    }
    if (left_m > 0 && distance > 0) {
        entity.end_of_road_s += dt_s_;
        entity.speed_mps = 0;
    } else if (distance > 0) {
        entity.end_of_road_s = 0;
    } else if (entity.end_of_road_s > 0) {
        entity.end_of_road_s += dt_s_;
    }
    follow_road(entity);
}

double Step::bar_length_m(Index trailer) const {
    const story::Entity& entity = story_.entities[trailer];
    return entity.coupler_x_m.value_or(entity.box.length_m / 2 + entity.box.x_m);
}

Vec2 Step::hitch(Index index) const {
    const ScriptedEntity& puller = state_.entities[index];
    const story::Entity& entity = story_.entities[index];
    const double x = entity.hitch_x_m.value_or(-entity.box.length_m / 2 + entity.box.x_m);
    return Vec2(puller.p_W.x, puller.p_W.y) +
           x * Vec2(std::cos(puller.heading_rad), std::sin(puller.heading_rad));
}

void Step::tow(Index index) {
    const ScriptedEntity& puller = state_.entities[index];
    if (!puller.present || puller.trailer >= state_.entities.size()) return;
    ScriptedEntity& trailer = state_.entities[puller.trailer];
    if (!trailer.present) return;
    // The trailer's wheels follow its coupler.
    const Vec2 pull = hitch(index) - Vec2(trailer.p_W.x, trailer.p_W.y);
    if (glm::length(pull) > 1e-6) trailer.heading_rad = std::atan2(pull.y, pull.x);
    couple(index);
}

void Step::couple(Index index) {
    const ScriptedEntity& puller = state_.entities[index];
    ScriptedEntity& trailer = state_.entities[puller.trailer];
    const Vec2 at = hitch(index);
    const double bar = bar_length_m(puller.trailer);
    trailer.p_W.x = at.x - bar * std::cos(trailer.heading_rad);
    trailer.p_W.y = at.y - bar * std::sin(trailer.heading_rad);
    trailer.speed_mps = puller.speed_mps;
    find_road(trailer);
    if (trailer.on_road.road == engine::world::kNone) return;
    const OnRoad& on = trailer.on_road;
    trailer.p_W.z = walk_.geometry().pose({on.road, on.s_m, on.t_m, 0}).p.z;
}

void Step::derive(Index index, const Before& before) {
    ScriptedEntity& entity = state_.entities[index];
    if (!entity.present) return;
    if (!before.present) return;
    const Vec3 moved = entity.p_W - before.p_W;
    // A teleport is no motion.
    const double most_m = 2 * std::abs(entity.speed_mps) * dt_s_ + 1;
    if (glm::length(moved) < most_m) {
        const Vec3 v = moved / dt_s_;
        entity.a_W = (v - entity.v_W) / dt_s_;
        entity.v_W = v;
        entity.travelled_m += glm::length(moved);
    }
    const double yaw = wrap_angle(entity.heading_rad - before.heading_rad) / dt_s_;
    if (is_two_wheeler(story_.entities[index])) lean(entity, yaw);
    const auto& axles = story_.entities[index].axles;
    if (axles.size() >= 2 && axles[0].wheel_diameter_m > 0) {
        const double wheelbase = axles[0].x_m - axles[1].x_m;
        const double speed = std::abs(entity.speed_mps);
        const double most = axles[0].max_steer_rad;
        const double steer = speed > 0.1 ? std::atan(wheelbase * yaw / entity.speed_mps) : 0;
        entity.steer_rad = std::clamp(steer, -most, most);
        entity.wheel_rad =
            wrap_angle(entity.wheel_rad + 2 * entity.speed_mps * dt_s_ / axles[0].wheel_diameter_m);
    }
    count_time(entity);
}

// Into the bend, so that weight and centrifugal force point along the wheels' plane: atan(v ω / g).
// It follows within some tenths of a second, as riders do, also where the heading jumps.
void Step::lean(ScriptedEntity& entity, double yaw_rad_s) const {
    constexpr double kMost_rad = kPi / 4, kDelay_s = 0.25;
    const double wanted =
        std::clamp(-std::atan(entity.speed_mps * yaw_rad_s / engine::math::kGravity_mps2),
                   -kMost_rad, kMost_rad);
    entity.lean_rad += (wanted - entity.lean_rad) * (1 - std::exp(-dt_s_ / kDelay_s));
}

void Step::count_time(ScriptedEntity& entity) {
    // Physics never brings a vehicle to a complete rest.
    const double rest_mps = entity.external ? 0.05 : 1e-3;
    entity.standing_s = std::abs(entity.speed_mps) < rest_mps ? entity.standing_s + dt_s_ : 0;
    const bool off = !walk_.on_carriageway(entity.on_road);
    entity.off_road_s = off ? entity.off_road_s + dt_s_ : 0;
}

void Step::observe(Index index, const Observed& now) {
    ScriptedEntity& entity = state_.entities[index];
    entity.travelled_m += glm::length(now.p_W - entity.p_W);
    entity.p_W = now.p_W;
    entity.heading_rad = now.heading_rad;
    entity.pitch_rad = now.pitch_rad;
    entity.roll_rad = now.roll_rad;
    entity.v_W = now.v_W;
    entity.a_W = now.a_W;
    entity.speed_mps =
        std::cos(now.heading_rad) * now.v_W.x + std::sin(now.heading_rad) * now.v_W.y;
    entity.steer_rad = now.steer_rad;
    find_road(entity);
    count_time(entity);
}

void Step::put(Index index, const Observed& now) {
    // What was running refers to where the entity was.
    std::erase_if(state_.actions,
                  [&](const RunningAction& run) { return run.entity == index && run.lateral; });
    ScriptedEntity& entity = state_.entities[index];
    entity.on_road = OnRoad{};
    const double travelled_m = entity.travelled_m;
    observe(index, now);
    entity.travelled_m = travelled_m;
}

void Step::run_signals() {
    for (Index c = 0; c < story_.signal_controllers.size(); ++c) {
        const auto& phases = story_.signal_controllers[c].phases;
        double cycle = 0;
        for (const auto& phase : phases) cycle += phase.duration_s;
        if (!(cycle > 0)) continue;
        double& time = state_.signal_controllers[c];
        const auto phase_at = [&](double t) -> std::size_t {
            if (t < 0) return phases.size();
            double left = std::fmod(t, cycle);
            for (std::size_t i = 0; i < phases.size(); ++i) {
                if (left < phases[i].duration_s) return i;
                left -= phases[i].duration_s;
            }
            return phases.size() - 1;
        };
        const std::size_t before = phase_at(time);
        time += dt_s_;
        if (time >= cycle) time = std::fmod(time, cycle);
        const std::size_t now = phase_at(time);
        if (now == before || now >= phases.size()) continue;
        for (const auto& signal : phases[now].states) set_signal(signal.signal, signal.state);
    }
}

}  // namespace huntsman::scenarios::player
