// The drivers that others are measured by, on a straight road in closed loop.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "bridge/driver/driver.h"
#include "bridge/driver/r157.h"
#include "road.h"

namespace huntsman::bridge::driver {
namespace {

constexpr double kTestStep_s = 0.01;

// Drives along x from 0; `others(t)` are the road users in W. The car does at once what pedals ask.
struct StraightDrive {
    double x_m = 0, speed_mps = 0;
    double first_brake_s = -1;  // when it first braked with more than 1 m/s²
    bool hit = false;           // its front reached somebody's rear in its lane

    StraightDrive(Driver& driver, double speed, double seconds,
                  const std::function<std::vector<messages::PerceivedObject>(double)>& others)
        : speed_mps(speed) {
        driver.reset();
        for (int i = 0; i * kTestStep_s < seconds; ++i) {
            messages::Observation seen = straight_road(speed_mps);
            seen.set_time_us(std::llround(i * kTestStep_s * 1e6));
            messages::Perception truth;
            std::uint32_t track = 7;
            for (auto object : others(i * kTestStep_s)) {
                object.set_track(track++);
                object.set_x_m(object.x_m() - x_m);
                hit |= std::abs(object.y_m()) < 1.8 &&
                       std::abs(object.x_m() - 1.25) < 2.25 + 0.5 * object.length_m();
                *truth.add_objects() = object;
            }
            const auto action =
                driver.drive({.observation = seen, .pictures = {}, .truth = &truth});
            EXPECT_TRUE(action.ok());
            const double a = acceleration_mps2(seen, action->pedals());
            if (a < -1.0 && first_brake_s < 0) first_brake_s = i * kTestStep_s;
            const double before = speed_mps;
            speed_mps = std::max(0.0, speed_mps + a * kTestStep_s);
            x_m += 0.5 * (before + speed_mps) * kTestStep_s;
            if (speed_mps == 0.0) break;
        }
    }
    static double acceleration_mps2(const messages::Observation& seen,
                                    const messages::Pedals& pedals) {
        const double v = seen.motion().speed_mps();
        return pedals.throttle() * seen.vehicle().full_throttle_mps2() -
               pedals.brake() * seen.vehicle().full_brake_mps2() - 0.12 - 0.00037 * v * v;
    }
};

// Distance to stop: reaction, build-up, full braking.
double stopping_m(double v, double reaction_s, double brake_mps2, double jerk_mps3) {
    const double ramp_s = brake_mps2 / jerk_mps3;
    const double v1 = v - 0.5 * jerk_mps3 * ramp_s * ramp_s;
    return v * (reaction_s + ramp_s) - jerk_mps3 * std::pow(ramp_s, 3) / 6 +
           v1 * v1 / (2 * brake_mps2);
}
// The build-up is taken in steps, half a step late on the mean.
constexpr double kTolerance_m = 0.3;

TEST(R157Driver, StopsBeforeAnObstacleThatAppearsWithinTheClosedForm) {
    const auto driver = make_r157_driver();
    for (const double v : {8.0, 12.0, 15.0}) {
        // The rear of the obstacle appears 3.5 s ahead of the front (3.5 m).
        const StraightDrive drive(
            *driver, v, 20, [&](double) { return std::vector{car(3.5 + 3.5 * v + 2.25, 0)}; });
        EXPECT_EQ(drive.speed_mps, 0.0);
        EXPECT_NEAR(drive.x_m, stopping_m(v, 0.4 + 0.75, 0.774 * 9.81, 12.65), kTolerance_m) << v;
        EXPECT_FALSE(drive.hit);
    }
}

TEST(R157Driver, TheEmergencyBrakeDoesNotWaitForThePerson) {
    const auto driver = make_r157_driver();
    const StraightDrive drive(*driver, 15, 20,
                              [&](double) { return std::vector{car(3.5 + 1.45 * 15 + 2.25, 0)}; });
    EXPECT_NEAR(drive.x_m, stopping_m(15, 0, 0.85 * 9.81, 0.85 * 9.81 / 0.6), kTolerance_m);
    EXPECT_FALSE(drive.hit);
}

TEST(R157Driver, BrakesForWhoLeavesTheLaneBesideButNotForWhoWandersInIt) {
    const auto driver = make_r157_driver();
    // A slower car in the lane to the left, 20 m ahead, moving over at 1 m/s from 1 s on, by
    // `by_m`.
    const auto beside = [](double by_m) {
        return [by_m](double t) {
            const double moved = std::clamp(t - 1.0, 0.0, by_m);
            return std::vector{
                car(25.75 + 6 * t, 3.5 - moved, 6, moved > 0 && moved < by_m ? -1 : 0)};
        };
    };
    const StraightDrive cut_in(*driver, 10, 4, beside(3.5));
    // 0.375 m are left behind at 1.375 s.
    EXPECT_NEAR(cut_in.first_brake_s, 1.375 + 1.15, 0.15);
    const StraightDrive wanders(*driver, 10, 4, beside(0.3));
    EXPECT_EQ(wanders.first_brake_s, -1);
}

TEST(R157Driver, BrakesForALeadThatBrakesHardButNotForOneThatBrakesGently) {
    const auto driver = make_r157_driver();
    // At its own speed 15 m ahead; brakes from 1 s on. It is slower by 5 m/s before it would be hit
    // within 4 s.
    const auto lead = [](double brake_mps2) {
        return [brake_mps2](double t) {
            const double braked = std::clamp(t - 1.0, 0.0, 10 / brake_mps2);
            return std::vector{car(20.75 + 10 * t - 0.5 * brake_mps2 * braked * braked -
                                       brake_mps2 * braked * std::max(0.0, t - 1.0 - braked),
                                   0, 10 - brake_mps2 * braked)};
        };
    };
    EXPECT_NEAR(StraightDrive(*driver, 10, 3, lead(6)).first_brake_s, 1 + 1.15, 0.15);
    EXPECT_EQ(StraightDrive(*driver, 10, 3, lead(1)).first_brake_s, -1);
}

TEST(R157Driver, BrakesForWhoCrossesAtTheSameTimeAlone) {
    const auto driver = make_r157_driver();
    // Somebody crosses at 1.5 m/s, 35 m ahead of the front, and is in the middle at `at_s`.
    const auto crosses = [](double at_s) {
        return [at_s](double t) {
            messages::PerceivedObject person = car(38.5, -1.5 * (at_s - t), 0, 1.5);
            person.set_object_class(messages::OBJECT_PEDESTRIAN);
            person.set_length_m(0.5);
            person.set_width_m(0.5);
            return std::vector{person};
        };
    };
    const StraightDrive meets(*driver, 10, 6, crosses(3.7));
    EXPECT_GT(meets.first_brake_s, 1.0);
    EXPECT_FALSE(meets.hit);
    EXPECT_EQ(StraightDrive(*driver, 10, 6, crosses(20)).first_brake_s, -1);
    EXPECT_EQ(StraightDrive(*driver, 10, 6, crosses(-3)).first_brake_s, -1);
}

TEST(ConstantDriver, KeepsTheSpeedOfItsStartAndReactsToNobody) {
    const auto driver = make_constant_driver();
    EXPECT_FALSE(driver->needs_truth());
    const StraightDrive drive(*driver, 13, 8, [&](double) { return std::vector{car(50, 0)}; });
    EXPECT_TRUE(drive.hit);
    EXPECT_NEAR(drive.speed_mps, 13, 0.1);  // above the road's limit of 10 m/s
    // From a stand it takes the limit's speed.
    StraightDrive stood(*driver, 0.01, 20,
                        [&](double) { return std::vector<messages::PerceivedObject>{}; });
    EXPECT_NEAR(stood.speed_mps, 10, 0.3);
}

TEST(ReferenceDrivers, StopWithoutARoute) {
    for (const auto& driver : {make_constant_driver(), make_r157_driver()}) {
        messages::Observation seen = straight_road(10);
        seen.mutable_route()->clear_points();
        const messages::Perception truth;
        const auto action = driver->drive({.observation = seen, .pictures = {}, .truth = &truth});
        ASSERT_TRUE(action.ok());
        EXPECT_GT(action->pedals().brake(), 0.1);
    }
}

}  // namespace
}  // namespace huntsman::bridge::driver
