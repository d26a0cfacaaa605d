#include "engine/world/pose.h"

#include <algorithm>
#include <cmath>

namespace huntsman::engine::world {

using math::Quat;
using math::RigidTransform;
using math::Vec3;

namespace {

// Rotation about the body's y axis: forward rolling and forward swing are positive.
Quat pitch_rotation(double angle_rad) {
    return {std::cos(0.5 * angle_rad), 0.0, std::sin(0.5 * angle_rad), 0.0};
}

}  // namespace

RigidTransform part_pose(const Archetype& archetype, const Part& part, const ActorState& actor) {
    RigidTransform X_BP{Quat(1, 0, 0, 0), part.p_BP};
    // A leg swings by 28 degrees at the comfortable speed, an arm a little less and opposite.
    const double speed = glm::length(math::xy(actor.v_W));
    const double amplitude =
        0.5 * std::min(1.2, speed / std::max(0.5, archetype.pedestrian.walk_speed_mps));
    const double swing = amplitude * std::sin(actor.gait_rad);
    switch (part.motion) {
        case Motion::kFixed:
            break;
        case Motion::kWheel: {
            const auto& wheels = archetype.vehicle.wheels;
            const bool steered = part.wheel < wheels.size() && wheels[part.wheel].steered;
            const double rolled =
                part.wheel < actor.wheels.size() ? actor.wheels[part.wheel].angle_rad : 0.0;
            X_BP.q = math::yaw_rotation(steered ? actor.steer_rad : 0.0) * pitch_rotation(rolled);
            break;
        }
        case Motion::kSwing:
            X_BP.q = pitch_rotation(part.swing * swing);
            break;
    }
    return actor.X_WB * X_BP;
}

double gait_cycle_m(double speed_mps) {
    return 1.4 * std::clamp(std::sqrt(speed_mps / 1.34), 0.5, 1.6);
}

ActorState advanced(const ActorState& actor, double dt_s) {
    ActorState later = actor;
    if (dt_s == 0) return later;
    later.X_WB.p += actor.v_W * dt_s;
    const double rate = glm::length(actor.w_W);
    if (rate > 0) {
        const double half = 0.5 * rate * dt_s;
        const Vec3 axis = actor.w_W / rate * std::sin(half);
        later.X_WB.q = glm::normalize(Quat(std::cos(half), axis.x, axis.y, axis.z) * actor.X_WB.q);
    }
    for (WheelState& wheel : later.wheels) wheel.angle_rad += wheel.spin_rad_s * dt_s;
    const double speed = glm::length(math::xy(actor.v_W));
    later.gait_rad += 2.0 * math::kPi * speed * dt_s / gait_cycle_m(speed);
    return later;
}

math::Box2 footprint(const Extent& extent, const RigidTransform& X_WB) {
    return {math::xy(X_WB * Vec3(extent.centre_x_m(), 0, 0)),
            X_WB.yaw_rad(),
            {0.5 * extent.length_m(), 0.5 * extent.width_m}};
}

Vec3 box_centre(const Extent& extent, const RigidTransform& X_WB) {
    return X_WB * Vec3(extent.centre_x_m(), 0, 0.5 * extent.height_m);
}

}  // namespace huntsman::engine::world
