// Motion of four-legged animals: feet do not slide, land in the right order and stay above ground.
#include "engine/figure/quadruped.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "engine/core/random.h"

namespace huntsman::engine::figure {
namespace {

using math::kPi;
using math::RigidTransform;
using math::Vec3;

constexpr std::array<Foot, 4> kFeet = {Foot::kLeftHind, Foot::kLeftFore, Foot::kRightHind,
                                       Foot::kRightFore};

// A dog of 0.56 m at the withers, stretched.
Skeleton dog(const Vec3& scale = Vec3(1)) {
    Skeleton s;
    s.height_m = 0.73 * scale.z;
    const auto place = [&](Joint joint, double x, double y, double z) {
        s.joints[index(joint)] = Vec3(x, y, z) * scale;
        if (y != 0) s.joints[index(mirrored(joint))] = Vec3(x, -y, z) * scale;
    };
    place(Joint::kPelvis, -0.23, 0, 0.47);
    place(Joint::kSpine1, -0.12, 0, 0.47);
    place(Joint::kSpine2, 0.03, 0, 0.46);
    place(Joint::kSpine3, 0.19, 0, 0.48);
    place(Joint::kNeck, 0.265, 0, 0.555);
    place(Joint::kHead, 0.325, 0, 0.64);
    place(Joint::kLeftEye, 0.352, 0.055, 0.70);
    place(Joint::kLeftClavicle, 0.14, 0.06, 0.53);
    place(Joint::kLeftUpperArm, 0.225, 0.075, 0.385);
    place(Joint::kLeftLowerArm, 0.13, 0.083, 0.285);
    place(Joint::kLeftHand, 0.145, 0.078, 0.115);
    place(Joint::kLeftFingers, 0.158, 0.078, 0.03);
    place(Joint::kLeftFingertips, 0.212, 0.078, 0);
    place(Joint::kLeftThigh, -0.265, 0.06, 0.44);
    place(Joint::kLeftCalf, -0.185, 0.082, 0.285);
    place(Joint::kLeftFoot, -0.335, 0.078, 0.155);
    place(Joint::kLeftToes, -0.322, 0.078, 0.03);
    s.joints[index(Joint::kLeftThumb)] = Vec3(-0.315, 0, 0.49) * scale;
    s.joints[index(Joint::kLeftThumbTip)] = Vec3(-0.385, 0, 0.455) * scale;
    s.joints[index(Joint::kRightThumb)] = Vec3(-0.455, 0, 0.425) * scale;
    s.joints[index(Joint::kRightThumbTip)] = s.at(Joint::kPelvis);
    s.tips = {Vec3(-0.268, 0.078, 0) * scale, Vec3(-0.268, -0.078, 0) * scale};
    return s;
}

// Where B is after some time of steady motion from the origin.
RigidTransform gone_on(double speed_mps, double turn_rad_s, double t_s) {
    const double yaw = turn_rad_s * t_s, way = speed_mps * t_s;
    if (std::abs(yaw) < 1e-9) return math::upright({way, 0, 0}, 0);
    return math::upright(Vec3(std::sin(yaw), 1 - std::cos(yaw), 0) * (way / yaw), yaw);
}

struct ToeSlide {
    double most_m = 0, below_m = 0, above_m = 0;
};
// Follows the tip of a foot's toes over two cycles: how far it moves in the world while the foot
// stands, how far it is below the ground, and above it while it stands.
ToeSlide toe_slide_of(const Skeleton& s, double speed_mps, double turn_rad_s, Foot foot) {
    Movement movement{.speed_mps = speed_mps, .turn_rad_s = turn_rad_s};
    const double rate = cycle_rate_hz(s, movement);
    ToeSlide slide;
    Vec3 at(0);
    bool stood = false;
    constexpr int kSteps = 200;
    for (int i = 0; i < kSteps; ++i) {
        const double t = 2.0 * i / kSteps / rate;
        movement.phase_rad = 2 * kPi * rate * t;
        movement.time_s = t;
        const Frames frames = forward(s, pose_of(s, movement));
        const Vec3 tip = gone_on(speed_mps, turn_rad_s, t) *
                         (skinning_transform(s, frames, fetlock_of(foot)) * tip_of(s, foot));
        slide.below_m = std::max(slide.below_m, -tip.z);
        const bool stands = animal_foot(s, movement, foot).stands;
        if (stands && stood) slide.most_m = std::max(slide.most_m, glm::distance(tip, at));
        if (stands) slide.above_m = std::max(slide.above_m, tip.z);
        if (stands && !stood) at = tip;
        stood = stands;
    }
    return slide;
}

TEST(Quadruped, IsToldFromAPersonByItsForefeet) {
    EXPECT_TRUE(four_legged(dog()));
    EXPECT_FALSE(four_legged(mean_skeleton(1.72)));
    EXPECT_FALSE(four_legged(mean_skeleton(1.0)));
}

TEST(Quadruped, FeetDoNotSlideAtAnySpeed) {
    double most = 0;
    for (const double speed : {0.2, 0.5, 0.9, 1.3, 1.6, 2.0, 2.5, 3.0, 4.0, 6.0}) {
        for (const Foot foot : kFeet) {
            const ToeSlide slide = toe_slide_of(dog(), speed, 0, foot);
            EXPECT_LT(slide.most_m, 0.02) << speed << " m/s, foot " << static_cast<int>(foot);
            EXPECT_LT(slide.below_m, 0.01) << speed << " m/s, foot " << static_cast<int>(foot);
            EXPECT_LT(slide.above_m, 0.02) << speed << " m/s, foot " << static_cast<int>(foot);
            most = std::max(most, slide.most_m);
        }
    }
    std::printf("slide %.2f mm\n", 1000 * most);
}

TEST(Quadruped, FeetDoNotSlideInTurns) {
    for (const double speed : {0.0, 0.5, 1.2, 2.0}) {
        for (const double turn : {-1.0, -0.4, 0.6}) {
            for (const Foot foot : kFeet) {
                const ToeSlide slide = toe_slide_of(dog(), speed, turn, foot);
                EXPECT_LT(slide.most_m, 0.02) << speed << " m/s, " << turn << " rad/s";
            }
        }
    }
}

// Stories stretch animals to their boxes.
TEST(Quadruped, FeetOf200AnimalsOfOtherSizesDoNotSlide) {
    double most = 0;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        const core::Key key(seed);
        const double size = key.uniform(0.4, 2.6, 0);
        const Vec3 scale = size * Vec3(key.uniform(0.85, 1.15, 1), key.uniform(0.8, 1.2, 2),
                                       key.uniform(0.85, 1.15, 3));
        const double froude = key.uniform(0.05, 2.0, 4);
        const Skeleton s = dog(scale);
        const double speed = std::sqrt(froude * 9.81 * s.at(Joint::kLeftThigh).z);
        const Foot foot = kFeet[key.index(4, 5)];
        const ToeSlide slide = toe_slide_of(s, speed, 0, foot);
        EXPECT_LT(slide.most_m, 0.02 * std::max(1.0, size)) << "seed " << seed;
        EXPECT_LT(slide.below_m, 0.01 * std::max(1.0, size)) << "seed " << seed;
        most = std::max(most, slide.most_m / size);
    }
    std::printf("slide %.2f mm over the size\n", 1000 * most);
}

// When a foot lands, as a share of the cycle.
double landing(const Skeleton& s, double speed_mps, Foot foot) {
    Movement movement{.speed_mps = speed_mps};
    constexpr int kSteps = 1000;
    bool stood = true;
    for (int i = 0; i <= 2 * kSteps; ++i) {
        movement.phase_rad = 2 * kPi * i / kSteps;
        const bool stands = animal_foot(s, movement, foot).stands;
        if (stands && !stood) return std::fmod(static_cast<double>(i) / kSteps, 1.0);
        stood = stands;
    }
    return -1;
}

TEST(Quadruped, WalksInLateralSequenceAndTrotsInDiagonalPairs) {
    const double walk[] = {0, 0.25, 0.5, 0.75}, trot[] = {0, 0.5, 0.5, 0};
    for (std::size_t k = 0; k < kFeet.size(); ++k) {
        const auto apart = [](double a, double b) { return std::abs(std::remainder(a - b, 1.0)); };
        EXPECT_LT(apart(landing(dog(), 1.2, kFeet[k]), walk[k]), 0.01) << k;
        EXPECT_LT(apart(landing(dog(), 2.4, kFeet[k]), trot[k]), 0.01) << k;
    }
}

// Froude 0.25 of a hip of 0.44 m: 2.4 * 0.25^0.34 heights of it in a cycle.
TEST(Quadruped, StridesAreThoseOfTheSource) {
    const double speed = std::sqrt(0.25 * 9.81 * 0.44);
    const double cycle_m = 2.4 * std::pow(0.25, 0.34) * 0.44;
    EXPECT_NEAR(cycle_rate_hz(dog(), {.speed_mps = speed}), speed / cycle_m, 1e-6);
}

TEST(Quadruped, PosesChangeSmoothlyAndBonesKeepTheirLengths) {
    const Skeleton s = dog();
    const Parents& parents = parents_of(s);
    for (const double speed : {0.0, 0.8, 1.4, 2.2, 3.4, 5.0}) {
        Movement movement{.speed_mps = speed};
        const double hz = std::max(0.5, cycle_rate_hz(s, movement));
        Frames before{};
        constexpr int kSteps = 400;
        for (int i = 0; i <= kSteps; ++i) {
            movement.phase_rad = 2 * kPi * i / kSteps;
            movement.time_s = i / (kSteps * hz);
            const Frames frames = forward(s, pose_of(s, movement));
            for (std::size_t j = 1; j < kJointCount; ++j) {
                const std::size_t up = index(parents[j]);
                EXPECT_NEAR(glm::distance(frames[j].p, frames[up].p),
                            glm::distance(s.joints[j], s.joints[up]), 1e-9);
                // No joint moves against the body faster than six times its speed.
                if (i == 0) continue;
                const double way_m = glm::distance(frames[j].p, before[j].p);
                EXPECT_LT(way_m * kSteps * hz, 6 * speed + 0.8)
                    << name(static_cast<Joint>(j)) << " at " << speed << " m/s, " << i;
            }
            before = frames;
        }
    }
}

}  // namespace
}  // namespace huntsman::engine::figure
