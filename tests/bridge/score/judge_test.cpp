#include "bridge/score/judge.h"

#include <gtest/gtest.h>

#include <optional>

namespace huntsman::bridge::score {
namespace {

using namespace engine::world;
using engine::math::Vec3;

constexpr double kLine_m = 60;

// A straight lane along x, a signalled connection behind it, and another lane.
World straight_world() {
    World world;
    for (LaneId id = 0; id < 3; ++id) {
        Lane lane;
        lane.id = id;
        const double x0 = id == 0 ? 0 : id == 1 ? 62 : 80, x1 = id == 0 ? 62 : id == 1 ? 80 : 300;
        for (double x = x0; x <= x1; x += 1) {
            lane.samples.push_back({.s_m = x - x0, .p = {x, 0, 0}});
        }
        lane.length_m = x1 - x0;
        lane.speed_limit_mps = 10;
        if (id < 2) lane.successors = {id + 1};
        if (id > 0) lane.predecessors = {id - 1};
        world.roads.lanes.push_back(lane);
    }
    auto& connection = world.roads.lanes[1];
    connection.junction = 0;
    connection.control = Control::kSignal;
    connection.signal_group = 0;
    connection.stop_s_m = kLine_m;
    world.roads.signal_groups.push_back({.junction = 0});
    world.roads.junctions.push_back({.id = 0, .centre = {71, 0, 0}, .radius_m = 12});
    world.archetypes.resize(2);
    world.archetypes[0].extent = {.front_m = 3.5, .rear_m = 1.0, .width_m = 1.8, .height_m = 1.5};
    world.archetypes[1] = world.archetypes[0];
    world.archetypes[1].semantic = Semantic::kPedestrian;
    world.archetypes[1].extent = {.front_m = 0.25, .rear_m = 0.25, .width_m = 0.5, .height_m = 1.8};
    world.spawns = {{.id = kEgo, .lane = 0, .lane_s_m = 5}, {.id = 2, .archetype = 1}};
    world.spawns[0].X_WB.p.x = 5;
    world.spawns[1].X_WB.p = {200, 50, 0};
    world.ego_route = {0, 1, 2};
    world.ego_goal_s_m = 200;
    return world;
}

struct Course {
    World world = straight_world();
    engine::road::RoadMap map{world.roads};
    route::EgoRoute route{world, map};
    Judge judge{world, map, route};
    State state = initial_state(world);

    Course() { state.signals[0] = Aspect::kGreen; }

