#include "bridge/export/mix.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>

#include "bridge/export/export.h"

namespace huntsman::bridge::exporting {
namespace {

using engine::core::Result;
using engine::math::kPi;
using engine::world::Environment;
using scenarios::model::Scenario;

Result<Scenario> shipped(const std::string& name) {
    return scenarios::model::load(std::string(HUNTSMAN_SOURCE_DIR "/assets/scenarios/") + name +
                                  ".json");
}

std::string written(const std::string& text) {
    const auto path = std::filesystem::path(testing::TempDir()) / "huntsman_mix_test.json";
    std::ofstream(path) << text;
    return path.string();
}

std::string with_sections(const std::string& sections) {
    return "{\"schema_version\": 1, \"name\": \"m\",\n" + sections + "\n}";
}

Mix made(const std::string& sections) {
    auto mix = load_mix(written(with_sections(sections)), shipped);
    EXPECT_TRUE(mix.ok()) << (mix.ok() ? "" : mix.error().text());
    return mix.ok() ? *mix : Mix{};
}

TEST(Mix, TheShippedOneDrawsScenesThatCanBeParsedAgain) {
    const auto mix = load_mix(HUNTSMAN_SOURCE_DIR "/assets/mixes/default.json", shipped);
    ASSERT_TRUE(mix.ok()) << mix.error().text();
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        const Drawn drawn = draw(*mix, {}, seed);
        EXPECT_EQ(drawn.scenario.town.seed, seed);
        for (const char* section : {"light", "weather", "traffic", "places"}) {
            EXPECT_TRUE(drawn.conditions.count(section)) << section;
        }
        const auto again = scenarios::model::parse(scenarios::model::to_json(drawn.scenario), "s");
        ASSERT_TRUE(again.ok()) << again.error().text();
    }
}

TEST(Mix, SharesFollowTheWeights) {
    const Mix mix = made(R"("traffic": [{"name": "a", "weight": 3, "vehicles": [5, 5]},
        {"name": "never", "weight": 0}, {"name": "b", "weight": 1, "vehicles": [10, 19]}])");
    constexpr int kSeeds = 8000;
    int few = 0;
    std::array<int, 20> vehicles{};
    for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
        const Drawn drawn = draw(mix, {}, seed);
        EXPECT_NE(text_of(drawn.conditions.at("traffic")), "never");
        few += drawn.scenario.town.vehicles == 5;
        ++vehicles[static_cast<std::size_t>(drawn.scenario.town.vehicles)];
    }
    // A share of 0.75 of 8000 is known to 0.5 %; four times that.
    EXPECT_NEAR(few / double{kSeeds}, 0.75, 0.02);
    // Whole numbers, both ends included: 200 expected each, 14 their standard deviation.
    for (std::size_t n = 10; n < 20; ++n) EXPECT_NEAR(vehicles[n], 200, 60) << n;
}

TEST(Mix, NumbersOfPeopleAreWholeWithBothEnds) {
    const Mix mix = made(
        R"("traffic": [{"name": "a", "weight": 1, "vehicles": [5, 5], "pedestrians": [2, 4]}])");
    std::map<int, int> people;
    for (std::uint64_t seed = 0; seed < 900; ++seed) {
        ++people[draw(mix, {}, seed).scenario.town.pedestrians.value_or(-1)];
    }
    EXPECT_EQ(people.size(), 3U);
    for (const int n : {2, 3, 4}) EXPECT_NEAR(people[n], 300, 60) << n;
}

TEST(Mix, TheShippedOnesSharesStandTheChiSquareTest) {
    const auto mix = load_mix(HUNTSMAN_SOURCE_DIR "/assets/mixes/default.json", shipped);
    ASSERT_TRUE(mix.ok()) << mix.error().text();
    ExportOptions options;
    options.first_seed = 1;
    options.last_seed = 500;
    options.mix = *mix;
    const auto scenes = plan(options);
    ASSERT_TRUE(scenes.ok());
    ASSERT_EQ(scenes->size(), 500U);
    EXPECT_EQ((*scenes)[499].name, "scene-000500");
    const std::pair<const char*, const std::vector<Choice>*> sections[] = {
        {"light", &mix->light},
        {"weather", &mix->weather},
        {"traffic", &mix->traffic},
        {"places", &mix->places}};
    for (const auto& [section, choices] : sections) {
        double sum = 0, chi2 = 0;
        for (const Choice& choice : *choices) sum += choice.weight;
        for (const Choice& choice : *choices) {
            const double expected = 500 * choice.weight / sum;
            ASSERT_GT(expected, 5) << choice.name;  // below, the statistic is not chi-square
            double drawn = 0;
            for (const Planned& scene : *scenes) {
                drawn += text_of(scene.conditions.at(section)) == choice.name;
            }
            chi2 += (drawn - expected) * (drawn - expected) / expected;
        }
        // Points that chance passes once in a thousand times, for 1 to 5 degrees of freedom.
        constexpr double kLimits[] = {10.83, 13.82, 16.27, 18.47, 20.52};
        ASSERT_LE(choices->size(), 6U);
        EXPECT_LT(chi2, kLimits[choices->size() - 2]) << section;
    }
}

