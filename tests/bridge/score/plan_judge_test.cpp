// Plans of a run on a straight road: known scores, the stride, what is not scored.
#include "bridge/score/plan_judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

namespace huntsman::bridge::score {
namespace {

using namespace engine::world;

constexpr double kTinyScore = 1e-9;
constexpr double kLimit_mps = 10;

// One lane along x, 3.5 m wide, the ego at x = 20.
World lane_world() {
    World world;
    Lane lane;
    lane.id = 0;
    for (double x = 0; x <= 600; x += 1) lane.samples.push_back({.s_m = x, .p = {x, 0, 0}});
    lane.length_m = 600;
    lane.speed_limit_mps = kLimit_mps;
    world.roads.lanes.push_back(lane);
    world.archetypes.resize(1);
    world.archetypes[0].extent = {.front_m = 3.5, .rear_m = 1.0, .width_m = 1.8, .height_m = 1.5};
    world.spawns = {{.id = kEgo, .lane = 0, .lane_s_m = 20}};
    world.spawns[0].X_WB.p.x = 20;
    world.ego_route = {0};
    world.ego_goal_s_m = 580;
    return world;
}

// A plan of 4 s straight on at a speed, `left_m` to the left at its end.
messages::Trajectory straight_plan(double speed_mps, double left_m = 0, double until_s = 4) {
    messages::Trajectory plan;
    for (double t = 0; t <= until_s + 1e-9; t += 0.5) {
        auto& point = *plan.add_points();
        point.set_t_s(t);
        point.set_x_m(speed_mps * t);
        point.set_y_m(left_m * t / until_s);
        point.set_speed_mps(speed_mps);
    }
    return plan;
}

// A run in which the ego drives straight on whatever it plans, with a plan every 0.1 s.
struct PlannedRun {
    World world = lane_world();
    engine::road::RoadMap map{world.roads};
    route::EgoRoute route{world, map};
    PlanJudge judge{world, map, route};
    State state = initial_state(world);

