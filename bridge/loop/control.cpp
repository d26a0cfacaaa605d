#include "bridge/loop/control.h"

#include <algorithm>
#include <cmath>

#include "bridge/driver/pedals.h"
#include "bridge/loop/observe.h"
#include "engine/driving/motion.h"

namespace huntsman::bridge::loop {

using engine::core::TimeUs;
using engine::math::Vec2;
using engine::math::Vec3;
using engine::world::ActorState;
using engine::world::VehicleCommand;

namespace {

VehicleCommand to_command(const messages::Pedals& pedals, double max_steer_rad) {
    const auto finite = [](double x) { return std::isfinite(x) ? x : 0.0; };
    return {.steer_rad = std::clamp(finite(pedals.steer_rad()), -max_steer_rad, max_steer_rad),
            .throttle = std::clamp(finite(pedals.throttle()), 0.0, 1.0),
            .brake = std::clamp(finite(pedals.brake()), 0.0, 1.0),
            .reverse = pedals.reverse()};
}

}  // namespace

std::size_t Controller::add(const messages::Action& action, TimeUs made_us, TimeUs effect_us,
                            const engine::math::RigidTransform& X_WB) {
    effect_us += engine::core::from_seconds(1e-3 * actuation_.late_ms);
    std::size_t late = 0;
    while (!pending_.empty() && pending_.back().effect_us >= effect_us) {
        if (pending_.back().made_us < made_us) ++late;
        pending_.pop_back();
    }
    pending_.push_back({action, made_us, effect_us, X_WB});
    pending_.back().action.clear_perception();
    return late;
}

VehicleCommand Controller::command(const ActorState& ego, TimeUs time_us) {
    while (pending_.size() > 1 && pending_[1].effect_us <= time_us) pending_.pop_front();
    if (pending_.empty() || pending_.front().effect_us > time_us) {
        if (held_) return *held_;
        constexpr double kRest_mps = 0.5;
        return {.brake = glm::length(ego.v_W) < kRest_mps ? 1.0 : 0.0};
    }
    const Pending& now = pending_.front();
    const double max_steer_rad = ego_.vehicle.max_steer_rad;
    VehicleCommand command =
        actuation_(now.action.has_trajectory() ? follow(now, ego, time_us)
                                               : to_command(now.action.pedals(), max_steer_rad));
    command.steer_rad = std::clamp(command.steer_rad, -max_steer_rad, max_steer_rad);
    return command;
}

VehicleCommand Controller::follow(const Pending& pending, const ActorState& ego,
                                  TimeUs time_us) const {
    const auto& points = pending.action.trajectory().points();
    if (points.empty()) return {.brake = 1.0};
    const double speed = std::max(0.0, ego.X_WB.inverse().rotate(ego.v_W).x);

    // Where the trajectory wants the car after `t` seconds from its making; held at its end.
    const auto at = [&](double t) {
        messages::TrajectoryPoint point = points[0];
        for (int i = 0; i + 1 < points.size(); ++i) {
            const auto &a = points[i], &b = points[i + 1];
            if (t < a.t_s()) break;
            const double share = std::clamp((t - a.t_s()) / (b.t_s() - a.t_s()), 0.0, 1.0);
            point.set_x_m(a.x_m() + share * (b.x_m() - a.x_m()));
            point.set_y_m(a.y_m() + share * (b.y_m() - a.y_m()));
            point.set_speed_mps(a.speed_mps() + share * (b.speed_mps() - a.speed_mps()));
        }
        return point;
    };
    const double now_s = engine::core::seconds(time_us - pending.made_us);
    const auto X_BW = ego.X_WB.inverse();
    const auto to_body = [&](const messages::TrajectoryPoint& point) {
        return X_BW * (pending.X_WB * Vec3(point.x_m(), point.y_m(), 0));
    };

    // Steering towards a point at least 3 m ahead on the trajectory; speed with 0.5 s preview.
    Vec3 target_B = to_body(at(now_s + 0.8));
    for (double t = now_s + 0.8; target_B.x < 3.0 && t < now_s + 4.0; t += 0.2) {
        target_B = to_body(at(t));
    }
    const double steer = target_B.x > 0.5
                             ? engine::driving::pursuit_steer_rad(ego_.vehicle.wheelbase_m,
                                                                  engine::math::xy(target_B))
                             : 0.0;
    const auto here = at(now_s), soon = at(now_s + 0.5);
    const double behind_m = to_body(here).x;  // positive: we lag behind the trajectory
    const double acceleration =
        2.0 * (soon.speed_mps() - speed) + 0.5 * std::clamp(behind_m, -2.0, 2.0);
    return to_command(
        driver::pedals_for(vehicle_message(ego_), acceleration, steer, speed, grade_of(ego.X_WB)),
        ego_.vehicle.max_steer_rad);
}

}  // namespace huntsman::bridge::loop