TEST(Caveats, SayWhichLensesAFormatCannotState) {
    ExportOptions options;
    options.run.rig = HUNTSMAN_SOURCE_DIR "/assets/rigs/eight_cameras_automotive.json";
    options.format = "nuscenes";
    ASSERT_EQ(caveats(options).size(), 1U);
    EXPECT_NE(caveats(options)[0].find("column huntsman"), std::string::npos);
    options.format = "webdataset";
    EXPECT_TRUE(caveats(options).empty());
    options.run.rig.replace_filename("eight_cameras.json");
    options.format = "nuscenes";
    EXPECT_TRUE(caveats(options).empty());
    options.format = "kitti";
    ASSERT_EQ(caveats(options).size(), 1U);
    EXPECT_NE(caveats(options)[0].find("7 of the 8"), std::string::npos) << caveats(options)[0];
    options.run.rig.replace_filename("stereo_pair.json");
    EXPECT_TRUE(caveats(options).empty());
}

TEST(Mix, RangesAreUniformAndInTheStatedUnits) {
    const Mix mix = made(
        R"("light": [{"name": "l", "sun_elevation_deg": [10, 50], "sun_azimuth_deg": [-90, 90]}],
           "weather": [{"name": "w", "rain_mm_h": [2, 4], "wetness": [1, 1]}])");
    double sum = 0;
    constexpr int kSeeds = 4000;
    for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
        const auto& e = draw(mix, {}, seed).scenario.environment;
        const double elevation_deg = *e.get(&Environment::sun_elevation_rad) * 180 / kPi;
        EXPECT_GE(elevation_deg, 10);
        EXPECT_LE(elevation_deg, 50);
        EXPECT_GE(*e.get(&Environment::rain_mm_h), 2);
        EXPECT_LE(*e.get(&Environment::rain_mm_h), 4);
        EXPECT_DOUBLE_EQ(*e.get(&Environment::friction), 0.7);  // of a wet road
        EXPECT_EQ(*e.get(&Environment::light), "l");
        EXPECT_EQ(*e.get(&Environment::weather), "w");
        sum += elevation_deg;
    }
    // 40 / sqrt(12 · 4000) = 0.18 degrees; four times that.
    EXPECT_NEAR(sum / kSeeds, 30, 0.75);
}

TEST(Mix, AnHourIsTheSunsPlaceThen) {
    const Mix mix = made(
        R"("light": [{"name": "noon", "hour": [12, 12], "latitude_deg": 50, "date": "2024-06-21"}])");
    const Drawn drawn = draw(mix, {}, 1);
    // 90 - 50 + 23.4 degrees at solar noon, which is within minutes of 12 at longitude 0.
    EXPECT_NEAR(*drawn.scenario.environment.get(&Environment::sun_elevation_rad) * 180 / kPi, 63.4,
                0.2);
}

TEST(Mix, AnotherFieldLeavesTheOthersDrawsAlone) {
    const Mix one = made(R"("weather": [{"name": "w", "wetness": [0, 1]}])");
    const Mix two = made(R"("weather": [{"name": "w", "cloud_cover": [0, 1], "wetness": [0, 1]}],
                            "traffic": [{"name": "t", "vehicles": [0, 100]}])");
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const Drawn a = draw(one, {}, seed), b = draw(two, {}, seed);
        EXPECT_EQ(*a.scenario.environment.get(&Environment::wetness),
                  *b.scenario.environment.get(&Environment::wetness));
    }
}

TEST(Mix, WhatIsNotDrawnStaysTheScenarios) {
    Scenario base;
    base.town.vehicles = 17;
    base.environment.set(&Environment::cloud_cover, 0.4);
    const Drawn drawn =
        draw(made(R"("light": [{"name": "l", "sun_elevation_deg": [5, 6]}])"), base, 3);
    EXPECT_EQ(drawn.scenario.town.vehicles, 17);
    EXPECT_EQ(*drawn.scenario.environment.get(&Environment::cloud_cover), 0.4);
}

TEST(Mix, BadFilesAreRefusedWithTheirLine) {
    const auto message = [](const std::string& sections) {
        const auto mix = load_mix(written(with_sections(sections)), shipped);
        return mix.ok() ? std::string("accepted") : mix.error().text();
    };
    const auto expect = [&](const char* sections, const char* part) {
        const std::string text = message(sections);
        EXPECT_NE(text.find(part), std::string::npos) << text;
        EXPECT_NE(text.find(".json:"), std::string::npos) << text;
    };
    expect(R"("moods": [])", "moods is not known");
    expect(R"("light": [])", "no light with a weight above 0");
    expect(R"("light": [{"name": "a", "weight": 0, "hour": [1, 2]}])", "weight above 0");
    expect(R"("light": [{"name": "a", "weight": -1, "hour": [1, 2]}])", ":2: light.0.weight is -1");
    expect(R"("light": [{"name": "a"}])", "sun_elevation_deg or hour");
    expect(R"("light": [{"name": "a", "hour": [1, 2], "date": "yesterday"}])", "yesterday");
    expect(R"("weather": [{"name": "a", "wetness": [0.9, 0.1]}])", "lower end first");
    expect(R"("weather": [{"name": "a", "wetness": 0.5}])", "expected 2 numbers");
    expect(R"("weather": [{"name": "a", "wetness": [0, 2]}])", "from 0 to 1");
    expect(R"("weather": [{"name": "a"}, {"name": "a"}])", "repeats the name");
    expect(R"("traffic": [{"name": "a", "vehicles": [0.5, 2]}])", "not whole");
    expect(R"("traffic": [{"name": "a", "cats": [1, 2]}])", "cats is not known");
    expect(R"("places": [{"name": "a", "scenario": "atlantis"}])", "atlantis");
    expect(R"("places": [{"name": "a", "scenario": "rain", "age": [0, 1]}])",
           "expected one of them");
    EXPECT_FALSE(load_mix("/nowhere/mix.json", shipped).ok());
}

}  // namespace
}  // namespace huntsman::bridge::exporting
