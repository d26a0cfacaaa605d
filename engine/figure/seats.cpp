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

// Total lean of the trunk, half of it in the hips, half in the spine.
void lean_trunk(Maker& maker, const Vec3& hips, double lean_rad) {
    constexpr double kSlouch_rad = 0.10;  // of who sits without leaning on anything
    place_pelvis(maker, hips.x, hips.z, -0.5 * lean_rad + kSlouch_rad);
    bend_trunk(maker, 0.5 * lean_rad + kSlouch_rad, 0, 0);
}

// Leans the trunk so far that the arms reach the grips with bent elbows.
void lean_to(Maker& maker, const Vec3& hips, const Vec3& grip, double least_rad, double most_rad) {
    const Skeleton& s = maker.skeleton;
    const double arm_m = glm::distance(s.at(Joint::kLeftUpperArm), s.at(Joint::kLeftLowerArm)) +
                         glm::distance(s.at(Joint::kLeftLowerArm), s.at(Joint::kLeftHand));
    // Wrists are some centimetres behind and above the grips.
    const Vec3 wrist = grip + Vec3(-0.09, 0, 0.05) * (s.height_m / 1.72);
    constexpr double kStretch = 0.95;
    double low = least_rad, high = most_rad;
    constexpr int kSteps = 16;
    for (int i = 0; i < kSteps; ++i) {
        const double lean = 0.5 * (low + high);
        lean_trunk(maker, hips, lean);
        const Vec3 shoulder = maker.frame(Joint::kLeftUpperArm).p;
        (glm::distance(shoulder, wrist) > kStretch * arm_m ? low : high) = lean;
    }
    lean_trunk(maker, hips, 0.5 * (low + high));
}

// The frame of a foot whose sole's point is at a place, toes up by an angle and out by another.
RigidTransform foot_on(const Skeleton& s, Side side, const Vec3& sole, const Vec3& place,
                       double pitch_rad, double out_rad) {
    const Quat turn =
        math::yaw_rotation(out_rad * sign(side)) * turn_about(Vec3(0, 1, 0), -pitch_rad);
    return {turn, place - turn * (sole - s.at(of(side, Joint::kLeftFoot)))};
}

// Foot on a place; where the leg is too short, the heel rises.
void step_on(Maker& maker, Side side, const Vec3& sole, const Vec3& place, double pitch_rad,
             double out_rad, const Vec3& knees) {
    const Skeleton& s = maker.skeleton;
    const double most_m = 0.992 * s.leg_m();
    const Vec3 hip = hip_of(maker, side);
    RigidTransform foot = foot_on(s, side, sole, place, pitch_rad, out_rad);
    constexpr double kStep_rad = 0.02;
    for (double more = kStep_rad; glm::distance(hip, foot.p) > most_m; more += kStep_rad) {
        const RigidTransform next = foot_on(s, side, sole, place, pitch_rad - more, out_rad);
        if (glm::distance(hip, next.p) >= glm::distance(hip, foot.p)) break;
        foot = next;
    }
    reach_leg(maker, side, foot, 0, knees);
}

std::size_t number(Side side) { return side == Side::kLeft ? 0 : 1; }
Vec3 on_side(const Vec3& left, Side side) { return {left.x, sign(side) * left.y, left.z}; }

// The ball of the foot stands on the pedal.
void pedal(Maker& maker, const Mount& mount, double phase_rad) {
    constexpr double kHalfPedal_m = 0.012;
    for (const Side side : {Side::kLeft, Side::kRight}) {
        const double turn = phase_rad + (side == Side::kLeft ? 0.0 : kPi);
        const Vec3 place = on_side(*mount.circle, side) +
                           mount.circle_m * Vec3(std::sin(turn), 0, std::cos(turn)) +
                           Vec3(0, 0, kHalfPedal_m);
        step_on(maker, side, maker.skeleton.balls[number(side)], place, -pedal_pitch_rad(turn),
                0.06, Vec3(1, 0.03 * sign(side), 0.4));
    }
}

void rest_feet(Maker& maker, const Mount& mount, double pitch_rad) {
    const Skeleton& s = maker.skeleton;
    // Who stands with one foot behind the other turns that one out.
    const double ahead = mount.feet[0].x - mount.feet[1].x;
    for (const Side side : {Side::kLeft, Side::kRight}) {
        const std::size_t k = number(side);
        const Vec3 sole = 0.5 * (s.heels[k] + s.balls[k]);
        const double behind = std::max(0.0, -sign(side) * ahead);
        const double out = 0.10 + std::min(0.5, 2.0 * behind);
        step_on(maker, side, sole, mount.feet[k], pitch_rad, out,
                Vec3(1, (0.25 + out) * sign(side), 0.5));
    }
}

