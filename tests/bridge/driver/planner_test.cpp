#include "bridge/driver/planner.h"

#include <gtest/gtest.h>

#include <cmath>

#include "bridge/driver/demand.h"
#include "bridge/driver/pedals.h"
#include "bridge/driver/tracker.h"
#include "engine/math/vec.h"
#include "tests/bridge/driver/road.h"

namespace huntsman::bridge::driver {
namespace {

TEST(Planner, AcceleratesOnAnEmptyRoadAndHoldsAtTheLimit) {
    Planner planner;
    messages::Pedals started;
    for (int i = 0; i < 20; ++i) {
        auto road = straight_road(2);
        road.set_time_us(100'000 * i);
        started = planner.plan(road, {});
    }
    EXPECT_GT(started.throttle(), 0.2);
    Planner at_limit;
    const auto pedals = at_limit.plan(straight_road(10), {});
    EXPECT_EQ(pedals.brake(), 0.0);
    EXPECT_LT(pedals.throttle(), 0.1);
    EXPECT_NEAR(pedals.steer_rad(), 0.0, 1e-9);
}

TEST(Planner, LaunchBuildsUpWithoutAJolt) {
    // The throttle that stands for an acceleration is that share of 4.5 m/s².
    Planner planner;
    double before = 0, most = 0;
    for (int i = 0; i < 30; ++i) {
        auto road = straight_road(0);
        road.set_time_us(100'000 * i);
        const double a = 4.5 * planner.plan(road, {}).throttle();
        EXPECT_LE(a - before, kLaunchJerk_mps3 * 0.1 + 1e-9) << i;
        before = a;
        most = std::max(most, a);
    }
    EXPECT_NEAR(most, planner_idm().acceleration_mps2, 1e-9);
}

TEST(Planner, StopsForAThingThatStandsOnItsLaneAndPassesOneBesideIt) {
    // A wall's piece 0.2 m wide: the car is 1.8 m wide and wants 0.2 m beside it.
    const auto pedals = [](double y) {
        Planner planner;
        messages::Perception perception;
        auto thing = car(18, y);
        thing.set_object_class(messages::OBJECT_UNSPECIFIED);
        thing.set_width_m(0.2);
        *perception.add_objects() = thing;
        return planner.plan(straight_road(10), perception);
    };
    EXPECT_GT(pedals(1.1).brake(), 0.3);
    EXPECT_EQ(pedals(1.3).brake(), 0.0);
}

TEST(Planner, BrakesHardForAStandingCarAndIgnoresOneBesideTheLane) {
    Planner planner;
    messages::Perception blocked;
    *blocked.add_objects() = car(16, 0);
    EXPECT_GT(planner.plan(straight_road(10), blocked).brake(), 0.3);
    Planner other;
    messages::Perception parked;
    *parked.add_objects() = car(16, -2.6);
    EXPECT_EQ(other.plan(straight_road(8), parked).brake(), 0.0);
}

TEST(Planner, StopsForRedGoesOnGreenAndDistrustsAnUnseenSignal) {
    messages::Observation observation = straight_road(8);
    auto* event = observation.mutable_route()->add_events();
    event->set_kind(messages::EVENT_SIGNAL);
    event->set_s_m(16);
    event->add_heads()->set_head(3);
    const auto brake_for = [&](messages::SignalState state) {
        Planner planner;
        messages::Perception perception;
        if (state != messages::SIGNAL_UNKNOWN) {
            auto* signal = perception.add_signals();
            signal->set_head(3);
            signal->set_state(state);
        }
        return planner.plan(observation, perception).brake();
    };
    EXPECT_GT(brake_for(messages::SIGNAL_RED), 0.2);
    EXPECT_GT(brake_for(messages::SIGNAL_UNKNOWN), 0.2);
    EXPECT_EQ(brake_for(messages::SIGNAL_GREEN), 0.0);
}

TEST(Planner, YieldsToCrossingTrafficWhereItMustAndNotWhereItHasPrecedence) {
    // A car from the right reaches our path 20 m ahead in 2.4 s, when we would be there too.
    messages::Perception perception;
    *perception.add_objects() = car(20, -24, 0, 9);
    messages::Observation minor = straight_road(7);
    auto* event = minor.mutable_route()->add_events();
    event->set_kind(messages::EVENT_YIELD);
    event->set_s_m(12);
    Planner yielding;
    EXPECT_GT(yielding.plan(minor, perception).brake(), 0.1);
    Planner preceding;
    EXPECT_EQ(preceding.plan(straight_road(7), perception).brake(), 0.0);
}

TEST(Planner, LeavesWayToALongVehicleThatComesTowardsItWhereItTurnsAcross) {
    // Straight on for 15 m, then to the left on a circle of 9 m. A lorry of 8 m comes the other way
    // on the lane to the left: beside us it is no obstacle, where we cross its lane it is one.
    auto turn = straight_road(8);
    auto* route = turn.mutable_route();
    for (auto& point : *route->mutable_points()) {
        const double s = point.s_m() - 15.0, angle = std::min(s / 9.0, 0.5 * engine::math::kPi);
        if (s <= 0) continue;
        const double beyond = std::max(0.0, s - 9.0 * angle);
        point.set_x_m(15.0 + 9.0 * std::sin(angle));
        point.set_y_m(9.0 - 9.0 * std::cos(angle) + beyond);
        point.set_heading_rad(angle);
        point.set_curvature_per_m(beyond > 0 ? 0.0 : 1.0 / 9.0);
    }
    auto* event = route->add_events();
    event->set_kind(messages::EVENT_YIELD);
    event->set_s_m(14);
    const auto brake = [&](double x_m) {
        Planner planner;
        messages::Perception perception;
        auto lorry = car(x_m, 3.5, -12.0);
        lorry.set_length_m(8.2);
        lorry.set_width_m(2.5);
        lorry.set_yaw_rad(engine::math::kPi);
        *perception.add_objects() = lorry;
        return planner.plan(turn, perception).brake();
    };
    const double alone = brake(500);  // for the bend and the line
    EXPECT_GT(brake(50), alone + 0.05);
    EXPECT_NEAR(brake(150), alone, 1e-9);
}

TEST(Planner, BrakesForAPersonSteppingOntoACrossing) {
    messages::Observation observation = straight_road(8);
    auto* event = observation.mutable_route()->add_events();
    event->set_kind(messages::EVENT_CROSSING);
    event->set_s_m(15);
    event->set_s_end_m(18);
    messages::PerceivedObject person = car(16.5, 4.0, 0, -1.3);
    person.set_object_class(messages::OBJECT_PEDESTRIAN);
    person.set_length_m(0.5);
    person.set_width_m(0.5);
    messages::Perception perception;
    *perception.add_objects() = person;
    Planner planner;
    EXPECT_GT(planner.plan(observation, perception).brake(), 0.1);
}

TEST(Tracker, AConstantVelocityIsFoundFromAMovingEgo) {
    Tracker tracker;
    messages::Observation observation;
    observation.mutable_motion()->set_speed_mps(6);
    double vx = 0;
    std::uint32_t track = 0;
    for (int i = 0; i <= 30; ++i) {
        const double t = 0.1 * i;
        observation.set_time_us(static_cast<std::int64_t>(t * 1e6 + 0.5));
        messages::Perception perception;
        *perception.add_objects() = car(20 + 4 * t - 6 * t, 3);  // over ground 4 m/s
        tracker.update(observation, perception);
        ASSERT_EQ(perception.objects_size(), 1);
        vx = perception.objects(0).velocity_x_mps();
        if (i > 0) {
            EXPECT_EQ(perception.objects(0).track(), track);
        }
        track = perception.objects(0).track();
    }
    EXPECT_NEAR(vx, 4.0, 0.1);  // the filter has settled after 3 s
}

TEST(Tracker, AShortGapIsBridgedAndALongOneEndsTheTrack) {
    Tracker tracker;
    messages::Observation observation;
    std::int64_t time_us = 0;
    const auto update = [&](bool seen) {
        observation.set_time_us(time_us += 100000);
        messages::Perception perception;
        if (seen) *perception.add_objects() = car(10, 0);
        tracker.update(observation, perception);
        return perception.objects_size();
    };
    for (int i = 0; i < 5; ++i) EXPECT_EQ(update(true), 1);
    EXPECT_EQ(update(false), 1);
    EXPECT_EQ(update(false), 1);
    EXPECT_EQ(update(false), 1);
    EXPECT_EQ(update(false), 0);
}

}  // namespace
}  // namespace huntsman::bridge::driver
