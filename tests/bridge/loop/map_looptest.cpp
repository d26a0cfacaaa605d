// The oracle on maps made by others: on its lane, without collision, repeatable.
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "bridge/run/runner.h"
#include "engine/core/files.h"
#include "tests/bridge/loop/options.h"

namespace huntsman::bridge::loop {
namespace {

const std::filesystem::path kMaps =
    std::filesystem::path(HUNTSMAN_SOURCE_DIR) / "../shared/interop/opendrive";

RunOptions on_map(const std::filesystem::path& map, std::uint64_t seed, double seconds) {
    RunOptions options = test_options("oracle", seconds);
    options.scenario.name = map.stem().string();
    options.scenario.map = map.string();
    options.scenario.town.seed = seed;
    return options;
}

class OracleOnMaps : public testing::TestWithParam<const char*> {};

TEST_P(OracleOnMaps, DrivesAMinuteCleanly) {
    const auto map = kMaps / (std::string(GetParam()) + ".xodr");
    if (!std::filesystem::exists(map)) GTEST_SKIP() << "no map " << map;
    for (const std::uint64_t seed : {1U, 2U}) {
        run::Runner runner(1);
        auto result = runner.run(on_map(map, seed, 60), {});
        ASSERT_TRUE(result) << result.error().text();
        EXPECT_TRUE(result->valid);
        EXPECT_EQ(result->carla.pedestrian_collisions + result->carla.vehicle_collisions +
                      result->carla.static_collisions,
                  0)
            << "seed " << seed;
        EXPECT_EQ(result->carla.red_lights, 0);
        EXPECT_EQ(result->carla.outside_lanes_share, 0) << "seed " << seed;
        // Slowest where all wait for lights and each other.
        EXPECT_GT(result->progress_m, 50.0) << "seed " << seed;
    }
}

// A lorry comes the other way where the oracle turns across its lane; a kink no car can steer.
TEST(Oracle, CrossesNoLorrysWayAndKeepsToRoadsThatCanBeDriven) {
    for (const char* name : {"cloverleaf", "onramp"}) {
        const auto map = kMaps / (std::string(name) + ".xodr");
        if (!std::filesystem::exists(map)) GTEST_SKIP() << "no map " << map;
        run::Runner runner(1);
        auto result = runner.run(on_map(map, 1001, 60), {});
        ASSERT_TRUE(result) << result.error().text();
        EXPECT_EQ(result->carla.vehicle_collisions + result->carla.static_collisions, 0) << name;
        EXPECT_EQ(result->carla.outside_lanes_share, 0) << name;
    }
}

// A straight road of 300 m with a house across it from 150 m on; none of its corners is on a lane.
std::filesystem::path road_into_a_house() {
    const std::string lane =
        R"( type="driving"><width sOffset="0" a="3.5" b="0" c="0" d="0"/></lane>)";
    const std::string text =
        R"(<OpenDRIVE><header revMajor="1" revMinor="7"/><road name="" length="300" id="1" junction="-1">
<type s="0" type="town"><speed max="50" unit="km/h"/></type>
<planView><geometry s="0" x="0" y="0" hdg="0" length="300"><line/></geometry></planView>
<lanes><laneSection s="0"><left><lane id="1")" +
        lane + R"(</left><center><lane id="0" type="none"/></center><right><lane id="-1")" + lane +
        R"(</right></laneSection></lanes><objects>
<object id="9" type="building" name="house" s="156" t="-3" zOffset="0" hdg="0" height="6"><outlines>
<outline id="0" closed="true" outer="true">
<cornerLocal u="-6" v="-9" z="0" height="6"/><cornerLocal u="6" v="-9" z="0" height="6"/>
<cornerLocal u="6" v="9" z="0" height="6"/><cornerLocal u="-6" v="9" z="0" height="6"/>
</outline></outlines></object>
</objects></road></OpenDRIVE>)";
    const auto path = std::filesystem::temp_directory_path() / "huntsman_house_across_road.xodr";
    EXPECT_TRUE(engine::core::write_file(path, text));
    return path;
}

