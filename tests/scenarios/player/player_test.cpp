#include "scenarios/player/player.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/math/constants.h"
#include "tests/scenarios/player/played_story.h"

namespace huntsman::scenarios::player {
namespace {

TEST_F(PlayedStory, ConstantSpeedKeepsTheLane) {
    add_car("a", 50, 20);
    const StoryState state = play(10);
    EXPECT_NEAR(state.entities[0].on_road.s_m, 250, 1e-9);
    EXPECT_NEAR(state.entities[0].on_road.offset_m, 0, 1e-12);
    EXPECT_NEAR(state.entities[0].travelled_m, 200, 1e-9);
}

// s = ½ a t² within half a tick's distance.
TEST_F(PlayedStory, LinearAccelerationMatchesClosedForm) {
    const Index a = add_car("a", 0, 0);
    const Index maneuver = add_maneuver(a);
    add_event(maneuver, after(1), speed(20, 5));
    const StoryState state = play(6);
    EXPECT_NEAR(state.entities[a].speed_mps, 20, 0.05);
    EXPECT_NEAR(state.entities[a].on_road.s_m, 0.5 * 4 * 25, 20 * seconds(kTick_us) + 1e-9);
}

// A place on the route of an entity that is on no road is where that entity is.
TEST_F(PlayedStory, APlaceOnTheRouteOfWhoIsOffTheRoads) {
    const Index a = add_car("a", 50, 0), b = add_car("b", 80, 0);
    story_.init.push_back({a, story::TeleportAction{story::WorldPlace{.x_m = 3, .y_m = 5000}}, {}});
    story_.init.push_back({b, story::TeleportAction{story::RoutePlace{.entity = a}}, {}});
    const StoryState state = play(1);
    EXPECT_EQ(state.entities[b].on_road.road, engine::world::kNone);
    EXPECT_EQ(state.entities[b].p_W.y, 5000);
}

// Every shape covers half the change in half the time, and ends at its target.
TEST_F(PlayedStory, ShapesEndAtTheirTarget) {
    for (const story::Shape shape :
         {story::Shape::kLinear, story::Shape::kCubic, story::Shape::kSinusoidal}) {
        story_ = {};
        const Index a = add_car("a", 0, 10);
        add_event(add_maneuver(a), after(0), speed(20, 4, shape));
        EXPECT_NEAR(play(2).entities[a].speed_mps, 15, 0.05);
        EXPECT_EQ(play(5).entities[a].speed_mps, 20);
    }
}

// A lane change ends in the middle of the next lane, and the way along the path is that of the
// speed.
TEST_F(PlayedStory, LaneChangeEndsInTheNextLane) {
    const Index a = add_car("a", 0, 10);
    story::LaneChangeAction change{.dynamics = {.shape = story::Shape::kSinusoidal, .value = 3},
                                   .lane = 1};
    add_event(add_maneuver(a), after(1), change);
    const StoryState state = play(8);
    EXPECT_EQ(state.entities[a].on_road.lane, 1);
    EXPECT_NEAR(state.entities[a].on_road.offset_m, 0, 1e-9);
    EXPECT_NEAR(state.entities[a].travelled_m, 80, 0.05);
    EXPECT_LT(state.entities[a].on_road.s_m, 80);
    EXPECT_NEAR(state.entities[a].heading_to_road_rad, 0, 1e-9);
}

TEST_F(PlayedStory, AnEventThatOverridesStopsTheOthers) {
    const Index a = add_car("a", 0, 10);
    const Index maneuver = add_maneuver(a);
    const Index slow = add_event(maneuver, after(1), speed(0, 100));
    add_event(maneuver, after(2), speed(30, 1), story::Priority::kOverride);
    const StoryState state = play(4);
    EXPECT_EQ(state.entities[a].speed_mps, 30);
    EXPECT_EQ(state.elements[slow].phase, engine::world::StoryPhase::kComplete);
}

TEST_F(PlayedStory, AnEventThatSkipsWaitsForNone) {
    const Index a = add_car("a", 0, 10);
    const Index maneuver = add_maneuver(a);
    add_event(maneuver, after(1), speed(0, 10));
    const Index skipped = add_event(maneuver, after(2), speed(30, 1), story::Priority::kSkip);
    const StoryState state = play(4);
    EXPECT_LT(state.entities[a].speed_mps, 10);
    EXPECT_EQ(state.elements[skipped].phase, engine::world::StoryPhase::kComplete);
}

TEST_F(PlayedStory, DelaysShiftConditionsInTime) {
    const Index a = add_car("a", 0, 0);
    story::Condition condition = after(1);
    condition.delay_s = 2;
    add_event(add_maneuver(a), condition, speed(10, 0, story::Shape::kStep));
    EXPECT_EQ(play(2.99).entities[a].speed_mps, 0);
    EXPECT_EQ(play(3.02).entities[a].speed_mps, 10);
}

// A rising edge needs the condition to have been false while the event waited.
TEST_F(PlayedStory, RisingEdgesNeedAFalseValueBefore) {
    const Index a = add_car("a", 0, 0);
    story::Condition already = after(-1), later = after(1);
    already.edge = later.edge = story::Edge::kRising;
    add_event(add_maneuver(a), already, speed(5, 0, story::Shape::kStep));
    EXPECT_EQ(play(2).entities[a].speed_mps, 0);
    add_event(add_maneuver(a), later, speed(10, 0, story::Shape::kStep));
    EXPECT_EQ(play(2).entities[a].speed_mps, 10);
}

TEST_F(PlayedStory, GroupsRepeatAsOftenAsTheyMay) {
    const Index a = add_car("a", 0, 0);
    const Index maneuver = add_maneuver(a, 3);
    add_event(maneuver, after(0), speed(1, 1));
    const StoryState state = play(10);
    EXPECT_EQ(state.elements[story_.elements[maneuver].parent].executions, 3U);
    EXPECT_EQ(state.elements[0].phase, engine::world::StoryPhase::kComplete);
}

// 60 m at 10 m/s closing: 6 s between reference points, 1 s less between boxes of 5 m.
TEST_F(PlayedStory, TimeToCollisionIsThatOfTheGap) {
    for (const bool freespace : {false, true}) {
        story_ = {};
        const Index a = add_car("a", 0, 20), b = add_car("b", 100, 10);
        story::Condition condition{.triggering = {a},
                                   .kind = story::TimeToCollisionCondition{
                                       .entity = b,
                                       .value_s = 6,
                                       .measure = {.freespace = freespace,
                                                   .frame = story::Frame::kRoad,
                                                   .kind = story::DistanceKind::kLongitudinal}}};
        const Index event =
            add_event(add_maneuver(a), condition, speed(10, 0, story::Shape::kStep));
        const double when_s = freespace ? 3.5 : 4;
        EXPECT_EQ(play(when_s - 0.05).elements[event].executions, 0U) << freespace;
        EXPECT_EQ(play(when_s + 0.05).elements[event].executions, 1U) << freespace;
    }
}

TEST_F(PlayedStory, CollisionsAreThoseOfBoxes) {
    const Index a = add_car("a", 0, 10), b = add_car("b", 50, 0);
    story::Condition condition{.triggering = {a}, .kind = story::CollisionCondition{.entity = b}};
    const Index event = add_event(add_maneuver(a), condition, speed(0, 0, story::Shape::kStep));
    EXPECT_EQ(play(4.45).elements[event].executions, 0U);
    const StoryState state = play(6);
    EXPECT_EQ(state.elements[event].executions, 1U);
    EXPECT_NEAR(state.entities[a].on_road.s_m, 45, 0.1);
}

TEST_F(PlayedStory, EntitiesStopWhereTheRoadEnds) {
    const Index a = add_car("a", 950, 20);
    const StoryState state = play(5);
    EXPECT_NEAR(state.entities[a].on_road.s_m, 1000, 1e-9);
    EXPECT_EQ(state.entities[a].speed_mps, 0);
    EXPECT_GT(state.entities[a].end_of_road_s, 2);
}

TEST_F(PlayedStory, TimedPolylinesAreFollowedOnTime) {
    const Index a = add_car("a", 0, 0);
    story::FollowTrajectoryAction follow{.timed = true};
    story::Polyline line;
    for (int i = 0; i < 3; ++i) {
        line.vertices.push_back(
            {2.0 * i, story::LanePlace{model_.roads[0].id, -1, 10.0 * i * i, 0, {}}});
    }
    follow.trajectory.shape = line;
    add_event(add_maneuver(a), after(1), follow);
    EXPECT_NEAR(play(3.005).entities[a].on_road.s_m, 10, 0.1);
    EXPECT_NEAR(play(4.005).entities[a].on_road.s_m, 25, 0.2);
    EXPECT_NEAR(play(3.5).entities[a].speed_mps, 15, 1e-6);
}

// A circle as a clothoid of constant curvature ends where it began.
TEST_F(PlayedStory, ClothoidsOfConstantCurvatureAreCircles) {
    const Index a = add_car("a", 500, 10);
    const double radius = 30, length = 2 * std::numbers::pi * radius;
    story::FollowTrajectoryAction follow;
    follow.trajectory.shape = story::ClothoidSpline{
        {{.curvature_start = 1 / radius, .curvature_end = 1 / radius, .length_m = length}}, {}};
    add_event(add_maneuver(a), after(0), follow);
    const engine::math::Vec3 start = play(0.005).entities[a].p_W;
    const StoryState half = play(0.005 + length / 20), whole = play(0.005 + length / 10);
    EXPECT_NEAR(glm::length(half.entities[a].p_W - start), 2 * radius, 0.1);
    EXPECT_NEAR(glm::length(whole.entities[a].p_W - start), 0, 0.1);
}

// On a circle of radius r at speed v: tan(lean) = v² / (g r), to the left in a left bend.
TEST_F(PlayedStory, TwoWheelersLeanIntoTheBendAndOthersDoNot) {
    const auto lean_on_circle = [&](const char* category, double speed_mps,
                                    double curvature_per_m) {
        story_ = {};
        const Index a = add_car("a", 500, speed_mps);
        story_.entities[a].category = category;
        story::FollowTrajectoryAction follow;
        follow.trajectory.shape =
            story::ClothoidSpline{{{.curvature_start = curvature_per_m,
                                    .curvature_end = curvature_per_m,
                                    .length_m = 2 * std::numbers::pi / std::abs(curvature_per_m)}},
                                  {}};
        add_event(add_maneuver(a), after(0), follow);
        return play(3).entities[a].lean_rad;
    };
    constexpr double kG_mps2 = engine::math::kGravity_mps2;
    const double slow = std::atan(8 * 8 / (kG_mps2 * 30));
    EXPECT_NEAR(lean_on_circle("bicycle", 8, 1 / 30.0), -slow, 2e-3);
    EXPECT_NEAR(lean_on_circle("bicycle", 8, -1 / 30.0), slow, 2e-3);
    const double fast = std::atan(20 * 20 / (kG_mps2 * 60));
    EXPECT_NEAR(lean_on_circle("motorbike", 20, 1 / 60.0), -fast, 2e-3);
    // Nobody leans farther than 45 degrees.
    EXPECT_NEAR(lean_on_circle("motorbike", 30, 1 / 60.0), -std::numbers::pi / 4, 1e-3);
    EXPECT_EQ(lean_on_circle("car", 20, 1 / 60.0), 0);
}

// A polyline turns at once; a rider leans over and comes up again without a jump.
TEST_F(PlayedStory, LeaningIsSmoothWhereTheHeadingJumps) {
    const Index a = add_car("a", 100, 10);
    story_.entities[a].category = "bicycle";
    story::Polyline line;
    for (const auto& [x_m, y_m] : {std::pair(100.0, -1.75), std::pair(120.0, -1.75),
                                   std::pair(140.0, 1.75), std::pair(200.0, 1.75)}) {
        line.vertices.push_back({0, story::WorldPlace{.x_m = x_m, .y_m = y_m}});
    }
    story::FollowTrajectoryAction follow;
    follow.trajectory.shape = line;
    add_event(add_maneuver(a), after(0), follow);
    const Player player(story_, geometry_);
    StoryState state = player.begin();
    double before = 0, most_step = 0, most = 0;
    while (seconds(state.time_us) < 8) {
        player.step(state, kTick_us);
        const double lean = state.entities[a].lean_rad;
        most_step = std::max(most_step, std::abs(lean - before));
        most = std::max(most, std::abs(lean));
        before = lean;
    }
    EXPECT_GT(most, 1e-3);
    // No more than what leads to 45 degrees within the delay.
    EXPECT_LT(most_step, std::numbers::pi / 4 * seconds(kTick_us) / 0.25 + 1e-9);
    EXPECT_LT(std::abs(before), 1e-3);
}

}  // namespace
}  // namespace huntsman::scenarios::player
