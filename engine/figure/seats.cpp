#include "engine/figure/seats.h"

#include <algorithm>
#include <cmath>

namespace huntsman::engine::figure {

using math::kPi;
using math::Quat;
using math::RigidTransform;
using math::Vec3;

namespace {

// A foot whose ankle is above a place, flat or pitched (toes up positive).
RigidTransform foot_at(const Maker& maker, Side side, const Vec3& below_ankle, double pitch_rad) {
    const Vec3& ankle = maker.skeleton.at(of(side, Joint::kLeftFoot));
    const Quat turn = math::yaw_rotation(0.12 * sign(side)) * turn_about(Vec3(0, 1, 0), -pitch_rad);
    return {turn, below_ankle + turn * Vec3(0, 0, ankle.z)};
}

// The hips' joints above the seat's surface.
double hips_above_seat(const Skeleton& s) { return 0.055 * s.height_m; }

void place_pelvis(Maker& maker, double x_m, double hips_m, double tilt_back_rad) {
    const Skeleton& s = maker.skeleton;
    const Quat turn = turn_about(Vec3(0, 1, 0), -tilt_back_rad);
    const Vec3 hips = 0.5 * (s.at(Joint::kLeftThigh) + s.at(Joint::kRightThigh));
    maker.pose[Joint::kPelvis] = turn;
    maker.pose.pelvis_B = Vec3(x_m, 0, hips_m) - turn * (hips - s.at(Joint::kPelvis));
}

void head_of(Maker& maker, const Movement& movement) {
    if (movement.look_at_B) {
        look_at(maker, *movement.look_at_B, 0);
    } else {
        turn_head(maker, 0.05 * std::sin(0.4 * movement.time_s), 0.05, 0);
    }
}

// Hands on the thighs, or on both sides of a ring or bar.
void hands_on(Maker& maker, const Vec3& middle, double half_m, const Vec3& across,
              const Vec3& fingers, double fist) {
    for (const Side side : {Side::kLeft, Side::kRight}) {
        const double y = sign(side);
        reach_arm(maker, side, middle + across * (y * half_m) - fingers * 0.07,
                  Vec3(-0.3, 0.75 * y, -1));
        turn_hand(maker, side, fingers + Vec3(0, -0.15 * y, 0), Vec3(0, -0.6 * y, 0.9));
        curl(maker, side, fist);
    }
}

void sit(Maker& maker, const Movement& movement) {
    const Skeleton& s = maker.skeleton;
    const double size = s.height_m / 1.72;
    place_pelvis(maker, 0, movement.seat_m + hips_above_seat(s), 0.22);
    const double thigh = glm::distance(s.at(Joint::kLeftThigh), s.at(Joint::kLeftCalf));
    for (const Side side : {Side::kLeft, Side::kRight}) {
        const Vec3 below(thigh * 0.96 + 0.02 * sign(side), sign(side) * 0.13 * size, 0);
        reach_leg(maker, side, foot_at(maker, side, below, 0), 0, Vec3(1, 0.12 * sign(side), 1));
    }
    bend_trunk(maker, 0.20, 0, 0);
    head_of(maker, movement);
    for (const Side side : {Side::kLeft, Side::kRight}) {
        const Vec3 knee = maker.frame(of(side, Joint::kLeftCalf)).p;
        reach_arm(maker, side, knee + Vec3(-0.20, -0.02 * sign(side), 0.10) * size,
                  Vec3(-0.4, 0.8 * sign(side), -0.6));
        turn_hand(maker, side, Vec3(1, -0.2 * sign(side), -0.25), Vec3(0.1, -sign(side), 0.1));
        curl(maker, side, 0.22);
    }
}

void drive(Maker& maker, const Movement& movement) {
    const Skeleton& s = maker.skeleton;
    const double size = s.height_m / 1.72;
    place_pelvis(maker, 0, movement.seat_m + hips_above_seat(s), 0.42);
    for (const Side side : {Side::kLeft, Side::kRight}) {
        const Vec3 heel(0.74 * size, sign(side) * 0.12 * size, 0.0);
        reach_leg(maker, side, foot_at(maker, side, heel, 0.75), 0,
                  Vec3(0.3, 0.15 * sign(side), 1));
    }
    bend_trunk(maker, 0.10, 0, 0);
    head_of(maker, movement);
    // The wheel: tilted, turning with the steering.
    const double turn = std::clamp(2.5 * movement.steer_rad, -1.2, 1.2);
    const Vec3 across = turn_about(Vec3(-0.9, 0, 0.42), -turn) * Vec3(0, 1, 0);
    hands_on(maker, Vec3(0.48 * size, 0, movement.seat_m + 0.37 * size), 0.18, across,
             Vec3(0.8, 0, 0.5), 0.75);
}

void ride(Maker& maker, const Movement& movement) {
    const Skeleton& s = maker.skeleton;
    const double size = s.height_m / 1.72;
    // Saddle so high that the leg is nearly straight at the pedal's lowest.
    const double crank = 0.17, axle = 0.28;
    const double saddle = axle - crank + s.leg_m() * 0.93 + s.at(Joint::kLeftFoot).z;
    place_pelvis(maker, -0.20 * size, saddle, -0.25);
    for (const Side side : {Side::kLeft, Side::kRight}) {
        const double turn = movement.phase_rad + (side == Side::kLeft ? 0.0 : kPi);
        const Vec3 pedal(0.04 + crank * std::sin(turn), sign(side) * 0.11,
                         axle + crank * std::cos(turn));
        const std::size_t k = side == Side::kLeft ? 0 : 1;
        const double ahead = s.balls[k].x - s.at(of(side, Joint::kLeftFoot)).x;
        RigidTransform foot =
            foot_at(maker, side, pedal - Vec3(0.8 * ahead, 0, 0), -0.12 - 0.18 * std::sin(turn));
        foot.q = turn_about(Vec3(0, 1, 0), 0.12 + 0.18 * std::sin(turn));
        reach_leg(maker, side, foot, 0, Vec3(1, 0.02 * sign(side), 0.4));
    }
    bend_trunk(maker, 0.22, 0, 0);
    head_of(maker, movement);
    const Vec3 across = math::yaw_rotation(movement.steer_rad) * Vec3(0, 1, 0);
    hands_on(maker, Vec3(0.42 * size, 0, 1.02 * size), 0.26, across, Vec3(0.9, 0, -0.25), 0.8);
}

void wheelchair(Maker& maker, const Movement& movement) {
    const Skeleton& s = maker.skeleton;
    const double size = s.height_m / 1.72;
    place_pelvis(maker, 0, std::max(0.48, movement.seat_m) + hips_above_seat(s), 0.22);
    for (const Side side : {Side::kLeft, Side::kRight}) {
        const Vec3 rest(0.50 * size, sign(side) * 0.10 * size, 0.13);
        reach_leg(maker, side, foot_at(maker, side, rest, 0.08), 0,
                  Vec3(1, 0.05 * sign(side), 0.8));
    }
    bend_trunk(maker, 0.24, 0, 0);
    head_of(maker, movement);
    // Hands follow the rims: forward while they push, back above them.
    const double turn = movement.phase_rad;
    const double stroke = 0.16 * std::sin(turn), up = 0.03 * std::cos(turn);
    for (const Side side : {Side::kLeft, Side::kRight}) {
        const double rim = movement.seat_m + 0.20;
        const bool moves = movement.speed_mps > 0.05;
        const Vec3 hand(
            0.05 + (moves ? stroke : 0.0), sign(side) * 0.31,
            rim - 1.2 * math::square(moves ? stroke : 0.0) + std::max(0.0, moves ? up : 0.0));
        reach_arm(maker, side, hand, Vec3(-1, 0.5 * sign(side), -0.1));
        turn_hand(maker, side, Vec3(0.5, 0.0, -1), Vec3(1, -0.3 * sign(side), 0.4));
        curl(maker, side, 0.6);
    }
}

void lie(Maker& maker, const Movement&) {
    const Skeleton& s = maker.skeleton;
    // On the back: what was up points along -x.
    const Quat back = turn_about(Vec3(0, 1, 0), -kPi / 2);
    maker.pose[Joint::kPelvis] = back;
    maker.pose.pelvis_B = Vec3(0, 0, 0.068 * s.height_m);
    for (const Side side : {Side::kLeft, Side::kRight}) {
        const Vec3 hip = maker.frame(of(side, Joint::kLeftThigh)).p;
        const Vec3 ankle =
            hip + Vec3(0.985 * s.leg_m(), 0.07 * sign(side), 0.045 * s.height_m - hip.z);
        const Quat foot =
            back * turn_about(Vec3(0, 0, 1), 0.45 * sign(side)) * turn_about(Vec3(0, 1, 0), 0.45);
        reach_leg(maker, side, {foot, ankle}, 0, Vec3(0.1, 0.3 * sign(side), 1));
        const Vec3 shoulder = maker.frame(of(side, Joint::kLeftUpperArm)).p;
        reach_arm(maker, side,
                  Vec3(shoulder.x + 0.27 * s.height_m, sign(side) * 0.21 * s.height_m,
                       0.045 * s.height_m),
                  Vec3(0, sign(side), 0.1));
        turn_hand(maker, side, Vec3(1, 0.1 * sign(side), 0), Vec3(0, -sign(side), 0.3));
        curl(maker, side, 0.25);
    }
}

}  // namespace

Pose seated(const Skeleton& skeleton, const Movement& movement) {
    Maker maker(skeleton);
    switch (movement.activity) {
        case Activity::kDrive:
            drive(maker, movement);
            break;
        case Activity::kRide:
            ride(maker, movement);
            break;
        case Activity::kWheelchair:
            wheelchair(maker, movement);
            break;
        case Activity::kLie:
            lie(maker, movement);
            break;
        case Activity::kSit:
        case Activity::kOnFoot:
        case Activity::kCount:
            sit(maker, movement);
            break;
    }
    return maker.pose;
}

}  // namespace huntsman::engine::figure
