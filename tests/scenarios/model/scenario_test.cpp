#include "scenarios/model/scenario.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "engine/core/assets.h"
#include "engine/core/describe_compare.h"
#include "engine/math/vec.h"
#include "scenarios/model/scenario_fields.h"
#include "scenarios/opendrive/opendrive.h"

namespace huntsman::scenarios::model {
namespace {

namespace fs = std::filesystem;
using engine::core::first_difference;
using engine::core::Result;
using engine::world::Environment;
constexpr double kDegree = engine::math::kPi / 180;

constexpr const char* kFull = R"({
 "schema_version": 1, "name": "rain_dusk",
 "town": {"seed": 7, "size_m": 640, "vehicles": 12, "pedestrians": 13, "parked_share": 0.25,
          "route_m": 800, "density": 0.7, "age": 0.2, "block_m": 110, "hilliness": 0.5,
          "one_way_share": 0.1, "dead_end_share": 0.3, "roundabout_share": 0.2,
          "cycle_share": 0.35, "works_share": 0.05, "motorway": true, "railway": false,
          "left_hand": true, "country": "GB"},
 "map": "roads.xodr",
 "environment": {"sun_azimuth_deg": 40, "cloud_cover": 0.5, "light": "day"},
 "weather": {"latitude_deg": 52.5, "longitude_deg": 13.4, "date": "2024-11-21",
             "hour_utc": 14.5, "clock_speed": 60,
             "states": [{"time_s": 0, "cloud_cover": 0.3},
                        {"time_s": 60, "cloud_cover": 1, "turbidity": 4, "fog_per_m": 0.002,
                         "rain_mm_h": 4, "wetness": 1, "puddles": 0.5, "snow_cover": 0.1}]},
 "duration_s": 33
})";

TEST(Scenario, StoryOrSituationIsReadAndWritten) {
    for (const char* text : {
             R"({"schema_version": 1, "story": "cut_in.xosc", "parameters": {"speed": 12.5, "who":
             "car"}, "ego_entity": "Me", "physical": true, "town": {"vehicles": 5}})",
             R"({"schema_version": 1, "name": "x", "situation": "cpnco",
                 "at": "120.5,-40", "removed": [7, 1000003],
                 "criteria": [{"kind": "min_gap", "at_least_m": 2}]})"}) {
        const auto scenario = parse(text, "s.json");
        ASSERT_TRUE(scenario.ok()) << scenario.error().text();
        EXPECT_TRUE(scenario->story.given());
        EXPECT_EQ(scenario->town.pedestrians, 0) << "nobody but the story's";
        const auto again = parse(to_json(*scenario), "again.json");
        ASSERT_TRUE(again.ok()) << again.error().text();
        EXPECT_EQ(again->name, scenario->name);
        EXPECT_EQ(again->story, scenario->story);
        EXPECT_EQ(again->criteria, scenario->criteria);
        EXPECT_EQ(again->removed, scenario->removed);
        EXPECT_EQ(first_difference(again->town, scenario->town), "");
    }
    const auto full = parse(R"({"schema_version": 1, "story": "a.xosc", "parameters":
                                {"speed": 12.5}, "town": {"vehicles": 5}})",
                            "s.json");
    EXPECT_EQ(full->town.vehicles, 5);
    EXPECT_EQ(to_json(*full).find("removed"), std::string::npos);
    EXPECT_EQ(to_json(*full).find("\"at\""), std::string::npos);
    EXPECT_EQ(full->story.parameters.at("speed"), "12.5");
}

TEST(Scenario, WrongStoriesAreErrorsThatSayWhy) {
    const std::pair<const char*, const char*> cases[] = {
        {R"({"schema_version": 1, "story": "a.xosc", "situation": "b"})", "one of them"},
        {R"({"schema_version": 1, "story": 3})", "story"},
        {R"({"schema_version": 1, "name": "a", "parameters": {}})", "expected a story"},
        {R"({"schema_version": 1, "story": "a.xosc", "parameters": {"b": [1]}})",
         "expected a text"},
        {R"({"schema_version": 1, "situation": "a", "criteria": [{"kind": "bogus"}]})", "bogus"},
        {R"({"schema_version": 1, "situation": "a", "without": [3]})", "without.0"},
        {R"({"schema_version": 1, "name": "x", "without": ["Van"]})", "a story beside it"},
        {R"({"schema_version": 1, "name": "x", "at": "1,2"})", "a story beside it"},
        {R"({"schema_version": 1, "story": "a.xosc", "at": "1,2"})", "a situation beside it"},
        {R"({"schema_version": 1, "situation": "a", "at": "12"})", "expected X,Y"},
        {R"({"schema_version": 1, "situation": "a", "at": "12,3,4"})", "expected X,Y"},
        {R"({"schema_version": 1, "situation": "a", "at": "nan,3"})", "expected X,Y"},
        {R"({"schema_version": 1, "situation": "a", "at": 12})", "at"},
        {R"({"schema_version": 1, "name": "x", "removed": 3})", "removed"},
        {R"({"schema_version": 1, "name": "x", "removed": [3, -1]})", "removed.1"},
        {R"({"schema_version": 1, "name": "x", "removed": [2.5]})", "a whole number"},
        {R"({"schema_version": 1, "name": "x", "removed": ["3"]})", "a whole number"},
        {R"({"schema_version": 1})", "name"},
    };
    for (const auto& [text, expected] : cases) {
        const auto scenario = parse(text, "s.json");
        ASSERT_FALSE(scenario.ok()) << text;
        EXPECT_NE(scenario.error().text().find(expected), std::string::npos)
            << scenario.error().text();
    }
}

