// Motion of people: feet do not slide, joints stay in their ranges, poses change smoothly.
#include "engine/figure/motion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "engine/figure/ik.h"

namespace huntsman::engine::figure {
namespace {

using math::kPi;
using math::RigidTransform;
using math::Vec2;
using math::Vec3;

constexpr double kSpeeds_mps[] = {0.3, 0.6, 0.9, 1.34, 1.7, 2.0, 2.2, 2.5, 3.0, 4.0, 5.0};
constexpr double kHeights_m[] = {1.05, 1.45, 1.72, 1.95};

Skeleton skeleton_of(double height_m, double age_years = 30) {
    Skeleton s = mean_skeleton(height_m);
    s.age_years = age_years;
    return s;
}

// Where B is after some time of steady motion from the origin.
RigidTransform moved(double speed_mps, double turn_rad_s, double t_s) {
    const double yaw = turn_rad_s * t_s, way = speed_mps * t_s;
    if (std::abs(yaw) < 1e-9) return math::upright({way, 0, 0}, 0);
    return math::upright(Vec3(std::sin(yaw), 1 - std::cos(yaw), 0) * (way / yaw), yaw);
}

Vec3 carried(const Skeleton& s, const Frames& frames, Joint joint, const Vec3& p) {
    return skinning_transform(s, frames, joint) * p;
}

double knee_rad(const Skeleton& s, const Frames& f, Side side) {
    const Vec3 hip = f[index(of(side, Joint::kLeftThigh))].p,
               knee = f[index(of(side, Joint::kLeftCalf))].p,
               ankle = f[index(of(side, Joint::kLeftFoot))].p;
    (void)s;
    return kPi -
           std::acos(std::clamp(glm::dot(glm::normalize(hip - knee), glm::normalize(ankle - knee)),
                                -1.0, 1.0));
}

struct Slide {
    double most_m = 0;
    double below_m = 0;
};
// Follows one foot's contact points over two cycles: how far they move in the world while on the
// ground, and how far anything is below it.
Slide slide_of(const Skeleton& s, double speed_mps, double turn_rad_s, Side side) {
    Movement movement{.speed_mps = speed_mps, .turn_rad_s = turn_rad_s};
    const double rate = cycle_rate_hz(s, movement);
    const std::size_t k = side == Side::kLeft ? 0 : 1;
    Slide slide;
    bool stood = false;
    Vec3 heel_at(0), ball_at(0);
    bool heel_set = false, ball_set = false;
    constexpr int kSteps = 400;
    for (int i = 0; i < kSteps; ++i) {
        const double t = 2.0 * i / kSteps / rate;
        movement.phase_rad = 2 * kPi * rate * t;
        const Frames frames = forward(s, pose_of(s, movement));
        const RigidTransform X_WB = moved(speed_mps, turn_rad_s, t);
        const FootState foot = foot_state(s, movement, side);
        const Joint ankle = of(side, Joint::kLeftFoot), toes = of(side, Joint::kLeftToes);
        const Vec3 heel = X_WB * carried(s, frames, ankle, s.heels[k]);
        const Vec3 ball = X_WB * carried(s, frames, toes, s.balls[k]);
        const Vec3 tip = X_WB * carried(s, frames, toes, s.tips[k]);
        slide.below_m = std::max({slide.below_m, -heel.z, -ball.z, -tip.z});
        if (!foot.stands || !stood) heel_set = ball_set = false;
        stood = foot.stands;
        if (!foot.stands) continue;
        // The heel carries while the toes are up, the ball while the heel is, both in between.
        if (foot.pitch_rad >= 0) {
            if (heel_set) slide.most_m = std::max(slide.most_m, glm::distance(heel, heel_at));
            if (!heel_set) heel_at = heel;
            heel_set = true;
        }
        if (foot.pitch_rad <= 0) {
            if (ball_set) slide.most_m = std::max(slide.most_m, glm::distance(ball, ball_at));
            if (!ball_set) ball_at = ball;
            ball_set = true;
        }
    }
    return slide;
}

TEST(Motion, FeetDoNotSlideAtAnySpeed) {
    double most = 0, below = 0;
    for (const double height : kHeights_m) {
        const Skeleton s = skeleton_of(height);
        for (const double speed : kSpeeds_mps) {
            for (const Side side : {Side::kLeft, Side::kRight}) {
                const Slide slide = slide_of(s, speed, 0, side);
                EXPECT_LT(slide.most_m, 0.02) << speed << " m/s, " << height << " m";
                EXPECT_LT(slide.below_m, 0.01) << speed << " m/s, " << height << " m";
                most = std::max(most, slide.most_m);
                below = std::max(below, slide.below_m);
            }
        }
    }
    RecordProperty("slide_mm", std::to_string(1000 * most));
    std::printf("slide %.2f mm, below %.2f mm\n", 1000 * most, 1000 * below);
}

TEST(Motion, FeetDoNotSlideInTurns) {
    double most = 0, below = 0;
    const Skeleton s = skeleton_of(1.72);
    for (const double speed : {0.0, 0.3, 0.8, 1.34, 2.5}) {
        for (const double turn : {-1.5, -0.6, 0.3, 1.0}) {
            if (speed == 0.0 && std::abs(turn) < 0.5) continue;
            for (const Side side : {Side::kLeft, Side::kRight}) {
                const Slide slide = slide_of(s, speed, turn, side);
                EXPECT_LT(slide.most_m, 0.02) << speed << " m/s, " << turn << " rad/s";
                EXPECT_LT(slide.below_m, 0.01) << speed << " m/s, " << turn << " rad/s";
                most = std::max(most, slide.most_m);
                below = std::max(below, slide.below_m);
            }
        }
    }
    std::printf("slide %.2f mm, below %.2f mm\n", 1000 * most, 1000 * below);
}

TEST(Motion, KneesAndElbowsStayInTheirRanges) {
    for (const double age : {8.0, 30.0, 80.0}) {
        const Skeleton s = skeleton_of(age < 10 ? 1.28 : 1.72, age);
        for (const double speed : kSpeeds_mps) {
            double straightest = 9, most = 0;
            for (int i = 0; i < 64; ++i) {
                const Movement movement{.phase_rad = 2 * kPi * i / 64, .speed_mps = speed};
                const Frames f = forward(s, pose_of(s, movement));
                const double knee = knee_rad(s, f, Side::kLeft);
                straightest = std::min(straightest, knee);
                most = std::max(most, knee);
                // Knees bend backwards: the knee lies before the line from hip to ankle.
                const Vec3 hip = f[index(Joint::kLeftThigh)].p,
                           ankle = f[index(Joint::kLeftFoot)].p, at = f[index(Joint::kLeftCalf)].p;
                const Vec3 middle = hip + (ankle - hip) * (glm::dot(at - hip, ankle - hip) /
                                                           glm::dot(ankle - hip, ankle - hip));
                EXPECT_GE((at - middle).x, -0.004) << speed << " m/s";
                const Vec3 shoulder = f[index(Joint::kLeftUpperArm)].p,
                           elbow = f[index(Joint::kLeftLowerArm)].p,
                           wrist = f[index(Joint::kLeftHand)].p;
                const double bent = kPi - std::acos(glm::dot(glm::normalize(shoulder - elbow),
                                                             glm::normalize(wrist - elbow)));
                EXPECT_GE(bent, 0.02) << speed;
                EXPECT_LE(bent, 2.5) << speed;
            }
            EXPECT_GE(straightest, 0.01) << speed;
            EXPECT_LE(most, 2.3) << speed;
        }
    }
}

double largest_step(const Skeleton& s, Movement movement,
                    const std::function<void(Movement&, double)>& move) {
    constexpr int kSteps = 720;
    double most = 0;
    std::array<Vec3, kJointCount> before{};
    for (int i = 0; i <= kSteps; ++i) {
        Movement now = movement;
        move(now, static_cast<double>(i) / kSteps);
        const Frames f = forward(s, pose_of(s, now));
        for (std::size_t j = 0; j < kJointCount; ++j) {
            if (i > 0) most = std::max(most, glm::distance(f[j].p, before[j]));
            before[j] = f[j].p;
        }
    }
    return most;
}

TEST(Motion, PosesChangeSmoothlyOverTheCycle) {
    const Skeleton s = skeleton_of(1.72);
    for (const double speed : kSpeeds_mps) {
        const double most = largest_step(s, {.speed_mps = speed},
                                         [](Movement& m, double t) { m.phase_rad = 2 * kPi * t; });
        // A foot swings at up to some three times the body's speed.
        EXPECT_LT(most, 6.5 * cycle_m(speed, 1.72) / 720) << speed;
    }
}

TEST(Motion, PosesChangeSmoothlyWithSpeedAndTurning) {
    const Skeleton s = skeleton_of(1.72);
    for (const double phase : {0.3, 1.7, 3.3, 5.0}) {
        EXPECT_LT(largest_step(s, {.phase_rad = phase},
                               [](Movement& m, double t) { m.speed_mps = 5 * t; }),
                  0.02);
        EXPECT_LT(largest_step(s, {.phase_rad = phase, .speed_mps = 1},
                               [](Movement& m, double t) { m.turn_rad_s = 2 * t; }),
                  0.02);
    }
}

TEST(Motion, GesturesComeAndGoSmoothly) {
    const Skeleton s = skeleton_of(1.72);
    for (int g = 1; g < static_cast<int>(Gesture::kCount); ++g) {
        EXPECT_LT(largest_step(s, {.speed_mps = 1, .gesture = static_cast<Gesture>(g)},
                               [](Movement& m, double t) { m.gesture_share = t; }),
                  0.02)
            << g;
    }
}

TEST(Motion, StrideGrowsWithSpeedAndStature) {
    // Free walking of adults: 1.34 m/s at about 0.72 m a step, 111 steps a minute.
    EXPECT_NEAR(cycle_m(1.34, 1.72) / 2, 0.72, 0.03);
    EXPECT_NEAR(60 * 1.34 / (cycle_m(1.34, 1.72) / 2), 111, 5);
    // Distance running: 3.15 m/s at 2.28 m, 4.12 m/s at 2.86 m a stride [Cavanagh & Kram 1989].
    EXPECT_NEAR(cycle_m(3.15, 1.76), 2.28, 0.12);
    EXPECT_NEAR(cycle_m(4.12, 1.76), 2.86, 0.15);
    EXPECT_LT(cycle_m(1.2, 1.1), cycle_m(1.2, 1.8));
    EXPECT_LT(cycle_m(1.2, 1.7, 85), cycle_m(1.2, 1.7, 30));
}

TEST(Motion, WalkersAlwaysHaveAFootDownRunnersDoNot) {
    const Skeleton s = skeleton_of(1.72);
    for (const double speed : {1.3, 3.5}) {
        int flying = 0, both = 0;
        for (int i = 0; i < 100; ++i) {
            const Movement m{.phase_rad = 2 * kPi * i / 100, .speed_mps = speed};
            const bool left = foot_state(s, m, Side::kLeft).stands,
                       right = foot_state(s, m, Side::kRight).stands;
            flying += !left && !right ? 1 : 0;
            both += left && right ? 1 : 0;
        }
        EXPECT_EQ(flying > 0, speed > 2) << speed;
        EXPECT_EQ(both > 0, speed < 2) << speed;
    }
}

TEST(Motion, OneStepsOffAKerbWithoutSinkingIn) {
    const Skeleton s = skeleton_of(1.72);
    for (const double rise : {-0.14, 0.14}) {
        const double speed = 1.2, rate = cycle_rate_hz(s, {.speed_mps = speed});
        double below = 0, slide = 0;
        std::array<Vec3, 2> stood{};
        std::array<bool, 2> set{};
        for (int i = 0; i < 600; ++i) {
            const double t = 3.0 * i / 600 / rate, x = speed * t;
            const Movement m{
                .phase_rad = 2 * kPi * rate * t, .speed_mps = speed, .kerb = Kerb{1.3 - x, rise}};
            const Frames f = forward(s, pose_of(s, m));
            for (std::size_t k = 0; k < 2; ++k) {
                const Side side = k == 0 ? Side::kLeft : Side::kRight;
                const FootState foot = foot_state(s, m, side);
                if (foot.stands && foot.pitch_rad == 0) {
                    const Vec3 ankle = f[index(of(side, Joint::kLeftFoot))].p + Vec3(x, 0, 0);
                    if (set[k]) slide = std::max(slide, glm::distance(ankle, stood[k]));
                    stood[k] = ankle;
                    set[k] = true;
                    const double ground = foot.place_B.x > 1.3 - x ? rise : 0;
                    const Vec3 heel = carried(s, f, of(side, Joint::kLeftFoot), s.heels[k]);
                    below = std::max(below, ground - heel.z);
                } else {
                    set[k] = false;
                }
            }
        }
        EXPECT_LT(below, 0.01) << rise;
        EXPECT_LT(slide, 0.02) << rise;
    }
}

TEST(Motion, TheHeadTurnsToWhatItLooksAt) {
    const Skeleton s = skeleton_of(1.72);
    for (const Vec3& target : {Vec3(4, 3, 1.2), Vec3(6, -2, 1.6), Vec3(3, 0, 0)}) {
        const Frames f = forward(s, pose_of(s, {.speed_mps = 1.2, .look_at_B = target}));
        const Vec3 eye = f[index(Joint::kLeftEye)].p;
        const Vec3 gaze = f[index(Joint::kLeftEye)].q * Vec3(1, 0, 0);
        EXPECT_GT(glm::dot(gaze, glm::normalize(target - eye)), std::cos(0.20));
    }
}

TEST(Motion, GesturesBringHandsWhereTheyBelong) {
    const Skeleton s = skeleton_of(1.72);
    const auto hand = [&](Gesture gesture) {
        return forward(s, pose_of(s, {.gesture = gesture}))[index(Joint::kRightHand)].p;
    };
    const Vec3 shoulder = s.at(Joint::kRightUpperArm);
    EXPECT_GT(hand(Gesture::kStop).x, 0.35);
    EXPECT_GT(hand(Gesture::kThank).z, shoulder.z);
    EXPECT_LT(hand(Gesture::kCarry).z, shoulder.z - 0.4);
    const Frames f = forward(s, pose_of(s, {.gesture = Gesture::kPhone}));
    const auto points = key_points(s, f);
    EXPECT_LT(glm::distance(f[index(Joint::kRightFingers)].p,
                            points[static_cast<std::size_t>(KeyPoint::kRightEar)]),
              0.13);
}

TEST(Motion, SeatsCarryThoseWhoSit) {
    const Skeleton s = skeleton_of(1.72);
    const Mount chair{.seat = Vec3(0, 0, 0.5),
                      .circle = Vec3(-0.1, 0.32, 0.3),
                      .circle_m = 0.27,
                      .feet = {Vec3(0.5, 0.1, 0.11), Vec3(0.5, -0.1, 0.11)}};
    for (const Activity activity : {Activity::kSit, Activity::kDrive, Activity::kWheelchair}) {
        const Frames f =
            forward(s, pose_of(s, {.activity = activity, .seat_m = 0.5, .mount = chair}));
        const double hips = f[index(Joint::kLeftThigh)].p.z;
        EXPECT_NEAR(hips, 0.5 + 0.055 * 1.72, 0.03);
        EXPECT_GT(f[index(Joint::kLeftFoot)].p.z, -0.02);
        EXPECT_GT(f[index(Joint::kHead)].p.z, hips + 0.4);
    }
    const Frames lying = forward(s, pose_of(s, {.activity = Activity::kLie}));
    for (const auto& frame : lying) {
        EXPECT_GT(frame.p.z, 0);
        EXPECT_LT(frame.p.z, 0.35);
    }
}

TEST(Skeleton, SidesAreMirrored) {
    for (std::size_t j = 0; j < kJointCount; ++j) {
        const Joint joint = static_cast<Joint>(j);
        EXPECT_EQ(mirrored(mirrored(joint)), joint);
        if (parent(joint) == kNoJoint) continue;
        EXPECT_LT(index(parent(joint)), j);
        EXPECT_EQ(mirrored(parent(joint)), parent(mirrored(joint)));
    }
    EXPECT_EQ(of(Side::kRight, Joint::kLeftHand), Joint::kRightHand);
    EXPECT_EQ(of(Side::kRight, Joint::kLeftFoot), Joint::kRightFoot);
}

TEST(Skeleton, TheRestPoseLeavesTheMeshAsItIs) {
    const Skeleton s = skeleton_of(1.72);
    const Frames f = forward(s, rest_pose(s));
    for (std::size_t j = 0; j < kJointCount; ++j) {
        EXPECT_LT(glm::distance(f[j].p, s.joints[j]), 1e-12);
        const RigidTransform X = skinning_transform(s, f, static_cast<Joint>(j));
        EXPECT_LT(glm::distance(X * Vec3(1, 2, 3), Vec3(1, 2, 3)), 1e-12);
    }
}

TEST(Reach, TwoBonesReachTheirTarget) {
    // Bones of 3 and 4 to a place 5 away: a right angle.
    const Bend bent = bend({0, 0, 0}, {5, 0, 0}, 3, 4, {0, 0, 1});
    EXPECT_NEAR(bent.angle_rad, kPi / 2, 1e-12);
    EXPECT_NEAR(glm::length(bent.middle), 3, 1e-12);
    EXPECT_NEAR(bent.middle.z, 2.4, 1e-12);
    const Bend stretched = bend({0, 0, 0}, {9, 0, 0}, 3, 4, {0, 0, 1});
    EXPECT_NEAR(glm::length(stretched.end), 0.9995 * 7, 1e-12);
}

}  // namespace
}  // namespace huntsman::engine::figure
