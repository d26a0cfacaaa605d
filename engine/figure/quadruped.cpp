#include "engine/figure/quadruped.h"

#include <algorithm>
#include <cmath>

#include "engine/figure/curves.h"
#include "engine/figure/gait.h"
#include "engine/figure/ik.h"
#include "engine/figure/limbs.h"

namespace huntsman::engine::figure {

using math::kPi;
using math::Quat;
using math::RigidTransform;
using math::Vec2;
using math::Vec3;

namespace {

Parents parents_of_people() {
    Parents parents;
    for (std::size_t j = 0; j < kJointCount; ++j) parents[j] = parent(static_cast<Joint>(j));
    return parents;
}

Parents parents_of_animals() {
    Parents parents = parents_of_people();
    parents[index(Joint::kLeftClavicle)] = parents[index(Joint::kRightClavicle)] = Joint::kSpine2;
    parents[index(Joint::kLeftThumb)] = parents[index(Joint::kRightThumbTip)] = Joint::kPelvis;
    parents[index(Joint::kLeftThumbTip)] = Joint::kLeftThumb;
    parents[index(Joint::kRightThumb)] = Joint::kLeftThumbTip;
    return parents;
}

const Vec3 kAcross(0, 1, 0);  // limbs fold about it

constexpr std::array<Foot, 4> kFeet = {Foot::kLeftHind, Foot::kLeftFore, Foot::kRightHind,
                                       Foot::kRightFore};

// When a foot lands, as a share of the cycle.
struct Landing {
    double walk, trot, gallop;
};
constexpr std::array<Landing, 4> kLandings = {
    {{0, 0, 0}, {0.25, 0.5, 0.55}, {0.5, 0.5, 0.12}, {0.75, 1.0, 0.67}}};

// The numbers of a gait that do not change over its cycle.
struct Pace {
    double rate_hz = 0, duty = 1;
    double active = 0;            // 0 stands, 1 is on the way
    double trot = 0, gallop = 0;  // 0 to 1; a gallop is also a trot
    double speed_mps = 0, turn_rad_s = 0;
    double lift_m = 0, push_rad = 0;
    double fold_fore_rad = 0, fold_hind_rad = 0;  // of wrist and hock in the swing
};

double froude(const Skeleton& skeleton, double speed_mps) {
    constexpr double kGravity = 9.81;
    return speed_mps * speed_mps / (kGravity * skeleton.at(Joint::kLeftThigh).z);
}

double trotting(double fr) { return smooth_step(0.42, 0.62, fr); }

// Ground covered in one cycle, in heights of the hip.
double cycle_in_hips(double fr) {
    const double least = std::max(fr, 1e-4);
    return std::lerp(2.4 * std::pow(least, 0.34), 1.9 * std::pow(least, 0.40), trotting(fr));
}

Pace pace_of(const Skeleton& skeleton, const Movement& movement) {
    Pace pace;
    const double hip_m = skeleton.at(Joint::kLeftThigh).z;
    const double fr = froude(skeleton, movement.speed_mps);
    pace.speed_mps = movement.speed_mps;
    pace.turn_rad_s = movement.turn_rad_s;
    pace.active =
        smooth_step(0.02, 0.12, std::max(movement.speed_mps, 0.3 * std::abs(movement.turn_rad_s)));
    pace.rate_hz = pace.active > 0 ? animal_cycle_rate_hz(skeleton, movement) : 0;
    pace.trot = trotting(fr);
    pace.gallop = smooth_step(2.2, 3.2, fr);
    // 0.52 Fr^-0.14 of forefeet and 0.53 Fr^-0.28 of hind ones [Alexander & Jayes 1983], between
    // them; no leg goes through more than its own length.
    const double stride = pace.rate_hz > 0 ? pace.speed_mps / pace.rate_hz / hip_m : 0;
    pace.duty = std::clamp(0.52 * std::pow(std::max(fr, 1e-4), -0.2), 0.2, 0.76);
    pace.duty = std::min(pace.duty, std::max(0.2, 0.98 / std::max(stride, 0.1)));
    const double brisk = smooth_step(0.02, 0.4, fr);
    pace.lift_m = pace.active * hip_m * (0.03 + 0.05 * brisk + 0.05 * pace.trot);
    pace.push_rad = pace.active * (0.25 + 0.35 * brisk);
    pace.fold_fore_rad = pace.active * (0.35 + 0.45 * brisk + 0.3 * pace.trot);
    pace.fold_hind_rad = pace.active * (0.10 + 0.25 * brisk + 0.25 * pace.trot);
    return pace;
}

// The bones of a leg, from above.
struct Leg {
    Joint upper, lower, cannon, foot;
    Vec3 upper_bone, lower_bone, cannon_bone;  // at rest
    bool fore;
};
Leg leg_of(const Skeleton& s, Foot foot) {
    const Side side = side_of(foot);
    Leg leg{};
    leg.fore = is_fore(foot);
    leg.upper = of(side, leg.fore ? Joint::kLeftUpperArm : Joint::kLeftThigh);
    leg.lower = of(side, leg.fore ? Joint::kLeftLowerArm : Joint::kLeftCalf);
    leg.cannon = of(side, leg.fore ? Joint::kLeftHand : Joint::kLeftFoot);
    leg.foot = fetlock_of(foot);
    leg.upper_bone = s.at(leg.lower) - s.at(leg.upper);
    leg.lower_bone = s.at(leg.cannon) - s.at(leg.lower);
    leg.cannon_bone = s.at(leg.foot) - s.at(leg.cannon);
    return leg;
}

// A leg folded by `bend_rad` more than at rest, and its cannon by `fold_rad` more.
struct Folded {
    Quat lower, cannon;  // against the bone above
    Vec3 way;            // from the upper joint to the fetlock, the upper bone as at rest
};
Folded folded(const Leg& leg, double bend_rad, double fold_rad) {
    Folded f{};
    f.lower = turn_about(kAcross, leg.fore ? -bend_rad : bend_rad);
    f.cannon = turn_about(kAcross, leg.fore ? fold_rad : -0.9 * bend_rad - fold_rad);
    f.way = leg.upper_bone + f.lower * (leg.lower_bone + f.cannon * leg.cannon_bone);
    return f;
}

// The bend at which a leg is longest.
double straight_rad(const Leg& leg, double fold_rad) {
    constexpr double kStep_rad = 0.04, kMost_rad = 1.4;
    double bend = 0, longest = glm::length(folded(leg, 0, fold_rad).way);
    while (bend > -kMost_rad) {
        const double next = glm::length(folded(leg, bend - kStep_rad, fold_rad).way);
        if (next <= longest) break;
        longest = next;
        bend -= kStep_rad;
    }
    return bend;
}

// The bend at which the fetlock is this far from the upper joint; the nearest that there is.
double bend_for(const Leg& leg, double distance_m, double fold_rad) {
    constexpr double kMost_rad = 1.9;
    double low = straight_rad(leg, fold_rad), high = kMost_rad;
    for (int i = 0; i < 30; ++i) {
        const double middle = 0.5 * (low + high);
        (glm::length(folded(leg, middle, fold_rad).way) > distance_m ? low : high) = middle;
    }
    return 0.5 * (low + high);
}

double share_of_cycle(const Pace& pace, Foot foot, double phase_rad) {
    const Landing& at = kLandings[static_cast<std::size_t>(foot)];
    const double landing =
        std::lerp(std::lerp(at.walk, at.trot, pace.trot), at.gallop, pace.gallop);
    const double u = phase_rad / (2 * kPi) - landing;
    return u - std::floor(u);
}

constexpr double kHeelRises = 0.55;  // from this share of the stance on

double stance_pitch(const Pace& pace, double u) {
    const double rising = std::max(0.0, u / pace.duty - kHeelRises) / (1 - kHeelRises);
    return -pace.push_rad * std::pow(rising, 1.6);
}

double swing_pitch(const Pace& pace, double w) {
    const double leaving = -1.6 * pace.push_rad / (pace.duty * (1 - kHeelRises)) * (1 - pace.duty);
    const double hanging = 0.6 * pace.active * math::square(std::sin(kPi * std::pow(w, 0.8)));
    return hermite(-pace.push_rad, 0.35 * leaving, 0, 0, w) - hanging;
}

// The point of the ground below the fetlock in the middle of the stance.
Vec2 middle_of(const Skeleton& s, const Pace& pace, Foot foot) {
    const Vec3& rest = s.at(fetlock_of(foot));
    Vec2 middle = math::xy(rest);
    // Hind feet come to stand below the hips; feet come nearer to each other.
    if (!is_fore(foot)) {
        middle.x += 0.6 * pace.active * (s.at(Joint::kLeftThigh).x - rest.x);
    }
    middle.y *= 1 - pace.active * (0.15 + 0.2 * pace.trot);
    return middle;
}

FootState foot_at(const Skeleton& s, const Pace& pace, Foot foot, double phase_rad) {
    FootState state;
    const Vec2 middle = middle_of(s, pace, foot);
    if (pace.rate_hz <= 0) {
        state.stands = true;
        state.place_B = Vec3(middle, 0);
        return state;
    }
    const double u = share_of_cycle(pace, foot, phase_rad);
    const double cycle_s = 1 / pace.rate_hz, half_s = 0.5 * pace.duty * cycle_s;
    const auto place = [&](double t_s) {
        return stance(pace.speed_mps, pace.turn_rad_s, middle, t_s);
    };
    if (u <= pace.duty) {
        const Stand at = place(u * cycle_s - half_s);
        state.stands = true;
        state.place_B = Vec3(glm::mix(middle, at.p, pace.active), 0);
        state.yaw_rad = pace.active * at.yaw;
        state.pitch_rad = stance_pitch(pace, u);
        return state;
    }
    const double w = (u - pace.duty) / (1 - pace.duty), swing_s = (1 - pace.duty) * cycle_s;
    constexpr double kSmall_s = 1e-4;
    const Stand from = place(half_s), to = place(-half_s);
    const Stand from2 = place(half_s + kSmall_s), to2 = place(-half_s - kSmall_s);
    const auto across = [&](double a, double a2, double b, double b2) {
        return hermite(a, (a2 - a) / kSmall_s * swing_s, b, (b - b2) / kSmall_s * swing_s, w);
    };
    const Vec2 p(across(from.p.x, from2.p.x, to.p.x, to2.p.x),
                 across(from.p.y, from2.p.y, to.p.y, to2.p.y));
    state.place_B = Vec3(glm::mix(middle, p, pace.active), 0);
    state.yaw_rad = pace.active * across(from.yaw, from2.yaw, to.yaw, to2.yaw);
    state.pitch_rad = swing_pitch(pace, w);
    state.lift_m = pace.lift_m * math::square(std::sin(kPi * w));
    return state;
}

// The frame of the fetlock of a foot in this state.
RigidTransform fetlock_at(const Skeleton& s, const FootState& state, Foot foot) {
    const Vec3& rest = s.at(fetlock_of(foot));
    const Vec3 tip = tip_of(s, foot) - Vec3(rest.x, rest.y, 0);
    const Quat yaw = math::yaw_rotation(state.yaw_rad);
    const Quat pitch = turn_about(kAcross, -state.pitch_rad);
    const Vec3 up(0, 0, state.lift_m);
    return {yaw * pitch, state.place_B + up + yaw * (tip + pitch * (Vec3(0, 0, rest.z) - tip))};
}

// The blade swings with its leg: about a fifth of the way.
Quat blade_turn(const Skeleton& s, const FootState& state, Foot foot) {
    const double ahead_m = state.place_B.x - s.at(fetlock_of(foot)).x;
    const double leg_m = s.at(Joint::kLeftClavicle).z;
    return turn_about(kAcross, -0.22 * std::atan2(ahead_m, leg_m));
}

// By how much the trunk must sink from rest, so that standing feet reach at both ends of the
// stance.
double crouch_m(const Skeleton& s, const Pace& pace) {
    constexpr double kReserve = 0.985;  // knees are never quite straight
    double crouch = 0;
    for (const Foot foot : {Foot::kLeftHind, Foot::kLeftFore}) {
        const Leg leg = leg_of(s, foot);
        const double longest = kReserve * glm::length(folded(leg, straight_rad(leg, 0), 0).way);
        const double landing = -share_of_cycle(pace, foot, 0) * 2 * kPi;
        for (const double u : {0.0, 0.5, 1.0}) {
            const FootState state =
                foot_at(s, pace, foot, landing + 2 * kPi * pace.duty * u * (1 - 1e-9));
            Vec3 upper = s.at(leg.upper);
            if (leg.fore) {
                const Vec3& top = s.at(of(side_of(foot), Joint::kLeftClavicle));
                upper = top + blade_turn(s, state, foot) * (upper - top);
            }
            const Vec3 end = fetlock_at(s, state, foot).p;
            const double apart = glm::length(math::xy(upper) - math::xy(end));
            const double reach =
                std::max(longest * longest - apart * apart, 0.04 * longest * longest);
            crouch = std::max(crouch, upper.z - end.z - std::sqrt(reach));
        }
    }
    return crouch;
}

// Slow irregular sway of those who stand.
double slow_sway(double time_s, double shift) {
    return 0.6 * std::sin(0.53 * time_s + shift) + 0.4 * std::sin(1.31 * time_s + 2.1 * shift);
}

// An animal's pose in the making.
struct Beast {
    const Skeleton& s;
    const Parents& parents;
    Pose pose;

