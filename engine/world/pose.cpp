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

std::vector<RigidTransform> part_poses(const Archetype& archetype, const ActorState& actor) {
    std::optional<JointFrames> joints;
    if (archetype.figure) joints = figure_frames(archetype, actor);
    std::vector<RigidTransform> poses;
    poses.reserve(archetype.parts.size());
    for (const Part& part : archetype.parts) {
        poses.push_back(part_pose(archetype, part, actor, joints ? &*joints : nullptr));
    }
    return poses;
}

figure::Movement movement_of(const Archetype& archetype, const ActorState& actor) {
    const Figure& own = *archetype.figure;
    double speed = glm::length(math::xy(actor.v_W));
    // Who walks beside the origin goes farther or less far in a bend.
    if (own.activity == figure::Activity::kOnFoot) {
        speed = std::max(0.0, speed - actor.w_W.z * own.p_BF.y);
    }
    figure::Movement movement{.activity = own.activity,
                              .phase_rad = actor.gait_rad,
                              .speed_mps = speed,
                              .turn_rad_s = std::clamp(actor.w_W.z, -3.0, 3.0),
                              .time_s = actor.posture.time_s + 7.3 * (actor.id % 101U),
                              .steer_rad = actor.steer_rad,
                              .mount = own.mount};
    const double comfortable = std::max(0.5, archetype.pedestrian.walk_speed_mps);
    movement.haste = std::clamp(2 * (speed / comfortable - 1.1), 0.0, 1.0);
    if (std::abs(actor.posture.head_rad) > 0.02) {
        const double eyes_m = 0.93 * own.skeleton->height_m, turn = actor.posture.head_rad;
        constexpr double kFar_m = 20.0;
        movement.look_at_B = Vec3(kFar_m * std::cos(turn), kFar_m * std::sin(turn), 0.9 * eyes_m);
    }
    if (actor.posture.wave > 0) {
        movement.gesture = figure::Gesture::kWaveOn;
        movement.gesture_phase = std::fmod(actor.posture.wave_time_s, 1.0);
        movement.gesture_share = actor.posture.wave;
    } else {
        movement.gesture = own.hold;
    }
    return movement;
}

JointFrames figure_frames(const Archetype& archetype, const ActorState& actor) {
    return figure_frames(*archetype.figure, movement_of(archetype, actor));
}

figure::Movement companion_movement(const Figure& own, const figure::Movement& movement) {
    const Companion& companion = *own.companion;
    figure::Movement its{.phase_rad = companion.cycles * movement.phase_rad,
                         .turn_rad_s = movement.turn_rad_s,
                         .time_s = movement.time_s + 3.1};
    // On the inside of a bend the way is shorter.
    its.speed_mps = std::max(0.0, movement.speed_mps - movement.turn_rad_s * companion.p_FC.y);
    its.cycle_hz = companion.cycles * figure::cycle_rate_hz(*own.skeleton, movement);
    return its;
}

JointFrames figure_frames(const Figure& own, const figure::Movement& movement) {
    JointFrames frames;
    const auto add = [&](const figure::Skeleton& skeleton, const figure::Movement& its,
                         const Vec3& at, std::size_t first) {
        const figure::Frames of_one = figure::forward(skeleton, figure::pose_of(skeleton, its));
        for (std::size_t j = 0; j < of_one.size(); ++j) {
            frames[first + j] = {of_one[j].q, of_one[j].p + at};
        }
    };
    add(*own.skeleton, movement, own.p_BF, 0);
    if (own.companion) {
        add(*own.companion->skeleton, companion_movement(own, movement),
            own.p_BF + own.companion->p_FC, figure::kJointCount);
    }
    return frames;
}

