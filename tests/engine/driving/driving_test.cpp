#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "engine/driving/car_following.h"
#include "engine/driving/motion.h"
#include "engine/driving/swerve.h"
#include "engine/math/constants.h"

namespace huntsman::engine::driving {
namespace {

TEST(Idm, EquilibriumGapIsTheHandComputedOne) {
    // dv = 0, acceleration 0: gap = (s0 + v T) / sqrt(1 - (v/v0)^4).
    // v = 10, v0 = 13.9: (v/v0)^4 = 0.26788; (2 + 15) / sqrt(0.73212) = 19.868 m.
    Idm idm;
    const double gap = 19.868;
    EXPECT_NEAR(follow_acceleration(idm, 10.0, 13.9, gap, 10.0), 0.0, 1e-3);
    EXPECT_GT(follow_acceleration(idm, 10.0, 13.9, gap + 1, 10.0), 0.0);
    EXPECT_LT(follow_acceleration(idm, 10.0, 13.9, gap - 1, 10.0), 0.0);
}

TEST(Idm, BrakesAtTheLimitForAWall) {
    EXPECT_EQ(follow_acceleration(Idm{}, 15.0, 15.0, 3.0, 0.0), -kHardestBraking_mps2);
}

TEST(TravelTime, MatchesUniformAcceleration) {
    EXPECT_NEAR(travel_time_s(0.0, 12.0, 100.0), std::sqrt(2 * 12.0 / 1.5), 1e-12);
    EXPECT_NEAR(travel_time_s(10.0, 30.0, 10.0), 3.0, 1e-12);
    // 0 to 6 m/s takes 4 s and 12 m, then 6 m/s.
    EXPECT_NEAR(travel_time_s(0.0, 24.0, 6.0), 6.0, 1e-12);
}

TEST(StrictIdm, EquilibriumGapIsTheClosedForm) {
    // At equal speeds and zero acceleration: gap = (s0 + v T) / sqrt(1 − (v/v0)^4).
    const Idm idm{.headway_s = 1.4, .acceleration_mps2 = 1.8, .jam_gap_m = 2.5};
    const double v = 8, v0 = 12;
    const double gap = (idm.jam_gap_m + v * idm.headway_s) / std::sqrt(1 - std::pow(v / v0, 4));
    EXPECT_NEAR(strict_acceleration(idm, v, v0, gap, v), 0.0, 1e-9);
    EXPECT_LT(strict_acceleration(idm, v, v0, gap - 1, v), 0.0);
    EXPECT_GT(strict_acceleration(idm, v, v0, gap + 1, v), 0.0);
}

TEST(StrictIdm, BrakesFirmlyAboveTheWantedSpeedWhereTheOtherLawIsGentle) {
    const Idm idm;
    const double endless = std::numeric_limits<double>::infinity();
    // 1 − 1.2⁴ = −1.0736, times 1.5; the gentle law: −2.5 (1 − 1.2^−2.4) = −0.886.
    EXPECT_NEAR(strict_acceleration(idm, 12, 10, endless, 0), -1.6104, 1e-12);
    EXPECT_NEAR(free_acceleration(idm, 12, 10), -0.886, 1e-3);
    EXPECT_EQ(strict_acceleration(idm, 40, 10, endless, 0), -2.0 * idm.acceleration_mps2);
}

TEST(BendSpeed, OnLevelGroundIsTheClosedForm) {
    // v² / R = a: 50 m and 2 m/s² give 10 m/s, to either side.
    EXPECT_NEAR(bend_speed_mps(2.0, 1.0 / 50), 10.0, 1e-12);
    EXPECT_NEAR(bend_speed_mps(2.0, -1.0 / 50), 10.0, 1e-12);
}

TEST(BendSpeed, ABankMakesUpForPartOfTheTurn) {
    // v² κ cos b − g sin b = a, in a bend to the left whose left side is lower.
    const double b = 0.2, curvature = 1.0 / 100, a = 2.5;
    const double v = bend_speed_mps(a, curvature, std::sin(b), std::cos(b));
    EXPECT_NEAR(v * v * curvature * std::cos(b) - math::kGravity_mps2 * std::sin(b), a, 1e-12);
    EXPECT_EQ(bend_speed_mps(a, -curvature, -std::sin(b), std::cos(b)), v);
    // To the outside it takes from it, but leaves something to drive with.
    const double outwards = bend_speed_mps(a, curvature, -std::sin(b), std::cos(b));
    EXPECT_LT(outwards, bend_speed_mps(a, curvature));
    EXPECT_EQ(bend_speed_mps(a, curvature, -0.9), bend_speed_mps(0.5, curvature));
}

TEST(PurePursuit, ATargetOnACircleGivesItsCurvature) {
    // A point on a circle of radius R through the origin along x: y = R − sqrt(R² − x²).
    const double R = 20, x = 6, y = R - std::sqrt(R * R - x * x);
    EXPECT_NEAR(pursuit_steer_rad(2.5, {x, y}), std::atan(2.5 / R), 1e-12);
    EXPECT_NEAR(pursuit_steer_rad(2.5, {x, -y}), -std::atan(2.5 / R), 1e-12);
    EXPECT_EQ(pursuit_steer_rad(2.5, {0.0, 0.05}), 0.0);
}

TEST(Bicycle, DrivesTheCircleOfItsSteering) {
    // tan(steer) = L / R: after a quarter of the circle it is at (R, R) and looks along y.
    const double R = 10, L = 2.5, step = 0.1;
    math::Vec2 p(0, 0);
    double yaw = 0;
    const int steps = 157;
    for (int i = 0; i < steps; ++i) bicycle_step(L, std::atan(L / R), step, p, yaw);
    const double angle = steps * step / R;
    EXPECT_NEAR(yaw, angle, 1e-12);
    EXPECT_NEAR(p.x, R * std::sin(angle), 1e-4);
    EXPECT_NEAR(p.y, R * (1 - std::cos(angle)), 1e-4);
}

TEST(Swerve, MovesOutHoldsAndComesBackSmoothly) {
    const Swerve swerve{.begin_m = 10, .full_m = 20, .hold_m = 26, .end_m = 46, .offset_m = 2};
    EXPECT_EQ(swerve.at(0), 0);
    EXPECT_EQ(swerve.at(10), 0);
    EXPECT_NEAR(swerve.at(12.5), 2 * (3 * 0.0625 - 2 * 0.015625), 1e-12);  // 3 x² − 2 x³
    EXPECT_NEAR(swerve.at(15), 1, 1e-12);
    EXPECT_EQ(swerve.at(20), 2);
    EXPECT_EQ(swerve.at(25), 2);
    EXPECT_NEAR(swerve.at(36), 1, 1e-12);
    EXPECT_EQ(swerve.at(46), 0);
    EXPECT_EQ(swerve.at(60), 0);
    EXPECT_NEAR(swerve.slope(15), 1.5 * 2 / 10, 1e-12);  // steepest in the middle
    EXPECT_NEAR(swerve.slope(36), -1.5 * 2 / 20, 1e-12);
    EXPECT_EQ(swerve.slope(22), 0);
}

TEST(Swerve, LengthSpeedAndArcBelongTogether) {
    // Second derivative 6 d / L²: 6 · 2 · 7² / 1.2 = L².
    EXPECT_NEAR(move_length_m(2, 7, 1.2), std::sqrt(490.0), 1e-9);
    EXPECT_NEAR(move_speed_mps(-2, move_length_m(-2, 7, 1.2), 1.2), 7, 1e-9);
    EXPECT_NEAR(shortest_move_m(2.4, 0.1), 12, 1e-9);
}

TEST(OffsetProfile, TakesTheWidestWhereSwervesOverlap) {
    OffsetProfile profile;
    EXPECT_EQ(profile.at(5), 0);
    profile.add({.begin_m = 0, .full_m = 10, .hold_m = 12, .end_m = 22, .offset_m = 1});
    profile.add({.begin_m = 15, .full_m = 25, .hold_m = 30, .end_m = 40, .offset_m = 3});
    EXPECT_EQ(profile.at(12), 1);
    EXPECT_NEAR(profile.at(16), profile.swerves()[0].at(16), 1e-12);
    EXPECT_NEAR(profile.at(21), profile.swerves()[1].at(21), 1e-12);
    EXPECT_EQ(profile.at(27), 3);
}

TEST(Stopping, SpeedAndDecelerationBelongTogether) {
    EXPECT_NEAR(stopping_mps2(10, 20), 2.5, 1e-12);
    EXPECT_NEAR(stoppable_mps(20, 2.5), 10, 1e-12);
    EXPECT_EQ(stoppable_mps(-1, 2.5), 0);
}

}  // namespace
}  // namespace huntsman::engine::driving