    // Drives straight on at a constant speed.
    void drive(double speed_mps, double seconds, double y = 0) {
        for (int i = 0; i < static_cast<int>(seconds * 200); ++i) {
            ActorState& ego = state.actors[0];
            ego.v_W = {speed_mps, 0, 0};
            ego.X_WB.p += ego.v_W * 0.005;
            ego.X_WB.p.y = y;
            judge.observe(state);
            state.contacts.clear();
            state.time_us += 5000;
            ++state.tick;
        }
    }
    int count(InfractionKind kind) const {
        int n = 0;
        for (const auto& infraction : judge.infractions()) n += infraction.kind == kind;
        return n;
    }
};

TEST(Judge, GreenIsNoInfractionAndRedIsExactlyOne) {
    Course green;
    green.drive(10, 10);
    EXPECT_EQ(green.count(InfractionKind::kRedLight), 0);
    EXPECT_NEAR(green.judge.route_s_m(), 100, 0.1);
    Course red;
    red.state.signals[0] = Aspect::kRed;
    red.drive(10, 10);
    EXPECT_EQ(red.count(InfractionKind::kRedLight), 1);
    // The front bumper crosses the line at x = 60: 51.5 m from the start at 10 m/s.
    EXPECT_NEAR(engine::core::seconds(red.judge.infractions()[0].time_us), 5.15, 0.02);
    EXPECT_EQ(red.judge.carla().red_lights, 1);
}

TEST(Judge, ARepeatedContactIsOneCollisionAndItsKindFollowsTheOther) {
    Course course;
    course.drive(5, 1);
    for (int i = 0; i < 50; ++i) {
        course.state.contacts = {
            {.a = kEgo, .b = 2, .p_W = course.state.actors[0].X_WB.p, .impulse_ns = 100}};
        course.drive(5, 0.005);
    }
    EXPECT_EQ(course.count(InfractionKind::kCollisionPedestrian), 1);
    EXPECT_EQ(course.judge.carla().pedestrian_collisions, 1);
    EXPECT_EQ(course.judge.nuplan().no_at_fault_collision, 0.0);
}

TEST(Judge, HowFastTheOtherWasIsOfTheTickBeforeTheBlow) {
    Course course;
    course.state.actors[1].v_W = {0, 0, 0};
    course.drive(8, 0.1);
    // It stood, and is thrown ahead.
    course.state.actors[1].v_W = {9, 0, 0};
    course.state.contacts = {{.a = kEgo, .b = 2, .impulse_ns = 900}};
    course.drive(8, 0.1);
    ASSERT_EQ(course.count(InfractionKind::kCollisionPedestrian), 1);
    EXPECT_EQ(course.judge.infractions().front().other_speed_mps, 0);
}

TEST(Judge, BeingHitFromBehindIsNotTheEgosFault) {
    Course course;
    course.drive(5, 1);
    course.state.actors[1].v_W = {8, 0, 0};
    course.state.contacts = {{.a = kEgo,
                              .b = 2,
                              .p_W = course.state.actors[0].X_WB.p + Vec3(-1.0, 0, 0.5),
                              .impulse_ns = 100}};
    course.drive(5, 0.005);
    EXPECT_EQ(course.count(InfractionKind::kCollisionPedestrian), 1);
    EXPECT_FALSE(course.judge.infractions().back().at_fault);
    EXPECT_EQ(course.judge.nuplan().no_at_fault_collision, 1.0);
}

TEST(Judge, APersonAheadWithinASecondIsANearMissOnce) {
    Course course;
    course.state.actors[1].X_WB.p = {40, 0, 0};
    course.drive(10, 2.8);  // bumper at x = 36.5 in the end: TTC falls below 1 s on the way
    EXPECT_EQ(course.count(InfractionKind::kNearMiss), 1);
    EXPECT_LT(course.judge.infractions()[0].value, 1.0);
    EXPECT_EQ(course.judge.nuplan().time_to_collision, 0.0);
}

TEST(Judge, LeavingTheLaneCountsItsShareOfTheWay) {
    Course course;
    course.drive(10, 2);
    course.drive(10, 2, 6.0);  // beside the road
    EXPECT_EQ(course.count(InfractionKind::kOutsideLanes), 1);
    EXPECT_NEAR(course.judge.carla().outside_lanes_share, 0.5, 0.03);
    EXPECT_EQ(course.judge.nuplan().drivable_area, 0.0);
}

TEST(Judge, OverspeedIsIntegratedAgainstTheLimit) {
    Course course;
    course.drive(12, 5);  // 2 m/s above the limit for 5 s
    EXPECT_NEAR(course.judge.nuplan().speed_limit, 1.0 - 10.0 / (2.23 * 5.0), 0.02);
}

TEST(Judge, CollisionChecksThatAgreeAreNotCountedAndALoneOneIs) {
    Course course;
    course.state.contacts = {{.a = kEgo, .b = 2, .impulse_ns = 10}};
    course.state.swept_overlaps = {kEgo, 2};
    course.drive(0, 0.005);
    course.state.swept_overlaps.clear();
    course.drive(0, 0.5);
    EXPECT_EQ(course.judge.collision_disagreements(), 0);
    course.drive(0, 5);
    course.state.contacts = {{.a = kEgo, .b = 2, .impulse_ns = 10}};
    course.drive(0, 0.5);
    EXPECT_EQ(course.judge.collision_disagreements(), 1);
}

TEST(Judge, TheRunEndsAtTheGoal) {
    Course course;
    EXPECT_TRUE(course.judge.end_reason().empty());
    course.drive(20, 14);
    EXPECT_EQ(course.judge.end_reason(), "route completed");
    EXPECT_EQ(course.judge.carla().route_completion, 1.0);
}

}  // namespace
}  // namespace huntsman::bridge::score