TEST(Scenario, EveryKeyIsRead) {
    const auto scenario = parse(kFull, "full.json");
    ASSERT_TRUE(scenario.ok()) << scenario.error().text();
    const auto& town = scenario->town;
    EXPECT_EQ(town.seed, 7U);
    EXPECT_EQ(town.size_m, 640);
    EXPECT_EQ(town.vehicles, 12);
    EXPECT_EQ(town.pedestrians, 13);
    EXPECT_EQ(town.parked_share, 0.25);
    EXPECT_EQ(town.route_m, 800);
    EXPECT_EQ(town.density, 0.7);
    EXPECT_EQ(town.age, 0.2);
    EXPECT_EQ(town.block_m, 110);
    EXPECT_EQ(town.hilliness, 0.5);
    EXPECT_EQ(town.one_way_share, 0.1);
    EXPECT_EQ(town.dead_end_share, 0.3);
    EXPECT_EQ(town.roundabout_share, 0.2);
    EXPECT_EQ(town.cycle_share, 0.35);
    EXPECT_EQ(town.works_share, 0.05);
    EXPECT_EQ(town.motorway, true);
    EXPECT_EQ(town.railway, false);
    EXPECT_EQ(town.left_hand, true);
    EXPECT_EQ(town.country, "GB");
    EXPECT_EQ(scenario->map, "roads.xodr");
    EXPECT_EQ(scenario->duration_s, 33);
    EXPECT_NEAR(*scenario->environment.get(&Environment::sun_azimuth_rad), 40 * kDegree, 1e-12);
    EXPECT_EQ(scenario->environment.get(&Environment::sun_elevation_rad), nullptr);
    EXPECT_EQ(*scenario->environment.get(&Environment::light), "day");
    ASSERT_TRUE(scenario->weather.sun.has_value());
    const auto& sun = *scenario->weather.sun;
    EXPECT_NEAR(sun.latitude_rad, 52.5 * kDegree, 1e-12);
    EXPECT_NEAR(sun.longitude_rad, 13.4 * kDegree, 1e-12);
    EXPECT_EQ(sun.year, 2024);
    EXPECT_EQ(sun.month, 11);
    EXPECT_EQ(sun.day, 21);
    EXPECT_EQ(sun.hour, 14.5);
    EXPECT_EQ(sun.speed, 60);
    ASSERT_EQ(scenario->weather.states.size(), 2U);
    const auto& rain = scenario->weather.states[1];
    EXPECT_EQ(rain.time_s, 60);
    EXPECT_EQ(rain.cloud_cover, 1);
    EXPECT_EQ(rain.turbidity, 4);
    EXPECT_EQ(rain.fog_per_m, 0.002);
    EXPECT_EQ(rain.rain_mm_h, 4);
    EXPECT_EQ(rain.wetness, 1);
    EXPECT_EQ(rain.puddles, 0.5);
    EXPECT_EQ(rain.snow_cover, 0.1);
}

TEST(Scenario, WhatIsLeftOutStaysOpen) {
    const auto scenario = parse(R"({"schema_version": 1, "name": "bare"})", "bare.json");
    ASSERT_TRUE(scenario.ok());
    EXPECT_FALSE(scenario->town.density.has_value());
    EXPECT_FALSE(scenario->town.motorway.has_value());
    EXPECT_FALSE(scenario->town.country.has_value());
    EXPECT_TRUE(scenario->map.empty());
    EXPECT_TRUE(scenario->weather.constant());
}