TEST(Oracle, StopsBeforeAHouseThatStandsAcrossItsRoad) {
    const auto map = road_into_a_house();
    run::Runner runner(1);
    RunOptions options = on_map(map, 1, 60);
    options.scenario.town.vehicles = 0;
    options.scenario.town.pedestrians = 0;
    options.scenario.town.way = {"1,-1,20", "1,-1,260", {}};
    auto result = runner.run(options, {});
    std::filesystem::remove(map);
    ASSERT_TRUE(result) << result.error().text();
    EXPECT_EQ(result->carla.static_collisions, 0);
    // From 20 m to its front bumper some metres before the wall.
    EXPECT_GT(result->progress_m, 150 - 20 - 3.5 - 6);
    EXPECT_LT(result->progress_m, 150 - 20 - 3.5);
}

TEST(Oracle, StartsComfortablyOnAnEmptyRoad) {
    RunOptions options = on_map("", 1003, 20);
    options.scenario.map.clear();
    options.scenario.town.vehicles = 0;
    options.scenario.town.pedestrians = 0;
    run::Runner runner(1);
    auto result = runner.run(options, {});
    ASSERT_TRUE(result) << result.error().text();
    EXPECT_GT(result->progress_m, 50);
    EXPECT_EQ(result->nuplan.comfort, 1.0);
}

INSTANTIATE_TEST_SUITE_P(Interop, OracleOnMaps,
                         testing::Values("e6mini", "velodrome", "fabriksgatan_traffic_lights",
                                         "Town03"),
                         [](const auto& map) { return std::string(map.param); });

TEST(Replay, RepeatsTrafficThatLeavesAMapAndComesIn) {
    const std::filesystem::path map =
        HUNTSMAN_SOURCE_DIR "/tests/agents/traffic/maps/roundabout_plain.xodr";
    RunOptions options = on_map(map, 3, 90);
    options.driver = "none";
    std::set<engine::world::ActorId> seen;
    std::size_t now = 0;
    Resources one(1), two(2);
    auto created = Session::create(one, options, {.driver = driver::make_none_driver()});
    ASSERT_TRUE(created) << created.error().text();
    Session& session = **created;
    while (!session.ended()) {
        ASSERT_TRUE(session.step());
        for (const auto& actor : session.state().actors) seen.insert(actor.id);
        now = session.state().actors.size();
    }
    const auto original = session.finish();
    ASSERT_TRUE(original) << original.error().text();
    EXPECT_GT(seen.size(), now + 3);  // some came after others had left
    const auto same = replay(two, original->recording);
    ASSERT_TRUE(same) << same.error().text();
    EXPECT_EQ((*same)->state_hash(), original->state_hash);
}

TEST(Replay, OfAMapNamesItAndNoticesAnother) {
    const auto source = kMaps / "straight_500m_roadmarks.xodr";
    if (!std::filesystem::exists(source)) GTEST_SKIP() << "no map " << source;
    const auto copy = std::filesystem::temp_directory_path() / "huntsman_map_replay.xodr";
    auto text = engine::core::read_file(source);
    ASSERT_TRUE(text);
    ASSERT_TRUE(engine::core::write_file(copy, *text));
    run::Runner runner(1);
    auto result = runner.run(on_map(copy, 5, 4), {});
    ASSERT_TRUE(result) << result.error().text();
    EXPECT_NE(result->recording.inputs.find(copy.string()), std::string::npos);
    const auto same = replay(runner.resources(), result->recording);
    ASSERT_TRUE(same) << same.error().text();
    EXPECT_EQ((*same)->state_hash(), result->state_hash);
    // A map that has changed is not the recording's.
    ASSERT_TRUE(engine::core::write_file(copy, *text + "\n<!-- moved -->\n"));
    const auto other = replay(runner.resources(), result->recording);
    ASSERT_FALSE(other);
    EXPECT_NE(other.error().text().find("is not the map of the recording"), std::string::npos);
    std::filesystem::remove(copy);
}

}  // namespace
}  // namespace huntsman::bridge::loop
