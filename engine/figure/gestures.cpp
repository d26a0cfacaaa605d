#include "engine/figure/gestures.h"

#include <cmath>

namespace huntsman::engine::figure {

using math::kPi;
using math::RigidTransform;
using math::Vec3;

namespace {

// Lengths of an arm, and the frame that gestures are measured in: at the shoulder, turned as the
// trunk is about the vertical.
struct Arm {
    Side side;
    double y;       // 1 left, -1 right
    double length;  // from shoulder to wrist
    Vec3 shoulder;
    math::Quat turn;
    Vec3 operator()(double x, double out, double z) const {
        return shoulder + turn * Vec3(x, y * out, z) * length;
    }
    Vec3 way(double x, double out, double z) const { return turn * Vec3(x, y * out, z); }
};
Arm arm_of(const Maker& maker, Side side) {
    const Skeleton& s = maker.skeleton;
    const Joint upper = of(side, Joint::kLeftUpperArm), lower = of(side, Joint::kLeftLowerArm),
                hand = of(side, Joint::kLeftHand);
    Arm arm{side, sign(side), 0, {}, {}};
    arm.length = glm::distance(s.at(upper), s.at(lower)) + glm::distance(s.at(lower), s.at(hand));
    arm.shoulder = maker.frame(upper).p;
    arm.turn = math::yaw_rotation(maker.frame(Joint::kSpine3).yaw_rad());
    return arm;
}

void wave_on(Maker& maker, const Arm& arm, double phase) {
    // The forearm sweeps from the side across the chest and back.
    const double sweep = 0.5 - 0.5 * std::cos(2 * kPi * phase);
    reach_arm(maker, arm.side,
              arm(0.55 + 0.12 * std::sin(kPi * sweep), std::lerp(0.42, -0.22, sweep), -0.16),
              arm.way(-0.2, 0.6, -1));
    turn_hand(maker, arm.side, arm.way(0.75, std::lerp(0.55, -0.7, sweep), 0.25),
              arm.way(0.1, 0.2, 1));
    curl(maker, arm.side, 0.12);
}

void stop(Maker& maker, const Arm& arm) {
    reach_arm(maker, arm.side, arm(0.86, 0.05, 0.02), arm.way(0, 0.5, -1));
    turn_hand(maker, arm.side, arm.way(0.15, 0.0, 1), arm.way(0, -1, 0.1));
    curl(maker, arm.side, 0.02);
}

void thank(Maker& maker, const Arm& arm, double phase) {
    const double wave = 0.05 * std::sin(2 * kPi * phase);
    reach_arm(maker, arm.side, arm(0.34, 0.26 + wave, 0.22), arm.way(0, 0.5, -1));
    turn_hand(maker, arm.side, arm.way(0.05, 0.12 + wave, 1), arm.way(0.1, -1, 0.2));
    curl(maker, arm.side, 0.10);
}

void phone(Maker& maker, const Arm& arm) {
    const RigidTransform head = maker.frame(Joint::kHead);
    const Skeleton& s = maker.skeleton;
    const auto ear = static_cast<std::size_t>(arm.side == Side::kLeft ? KeyPoint::kLeftEar
                                                                      : KeyPoint::kRightEar);
    const Vec3 at = head * (s.key_points[ear] - s.at(Joint::kHead));
    const double size = s.height_m / 1.72;
    // The phone lies in the fingers, between them and the ear.
    reach_arm(maker, arm.side, at + arm.way(0.045, 0.055, -0.095) * size, arm.way(0.35, 0.55, -1));
    turn_hand(maker, arm.side, arm.way(-0.35, -0.10, 1), arm.way(0.9, -0.4, 0.3));
    curl(maker, arm.side, 0.25);
    const double down = 0.06;
    turn_head(maker, maker.frame(Joint::kHead).yaw_rad(), down, 0.06 * -arm.y);
}

void text(Maker& maker, const Arm& arm) {
    reach_arm(maker, arm.side, arm(0.48, -0.10, -0.32), arm.way(-0.3, 0.6, -1));
    turn_hand(maker, arm.side, arm.way(0.75, -0.25, 0.6), arm.way(0.2, 1, 0.25));
    curl(maker, arm.side, 0.30);
    const Vec3 screen = maker.frame(of(arm.side, Joint::kLeftFingers)).p;
    look_at(maker, screen, 0);
    turn_head(maker, 0.12 * arm.y, 0.52, 0);
}

void push(Maker& maker, const Movement& movement) {
    const double size = maker.skeleton.height_m / 1.72;
    for (const Side side : {Side::kLeft, Side::kRight}) {
        const Arm arm = arm_of(maker, side);
        const double high = movement.activity == Activity::kOnFoot ? 1.0 : 0.9;
        reach_arm(maker, side, Vec3(0.42 * size, arm.y * 0.20 * size, high * size),
                  arm.way(-0.4, 0.7, -1));
        turn_hand(maker, side, Vec3(0.85, -0.25 * arm.y, -0.2), Vec3(0.1, -arm.y, 0.25));
        curl(maker, side, 0.75);
    }
}

void umbrella(Maker& maker, const Arm& arm) {
    reach_arm(maker, arm.side, arm(0.36, -0.06, -0.18), arm.way(-0.2, 0.5, -1));
    turn_hand(maker, arm.side, arm.way(0.6, -0.8, 0.0), arm.way(0.05, -0.05, 1));
    curl(maker, arm.side, 0.8);
}

void carry(Maker& maker, const Arm& arm) {
    hang_arm(maker, arm.side, 0.02, 0.17 + maker.skeleton.girth_rad, 0.10);
    turn_hand(maker, arm.side, Vec3(0.02, 0, -1), Vec3(1, 0, 0));
    curl(maker, arm.side, 0.8);
}

// The stick swings with the leg of the other side.
void stick(Maker& maker, const Arm& arm, double phase_rad, double speed_mps) {
    const double swing = -arm.y * std::cos(phase_rad) * std::min(0.22, 0.25 * speed_mps);
    hang_arm(maker, arm.side, 0.18 + swing, 0.18 + maker.skeleton.girth_rad, 0.45);
    turn_hand(maker, arm.side, arm.way(1, 0, -0.25), arm.way(0.15 + swing, 0, 1));
    curl(maker, arm.side, 0.8);
}

// Palms on both sides of the ball, fingers ahead and down.
void hold_ball(Maker& maker) {
    const Skeleton& s = maker.skeleton;
    const RigidTransform trunk = maker.frame(Joint::kSpine3);
    const Vec3 middle = trunk * (ball_place(s) - s.at(Joint::kSpine3));
    for (const Side side : {Side::kLeft, Side::kRight}) {
        const Arm arm = arm_of(maker, side);
        const Vec3 fingers = trunk.q * Vec3(0.86, -0.10 * arm.y, -0.5);
        const Vec3 thumb = trunk.q * Vec3(0.5, -0.10 * arm.y, 0.86);
        // The palm's middle, half way between wrist and knuckles, lies a finger's half depth out
        // from the ball's surface.
        const double palm_m =
            glm::distance(s.at(of(side, Joint::kLeftHand)), s.at(of(side, Joint::kLeftFingers)));
        const double half_hand_m = 0.0105 * s.height_m;
        const Vec3 at = middle + trunk.q * Vec3(0, arm.y * (ball_radius_m(s) + half_hand_m), 0);
        reach_arm(maker, side, at - 0.8 * palm_m * glm::normalize(fingers),
                  arm.way(-0.4, 0.8, -0.7));
        turn_hand(maker, side, fingers, thumb);
        curl(maker, side, 0.18);
    }
}

void lead(Maker& maker, const Arm& arm) {
    hang_arm(maker, arm.side, 0.10, 0.14 + maker.skeleton.girth_rad, 0.80);
    turn_hand(maker, arm.side, arm.way(0.75, -0.15, -0.35), arm.way(0.35, -0.3, 0.9));
    curl(maker, arm.side, 0.85);
}

}  // namespace

double ball_radius_m(const Skeleton& skeleton) { return 0.072 * skeleton.height_m; }

Vec3 ball_place(const Skeleton& s) {
    const double ahead_m = 0.105 * s.height_m + ball_radius_m(s);
    return {s.at(Joint::kSpine2).x + ahead_m, 0, s.at(Joint::kSpine2).z - 0.01 * s.height_m};
}

void add_gesture(Maker& maker, const Movement& movement) {
    const Arm arm = arm_of(maker, movement.gesture_side);
    switch (movement.gesture) {
        case Gesture::kWaveOn:
            return wave_on(maker, arm, movement.gesture_phase);
        case Gesture::kStop:
            return stop(maker, arm);
        case Gesture::kThank:
            return thank(maker, arm, movement.gesture_phase);
        case Gesture::kPhone:
            return phone(maker, arm);
        case Gesture::kText:
            return text(maker, arm);
        case Gesture::kPush:
            return push(maker, movement);
        case Gesture::kUmbrella:
            return umbrella(maker, arm);
        case Gesture::kCarry:
            return carry(maker, arm);
        case Gesture::kStick:
            return stick(maker, arm, movement.phase_rad, movement.speed_mps);
        case Gesture::kBall:
            return hold_ball(maker);
        case Gesture::kLead:
            return lead(maker, arm);
        case Gesture::kNone:
        case Gesture::kCount:
            return;
    }
}

}  // namespace huntsman::engine::figure
