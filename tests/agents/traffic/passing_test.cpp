// Ways past things that stand on a lane.
#include "agents/conduct/passing.h"

#include "tests/agents/traffic/rig.h"

namespace huntsman::agents::traffic {
namespace {

using engine::math::Box2;
using engine::math::Vec2;

// A lane along x of 3.5 m and, if wanted, the oncoming one to its left.
world::RoadNetwork road(double length_m, bool oncoming) {
    world::RoadNetwork roads = tests::straight_road(length_m);
    if (!oncoming) roads.lanes.pop_back();
    return roads;
}

std::vector<Detour> past(const world::RoadNetwork& roads, const std::vector<Box2>& boxes) {
    Rig rig(roads);
    const std::vector<double> z_m(boxes.size(), 0.0);
    return Detours(rig.world, *rig.map, boxes, z_m).on(0, kCarKind);
}

// `t` to the left of the lane's middle.
Box2 box(double s, double t, double length, double width) {
    return {Vec2(s, t - 1.75), 0.0, {0.5 * length, 0.5 * width}};
}

TEST(Detours, LeadOverTheOncomingLanePastABoxOnTheLane) {
    const auto detours = past(road(300, true), {box(100, 0, 2, 2)});
    ASSERT_EQ(detours.size(), 1U);
    const Detour& detour = detours.front();
    // Half of the box and of the car, and 0.45 m between them.
    EXPECT_NEAR(detour.swerve.offset_m, 1.0 + 0.805 + 0.45, 1e-9);
    // Straight from 0.8 m before the box to 0.8 m behind it.
    EXPECT_NEAR(detour.swerve.full_m, 99 - 3.5 - 0.8, 1e-9);
    EXPECT_NEAR(detour.swerve.hold_m, 101 + 1.008 + 0.8, 1e-9);
    EXPECT_TRUE(detour.oncoming);
    ASSERT_EQ(detour.beside.size(), 1U);
    EXPECT_EQ(detour.beside[0].lane, 1U);
    // Along the other lane: s counts from the other end.
    EXPECT_NEAR(detour.beside[0].leave_m, 300 - (detour.swerve.begin_m + 1.75), 0.1);
    EXPECT_LT(detour.beside[0].enter_m, 300 - 101 - 3.5);
}

TEST(Detours, KeepToTheLaneWhereItHasRoom) {
    // Its left side 0.7 m to the right of the middle.
    const auto detours = past(road(300, true), {box(100, -1.2, 3, 1.0)});
    ASSERT_EQ(detours.size(), 1U);
    EXPECT_TRUE(detours.front().beside.empty());
    EXPECT_NEAR(detours.front().swerve.offset_m, -0.7 + 0.805 + 0.45, 1e-9);
    // Nothing for what stands aside far enough.
    EXPECT_TRUE(past(road(300, true), {box(100, -1.7, 3, 1.0)}).empty());
}

TEST(Detours, AreNotWhereThereIsNoWay) {
    EXPECT_TRUE(past(road(300, false), {box(100, 0, 2, 2)}).empty());
    EXPECT_TRUE(past(road(300, true), {box(100, 0, 2, 2), box(102, 3.5, 2, 2)}).empty());
    EXPECT_TRUE(past(road(300, true), {box(4, 0, 2, 2)}).empty());  // too near the lane's start
}

TEST(Detours, ARowIsPassedAtOnceAndThingsFarApartOneByOne) {
    EXPECT_EQ(past(road(300, true), {box(100, 0, 2, 2), box(112, 0, 2, 1)}).size(), 1U);
    EXPECT_EQ(past(road(300, true), {box(100, 0, 2, 2), box(160, 0, 2, 1)}).size(), 2U);
}

}  // namespace
}  // namespace huntsman::agents::traffic