    RigidTransform frame(Joint joint) const {
        if (joint == Joint::kPelvis) return {pose[joint], pose.pelvis_B};
        const Joint above = parents[index(joint)];
        return frame(above) * RigidTransform{pose[joint], s.at(joint) - s.at(above)};
    }
};

void set_trunk(Beast& beast, const Movement& movement, const Pace& pace) {
    const double hip_m = beast.s.at(Joint::kLeftThigh).z, phase = movement.phase_rad;
    Pose& pose = beast.pose;
    // Lowest in the middle of each stance; only ever below the height that legs allow.
    const double bob = pace.active * hip_m * std::lerp(0.006, 0.014, pace.trot);
    pose.pelvis_B.z -= pace.active * crouch_m(beast.s, pace) + bob * (1 + std::cos(2 * phase)) +
                       0.03 * pace.gallop * hip_m;
    pose.pelvis_B.y += 0.006 * hip_m * (1 - pace.active) * slow_sway(0.4 * movement.time_s, 0.5);
    const double walk = pace.active * (1 - pace.trot);
    const double yaw = 0.03 * walk * std::cos(phase), roll = 0.02 * walk * std::sin(phase);
    const double turned = std::clamp(0.10 * pace.turn_rad_s, -0.15, 0.15);
    pose[Joint::kPelvis] = math::yaw_rotation(yaw - turned) * turn_about(Vec3(1, 0, 0), roll);
    // The back bends in a gallop.
    const double arch = 0.09 * pace.gallop * std::cos(phase - 0.6);
    for (const Joint joint : {Joint::kSpine1, Joint::kSpine2}) {
        pose[joint] = math::yaw_rotation(turned - 0.5 * yaw) *
                      turn_about(Vec3(1, 0, 0), -0.5 * roll) *
                      turn_about(kAcross, joint == Joint::kSpine1 ? arch : -arch);
    }
}

void set_legs(Beast& beast, const Movement& movement, const Pace& pace) {
    const Skeleton& s = beast.s;
    for (const Foot foot : kFeet) {
        const FootState state = foot_at(s, pace, foot, movement.phase_rad);
        const Leg leg = leg_of(s, foot);
        if (leg.fore) {
            beast.pose[of(side_of(foot), Joint::kLeftClavicle)] = blade_turn(s, state, foot);
        }
        const double u = share_of_cycle(pace, foot, movement.phase_rad);
        const double w = state.stands ? 0 : (u - pace.duty) / (1 - pace.duty);
        const double fold = (leg.fore ? pace.fold_fore_rad : pace.fold_hind_rad) *
                            math::square(std::sin(kPi * std::pow(w, 0.85)));
        const RigidTransform end = fetlock_at(s, state, foot);
        const RigidTransform trunk = beast.frame(beast.parents[index(leg.upper)]);
        const Vec3 root = trunk * (s.at(leg.upper) - s.at(beast.parents[index(leg.upper)]));
        const Vec3 way = end.p - root;
        const Folded shape = folded(leg, bend_for(leg, glm::length(way), fold), fold);
        const Quat upper = turn_between(trunk.q * shape.way, way) * trunk.q;
        beast.pose[leg.upper] = glm::normalize(glm::conjugate(trunk.q) * upper);
        beast.pose[leg.lower] = shape.lower;
        beast.pose[leg.cannon] = shape.cannon;
        beast.pose[leg.foot] =
            glm::normalize(glm::conjugate(upper * shape.lower * shape.cannon) * end.q);
    }
}

void set_head(Beast& beast, const Movement& movement, const Pace& pace) {
    const double idle = 1 - pace.active, time = movement.time_s;
    double yaw = (0.05 + 0.15 * idle) * slow_sway(0.6 * time, 4.0);
    if (movement.look_at_B) {
        yaw = std::clamp(std::atan2(movement.look_at_B->y, movement.look_at_B->x), -1.3, 1.3);
    }
    // The neck sinks a little on the way and nods with each forefoot at a walk.
    const double nod = 0.035 * pace.active * (1 - pace.trot) * std::cos(2 * movement.phase_rad);
    const double down = 0.10 * pace.active + nod + 0.05 * idle * slow_sway(0.45 * time, 2.0);
    constexpr std::array<Joint, 3> kNeck = {Joint::kSpine3, Joint::kNeck, Joint::kHead};
    constexpr std::array<double, 3> kDown = {0.6, 0.4, -0.8};
    for (std::size_t k = 0; k < kNeck.size(); ++k) {
        beast.pose[kNeck[k]] = math::yaw_rotation(yaw / 3) * turn_about(kAcross, kDown[k] * down);
    }
    for (const Side side : {Side::kLeft, Side::kRight}) {
        // An ear turns now and then.
        const double turn = std::pow(std::max(0.0, slow_sway(1.7 * time, 2 * sign(side))), 8.0);
        beast.pose[of(side, Joint::kLeftEye)] = math::yaw_rotation(0.5 * sign(side) * turn);
    }
}

void set_tail(Beast& beast, const Movement& movement, const Pace& pace) {
    constexpr std::array<Joint, 3> kTail = {Joint::kLeftThumb, Joint::kLeftThumbTip,
                                            Joint::kRightThumb};
    const Skeleton& s = beast.s;
    for (std::size_t k = 0; k < kTail.size(); ++k) {
        // Sideways whichever way it hangs; each third lags behind the one before.
        const Vec3 along = k + 1 < kTail.size() ? s.at(kTail[k + 1]) - s.at(kTail[k])
                                                : s.at(kTail[k]) - s.at(kTail[k - 1]);
        const double lag = 0.6 * static_cast<double>(k);
        const double swing = 0.09 * pace.active * std::sin(movement.phase_rad - lag) +
                             0.07 * slow_sway(2.1 * movement.time_s - lag, 1.0);
        beast.pose[kTail[k]] = turn_about(glm::cross(along, kAcross), swing);
    }
}

}  // namespace

bool four_legged(const Skeleton& skeleton) {
    return skeleton.at(Joint::kLeftFingertips).z < 0.1 * skeleton.height_m;
}

const Parents& parents_of(const Skeleton& skeleton) {
    static const Parents of_people = parents_of_people(), of_animals = parents_of_animals();
    return four_legged(skeleton) ? of_animals : of_people;
}

Joint fetlock_of(Foot foot) {
    return of(side_of(foot), is_fore(foot) ? Joint::kLeftFingers : Joint::kLeftToes);
}

Vec3 tip_of(const Skeleton& skeleton, Foot foot) {
    if (is_fore(foot)) return skeleton.at(of(side_of(foot), Joint::kLeftFingertips));
    return skeleton.tips[side_of(foot) == Side::kLeft ? 0 : 1];
}

double animal_cycle_rate_hz(const Skeleton& skeleton, const Movement& movement) {
    if (movement.cycle_hz > 0) return movement.cycle_hz;
    const double cycle_m =
        skeleton.at(Joint::kLeftThigh).z * cycle_in_hips(froude(skeleton, movement.speed_mps));
    // On the spot one cycle turns the body by about 70 degrees, as people's does.
    return std::hypot(movement.speed_mps / cycle_m,
                      movement.turn_rad_s / 1.2 / (1 + 2 * movement.speed_mps));
}

FootState animal_foot(const Skeleton& skeleton, const Movement& movement, Foot foot) {
    return foot_at(skeleton, pace_of(skeleton, movement), foot, movement.phase_rad);
}

Pose animal_pose(const Skeleton& skeleton, const Movement& movement) {
    Beast beast{skeleton, parents_of(skeleton), rest_pose(skeleton)};
    const Pace pace = pace_of(skeleton, movement);
    set_trunk(beast, movement, pace);
    set_legs(beast, movement, pace);
    set_head(beast, movement, pace);
    set_tail(beast, movement, pace);
    return beast.pose;
}

}  // namespace huntsman::engine::figure
