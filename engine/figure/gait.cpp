#include "engine/figure/gait.h"

#include <algorithm>
#include <cmath>

#include "engine/figure/curves.h"
#include "engine/figure/ik.h"
#include "engine/figure/quadruped.h"

namespace huntsman::engine::figure {

using math::kPi;
using math::Quat;
using math::RigidTransform;
using math::Vec2;
using math::Vec3;

namespace {

// Where the body will be in `t_s` seconds, seen from where it is: place and heading.
struct Ahead {
    Vec2 p;
    double yaw;
};
Ahead ahead_of(double speed_mps, double turn_rad_s, double t_s) {
    const double yaw = turn_rad_s * t_s, way = speed_mps * t_s;
    if (std::abs(yaw) < 1e-6) return {{way, 0.5 * way * yaw}, yaw};
    return {Vec2(std::sin(yaw), 1 - std::cos(yaw)) * (way / yaw), yaw};
}

}  // namespace

Stand stance(double speed_mps, double turn_rad_s, const Vec2& middle, double t_s) {
    const Ahead body = ahead_of(speed_mps, turn_rad_s, t_s);
    const Vec2 out = middle - body.p;
    const double c = std::cos(body.yaw), s = std::sin(body.yaw);
    return {{c * out.x + s * out.y, -s * out.x + c * out.y}, -body.yaw};
}

namespace {

// Speed as a body of 1.72 m would walk it [Alexander 1996].
double as_mean(double speed_mps, double height_m) { return speed_mps * std::sqrt(1.72 / height_m); }

double running_share(double speed_mps, double height_m) {
    return smooth_step(1.95, 2.5, as_mean(speed_mps, height_m));
}

constexpr double kRise = 1.6;  // how the heel rises: power of time

double stance_pitch(const Gait& gait, double u) {
    // The heel lands, the foot lies flat, the heel rises.
    const double flat = 0.16 * gait.duty, rises = 0.50 * gait.duty;
    if (u < flat) return gait.strike_rad * math::square(1 - u / flat);
    if (u < rises) return 0;
    return -gait.push_rad * std::pow((u - rises) / (gait.duty - rises), kRise);
}

// Pitch of the swinging foot: from toe-off over the heel's highest point to landing.
double swing_pitch(const Gait& gait, double w) {
    const double rises = 0.50 * gait.duty, flat = 0.16 * gait.duty;
    const double share = 1 - gait.duty;
    const double leaving = -kRise * gait.push_rad / (gait.duty - rises) * share;
    const double landing = -2 * gait.strike_rad / flat * share;
    return hermite(-gait.push_rad, 0.35 * leaving, gait.strike_rad, std::max(landing, -3.0), w);
}

}  // namespace

double cycle_m(double speed_mps, double height_m, double age_years, double haste) {
    const double v = std::max(0.0, as_mean(speed_mps, height_m));
    // 0.0065 m for each step a minute; below 0.25 m/s steps get no shorter than a shuffle.
    const double walking = 2 * std::sqrt(60 * 0.0065 * std::max(v, 0.05));
    const double running = 2 * v / (2.70 + 0.11 * std::max(0.0, v - 2.5));
    const double run = smooth_step(1.95, 2.5, v);
    const double age = 1 - 0.16 * smooth_step(60, 85, age_years);
    return std::lerp(walking, running, run) * (height_m / 1.72) * age * (1 - 0.06 * haste);
}

double duty(double speed_mps, double height_m) {
    const double v = as_mean(speed_mps, height_m);
    const double walking = 0.70 - 0.075 * std::clamp(v, 0.0, 2.2) / 1.4;
    const double running = std::clamp(0.42 - 0.045 * (v - 2.3), 0.27, 0.42);
    return std::lerp(walking, running, running_share(speed_mps, height_m));
}

double cycle_rate_hz(const Skeleton& skeleton, const Movement& movement) {
    if (four_legged(skeleton)) return animal_cycle_rate_hz(skeleton, movement);
    const double walking = movement.speed_mps / cycle_m(movement.speed_mps, skeleton.height_m,
                                                        skeleton.age_years, movement.haste);
    // On the spot one cycle turns the body by about 70 degrees.
    return std::hypot(walking, movement.turn_rad_s / 1.2 / (1 + 2 * movement.speed_mps));
}

Gait gait_of(const Skeleton& skeleton, const Movement& movement) {
    Gait gait;
    const double h = skeleton.height_m, v = movement.speed_mps;
    const double mean = as_mean(v, h);
    gait.speed_mps = v;
    gait.turn_rad_s = movement.turn_rad_s;
    gait.rate_hz = cycle_rate_hz(skeleton, movement);
    gait.active = smooth_step(0.02, 0.12, std::max(v, 0.3 * std::abs(movement.turn_rad_s)));
    if (gait.active <= 0) gait.rate_hz = 0;
    gait.cycle_m = gait.rate_hz > 0 ? v / gait.rate_hz : 0;
    gait.running = running_share(v, h);
    gait.duty = duty(v, h);
    const double old = smooth_step(60, 85, skeleton.age_years);
    const double hips = skeleton.at(Joint::kLeftThigh).y - skeleton.at(Joint::kRightThigh).y;
    // Feet come nearer to each other the faster one goes.
    gait.width_m =
        hips * std::lerp(1.0, std::lerp(0.62, 0.3, gait.running), smooth_step(0.0, 1.2, mean)) +
        0.02 * old;
    const double brisk = smooth_step(0.2, 1.4, mean);
    gait.lift_m =
        gait.active * (h / 1.72) *
        std::lerp(0.018 + 0.020 * brisk, 0.10 + 0.05 * std::min(mean - 2, 3.0), gait.running);
    gait.strike_rad =
        gait.active * std::lerp((0.06 + 0.26 * brisk) * (1 - 0.5 * old), 0.10, gait.running);
    gait.push_rad =
        gait.active * std::lerp((0.25 + 0.70 * brisk) * (1 - 0.3 * old), 1.0, gait.running);
    return gait;
}

double ground_m(const Movement& movement, double x_m) {
    if (!movement.kerb) return 0;
    return x_m > movement.kerb->ahead_m ? movement.kerb->rise_m : 0;
}

FootState foot_of(const Skeleton& skeleton, const Movement& movement, const Gait& gait, Side side,
                  double phase_rad) {
    const double size = skeleton.height_m / 1.72;
    FootState foot;
    // In the middle of the stance the ankle is behind the hip: the rising heel brings it forward
    // again before it leaves.
    const double behind = 0.012 + gait.active * 0.058 * smooth_step(0.1, 1.3, gait.speed_mps);
    const Vec2 middle(-behind * size, sign(side) * 0.5 * gait.width_m);
    const double out = sign(side) * 0.10;  // toes point outwards
    double u = phase_rad / (2 * kPi) + (side == Side::kLeft ? 0.0 : 0.5);
    u -= std::floor(u);
    if (gait.rate_hz <= 0) {
        foot.stands = true;
        foot.place_B = Vec3(middle, 0);
        foot.place_B.z = ground_m(movement, middle.x);
        foot.yaw_rad = out;
        return foot;
    }
    const double cycle_s = 1 / gait.rate_hz;
    const double half_s = 0.5 * gait.duty * cycle_s;
    const auto place = [&](double t_s) {
        return stance(gait.speed_mps, gait.turn_rad_s, middle, t_s);
    };
    if (u <= gait.duty) {
        const Stand at = place(u * cycle_s - half_s);
        foot.stands = true;
        // Who hardly moves brings the feet together.
        const Vec2 p = glm::mix(middle, at.p, gait.active);
        foot.place_B = Vec3(p, ground_m(movement, p.x));
        foot.yaw_rad = gait.active * at.yaw + out;
        foot.pitch_rad = stance_pitch(gait, u);
        return foot;
    }
    const double w = (u - gait.duty) / (1 - gait.duty);
    const double swing_s = (1 - gait.duty) * cycle_s;
    const Stand from = place(half_s), to = place(-half_s);
    constexpr double kSmall_s = 1e-4;
    const Stand from2 = place(half_s + kSmall_s), to2 = place(-half_s - kSmall_s);
    // The heel's rise goes on for a moment, hence less than the full speed at the beginning.
    const auto across = [&](double a, double a2, double b, double b2) {
        return hermite(a, (a2 - a) / kSmall_s * swing_s, b, (b - b2) / kSmall_s * swing_s, w);
    };
    const Vec2 p(across(from.p.x, from2.p.x, to.p.x, to2.p.x),
                 across(from.p.y, from2.p.y, to.p.y, to2.p.y));
    foot.place_B = Vec3(glm::mix(middle, p, gait.active), 0);
    foot.yaw_rad = gait.active * across(from.yaw, from2.yaw, to.yaw, to2.yaw) + out;
    foot.pitch_rad = swing_pitch(gait, w);
    const double low = ground_m(movement, from.p.x), high = ground_m(movement, to.p.x);
    const double arc = math::square(std::sin(kPi * w));
    const double early = std::lerp(1.0, 1.6 * (1 - w) + 0.25, gait.running);
    foot.lift_m = gait.lift_m * arc * early + std::abs(high - low) * 0.35 * arc;
    foot.place_B.z =
        std::lerp(low, high, high > low ? smooth_step(0.0, 0.55, w) : smooth_step(0.35, 1.0, w));
    return foot;
}

RigidTransform ankle_of(const Skeleton& skeleton, const FootState& foot, Side side) {
    const std::size_t s = side == Side::kLeft ? 0 : 1;
    const Vec3& ankle = skeleton.at(of(side, Joint::kLeftFoot));
    const Vec3 below(ankle.x, ankle.y, 0);
    const Vec3 pivot =
        (foot.pitch_rad > 0 ? skeleton.heels[s] : skeleton.at(of(side, Joint::kLeftToes))) - below;
    const Quat yaw = math::yaw_rotation(foot.yaw_rad);
    const Quat pitch = turn_about(Vec3(0, 1, 0), -foot.pitch_rad);
    const Vec3 up(0, 0, foot.lift_m);
    return {yaw * pitch, foot.place_B + up + yaw * (pivot + pitch * (ankle - below - pivot))};
}

namespace {

// Turning of the pelvis at a phase; its place follows from the legs.
Quat pelvis_turn(const Skeleton& skeleton, const Gait& gait, double phase_rad) {
    const double stride = std::min(1.2, gait.cycle_m / skeleton.height_m / 0.8);
    const double yaw = -0.085 * stride * std::cos(phase_rad);
    const double roll = 0.045 * std::min(1.0, stride) * gait.active * std::sin(phase_rad - 0.3);
    const double tilt = std::lerp(0.02, 0.14, gait.running) * gait.active;
    return math::yaw_rotation(yaw) * turn_about(Vec3(1, 0, 0), roll) *
           turn_about(Vec3(0, 1, 0), tilt);
}

Vec2 pelvis_shift(const Skeleton& skeleton, const Gait& gait, double phase_rad) {
    const double size = skeleton.height_m / 1.72;
    const double sway = std::lerp(0.024, 0.008, gait.running) * size * gait.active;
    return {std::lerp(0.0, 0.03, gait.running) * size, sway * std::sin(phase_rad - 0.3)};
}

// How high the pelvis may be at a phase `by_rad` from now, so that standing legs reach.
double highest(const Skeleton& skeleton, const Movement& movement, const Gait& gait,
               double by_rad) {
    const double phase = movement.phase_rad + by_rad;
    const double way = gait.rate_hz > 0 ? gait.speed_mps * by_rad / (2 * kPi * gait.rate_hz) : 0.0;
    Movement then = movement;  // the kerb comes nearer
    if (then.kerb) then.kerb->ahead_m -= way;
    const Quat turn = pelvis_turn(skeleton, gait, phase);
    const Vec2 shift = pelvis_shift(skeleton, gait, phase);
    const double old = smooth_step(60, 85, skeleton.age_years);
    const double stretch = skeleton.leg_m() * std::lerp(0.996 - 0.010 * old, 0.975, gait.running);
    double high = 1e9;
    for (const Side side : {Side::kLeft, Side::kRight}) {
        const FootState foot = foot_of(skeleton, then, gait, side, phase);
        const RigidTransform ankle = ankle_of(skeleton, foot, side);
        const Vec3 hip =
            turn * (skeleton.at(of(side, Joint::kLeftThigh)) - skeleton.at(Joint::kPelvis));
        const Vec2 apart = math::xy(ankle.p) - math::xy(hip) - shift;
        const double reach = stretch * stretch - glm::dot(apart, apart);
        // A runner's swinging leg need not reach the ground.
        const double free = foot.stands ? 0.0 : gait.running * std::min(1.0, 20 * foot.lift_m);
        const double allowed =
            ankle.p.z + std::sqrt(std::max(reach, 0.25 * stretch * stretch)) - hip.z + free;
        high = std::min(high, allowed);
    }
    // Running bounces: lowest in the middle of the stance, highest in flight.
    const double leg = skeleton.leg_m();
    const double rise = 0.035 * leg * std::cos(2 * (phase - kPi * gait.duty));
    const double bouncing = 0.915 * leg + skeleton.at(Joint::kLeftFoot).z -
                            (skeleton.at(Joint::kLeftThigh).z - skeleton.at(Joint::kPelvis).z) -
                            rise;
    return std::lerp(high, std::min(bouncing, high), gait.running);
}

}  // namespace

RigidTransform pelvis_of(const Skeleton& skeleton, const Movement& movement, const Gait& gait) {
    const Quat turn = pelvis_turn(skeleton, gait, movement.phase_rad);
    const Vec2 shift = pelvis_shift(skeleton, gait, movement.phase_rad);
    double z = 0;
    if (gait.rate_hz <= 0) {
        z = highest(skeleton, movement, gait, 0);
    } else {
        // The least over a window, then the mean of that over the same window: smooth, and never
        // above what any moment allows.
        constexpr int kHalf = 3, kSamples = 4 * kHalf + 1;
        constexpr double kStep_rad = 2 * kPi / 64;
        std::array<double, kSamples> allowed{};
        for (int k = 0; k < kSamples; ++k) {
            allowed[static_cast<std::size_t>(k)] =
                highest(skeleton, movement, gait, (k - 2 * kHalf) * kStep_rad);
        }
        double sum = 0, weights = 0;
        for (int k = kHalf; k <= 3 * kHalf; ++k) {
            double least = 1e9;
            for (int i = -kHalf; i <= kHalf; ++i) {
                least = std::min(least, allowed[static_cast<std::size_t>(k + i)]);
            }
            const double weight = 1 + std::cos(kPi * (k - 2 * kHalf) / (kHalf + 1.0));
            sum += weight * least;
            weights += weight;
        }
        z = sum / weights;
    }
    return {turn, Vec3(shift, z)};
}

FootState foot_state(const Skeleton& skeleton, const Movement& movement, Side side) {
    return foot_of(skeleton, movement, gait_of(skeleton, movement), side, movement.phase_rad);
}

}  // namespace huntsman::engine::figure
