#include "bridge/loop/observe.h"

#include <algorithm>
#include <cmath>

#include "bridge/score/perception.h"
#include "engine/core/describe.h"
#include "engine/world/pose.h"

namespace huntsman::bridge::loop {

using engine::world::ActorState;
using engine::world::State;
using engine::world::World;

messages::EgoVehicle vehicle_message(const engine::world::Archetype& archetype) {
    messages::EgoVehicle vehicle;
    const auto& spec = archetype.vehicle;
    vehicle.set_wheelbase_m(spec.wheelbase_m);
    vehicle.set_front_m(archetype.extent.front_m);
    vehicle.set_rear_m(archetype.extent.rear_m);
    vehicle.set_width_m(archetype.extent.width_m);
    vehicle.set_max_steer_rad(spec.max_steer_rad);
    vehicle.set_full_throttle_mps2(spec.max_drive_force_n / spec.mass_kg);
    vehicle.set_full_brake_mps2(spec.max_brake_force_n / spec.mass_kg);
    return vehicle;
}

bool is_night(const engine::world::Environment& environment) {
    constexpr double kCivilTwilight_rad = -6.0 * engine::core::kRadiansInDegree;
    return environment.sun_elevation_rad < kCivilTwilight_rad;
}

double grade_of(const engine::math::RigidTransform& X_WB) {
    const auto x = X_WB.rotate({1, 0, 0});
    return x.z / std::max(0.1, std::hypot(x.x, x.y));
}

void observe(const World& world, const State& state, const route::EgoRoute& route, double route_s_m,
             std::uint64_t frame, messages::Observation& observation) {
    const ActorState& ego = state.actors.front();
    const auto& archetype = world.archetypes[ego.archetype];
    observation.set_time_us(state.time_us);
    observation.set_frame(frame);

    const auto X_BW = ego.X_WB.inverse();
    auto* motion = observation.mutable_motion();
    motion->set_speed_mps(X_BW.rotate(ego.v_W).x);
    motion->set_yaw_rate_rad_s(ego.w_W.z);
    const auto a_B = X_BW.rotate(ego.a_W);
    motion->set_acceleration_x_mps2(a_B.x);
    motion->set_acceleration_y_mps2(a_B.y);
    motion->set_steer_rad(ego.steer_rad);
    motion->set_grade(grade_of(ego.X_WB));
    motion->set_slip_mps(X_BW.rotate(ego.v_W).y);

    *observation.mutable_vehicle() = vehicle_message(archetype);

    *observation.mutable_route() = route.message(world.roads, ego.X_WB, route_s_m);
}

namespace {

// Things that stand on the route or near it, in pieces, so that a long wall that runs at an angle
// takes no more room than it has.
void add_standing(const World& world, const engine::math::RigidTransform& X_BW,
                  const messages::Route& route, messages::Perception& perception) {
    using engine::math::Vec2;
    using engine::math::Vec3;
    constexpr double kNear_m = 6.0;  // from the route to a piece's edge
    constexpr double kPiece_m = 1.5;
    if (route.points().empty()) return;
    Vec2 low(1e30), high(-1e30);
    for (const auto& point : route.points()) {
        low = glm::min(low, Vec2(point.x_m(), point.y_m()) - kNear_m);
        high = glm::max(high, Vec2(point.x_m(), point.y_m()) + kNear_m);
    }
    const auto near_route = [&](const Vec2& p, double radius_m) {
        return std::any_of(route.points().begin(), route.points().end(), [&](const auto& point) {
            return glm::length(Vec2(point.x_m(), point.y_m()) - p) < kNear_m + radius_m;
        });
    };
    for (const auto& thing : world.objects) {
        // Parked vehicles are among the road users.
        if (!thing.collides || thing.labelled) continue;
        const engine::math::Box2 box = engine::world::footprint(thing.extent, thing.X_WB);
        const Vec3 centre = X_BW * Vec3(box.centre, thing.X_WB.p.z);
        const double radius = glm::length(box.half);
        if (glm::any(glm::lessThan(Vec2(centre) + radius, low)) ||
            glm::any(glm::greaterThan(Vec2(centre) - radius, high))) {
            continue;
        }
        const double yaw = engine::math::wrap_angle((X_BW * thing.X_WB).yaw_rad());
        const Vec2 x = engine::math::direction(yaw), y = engine::math::perp(x);
        const int columns = std::max(1, static_cast<int>(std::ceil(2.0 * box.half.x / kPiece_m)));
        const int rows = std::max(1, static_cast<int>(std::ceil(2.0 * box.half.y / kPiece_m)));
        const Vec2 half(box.half.x / columns, box.half.y / rows);
        for (int i = 0; i < columns * rows; ++i) {
            const Vec2 p = Vec2(centre) + ((2 * (i % columns) + 1) * half.x - box.half.x) * x +
                           ((2 * (i / columns) + 1) * half.y - box.half.y) * y;
            if (!near_route(p, glm::length(half))) continue;
            auto* object = perception.add_objects();
            object->set_object_class(messages::OBJECT_UNSPECIFIED);
            object->set_score(1.0);
            object->set_x_m(p.x);
            object->set_y_m(p.y);
            object->set_z_m(centre.z + 0.5 * thing.extent.height_m);
            object->set_length_m(2.0 * half.x);
            object->set_width_m(2.0 * half.y);
            object->set_height_m(thing.extent.height_m);
            object->set_yaw_rad(yaw);
            object->set_track(thing.id);
        }
    }
}

}  // namespace

messages::SignalState signal_state(engine::world::Aspect aspect) {
    switch (aspect) {
        case engine::world::Aspect::kRed:
        case engine::world::Aspect::kRedYellow:
            return messages::SIGNAL_RED;
        case engine::world::Aspect::kYellow:
            return messages::SIGNAL_YELLOW;
        case engine::world::Aspect::kGreen:
            return messages::SIGNAL_GREEN;
        case engine::world::Aspect::kOff:
            break;
    }
    return messages::SIGNAL_UNKNOWN;
}

messages::Perception true_perception(const World& world, const State& state,
                                     const messages::Route& route) {
    messages::Perception perception;
    for (const auto& truth : sensors::labels::objects_around(world, state, kOracleReach_m)) {
        // Animals and loose things are in the way, too.
        score::PerceivedClass c;
        auto* object = perception.add_objects();
        object->set_object_class(
            !score::perceived_class(truth.semantic, c) ? messages::OBJECT_UNSPECIFIED
            : c == score::PerceivedClass::kPedestrian  ? messages::OBJECT_PEDESTRIAN
                                                       : messages::OBJECT_VEHICLE);
        object->set_score(1.0);
        object->set_x_m(truth.centre_B.x);
        object->set_y_m(truth.centre_B.y);
        object->set_z_m(truth.centre_B.z);
        object->set_length_m(truth.size_m.x);
        object->set_width_m(truth.size_m.y);
        object->set_height_m(truth.size_m.z);
        object->set_yaw_rad(truth.yaw_rad);
        object->set_velocity_x_mps(truth.velocity_B.x);
        object->set_velocity_y_mps(truth.velocity_B.y);
        object->set_track(truth.id);
    }
    add_standing(world, state.actors.front().X_WB.inverse(), route, perception);
    for (const auto& event : route.events()) {
        for (const auto& head : event.heads()) {
            auto* signal = perception.add_signals();
            signal->set_head(head.head());
            const auto group = world.roads.signal_heads[head.head()].group;
            signal->set_state(signal_state(state.signals[group]));
            signal->set_score(1.0);
        }
    }
    return perception;
}

}  // namespace huntsman::bridge::loop
