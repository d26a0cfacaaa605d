#include "bridge/score/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace huntsman::bridge::score {
namespace {

using namespace engine::world;
using engine::math::Vec2;

constexpr double kRounding = 1e-9;
constexpr LaneId kRight = 0, kLeft = 1, kOncoming = 2, kConnection = 3, kExit = 4;

// Two lanes along x (y = 0 and 3.5), an oncoming one at y = 7, and behind x = 60 a connection that
// leads on to another lane; lanes are 3.5 m wide.
RoadNetwork network() {
    RoadNetwork roads;
    const auto add = [&](LaneId id, double x0, double x1, double y) {
        Lane lane;
        lane.id = id;
        const double way = x1 > x0 ? 1 : -1, length = std::abs(x1 - x0);
        for (double s = 0; s <= length; s += 1) {
            lane.samples.push_back({.s_m = s,
                                    .p = {x0 + way * s, y, 0},
                                    .heading_rad = way > 0 ? 0.0 : engine::math::kPi});
        }
        lane.length_m = length;
        roads.lanes.push_back(lane);
    };
    add(kRight, 0, 60, 0);
    add(kLeft, 0, 60, 3.5);
    add(kOncoming, 60, 0, 7);
    add(kConnection, 60, 80, 0);
    add(kExit, 80, 200, 0);
    roads.lanes[kRight].left = kLeft;
    roads.lanes[kLeft].right = kRight;
    roads.lanes[kConnection].junction = 0;
    roads.lanes[kConnection].signal_group = 0;
    roads.signal_groups.push_back({.junction = 0});
    roads.junctions.push_back({.id = 0, .centre = {70, 0, 0}, .radius_m = 12});
    return roads;
}

struct Drive {
    RoadNetwork roads = network();
    engine::road::RoadMap map{roads};
    PlanScene scene;

    Drive() {
        scene.map = &map;
        scene.extent = {.front_m = 3.5, .rear_m = 1.0, .width_m = 1.8, .height_m = 1.5};
        scene.route = {kRight, kConnection, kExit};
        scene.centre_line = {{0, 0}, {200, 0}};
    }