TEST(Scenario, IsTheSameAfterWritingAndReading) {
    for (const char* text : {kFull, R"({"schema_version": 1, "name": "bare"})"}) {
        const auto scenario = parse(text, "first");
        ASSERT_TRUE(scenario.ok());
        const std::string written = to_json(*scenario);
        const auto again = parse(written, "second");
        ASSERT_TRUE(again.ok()) << again.error().text() << '\n' << written;
        EXPECT_EQ(to_json(*again), written);
        EXPECT_EQ(first_difference(again->town, scenario->town), "");
        EXPECT_EQ(first_difference(again->weather, scenario->weather), "");
        EXPECT_EQ(again->map, scenario->map);
        EXPECT_EQ(again->duration_s, scenario->duration_s);
    }
}

// One clear sentence: it names the file and what is wrong.
void expect_refused(const std::string& body, const std::string& word) {
    const auto scenario = parse(R"({"schema_version": 1, "name": "x", )" + body + "}", "bad.json");
    ASSERT_FALSE(scenario.ok()) << body;
    const std::string text = scenario.error().text();
    EXPECT_NE(text.find(word), std::string::npos) << text;
    EXPECT_NE(text.find("bad.json"), std::string::npos) << text;
    EXPECT_EQ(text.find('\n'), std::string::npos) << text;
}

TEST(Scenario, BadValuesAreRefusedByName) {
    expect_refused(R"("town": {"densety": 0.5})", "densety");
    expect_refused(R"("town": {"density": "high"})", "density");
    expect_refused(R"("town": {"density": -1})", "density");
    expect_refused(R"("town": {"motorway": 1})", "motorway");
    expect_refused(R"("town": {"country": 49})", "country");
    expect_refused(R"("town": {"seed": -1})", "seed");
    expect_refused(R"("map": 3)", "map");
    expect_refused(R"("weather": {"state": []})", "state");
    expect_refused(R"("weather": {"states": [{"cloud_cover": 0}]})", "time_s");
    expect_refused(R"("weather": {"states": [{"time_s": 0, "wetness": 1.5}]})", "wetness");
    expect_refused(R"("weather": {"states": [{"time_s": 0, "rain": 1}]})", "rain");
    expect_refused(R"("weather": {"states": [{"time_s": 5}, {"time_s": 5}]})", "time_s");
    expect_refused(R"("weather": {"states": {"time_s": 5}})", "states");
    for (const char* date :
         {"2024-13-01", "21.11.2024", "2024-11-32", "1800-01-01", "2024-11-21x"}) {
        expect_refused(
            std::string(R"("weather": {"latitude_deg": 1, "longitude_deg": 1, "date": ")") + date +
                "\"}",
            "date");
    }
    expect_refused(R"("weather": {"date": "2024-11-21", "longitude_deg": 1})", "latitude_deg");
    expect_refused(R"("weather": {"latitude_deg": 91, "longitude_deg": 1, "date": "2024-11-21"})",
                   "latitude_deg");
    expect_refused(R"("weather": {"latitude_deg": 9, "longitude_deg": 1, "date": "2024-11-21",
                      "hour_utc": 25})",
                   "hour_utc");
}

TEST(Scenario, ValuesOutOfRangeAreNamedWithTheirLine) {
    for (const char* body : {R"("size_m": 100)", R"("density": 1.5)", R"("block_m": 300)",
                             R"("vehicles": 900)", R"("route_m": 5)"}) {
        const auto scenario = parse(
            std::string("{\"schema_version\": 1, \"name\": \"x\",\n \"town\": {\n") + body + "}}",
            "x.json");
        ASSERT_FALSE(scenario.ok()) << body;
        const std::string key = std::string(body).substr(1, std::string(body).find('"', 1) - 1);
        EXPECT_EQ(scenario.error().line, 3) << body;
        EXPECT_NE(scenario.error().text().find("town." + key), std::string::npos)
            << scenario.error().text();
        EXPECT_NE(scenario.error().text().find("expected"), std::string::npos);
    }
}

TEST(Scenario, RangesOfTheTownHoldForOptionsToo) {
    const auto refused = [](auto change, const std::string& word) {
        Scenario scenario;
        change(scenario.town);
        const auto world = build(scenario);
        ASSERT_FALSE(world.ok()) << word;
        EXPECT_NE(world.error().text().find(word), std::string::npos) << world.error().text();
    };
    refused([](auto& town) { town.vehicles = 900; }, "vehicles is 900, expected 0 to 200");
    refused([](auto& town) { town.density = 1.5; }, "density is 1.5, expected 0 to 1");
    refused([](auto& town) { town.size_m = std::nan(""); }, "size_m is nan");
    refused([](auto& town) { town.country = "FR"; }, "country is FR");
}

