// Motion of people: feet do not slide, joints stay in their ranges, poses change smoothly.
#include "engine/figure/motion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

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
            std::printf("age %.0f speed %.2f: knee %.0f to %.0f deg, cycle %.2f m\n", age, speed,
                        straightest * 57.3, most * 57.3, cycle_m(speed, s.height_m, age));
        }
    }
}

TEST(Motion, KneeFlexionOverTheCyclePrinted) {
    const Skeleton s = skeleton_of(1.72);
    for (int i = 0; i < 20; ++i) {
        const Movement movement{.phase_rad = 2 * kPi * i / 20, .speed_mps = 1.34};
        const Frames f = forward(s, pose_of(s, movement));
        const FootState foot = foot_state(s, movement, Side::kLeft);
        std::printf("%2d%% knee %3.0f pelvis %.3f pitch %4.0f lift %.3f x %.3f %s\n", 5 * i,
                    knee_rad(s, f, Side::kLeft) * 57.3, f[0].p.z, foot.pitch_rad * 57.3,
                    foot.lift_m, foot.place_B.x, foot.stands ? "stands" : "");
    }
}

}  // namespace
}  // namespace huntsman::engine::figure