    // Straight on at a constant speed.
    static std::vector<PlanState> straight(double x, double y, double speed) {
        std::vector<PlanState> states;
        for (std::size_t i = 0; i < kPlanStates; ++i) {
            states.push_back({{x + speed * 0.1 * static_cast<double>(i), y}, 0, speed});
        }
        return states;
    }
    PlanTerms terms(const std::vector<PlanState>& plan) const { return plan_terms(scene, plan); }
    // A box that moves along x at a constant speed, for 5 s.
    void put(double x, double y, double speed, double half_length = 2, bool agent = true) {
        PlanOther other{.agent = agent, .moments = {}};
        for (int i = 0; i < 50; ++i) {
            other.moments.push_back(PlanOther::Moment{
                .box = {.centre = {x + 0.1 * speed * i, y}, .half = {half_length, 0.9}},
                .speed_mps = std::abs(speed)});
        }
        scene.others.push_back(other);
    }
};

TEST(PlanStates, RunThroughThePointsAndKeepAConstantSpeed) {
    const auto states = plan_states(
        {{1, 2}, 0, 10},
        std::vector<PlanPoint>{{-0.5, {0, 0}, 0, 3}, {1.0, {11, 2}, 0, 10}, {4.0, {41, 2}, 0, 10}});
    ASSERT_TRUE(states.ok());
    ASSERT_EQ(states->size(), kPlanStates);
    for (std::size_t i = 0; i < kPlanStates; ++i) {
        EXPECT_NEAR((*states)[i].p_W.x, 1 + static_cast<double>(i), kRounding);
        EXPECT_NEAR((*states)[i].speed_mps, 10, kRounding);
    }
}

TEST(PlanStates, BrakingEvenlyIsReproduced) {
    // 8 m/s and -2 m/s²: x = 8 t - t², a parabola, which cubics hold exactly.
    std::vector<PlanPoint> points;
    for (const double t : {1.0, 2.5, 4.0}) points.push_back({t, {8 * t - t * t, 0}, 0, 8 - 2 * t});
    const auto states = plan_states({{0, 0}, 0, 8}, points);
    ASSERT_TRUE(states.ok());
    EXPECT_NEAR((*states)[17].p_W.x, 8 * 1.7 - 1.7 * 1.7, kRounding);
    EXPECT_NEAR((*states)[17].speed_mps, 8 - 3.4, kRounding);
}

TEST(PlanStates, ShortOrBackwardPlansAreRefused) {
    const auto message = [](const std::vector<PlanPoint>& points) {
        const auto states = plan_states({}, points);
        return states.ok() ? "" : states.error().message;
    };
    EXPECT_THAT(message({{1, {1, 0}, 0, 1}, {3.9, {4, 0}, 0, 1}}),
                testing::HasSubstr("ends after 3.90 s; expected at least 4 s"));
    EXPECT_THAT(message({{1, {1, 0}, 0, 1}, {1, {4, 0}, 0, 1}}), testing::HasSubstr("to grow"));
    EXPECT_THAT(message({{4, {std::nan(""), 0}, 0, 1}}), testing::HasSubstr("not finite"));
    EXPECT_THAT(message({}), testing::HasSubstr("ends after 0.00 s"));
    EXPECT_THAT(message({{4, {1e300, 0}, 0, 1}}), testing::HasSubstr("further than 1000 m"));
    EXPECT_THAT(message({{4, {4, 0}, 0, -1e300}}), testing::HasSubstr("faster than 150 m/s"));
}

TEST(PlanTerms, QuietDriveInItsLaneHasFullMarks) {
    const Drive drive;
    const PlanTerms t = drive.terms(Drive::straight(5, 0, 10));
    EXPECT_EQ(epdms_multipliers(t), 1.0);
    EXPECT_NEAR(t.progress_m, 40, kRounding);
    EXPECT_EQ(t.time_to_collision * t.lane_keeping * t.comfort * t.history_comfort, 1.0);
    EXPECT_EQ(pdms(t, 1.0), 1.0);
    EXPECT_EQ(epdms_no_human_filter(t, 1.0, true), 1.0);
}

TEST(PlanTerms, DrivingIntoAStandingCarIsAtFault) {
    Drive drive;
    drive.put(30, 0, 0);
    const PlanTerms t = drive.terms(Drive::straight(5, 0, 10));
    EXPECT_EQ(t.no_at_fault_collision, 0.0);
    EXPECT_EQ(t.time_to_collision, 0.0);
    EXPECT_EQ(t.time_to_collision_within_4s, 0.0);
    EXPECT_EQ(pdms(t, 1.0), 0.0);
    // Into a thing it costs half.
    Drive thing;
    thing.put(30, 0, 0, 0.3, false);
    EXPECT_EQ(thing.terms(Drive::straight(5, 0, 10)).no_at_fault_collision, 0.5);
}

TEST(PlanTerms, ToBeHitFromBehindOrWhenStandingIsNotAtFault) {
    Drive drive;
    drive.put(-15, 0, 15);  // at 10 m/s it catches up within 4 s
    EXPECT_EQ(drive.terms(Drive::straight(5, 0, 10)).no_at_fault_collision, 1.0);
    Drive standing;
    standing.put(25, 0, -8);
    EXPECT_EQ(standing.terms(Drive::straight(5, 0, 0)).no_at_fault_collision, 1.0);
}

TEST(PlanTerms, SideswipeIsAtFaultOnlyBetweenLanes) {
    // The other drives as fast, overlaps our left side from 1 s on, and is neither ahead nor
    // behind.
    const auto beside = [](Drive& drive, double y) {
        drive.put(6.5, y, 10, 1);
        for (int i = 0; i < 10; ++i)
            drive.scene.others[0].moments[static_cast<std::size_t>(i)].reset();
    };
    Drive in_lane;
    beside(in_lane, 1.7);
    EXPECT_EQ(in_lane.terms(Drive::straight(5, 0, 10)).no_at_fault_collision, 1.0);
    Drive between;
    beside(between, 3.4);
    const PlanTerms t = between.terms(Drive::straight(5, 1.7, 10));
    EXPECT_EQ(t.no_at_fault_collision, 0.0);
    EXPECT_EQ(t.drivable_area, 1.0);
    EXPECT_EQ(t.lane_keeping, 0.0);
}

TEST(PlanTerms, TimeToCollisionLooksNineTenthsAheadAndPdmsBeyondThePlan) {
    // The front bumper ends at 5 + 3.5 + 40 = 48.5 m; the other's rear stands at 52.
    Drive drive;
    drive.put(54, 0, 0);
    const PlanTerms t = drive.terms(Drive::straight(5, 0, 10));
    EXPECT_EQ(t.no_at_fault_collision, 1.0);
    EXPECT_EQ(t.time_to_collision, 0.0);
    // 9 m before the bumper's way ends at 52 - 9 = 43 m, after 3.45 s: later than 3.1 s.
    EXPECT_EQ(t.time_to_collision_within_4s, 1.0);
    // Its rear at 45 + 3: from 3.05 s on.
    Drive nearer;
    nearer.put(50, 0, 0);
    nearer.scene.others[0].moments.resize(41);
    EXPECT_EQ(nearer.terms(Drive::straight(5, 0, 10)).time_to_collision_within_4s, 0.0);
}

TEST(PlanTerms, LeavingTheRoadAndTheOncomingLaneCost) {
    const Drive drive;
    EXPECT_EQ(drive.terms(Drive::straight(5, -1.5, 10)).drivable_area, 0.0);
    const PlanTerms left = drive.terms(Drive::straight(5, 3.5, 10));
    EXPECT_EQ(left.driving_direction, 1.0);  // a neighbour of the route's lane
    EXPECT_EQ(left.drivable_area, 1.0);
    // 1 s in the oncoming lane is 10 + 1 steps of 0.1 s: 5.5 m at 5 m/s, 11 m at 10 m/s.
    EXPECT_EQ(drive.terms(Drive::straight(5, 7, 5)).driving_direction, 0.5);
    EXPECT_EQ(drive.terms(Drive::straight(5, 7, 10)).driving_direction, 0.0);
}

TEST(PlanTerms, RedConnectionCountsWhileItIsRed) {
    Drive drive;
    drive.scene.red.assign(41, {kConnection});
    // The bumper passes 60 m after 2.15 s at 10 m/s from x = 35.
    EXPECT_EQ(drive.terms(Drive::straight(35, 0, 10)).traffic_light, 0.0);
    EXPECT_EQ(drive.terms(Drive::straight(15, 0, 10)).traffic_light, 1.0);
    for (std::size_t i = 20; i < 41; ++i) drive.scene.red[i].clear();
    EXPECT_EQ(drive.terms(Drive::straight(35, 0, 10)).traffic_light, 1.0);
}

TEST(PlanTerms, LaneKeepingWantsTwoSecondsInARowOutsideJunctions) {
    const Drive drive;
    EXPECT_EQ(drive.terms(Drive::straight(5, 0.6, 10)).lane_keeping, 0.0);
    EXPECT_EQ(drive.terms(Drive::straight(5, 0.4, 10)).lane_keeping, 1.0);
    // Off for 19 steps, on, off again.
    auto plan = Drive::straight(5, 0.6, 10);
    for (const std::size_t i : {19U, 39U}) plan[i].p_W.y = 0;
    EXPECT_EQ(drive.terms(plan).lane_keeping, 1.0);
    // From 60 to 80 m, in the junction, nothing counts: 18 steps before it, none in it.
    EXPECT_EQ(drive.terms(Drive::straight(50, 0.6, 5)).lane_keeping, 1.0);
    // Nor does it begin anew: 9 steps before it and 12 behind it are 21 in a row.
    EXPECT_EQ(drive.terms(Drive::straight(50, 0.6, 10)).lane_keeping, 0.0);
}

TEST(PlanTerms, HardBrakingIsUncomfortableAndHistoryKnowsTheStepBefore) {
    const Drive drive;
    std::vector<PlanState> brakes;
    for (std::size_t i = 0; i < kPlanStates; ++i) {
        const double t = 0.1 * static_cast<double>(i);
        brakes.push_back({{5 + 20 * t - 2.5 * t * t, 0}, 0, 20 - 5 * t});
    }
    EXPECT_EQ(drive.terms(brakes).comfort, 0.0);  // -5 m/s² is below -4.05
    // A constant speed is comfortable; not if the car drove 3 m/s faster a moment ago.
    Drive jolted;
    for (int i = -15; i < 0; ++i) jolted.scene.past.push_back({{5 + 1.3 * i, 0}, 0, 13});
    const PlanTerms t = jolted.terms(Drive::straight(5, 0, 10));
    EXPECT_EQ(t.comfort, 1.0);
    EXPECT_EQ(t.history_comfort, 0.0);
}

// A car stands on the route, a person crosses and disappears, a light turns red.
TEST(PlanScene, OfARunTellsWhatOthersDoAndWhichConnectionsAreRed) {
    World world;
    world.roads = network();
    world.archetypes.resize(2);
    world.archetypes[0].extent = {.front_m = 3.5, .rear_m = 1.0, .width_m = 1.8, .height_m = 1.5};
    world.archetypes[1].semantic = Semantic::kPedestrian;
    world.archetypes[1].extent = {.front_m = 0.25, .rear_m = 0.25, .width_m = 0.5, .height_m = 1.8};
    world.ego_route = {kRight, kConnection, kExit};
    world.ego_goal_s_m = 100;
    for (const double x : {40.0, 190.0}) {
        StaticObject car;
        car.id = kFirstStaticObject + static_cast<ActorId>(x);
        car.semantic = Semantic::kCar;
        car.extent = world.archetypes[0].extent;
        car.X_WB.p = {x, 0, 0};
        car.collides = true;
        world.objects.push_back(car);
    }
    const engine::road::RoadMap map(world.roads);
    const route::EgoRoute route(world, map);
    std::vector<State> states(50);
    for (std::size_t i = 0; i < states.size(); ++i) {
        states[i].signals = {i < 30 ? Aspect::kGreen : Aspect::kRed};
        states[i].actors.resize(i < 20 ? 2 : 1);
        states[i].actors[0].id = kEgo;
        states[i].actors[0].X_WB.p = {5, 0, 0};
        states[i].actors[0].v_W = {10, 0, 0};
        if (i >= 20) continue;
        states[i].actors[1].id = 7;
        states[i].actors[1].archetype = 1;
        states[i].actors[1].X_WB.p = {20, 0.1 * static_cast<double>(i), 0};
        states[i].actors[1].v_W = {0, 1, 0};
    }
    PlanScene scene = plan_scene(world, map, route, 5, states[0], 60, std::vector<PlanState>(2));
    for (const State& state : states) add_moment(world, state, scene);
    // The far thing is left out.
    ASSERT_EQ(scene.others.size(), 2U);
    EXPECT_EQ(scene.others[0].moments.size(), kPlanMoments);
    EXPECT_NEAR(scene.others[1].moments[10]->box.centre.y, 1.0, kRounding);
    EXPECT_EQ(scene.others[1].moments[10]->speed_mps, 1.0);
    EXPECT_EQ(scene.others[1].moments.size(), 20U);  // then it is gone
    EXPECT_TRUE(scene.red[29].empty());
    EXPECT_THAT(scene.red[30], testing::ElementsAre(kConnection));
    EXPECT_THAT(scene.route, testing::ElementsAre(kRight, kConnection, kExit));
    EXPECT_EQ(scene.past.size(), 2U);
    EXPECT_EQ(plan_state(states[0].actors[0]).speed_mps, 10);
    // The person is in the way at once, the car 31.5 m ahead of the bumper too.
    EXPECT_EQ(plan_terms(scene, Drive::straight(5, 0, 10)).no_at_fault_collision, 0.0);
    EXPECT_EQ(plan_terms(scene, Drive::straight(5, 0, 0)).no_at_fault_collision, 1.0);
}

TEST(PlansAgree, WhereTheyTellTheSameAndNotWhereOneBrakes) {
    const auto before = Drive::straight(0, 0, 10), now = Drive::straight(5, 0, 10);
    EXPECT_TRUE(plans_agree(now, before, 5));
    // Braking at 1 m/s² throughout differs by 1 m/s² > 0.7; at 0.6 it does not.
    for (const double a : {0.6, 1.0}) {
        auto brakes = now;
        for (std::size_t i = 0; i < kPlanStates; ++i) {
            brakes[i].speed_mps = 10 - a * 0.1 * static_cast<double>(i);
        }
        EXPECT_EQ(plans_agree(brakes, before, 5), a < 0.7) << a;
    }
    // 0.2 rad/s of turning instead of none.
    auto turns = now;
    for (std::size_t i = 0; i < kPlanStates; ++i) turns[i].yaw_rad = 0.02 * static_cast<double>(i);
    EXPECT_FALSE(plans_agree(turns, before, 5));
}

TEST(ProgressShare, IsOfTheBetterPlanAndFullWhereNobodyMoves) {
    EXPECT_EQ(progress_share(30, 1, 40, 1), 0.75);
    EXPECT_EQ(progress_share(40, 1, 30, 1), 1.0);
    EXPECT_EQ(progress_share(40, 0, 30, 1), 0.0);
    EXPECT_EQ(progress_share(20, 0.5, 40, 0), 1.0);  // the reference has left the road
    EXPECT_EQ(progress_share(2, 1, 4, 1), 1.0);
    EXPECT_EQ(progress_share(2, 0, 4, 1), 0.0);
}

TEST(PlanScores, WeightsMatchHandComputedCases) {
    const PlanTerms terms{.no_at_fault_collision = 0.5,
                          .driving_direction = 0.5,
                          .time_to_collision = 0,
                          .lane_keeping = 0,
                          .comfort = 1,
                          .history_comfort = 0};
    // 0.5 (5·0.6 + 5·0 + 2·1)/12 = 2.5/12.
    EXPECT_NEAR(pdms(terms, 0.6), 2.5 / 12, kRounding);
    // 0.5·0.5 (5·0.6 + 5·1 + 0 + 0 + 2)/16 = 2.5/16.
    EXPECT_NEAR(epdms_no_human_filter(terms, 0.6, true), 2.5 / 16, kRounding);
    EXPECT_NEAR(epdms_no_human_filter(terms, 0.6, false), 2.0 / 16, kRounding);
    // Without a plan before it the term and its weight are left out.
    EXPECT_NEAR(epdms_no_human_filter(terms, 0.6, std::nullopt), 2.0 / 14, kRounding);
}

}  // namespace
}  // namespace huntsman::bridge::score
