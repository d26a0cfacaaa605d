// How people stand, walk, run, sit and gesture: poses as functions of a few numbers.
//
// Everything here is a pure function: the same numbers give the same pose, whatever came before.
// Feet do not slide, by construction: at constant speed and rate of turning, the place of a foot in
// its stance is the body's own motion undone, so that in the world it stays where it is. For that
// the phase must advance by `cycle_rate_hz` (or, which is the same on a straight way, by one cycle
// for each `cycle_m` of way).
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "engine/figure/skeleton.h"

namespace huntsman::engine::figure {

enum class Activity : std::uint8_t {
    kOnFoot,      // stands, walks, runs, turns: by speed and rate of turning
    kSit,         // on a chair or bench: B below the hips, feet on the ground
    kDrive,       // in a car: B below the hips on the car's floor
    kRide,        // sits or stands on what `mount` says: a bicycle, a motorcycle, a scooter
    kWheelchair,  // sits in what `mount` says
    kLie,         // on the back, along x, head behind
    kCount,
};

enum class Gesture : std::uint8_t {
    kNone,
    kWaveOn,    // beckons others past
    kStop,      // palm forward
    kThank,     // a raised hand
    kPhone,     // at the ear
    kText,      // looks at a phone in the hand
    kPush,      // both hands on a pram, a trolley, a wheelchair
    kUmbrella,  // held upright
    kCarry,     // an arm that hangs down with a load
    kStick,     // a walking stick
    kBall,      // both hands hold a ball before the chest, see gestures.h
    kLead,      // a hand before the hip that holds a dog's lead
    kCount,
};

// A step in the ground, across the way.
struct Kerb {
    double ahead_m = 0;  // of B's origin; negative: behind it
    double rise_m = 0;   // of the ground beyond; negative: down
};

// Of one who walks and pushes or pulls something: what the hands are on.
enum class Hands : std::uint8_t {
    kGripAndSeat,  // the left one on the grip, the right one on the seat: a bicycle beside it
    kBoth,         // either one on the bar, at the grip's y and at -y: a pram
    kRight,        // the right one at the grip's -y, the other one free: a suitcase behind it
};

// What a rider touches, in B [m]. Of pairs the left one is given; the right one lies at -y.
struct Mount {
    std::optional<math::Vec3> seat;  // its top below the hips; none: the rider stands
    math::Vec3 grip{0, 0, 0};        // the middle of the handlebar's grip
    double sweep_rad = 0;            // by how much grips point back from straight out
    // Middle of the circle that the left pedal goes on, or the left hand on a wheelchair's rim.
    std::optional<math::Vec3> circle;
    double circle_m = 0.17;  // its radius
    // Where soles rest, below their middle: left, right. Not used where there are pedals.
    std::array<math::Vec3, 2> feet{};
    Hands hands = Hands::kGripAndSeat;  // of those who walk
};

struct Movement {
    Activity activity = Activity::kOnFoot;
    double phase_rad = 0;   // of the gait: the left heel lands at 0, the right one at pi; of a
                            // rider: of the crank
    double speed_mps = 0;   // forward, at least 0
    double turn_rad_s = 0;  // left positive
    double haste = 0;       // 0 strolling to 1 hurrying
    double time_s = 0;      // for breath and swaying; offset it by person
    std::optional<Kerb> kerb;
    std::optional<math::Vec3> look_at_B;  // what eyes and head turn to
    Gesture gesture = Gesture::kNone;
    double gesture_phase = 0;  // 0 to 1 is one wave; others hold still
    Side gesture_side = Side::kRight;
    double gesture_share = 1;  // 0 to 1, to come and go smoothly
    double seat_m = 0.45;      // height of the seat above B's ground, of those who sit
    double steer_rad = 0;      // of the steering wheel, left positive
    // Of those who ride or sit in a wheelchair. Who is on foot pushes or pulls it, see Hands.
    std::optional<Mount> mount;
    // Of an animal that keeps step with somebody: its cycles each second; 0: as its speed has it.
    double cycle_hz = 0;
};

// Joints' rotations of a person in this movement. Cost: some 20 microseconds.
Pose pose_of(const Skeleton& skeleton, const Movement& movement);

// Ground covered in one cycle of two steps [m]. Walking: steps grow with the root of speed, a
// constant ratio of length and rate [Sekiya & Nagasaki 1998]; running: rate nearly constant
// [Cavanagh & Kram 1989]; both scale with stature as pendulums do [Alexander 1996]; shorter in old
// age [Himann et al. 1988] and in haste.
double cycle_m(double speed_mps, double height_m, double age_years = 30, double haste = 0);
// Cycles each second, those of turning on the spot included.
double cycle_rate_hz(const Skeleton& skeleton, const Movement& movement);
// Share of the cycle that a foot is on the ground: above one half walking, below it running.
double duty(double speed_mps, double height_m);

// Turns of the cranks each second at this speed. Gears let it grow less than speed does: 0.52,
// which is 31 a minute, at 1.2 m/s, and 1.06, which is 64 a minute, at 5 m/s.
double cadence_hz(double speed_mps);
// How far a pedal is tilted, toes down positive; 0 where its crank points up, pi/2 ahead. Heels are
// lowest while they push down [Cavanagh & Sanderson 1986].
double pedal_pitch_rad(double crank_rad);

// Where a foot is, for tests and footprints.
struct FootState {
    bool stands = false;
    math::Vec3 place_B{0, 0, 0};  // of the ankle's foot of the flat foot, on the ground
    double yaw_rad = 0;
    double pitch_rad =
        0;              // toes up positive, about the heel; heel up negative, about the toes' joint
    double lift_m = 0;  // of the whole foot above the ground
};
FootState foot_state(const Skeleton& skeleton, const Movement& movement, Side side);

// References
// [Alexander 1996] R. McN. Alexander, Walking and running, The Mathematical Gazette 80:262-266.
// [Cavanagh & Kram 1989] Stride length in distance running: velocity, body dimensions, and added
//   mass effects, Medicine and Science in Sports and Exercise 21:467-479.
// [Cavanagh & Sanderson 1986] The biomechanics of cycling: studies of the pedaling mechanics of
//   elite pursuit riders, in Burke (ed.), Science of Cycling.
// [Himann et al. 1988] Age-related changes in speed of walking, Medicine and Science in Sports and
//   Exercise 20:161-166.
// [Sekiya & Nagasaki 1998] Reproducibility of the walking patterns of normal young adults, Gait &
//   Posture 7:225-227.

}  // namespace huntsman::engine::figure