RigidTransform part_pose(const Archetype& archetype, const Part& part, const ActorState& actor,
                         const JointFrames* joints) {
    RigidTransform X_BP{Quat(1, 0, 0, 0), part.p_BP};
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
        case Motion::kSwing: {
            // A leg swings by 28 degrees at the comfortable speed, an arm a little less and
            // opposite.
            const double speed = glm::length(math::xy(actor.v_W));
            const double amplitude =
                0.5 * std::min(1.2, speed / std::max(0.5, archetype.pedestrian.walk_speed_mps));
            X_BP.q = pitch_rotation(part.swing * amplitude * std::sin(actor.gait_rad));
            break;
        }
        case Motion::kCrank:
            X_BP.q = pitch_rotation(actor.gait_rad);
            break;
        case Motion::kPedal: {
            const double turn = actor.gait_rad;
            X_BP.p += part.swing * Vec3(std::sin(turn), 0, std::cos(turn));
            X_BP.q =
                pitch_rotation(figure::pedal_pitch_rad(part.swing > 0 ? turn : turn + math::kPi));
            break;
        }
        case Motion::kJoint:
            if (joints != nullptr) X_BP = (*joints)[figure::index(part.joint)];
            break;
        case Motion::kCompanion:
            if (joints != nullptr) {
                X_BP = (*joints)[figure::kJointCount + figure::index(part.joint)];
            }
            break;
    }
    return actor.X_WB * X_BP;
}

double gait_rate_rad_s(const Archetype& archetype, const ActorState& actor) {
    const double speed = glm::length(math::xy(actor.v_W));
    if (archetype.figure && archetype.figure->activity == figure::Activity::kOnFoot) {
        return 2.0 * math::kPi *
               figure::cycle_rate_hz(*archetype.figure->skeleton, movement_of(archetype, actor));
    }
    if (archetype.figure && archetype.figure->activity == figure::Activity::kRide) {
        if (!archetype.figure->mount || !archetype.figure->mount->circle) return 0;
        constexpr double kCoasts_mps2 = -0.5;
        const bool coasts = glm::dot(actor.a_W, actor.X_WB.rotate({1, 0, 0})) < kCoasts_mps2;
        return coasts ? 0.0 : 2.0 * math::kPi * figure::cadence_hz(speed);
    }
    // One cycle of two steps covers 1.4 m at 1.34 m/s, and grows with the root of speed.
    const double cycle_m = 1.4 * std::clamp(std::sqrt(speed / 1.34), 0.5, 1.6);
    return 2.0 * math::kPi * speed / cycle_m;
}

void hold_posture(const Archetype& archetype, ActorState& actor, double dt_s) {
    actor.gait_rad = math::wrap_angle(actor.gait_rad + gait_rate_rad_s(archetype, actor) * dt_s);
    if (!archetype.figure) return;
    constexpr double kTurn_rad_s = 4.0, kRise_s = 0.4, kMost_rad = 1.3, kForward_rad = 0.05;
    Posture& posture = actor.posture;
    posture.time_s += dt_s;
    // Who has not thought yet looks ahead.
    double look = 0;
    if (actor.mind.thought_us >= 0) {
        look = math::wrap_angle(actor.mind.gaze_rad() - actor.X_WB.yaw_rad());
        look = std::abs(look) < kForward_rad ? 0 : std::clamp(look, -kMost_rad, kMost_rad);
    }
    posture.head_rad +=
        std::clamp(look - posture.head_rad, -kTurn_rad_s * dt_s, kTurn_rad_s * dt_s);
    const bool waves = actor.mind.signalled.gesture == Gesture::kWave;
    posture.wave = std::clamp(posture.wave + (waves ? dt_s : -dt_s) / kRise_s, 0.0, 1.0);
    posture.wave_time_s = posture.wave > 0 ? posture.wave_time_s + dt_s : 0.0;
}

ActorState advanced(const Archetype& archetype, const ActorState& actor, double dt_s) {
    ActorState later = advanced(actor, dt_s);
    if (dt_s == 0) return later;
    later.gait_rad += gait_rate_rad_s(archetype, actor) * dt_s;
    later.posture.time_s += dt_s;
    return later;
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