// Hips of one who stands, as high as slightly bent legs allow.
Vec3 standing_hips(const Skeleton& s, const Mount& mount) {
    double z = 1e9;
    const double x = 0.45 * mount.feet[0].x + 0.55 * mount.feet[1].x - 0.02;
    for (const Side side : {Side::kLeft, Side::kRight}) {
        const std::size_t k = number(side);
        const Vec3& ankle = s.at(of(side, Joint::kLeftFoot));
        const double heel = ankle.x - 0.5 * (s.heels[k].x + s.balls[k].x);
        const double apart = mount.feet[k].x + heel - x;
        const double aside = mount.feet[k].y - sign(side) * s.at(Joint::kLeftThigh).y;
        const double leg = 0.972 * s.leg_m();
        z = std::min(
            z, mount.feet[k].z + ankle.z +
                   std::sqrt(leg * leg - std::min(0.5 * leg * leg, apart * apart + aside * aside)));
    }
    return {x, 0, z};
}

void hold_grips(Maker& maker, const Mount& mount) {
    for (const Side side : {Side::kLeft, Side::kRight}) {
        const double y = sign(side), c = std::cos(mount.sweep_rad), s = std::sin(mount.sweep_rad);
        // Fingers ahead and down, in between of across the bar and along the forearm.
        const Vec3 thumb(s, -c * y, 0.12);
        const Vec3 fingers(1, 0.35 * s * y, -0.38);
        hold_bar(maker, side, on_side(mount.grip, side), fingers, thumb,
                 Vec3(-0.35, 0.8 * y, -0.8));
    }
}

void ride(Maker& maker, const Movement& movement) {
    const Mount mount = movement.mount.value_or(Mount{});
    const Skeleton& s = maker.skeleton;
    if (mount.seat) {
        const Vec3 hips = *mount.seat + Vec3(0, 0, hips_above_seat(s));
        lean_to(maker, hips, mount.grip, 0.0, 1.0);
    } else {
        lean_to(maker, standing_hips(s, mount), mount.grip, 0.0, 0.35);
    }
    if (mount.circle) {
        pedal(maker, mount, movement.phase_rad);
    } else {
        rest_feet(maker, mount, mount.seat ? -0.05 : 0.0);
    }
    head_of(maker, movement);
    hold_grips(maker, mount);
}

// Hands push the rims, then come back above them; they rest on them where the chair stands.
void push_rims(Maker& maker, const Mount& mount, const Movement& movement) {
    constexpr double kBack_rad = -0.25, kFront_rad = 0.75, kRest_rad = 0.15, kLift_m = 0.05;
    const double brisk = std::min(1.0, movement.speed_mps / 0.3);
    const double share = 0.5 - 0.5 * std::cos(movement.phase_rad);  // 1: at the front end
    const double at = std::lerp(kRest_rad, std::lerp(kBack_rad, kFront_rad, share), brisk);
    const double lift = brisk * kLift_m * std::max(0.0, -std::sin(movement.phase_rad));
    for (const Side side : {Side::kLeft, Side::kRight}) {
        const double y = sign(side);
        const Vec3 out(std::sin(at), 0, std::cos(at));
        const Vec3 bar = on_side(*mount.circle, side) + (mount.circle_m + lift) * out;
        // Thumbs along the rim, palms towards it.
        hold_bar(maker, side, bar, Vec3(0.35, -0.10 * y, -1), Vec3(1, -0.25 * y, 0.3),
                 Vec3(-1, 0.5 * y, -0.1));
    }
}

void wheelchair(Maker& maker, const Movement& movement) {
    const Mount mount = movement.mount.value_or(Mount{});
    const Vec3 hips = mount.seat.value_or(Vec3(0, 0, movement.seat_m)) +
                      Vec3(0, 0, hips_above_seat(maker.skeleton));
    place_pelvis(maker, hips.x, hips.z, 0.22);
    const double push = mount.circle ? 0.10 * std::min(1.0, movement.speed_mps) : 0.0;
    bend_trunk(maker, 0.24 + push * (1 - std::cos(movement.phase_rad)), 0, 0);
    rest_feet(maker, mount, 0.05);
    head_of(maker, movement);
    if (mount.circle) push_rims(maker, mount, movement);
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
