// The ego's way as a user gives it, and where its goal lies on roads that end.
#include <gtest/gtest.h>

#include "scenarios/map/map.h"
#include "tests/support/road_models.h"

namespace huntsman::scenarios::map {
namespace {

using namespace engine::world;

engine::core::Result<World> straight(const journey::Way& way, double length_m = 400,
                                     std::uint64_t seed = 1, double x_m = 0) {
    RoadModel model = tests::straight_model(length_m);
    for (auto& piece : model.roads[0].plan) piece.x_m += x_m;
    return build(std::move(model), {.seed = seed, .pedestrians = 0, .way = way});
}

std::string refusal(const journey::Way& way) {
    const auto world = straight(way);
    return world ? "accepted" : world.error().text();
}

TEST(Way, StartsAndEndsAtPlacesOfARoad) {
    const std::string road = tests::straight_model(400).roads[0].id;
    const auto world = straight({road + ",-1,50", road + ",-1,310", {}});
    ASSERT_TRUE(world) << world.error().text();
    const Spawn& ego = world->spawns.front();
    EXPECT_EQ(world->roads.lanes[ego.lane].model_lane, -1);
    EXPECT_NEAR(ego.lane_s_m, 50, 0.1);
    EXPECT_NEAR(world->ego_goal_s_m, 310, 0.1);
    EXPECT_EQ(world->ego_route, std::vector<LaneId>{ego.lane});
}

TEST(Way, TakesTheMapsCoordinatesWhereverTheMapLies) {
    // Far from the origin the world is moved; the map's coordinates stay the user's.
    for (const double x_m : {0.0, 50'000.0}) {
        const auto world = straight(
            {fmt::format("{},-2", x_m + 60), fmt::format("{},-2", x_m + 200), {}}, 400, 1, x_m);
        ASSERT_TRUE(world) << world.error().text();
        EXPECT_NEAR(world->spawns.front().lane_s_m, 60, 0.5) << x_m;
        EXPECT_NEAR(world->ego_goal_s_m, 200, 0.5) << x_m;
    }
}

TEST(Way, WithOneEndTheOtherIsChosen) {
    const std::string road = tests::straight_model(400).roads[0].id;
    const auto from = straight({road + ",-1,150", "", {}});
    ASSERT_TRUE(from) << from.error().text();
    EXPECT_NEAR(from->spawns.front().lane_s_m, 150, 0.1);
    EXPECT_GT(from->ego_goal_s_m, 160);
    const auto to = straight({"", road + ",1,100", {}});
    ASSERT_TRUE(to) << to.error().text();
    EXPECT_NEAR(to->ego_goal_s_m, 300, 0.1);  // lane 1 is driven the other way
    EXPECT_LT(to->spawns.front().lane_s_m, 290);
}

TEST(Way, BadPlacesAreRefusedInOneSentence) {
    const std::string road = tests::straight_model(400).roads[0].id;
    EXPECT_NE(refusal({"99,-1,5", "", {}}).find("the map has no road 99"), std::string::npos);
    EXPECT_NE(refusal({road + ",-7,5", "", {}}).find("has no driven lane -7"), std::string::npos);
    EXPECT_NE(refusal({road + ",-1,900", "", {}}).find("expected 0 to 400"), std::string::npos);
    EXPECT_NE(refusal({"here", "", {}}).find("expected ROAD,LANE,S or X,Y"), std::string::npos);
    EXPECT_NE(refusal({"", "5,nan", {}}).find("expected ROAD,LANE,S or X,Y"), std::string::npos);
    EXPECT_NE(refusal({"0,500", "", {}}).find("the nearest driven lane is"), std::string::npos);
    EXPECT_NE(refusal({road + ",-1,300", road + ",-1,100", {}}).find("no way leads from"),
              std::string::npos);
    EXPECT_NE(refusal({road + ",-1,30", road + ",1,100", {}}).find("no way leads from"),
              std::string::npos);
}

TEST(Goal, OfAShortRoadLeavesItsQueueAThirdOfTheLane) {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        const auto world = straight({}, 200, seed);
        ASSERT_TRUE(world) << world.error().text();
        EXPECT_GT(world->ego_goal_s_m - world->spawns.front().lane_s_m, 90) << seed;
    }
}

}  // namespace
}  // namespace huntsman::scenarios::map