    // Another car, `ahead_m` in front of the ego's origin.
    void put_car(double ahead_m, double speed_mps) {
        ActorState car;
        car.id = 7;
        car.X_WB.p = {20 + ahead_m, 0, 0};
        car.v_W = {speed_mps, 0, 0};
        state.actors.push_back(car);
    }
    void drive(double speed_mps, double seconds,
               const std::function<std::optional<messages::Trajectory>(double)>& plan_at) {
        state.actors[0].v_W = {speed_mps, 0, 0};
        for (int i = 0; i < static_cast<int>(200 * seconds + 0.5); ++i) {
            const auto plan = i % 20 == 0 ? plan_at(0.005 * i) : std::nullopt;
            judge.observe(state, state.actors[0].X_WB.p.x - 20, plan ? &*plan : nullptr);
            for (ActorState& actor : state.actors) actor.X_WB.p += actor.v_W * 0.005;
            state.time_us += 5000;
            ++state.tick;
        }
    }
    void drive(double speed_mps, double seconds, const messages::Trajectory& plan) {
        drive(speed_mps, seconds, [&](double) { return plan; });
    }
};

TEST(PlanJudge, FollowingTheLaneAtTheReferencesSpeedHasFullMarks) {
    PlannedRun run;
    run.drive(kLimit_mps, 8, straight_plan(kLimit_mps));
    const PlanScores plans = run.judge.result();
    ASSERT_FALSE(plans.scored.empty());
    for (const PlanScore& plan : plans.scored) {
        EXPECT_NEAR(plan.pdms, 1, kTinyScore);
        EXPECT_NEAR(plan.epdms_no_human_filter, 1, kTinyScore);
        EXPECT_NEAR(plan.terms.progress_m, 40, kTinyScore);
    }
    EXPECT_NEAR(pdms_means(plans).score, 1, kTinyScore);
    EXPECT_NEAR(epdms_means(plans).extended_comfort, 1, kTinyScore);
}

TEST(PlanJudge, OnePlanEveryHalfSecondIsScoredAndThoseOfTheEndAreCounted) {
    // Moments 0, 5, ..., 7995 ms: 4.9 s after 3.0 s are 7.9 s, after 3.5 s 8.4 s.
    PlannedRun run;
    run.drive(kLimit_mps, 8, straight_plan(kLimit_mps));
    const PlanScores plans = run.judge.result();
    ASSERT_EQ(plans.scored.size(), 7U);
    for (std::size_t i = 0; i < plans.scored.size(); ++i) {
        EXPECT_EQ(plans.scored[i].made_us, static_cast<engine::core::TimeUs>(500'000 * i));
        // The first has no plan before it.
        EXPECT_EQ(plans.scored[i].agrees, i == 0 ? std::nullopt : std::optional(true));
    }
    EXPECT_EQ(plans.too_late, 9U);  // 3.5, 4.0, ..., 7.5 s
    EXPECT_EQ(plans.unusable, 0U);
}

TEST(PlanJudge, ARunTooShortForAnyPlanHasNoMeansAndOneWithoutPlansNothing) {
    PlannedRun run;
    run.drive(kLimit_mps, 4, straight_plan(kLimit_mps));
    EXPECT_EQ(run.judge.result().too_late, 8U);
    EXPECT_TRUE(run.judge.result().any());
    EXPECT_TRUE(std::isnan(pdms_means(run.judge.result()).score));
    PlannedRun pedals;
    pedals.drive(kLimit_mps, 8, [](double) { return std::nullopt; });
    EXPECT_FALSE(pedals.judge.result().any());
}

TEST(PlanJudge, APlanThroughAStandingCarIsWorthNothing) {
    // The ego itself stands; its bumper would meet the car's rear after 30 - 3.5 - 1 = 25.5 m.
    PlannedRun run;
    run.put_car(30, 0);
    run.drive(0, 5.2, straight_plan(kLimit_mps));
    const PlanScores plans = run.judge.result();
    ASSERT_EQ(plans.scored.size(), 1U);
    EXPECT_EQ(plans.scored[0].terms.no_at_fault_collision, 0);
    EXPECT_EQ(plans.scored[0].pdms, 0);
    EXPECT_EQ(plans.scored[0].epdms_no_human_filter, 0);
}

TEST(PlanJudge, OthersAreWhereTheyReallyWentAndNotWhereTheyWereHeading) {
    // At the plan's time the car drives 10 m/s, 11.5 m before the bumper; 1 s later it stands.
    PlannedRun run;
    run.put_car(16, 10);
    run.state.actors[0].v_W = {10, 0, 0};
    run.drive(10, 1, straight_plan(10));
    run.state.actors[1].v_W = {0, 0, 0};
    run.drive(0, 4.2, [](double) { return std::nullopt; });
    const PlanScores plans = run.judge.result();
    ASSERT_GE(plans.scored.size(), 1U);
    EXPECT_EQ(plans.scored[0].terms.no_at_fault_collision, 0);
}

TEST(PlanJudge, StandingWhereTheWayIsFreeLosesProgressAlone) {
    // From standstill the reference makes at most 0.5·1.5·4² = 12 m, more than 5.
    PlannedRun run;
    run.drive(0, 5.2, straight_plan(0));
    const PlanScores plans = run.judge.result();
    ASSERT_EQ(plans.scored.size(), 1U);
    EXPECT_EQ(plans.scored[0].progress, 0);
    EXPECT_NEAR(plans.scored[0].pdms, (5 * 0 + 5 + 2) / 12.0, kTinyScore);
    EXPECT_NEAR(plans.scored[0].epdms_no_human_filter, (5 * 0 + 5 + 2 + 2) / 14.0, kTinyScore);
}

TEST(PlanJudge, StandingBehindAStandingCarIsAllThatCanBeAsked) {
    // 3 m before it: the reference makes less than 5 m.
    PlannedRun run;
    run.put_car(3.5 + 3 + 1, 0);
    run.drive(0, 5.2, straight_plan(0));
    const PlanScores plans = run.judge.result();
    ASSERT_EQ(plans.scored.size(), 1U);
    EXPECT_NEAR(plans.scored[0].pdms, 1, kTinyScore);
}

TEST(PlanJudge, LeavingTheRoadIsWorthNothing) {
    PlannedRun run;
    run.drive(10, 5.2, straight_plan(10, 4));
    const PlanScores plans = run.judge.result();
    ASSERT_EQ(plans.scored.size(), 1U);
    EXPECT_EQ(plans.scored[0].terms.drivable_area, 0);
    EXPECT_EQ(plans.scored[0].pdms, 0);
}

TEST(PlanJudge, PlansAreInTheEgosBody) {
    // The road along y instead of x, driven as far.
    PlannedRun run;
    for (auto& sample : run.world.roads.lanes[0].samples) {
        sample.p = {0, sample.p.x, 0};
        sample.heading_rad = 0.5 * engine::math::kPi;
    }
    run.map = engine::road::RoadMap(run.world.roads);
    run.route = route::EgoRoute(run.world, run.map);
    ActorState& ego = run.state.actors[0];
    ego.X_WB = engine::math::upright({0, 20, 0}, 0.5 * engine::math::kPi);
    ego.v_W = {0, 10, 0};
    for (int i = 0; i < 50; ++i) {
        const auto plan = straight_plan(10);
        run.judge.observe(run.state, ego.X_WB.p.y - 20, i == 0 ? &plan : nullptr);
        ego.X_WB.p.y += 1;
        run.state.time_us += 100'000;
    }
    const PlanScores plans = run.judge.result();
    ASSERT_EQ(plans.scored.size(), 1U);
    EXPECT_NEAR(plans.scored[0].pdms, 1, 1e-6);
}

TEST(PlanJudge, AJoltBeforeThePlanIsHistory) {
    PlannedRun run;
    run.drive(13, 1, [](double) { return std::nullopt; });
    run.drive(10, 5.2, straight_plan(10));
    const PlanScores plans = run.judge.result();
    ASSERT_EQ(plans.scored.size(), 1U);
    EXPECT_EQ(plans.scored[0].terms.comfort, 1);
    EXPECT_EQ(plans.scored[0].terms.history_comfort, 0);
    EXPECT_NEAR(plans.scored[0].pdms, 1, kTinyScore);
}

TEST(PlanJudge, PlansThatDifferDoNotAgree) {
    // Alternately steady and braking by 2 m/s².
    PlannedRun run;
    messages::Trajectory brakes;
    for (double t = 0.5; t < 4.1; t += 0.5) {
        auto& point = *brakes.add_points();
        point.set_t_s(t);
        point.set_x_m(10 * t - t * t);
        point.set_speed_mps(10 - 2 * t);
    }
    run.drive(10, 6.2, [&](double t) {
        return static_cast<int>(2 * t + 0.01) % 2 == 0 ? straight_plan(10) : brakes;
    });
    const PlanScores plans = run.judge.result();
    ASSERT_EQ(plans.scored.size(), 3U);
    EXPECT_EQ(plans.scored[1].agrees, std::optional(false));
    EXPECT_EQ(plans.scored[2].agrees, std::optional(false));
    EXPECT_EQ(epdms_means(plans).extended_comfort, 0);
}

TEST(PlanJudge, UnusablePlansAreCountedWithTheirReason) {
    PlannedRun run;
    auto bad = straight_plan(10);
    bad.mutable_points(8)->set_x_m(std::numeric_limits<double>::quiet_NaN());
    run.drive(10, 6.2, [&](double t) {
        return t < 0.45 ? straight_plan(10, 0, 2) : t < 0.95 ? bad : straight_plan(10);
    });
    const PlanScores plans = run.judge.result();
    EXPECT_EQ(plans.unusable, 2U);
    EXPECT_THAT(plans.why_unusable, testing::HasSubstr("ends after 2.00 s"));
    ASSERT_EQ(plans.scored.size(), 1U);
    EXPECT_EQ(plans.scored[0].made_us, 1'000'000);
}

TEST(PlanJudge, CameraTicksAtOddTimesHaveTheirOwnTenths) {
    // 15 Hz, in whole ticks of 5 ms: the first at or after each multiple of 66,667 us.
    PlannedRun run;
    run.state.actors[0].v_W = {10, 0, 0};
    const auto plan = straight_plan(10);
    std::vector<engine::core::TimeUs> made;
    for (int i = 0; i < 1400; ++i) {
        const bool frame = run.state.time_us / 66'667 != (run.state.time_us - 5000) / 66'667;
        run.judge.observe(run.state, run.state.actors[0].X_WB.p.x - 20,
                          frame || i == 0 ? &plan : nullptr);
        run.state.actors[0].X_WB.p.x += 0.05;
        run.state.time_us += 5000;
    }
    const PlanScores plans = run.judge.result();
    ASSERT_EQ(plans.scored.size(), 4U);
    for (const PlanScore& score : plans.scored) {
        EXPECT_NEAR(score.pdms, 1, kTinyScore);
        EXPECT_NE(score.agrees, std::optional(false));
    }
    EXPECT_EQ(plans.scored[1].made_us, 535'000);
}

TEST(PlanJudge, TheSameRunHasTheSameBits) {
    const auto scores = [] {
        PlannedRun run;
        run.put_car(25, 8);
        run.drive(9.7, 8, straight_plan(9.3, 0.3));
        return run.judge.result();
    };
    const PlanScores a = scores(), b = scores();
    ASSERT_EQ(a.scored.size(), b.scored.size());
    for (std::size_t i = 0; i < a.scored.size(); ++i) {
        EXPECT_EQ(a.scored[i].pdms, b.scored[i].pdms);
        EXPECT_EQ(a.scored[i].epdms_no_human_filter, b.scored[i].epdms_no_human_filter);
        EXPECT_EQ(a.scored[i].progress, b.scored[i].progress);
    }
}

}  // namespace
}  // namespace huntsman::bridge::score