class ScenarioFolder : public testing::Test {
  protected:
    void SetUp() override {
        folder_ = fs::path(testing::TempDir()) /
                  testing::UnitTest::GetInstance()->current_test_info()->name();
        fs::create_directories(folder_);
    }
    void TearDown() override { fs::remove_all(folder_); }
    fs::path put(const std::string& name, const std::string& text) {
        std::ofstream(folder_ / name) << text;
        return folder_ / name;
    }
    fs::path folder_;
};

TEST_F(ScenarioFolder, MapsLieBesideTheirScenario) {
    town::TownParameters parameters;
    parameters.size_m = 500;
    const auto roads = town::generate_roads(parameters);
    ASSERT_TRUE(roads.ok());
    ASSERT_TRUE(opendrive::save(*roads, folder_ / "roads.xodr").ok());
    const auto path = put("a.json", R"({"schema_version": 1, "name": "mapped", "map": "roads.xodr",
        "town": {"vehicles": 3, "pedestrians": 4, "route_m": 400},
        "environment": {"wetness": 0.2, "friction": 0.9},
        "weather": {"states": [{"time_s": 0, "wetness": 1}]}})");
    const auto scenario = load(path);
    ASSERT_TRUE(scenario.ok()) << scenario.error().text();
    const auto built = build(*scenario);
    ASSERT_TRUE(built.ok()) << built.error().text();
    const auto* world = &built->world;
    EXPECT_EQ(world->scenario, "mapped");
    EXPECT_EQ(world->spawns.size(), 8U);
    EXPECT_EQ(world->road_model.roads.size(), roads->roads.size());
    // The programme takes the place of what the environment says.
    EXPECT_NEAR(world->environment.wetness, 1, 1e-12);
    EXPECT_NEAR(world->environment.friction, 0.7, 1e-12);
    EXPECT_EQ(world->environment.weather, "rain-wet");
}

TEST_F(ScenarioFolder, AMapThatIsNotThereOrNoMapIsNamed) {
    const auto missing = load(put("a.json", R"({"schema_version": 1, "name": "x",
        "map": "no_such.xodr"})"));
    ASSERT_TRUE(missing.ok());
    const auto none = build(*missing);
    ASSERT_FALSE(none.ok());
    EXPECT_NE(none.error().text().find("no_such.xodr"), std::string::npos);

    put("broken.xodr", "<OpenDRIVE><road");
    const auto broken = load(put("b.json", R"({"schema_version": 1, "name": "x",
        "map": "broken.xodr"})"));
    ASSERT_TRUE(broken.ok());
    const auto world = build(*broken);
    ASSERT_FALSE(world.ok());
    EXPECT_NE(world.error().text().find("broken.xodr"), std::string::npos);
    EXPECT_FALSE(load(folder_ / "none.json").ok());
}

Result<BuiltScenario> build_shipped(const std::string& name, std::uint64_t seed) {
    auto scenario = load(engine::core::assets_folder() / "scenarios" / (name + ".json"));
    if (!scenario) return scenario.error();
    scenario->town.seed = seed;
    return build(*scenario);
}

// Among their fixed edges the walk of the triangulation once ran in circles.
TEST(ShippedScenarios, WorldsWhoseLandIsIntricateAreBuilt) {
    for (const auto& [name, seed] : {std::pair<const char*, std::uint64_t>("demonstration", 3007),
                                     {"new_town", 5025},
                                     {"old_town", 5024}}) {
        const auto world = build_shipped(name, seed);
        ASSERT_TRUE(world.ok()) << world.error().text();
        EXPECT_FALSE(world->world.scene.instances.empty());
    }
}

// HUNTSMAN_WORLDS="first last" builds the worlds of these seeds for every shipped scenario and
// names those that are refused, instead of testing.
TEST(WorldSurvey, NamesRefusalsWhenAsked) {
    const char* text = std::getenv("HUNTSMAN_WORLDS");
    if (text == nullptr) GTEST_SKIP() << "set HUNTSMAN_WORLDS to survey";
    unsigned long long first = 1, last = 1;
    ASSERT_EQ(std::sscanf(text, "%llu %llu", &first, &last), 2);
    std::uint64_t tried = 0, refused = 0;
    for (std::uint64_t seed = first; seed <= last; ++seed) {
        for (const std::string& name : engine::core::shipped("scenarios")) {
            const auto world = build_shipped(name, seed);
            ++tried;
            if (world.ok()) continue;
            ++refused;
            ADD_FAILURE() << name << " seed " << seed << ": " << world.error().text();
        }
        std::printf("seed %llu: %llu worlds, %llu refused\n", static_cast<unsigned long long>(seed),
                    static_cast<unsigned long long>(tried),
                    static_cast<unsigned long long>(refused));
        std::fflush(stdout);
    }
}

}  // namespace
}  // namespace huntsman::scenarios::model
