// The planner's steps, each alone.
#include <gtest/gtest.h>

#include <cmath>

#include "bridge/driver/demand.h"
#include "bridge/driver/lines.h"
#include "bridge/driver/on_route.h"
#include "bridge/driver/pedals.h"
#include "bridge/driver/road_users.h"
#include "bridge/driver/speed.h"
#include "bridge/driver/steering.h"
#include "engine/math/vec.h"
#include "tests/bridge/driver/road.h"

namespace huntsman::bridge::driver {
namespace {

TEST(OnRoute, PlacesHaveTheirDistanceAlongAndToTheLeft) {
    const auto road = straight_road(0);
    const OnRoute left = project(road.route(), {12.25, 1.5}),
                  right = project(road.route(), {3, -2});
    EXPECT_NEAR(left.s_m, 12.25, 1e-12);
    EXPECT_NEAR(left.t_m, 1.5, 1e-12);
    EXPECT_NEAR(right.t_m, -2, 1e-12);
    EXPECT_EQ(point_at(road.route(), 12.25).s_m(), 13);
    EXPECT_EQ(point_at(road.route(), 500).s_m(), 80);
}

TEST(OnRoute, AnObjectAcrossTheRouteTakesItsLengthAcross) {
    auto object = car(10, 0);
    object.set_yaw_rad(0.5 * engine::math::kPi);
    const auto half = half_extent_on_route(object, 0.0);
    EXPECT_NEAR(half.x, 0.9, 1e-12);
    EXPECT_NEAR(half.y, 2.25, 1e-12);
}

TEST(Speed, ABendAllowsItsComfortAndASlopeInwardsMore) {
    messages::RoutePoint bend;
    bend.set_speed_limit_mps(20);
    bend.set_curvature_per_m(0.05);
    EXPECT_NEAR(highest_speed_mps(bend), std::sqrt(2.2 / 0.05), 1e-9);
    bend.set_bank(0.1);  // the inside, left, is lower
    EXPECT_NEAR(highest_speed_mps(bend), std::sqrt((2.2 + 0.981) / 0.05 / std::sqrt(0.99)), 1e-9);
    bend.set_curvature_per_m(0);
    EXPECT_EQ(highest_speed_mps(bend), 20);
}

TEST(Speed, IsLoweredBeforeALimitByComfortableBraking) {
    auto road = straight_road(10);
    for (auto& point : *road.mutable_route()->mutable_points()) {
        if (point.s_m() >= 21) point.set_speed_limit_mps(5);
    }
    // 1.5 m/s² over the 20 m from 1 m ahead on.
    const SpeedPlan plan = plan_speed(road.route(), 10);
    EXPECT_NEAR(plan.desired_mps, std::sqrt(25 + 2 * 1.5 * 20), 1e-9);
}

TEST(Passage, TakesTheTimeOfItsSpeedsAndOfALaunch) {
    const std::vector<std::pair<double, double>> steady = {{0, 10}, {50, 10}, {100, 10}};
    EXPECT_NEAR(Passage(steady, 10).time_s(75), 7.5, 1e-9);
    EXPECT_NEAR(Passage(steady, 10).time_s(120), 12, 1e-9);  // beyond what is known
    // From rest with 1.5 m/s², which takes a second to build up.
    const std::vector<std::pair<double, double>> fine = {{0, 10}, {12, 10}};
    EXPECT_NEAR(Passage(fine, 0).time_s(12), 0.5 + std::sqrt(2 * 12 / 1.5), 1e-9);
}

TEST(Demand, IsTheLowestOfWhatIsAskedWithinItsBounds) {
    Demand demand(5, 10, 3.5);
    EXPECT_GT(demand.acceleration_mps2(), 0);
    demand.at_most(-0.4);
    demand.at_most(0.3);
    EXPECT_EQ(demand.acceleration_mps2(), -0.4);
    demand.at_most(-30);
    EXPECT_EQ(demand.acceleration_mps2(), -kHardBrake_mps2);
    // What stands at a line stays there.
    Demand standing(0, 10, 3.5);
    standing.stop_before(3.6);
    EXPECT_LE(standing.acceleration_mps2(), -2.0);
}

TEST(Lines, ASignalIsRememberedForItsTimeAndTheMoreRestrictiveHeadCounts) {
    auto road = straight_road(8);
    auto* event = road.mutable_route()->add_events();
    event->set_kind(messages::EVENT_SIGNAL);
    event->set_s_m(12);
    event->add_heads()->set_head(3);
    event->add_heads()->set_head(4);
    LineWatch lines;
    messages::Perception seen;
    for (const auto& [head, state] :
         {std::pair(3U, messages::SIGNAL_GREEN), std::pair(4U, messages::SIGNAL_RED)}) {
        seen.add_signals()->set_head(head);
        seen.mutable_signals(seen.signals_size() - 1)->set_state(state);
    }
    lines.see(seen, 0);
    const auto duties = [&](std::int64_t time_us) {
        Demand demand(8, 10, 3.5);
        return lines.weigh(road.route(), time_us, demand);
    };
    EXPECT_TRUE(duties(1'400'000).red);
    EXPECT_FALSE(duties(1'600'000).red);
    EXPECT_TRUE(duties(1'600'000).unreadable);
}

TEST(Lines, AStopSignHoldsUntilOneHasStoodAtIt) {
    auto road = straight_road(0);
    auto* event = road.mutable_route()->add_events();
    event->set_kind(messages::EVENT_STOP);
    event->set_s_m(4.5);
    LineWatch lines;
    Demand rolling(1, 10, 3.5), standing(0, 10, 3.5);
    EXPECT_TRUE(lines.weigh(road.route(), 0, rolling).gives_way);
    EXPECT_LT(rolling.acceleration_mps2(), 0);
    lines.weigh(road.route(), 100'000, standing);
    EXPECT_GT(standing.acceleration_mps2(), 1.0);
}

TEST(RoadUsers, AMeetingIsWhereAndWhenThePathsCross) {
    // 6 m to the right of the route, 3 m/s towards it; in the way within 1.25 + 2.25 m of it.
    const auto road = straight_road(5);
    auto object = car(20, -6, 0, 3);
    object.set_yaw_rad(0.5 * engine::math::kPi);
    const auto user = road_user(road, object);
    ASSERT_TRUE(user);
    EXPECT_NEAR(user->margin_m, 0.9 + 0.35, 1e-12);
    const auto meeting = predict_meeting(road.route(), {}, *user);
    ASSERT_TRUE(meeting);
    EXPECT_NEAR(meeting->enter_s_m, 20 - 0.9, 1e-9);
    EXPECT_NEAR(meeting->leave_s_m, 20 + 0.9, 1e-9);
    EXPECT_NEAR(meeting->enter_s, 1.0, 0.2);  // (6 − 3.5) / 3 = 0.83 s, in steps of 0.2 s
    EXPECT_NEAR(meeting->leave_s, 3.1, 0.2);  // (6 + 3.5) / 3 = 3.17 s
}

TEST(RoadUsers, AKnownWayTakesThePlaceOfGoingOnAsNow) {
    const auto road = straight_road(5);
    // It stands 6 m to the right of the route, and will cross it from 1 s on at 4 m/s.
    auto object = car(20, -6);
    object.set_yaw_rad(0.5 * engine::math::kPi);
    EXPECT_FALSE(predict_meeting(road.route(), {}, *road_user(road, object)));
    for (const auto& [t_s, y_m] : {std::pair(1.0, -6.0), std::pair(4.0, 6.0)}) {
        auto& place = *object.add_way();
        place.set_t_s(t_s);
        place.set_x_m(20);
        place.set_y_m(y_m);
    }
    const auto meeting = predict_meeting(road.route(), {}, *road_user(road, object));
    ASSERT_TRUE(meeting);
    EXPECT_NEAR(meeting->enter_s, 1 + 2.5 / 4, 0.2);  // 3.5 m before the middle
    EXPECT_NEAR(meeting->leave_s, 1 + 9.5 / 4, 0.2);
    // One that comes near but will stay beside is no reason.
    object.set_velocity_y_mps(3);
    EXPECT_TRUE(predict_meeting(road.route(), {}, *road_user(road, object)));
    object.mutable_way(1)->set_y_m(-5);
    EXPECT_FALSE(predict_meeting(road.route(), {}, *road_user(road, object)));
}

TEST(RoadUsers, OnABridgeAboveTheyAreNoReasonToBrake) {
    const auto road = straight_road(5);
    auto object = car(15, 0);
    object.set_z_m(6);
    EXPECT_FALSE(road_user(road, object));
}

TEST(Steering, PointsAtTheRouteAheadAndCountersSlip) {
    auto road = straight_road(10);
    EXPECT_NEAR(steer_along(road, {}), 0, 1e-12);
    // The route lies to the left.
    for (auto& point : *road.mutable_route()->mutable_points()) point.set_y_m(0.5);
    const double x = 8, d2 = x * x + 0.25;  // 0.55 s and 2.2 m ahead, at the next point
    EXPECT_NEAR(steer_along(road, {}), std::atan(2 * 2.58 * 0.5 / d2), 1e-9);
    auto sliding = straight_road(10);
    sliding.mutable_motion()->set_slip_mps(0.5);
    EXPECT_LT(steer_along(sliding, {}), 0);
}

TEST(Pedals, TheBrakeIsLetGoBeforeTheThrottleComes) {
    EXPECT_NEAR(eased(1.5, -7, 0.1), -2.5 + 0.6, 1e-12);
    EXPECT_NEAR(eased(1.5, -0.2, 0.1), 0, 1e-12);
    EXPECT_NEAR(eased(1.5, 0, 0.1), 0.15, 1e-12);
    EXPECT_EQ(eased(-7, 1.5, 0.1), -7);
}

}  // namespace
}  // namespace huntsman::bridge::driver
