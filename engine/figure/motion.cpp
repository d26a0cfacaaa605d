#include "engine/figure/motion.h"

#include <algorithm>
#include <cmath>

#include "engine/figure/curves.h"
#include "engine/figure/gait.h"
#include "engine/figure/gestures.h"
#include "engine/figure/limbs.h"
#include "engine/figure/quadruped.h"
#include "engine/figure/seats.h"

namespace huntsman::engine::figure {

using math::kPi;
using math::Quat;
using math::RigidTransform;
using math::Vec3;

namespace {

// Slow irregular sway of those who stand: sums of slow waves.
double sway(double time_s, double shift) {
    return 0.6 * std::sin(0.53 * time_s + shift) + 0.4 * std::sin(1.31 * time_s + 2.1 * shift);
}

void set_legs(Maker& maker, const Movement& movement, const Gait& gait) {
    for (const Side side : {Side::kLeft, Side::kRight}) {
        const FootState foot = foot_of(maker.skeleton, movement, gait, side, movement.phase_rad);
        const RigidTransform ankle = ankle_of(maker.skeleton, foot, side);
        // Toes stay flat on the ground while the heel rises, and stretch as the foot lifts them.
        const std::size_t k = side == Side::kLeft ? 0 : 1;
        const double toes_m = maker.skeleton.tips[k].x - maker.skeleton.balls[k].x;
        const double room = std::asin(std::clamp(foot.lift_m / toes_m, 0.0, 1.0));
        const double toes = std::max(0.0, -foot.pitch_rad - room);
        const Vec3 knees = math::yaw_rotation(foot.yaw_rad) * Vec3(1, 0, 0);
        reach_leg(maker, side, ankle, toes, knees);
    }
}

void set_trunk(Maker& maker, const Movement& movement, const Gait& gait, double stoop) {
    const double brisk = std::min(1.0, gait.speed_mps / 1.4);
    const double lean =
        0.015 + 0.03 * brisk + 0.05 * movement.haste * brisk + 0.10 * gait.running + stoop;
    const double stride = std::min(1.2, gait.cycle_m / maker.skeleton.height_m / 0.8);
    const double phase = movement.phase_rad;
    // The shoulders turn against the pelvis.
    const double yaw = (0.085 + 0.07) * stride * std::cos(phase);
    const double roll = -0.055 * std::min(1.0, stride) * gait.active * std::sin(phase - 0.3);
    const double breath = 0.008 * std::sin(2 * kPi * 0.27 * movement.time_s);
    bend_trunk(maker, lean - 0.02 * gait.active - breath,
               yaw + 0.02 * (1 - gait.active) * sway(movement.time_s, 1.0),
               roll - 0.012 * (1 - gait.active) * sway(movement.time_s, 2.0));
    for (const Side side : {Side::kLeft, Side::kRight}) {
        maker.pose[of(side, Joint::kLeftClavicle)] =
            turn_about(Vec3(1, 0, 0), sign(side) * (-0.05 + breath));
    }
}

void set_arms(Maker& maker, const Movement& movement, const Gait& gait, double stoop) {
    const double brisk = std::min(1.3, gait.speed_mps / 1.4);
    for (const Side side : {Side::kLeft, Side::kRight}) {
        const double wave = -sign(side) * std::cos(movement.phase_rad - 0.2);
        const double amplitude =
            std::lerp(0.33 * brisk * (1 + 0.25 * movement.haste), 0.62, gait.running) * gait.active;
        const double middle = std::lerp(0.0 + 0.01 * brisk, -0.22, gait.running) + 0.5 * stoop;
        const double elbow = std::lerp(0.22 + 0.12 * brisk + 0.30 * movement.haste * brisk +
                                           0.16 * brisk * std::max(-0.5, wave),
                                       1.50 + 0.25 * wave, gait.running);
        hang_arm(maker, side, middle + amplitude * wave + 0.02 * sway(movement.time_s, 3),
                 0.11 + maker.skeleton.girth_rad + 0.06 * gait.running, elbow);
        // Palms face the thighs, thumbs forward.
        const RigidTransform lower = maker.frame(of(side, Joint::kLeftLowerArm));
        const RigidTransform hand = maker.frame(of(side, Joint::kLeftHand));
        const Vec3 along = glm::normalize(hand.p - lower.p);
        turn_hand(maker, side, along + Vec3(0.06, -0.05 * sign(side), 0),
                  Vec3(1, -0.45 * sign(side), 0.9 * gait.running));
        curl(maker, side, std::lerp(0.32, 0.6, gait.running));
    }
}

void set_head(Maker& maker, const Movement& movement, double stoop) {
    if (movement.look_at_B) {
        look_at(maker, *movement.look_at_B, stoop);
    } else {
        const double idle = movement.speed_mps < 0.1 ? 0.10 : 0.04;
        turn_head(maker, idle * sway(0.6 * movement.time_s, 4.0), 0.04 + 0.35 * stoop,
                  0.3 * idle * sway(0.5 * movement.time_s, 5.0));
    }
}

// Who pushes a bicycle at its side, a pram before it, or pulls a suitcase behind it.
void push_mount(Maker& maker, const Mount& mount) {
    if (mount.hands == Hands::kBoth) {
        for (const Side side : {Side::kLeft, Side::kRight}) {
            const double y = sign(side);
            hold_bar(maker, side, Vec3(1, y, 1) * mount.grip, Vec3(1, -0.12 * y, -0.45),
                     Vec3(0.15, -y, 0.2), Vec3(-0.6, 0.7 * y, -0.8));
        }
        return;
    }
    if (mount.hands == Hands::kRight) {
        hold_bar(maker, Side::kRight, Vec3(1, -1, 1) * mount.grip, Vec3(-0.25, 0.1, -1),
                 Vec3(0.3, 1, 0), Vec3(-0.8, -0.5, -0.2));
        return;
    }
    hold_bar(maker, Side::kLeft, mount.grip, Vec3(1, -0.2, -0.5), Vec3(0.3, -1, 0.1),
             Vec3(-0.5, 0.4, -1));
    if (!mount.seat) return;
    reach_arm(maker, Side::kRight, *mount.seat + Vec3(-0.06, 0.03, 0.06), Vec3(-0.6, -0.2, -1));
    turn_hand(maker, Side::kRight, Vec3(1, -0.6, -0.25), Vec3(0.5, 1, 0));
    curl(maker, Side::kRight, 0.25);
}

Pose on_foot(const Skeleton& skeleton, const Movement& movement) {
    Maker maker(skeleton);
    const Gait gait = gait_of(skeleton, movement);
    const RigidTransform pelvis = pelvis_of(skeleton, movement, gait);
    maker.pose.pelvis_B = pelvis.p;
    maker.pose[Joint::kPelvis] = pelvis.q;
    if (gait.active < 1) {
        // Who stands rests more on one leg; the feet stay.
        const double idle = (1 - gait.active) * skeleton.height_m;
        maker.pose.pelvis_B.y += 0.010 * idle * sway(0.35 * movement.time_s, 0.5);
        maker.pose.pelvis_B.x += 0.003 * idle * sway(movement.time_s, 1.5);
        maker.pose.pelvis_B.z -= 0.004 * idle;
    }
    const double stoop = 0.20 * smooth_step(62, 86, skeleton.age_years);
    set_legs(maker, movement, gait);
    set_trunk(maker, movement, gait, stoop);
    set_head(maker, movement, stoop);
    set_arms(maker, movement, gait, stoop);
    if (movement.mount) push_mount(maker, *movement.mount);
    return maker.pose;
}

}  // namespace

double cadence_hz(double speed_mps) {
    constexpr double kLowestGear_m = 1.6, kHigher_s = 0.62;  // way of a turn, and its growth
    return std::abs(speed_mps) / (kLowestGear_m + kHigher_s * std::abs(speed_mps));
}

double pedal_pitch_rad(double crank_rad) { return 0.20 - 0.15 * std::sin(crank_rad); }

Pose pose_of(const Skeleton& skeleton, const Movement& movement) {
    if (four_legged(skeleton)) return animal_pose(skeleton, movement);
    Maker maker(skeleton);
    maker.pose = movement.activity == Activity::kOnFoot ? on_foot(skeleton, movement)
                                                        : seated(skeleton, movement);
    if (movement.gesture != Gesture::kNone && movement.gesture_share > 0) {
        const Pose plain = maker.pose;
        add_gesture(maker, movement);
        maker.pose = blended(plain, maker.pose, movement.gesture_share);
    }
    return maker.pose;
}

}  // namespace huntsman::engine::figure
