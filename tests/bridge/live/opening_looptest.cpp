// Files, runs and failures opened; a failure kept as a test.
#include <gtest/gtest.h>

#include <filesystem>

#include "bridge/live/opening.h"
#include "bridge/live/regression_case.h"
#include "bridge/report/output.h"
#include "bridge/suite/suite.h"
#include "engine/core/files.h"
#include "tests/bridge/live/options.h"

namespace huntsman::bridge::live {
namespace {

namespace fs = std::filesystem;

fs::path fresh_folder(const char* name) {
    const fs::path folder = fs::path(testing::TempDir()) / name;
    fs::remove_all(folder);
    fs::create_directories(folder);
    return folder;
}

TEST(Opening, ARunAndItsFailureAreOpenedAtTheirMoment) {
    const fs::path folder = fresh_folder("live_opening");
    const auto whole = run_whole(town_options("oracle", 2));
    ASSERT_TRUE(engine::sim::write_recording(folder / "recording.hmr", whole.recording));

    const auto run = open(folder.string());
    ASSERT_TRUE(run) << run.error().text();
    EXPECT_EQ(run->title, "live_opening");
    EXPECT_EQ(run->options.driver, "oracle");
    ASSERT_TRUE(run->recording);
    EXPECT_EQ(run->recording->chain, whole.recording.chain);
    EXPECT_EQ(run->tick, 0);

    auto result = whole;
    loop::Failure failure;
    failure.infraction.kind = score::InfractionKind::kNearMiss;
    failure.infraction.tick = 350;
    failure.infraction.time_us = 1'750'000;
    result.failures = {failure};
    {
        auto catalogue = failures::Catalogue::open(folder / "failures.db");
        ASSERT_TRUE(catalogue);
        ASSERT_TRUE((*catalogue)->store(result, folder, "huntsman", "huntsman run"));
    }
    const auto moment = open((folder / "failures.db").string() + "#1");
    ASSERT_TRUE(moment) << moment.error().text();
    EXPECT_EQ(moment->tick, 150);
    EXPECT_NE(moment->title.find("near_miss"), std::string::npos);
    EXPECT_FALSE(open((folder / "failures.db").string() + "#2"));
}

TEST(Opening, ScenariosAndMapsAreOpenedByFileAndName) {
    const auto shipped = open("cpnco");
    ASSERT_TRUE(shipped) << shipped.error().text();
    EXPECT_FALSE(shipped->recording);
    EXPECT_EQ(shipped->title, "cpnco");
    const auto file = open(HUNTSMAN_SOURCE_DIR "/assets/scenarios/rain.json");
    ASSERT_TRUE(file) << file.error().text();
    EXPECT_EQ(file->title, "rain");
    EXPECT_EQ(file->file.filename(), "rain.json");
}

TEST(Opening, WhatCannotBeOpenedIsNamed) {
    const fs::path folder = fresh_folder("live_odd");
    EXPECT_FALSE(open(""));
    EXPECT_FALSE(open("no such thing"));
    const auto empty = open(folder.string());
    ASSERT_FALSE(empty);
    EXPECT_NE(empty.error().text().find("recording.hmr"), std::string::npos);
    ASSERT_TRUE(engine::core::write_file(folder / "recording.hmr", "HMRECORD and so on"));
    EXPECT_FALSE(open(folder.string()));
    ASSERT_TRUE(engine::core::write_file(folder / "odd.json", "{"));
    EXPECT_FALSE(open((folder / "odd.json").string()));
}

TEST(RegressionCase, IsAScenarioAndACellOfASuite) {
    const fs::path folder = fresh_folder("live_regression");
    RegressionCase regression;
    regression.name = "child from behind the van";
    regression.options = town_options("oracle", 2);
    regression.scenario = scenarios::model::to_json(regression.options.scenario);
    regression.criteria = {
        {.name = "calm", .rule = scenarios::story::MinTimeToCollision{.at_least_s = 0.5}}};
    regression.tags = {"vru"};
    regression.folder = folder / "cases";
    regression.suite = folder / "mine.json";
    const auto file = save(regression);
    ASSERT_TRUE(file) << file.error().text();
    EXPECT_EQ(file->filename(), "child_from_behind_the_van.json");
    auto suite = suite::load_suite(regression.suite.string());
    ASSERT_TRUE(suite) << suite.error().text();
    ASSERT_EQ(suite->cells.size(), 1U);
    const auto& cell = suite->cells.front();
    EXPECT_EQ(cell.options.width, 64);
    EXPECT_EQ(cell.tags, std::vector<std::string>{"vru"});
    ASSERT_EQ(cell.options.scenario.criteria.size(), 1U);
    EXPECT_EQ(cell.options.scenario.criteria.front().name, "calm");
    EXPECT_EQ(cell.options.scenario.town.seed, 1234U);

    // Again: in its place. Another one: beside it.
    ASSERT_TRUE(save(regression));
    regression.name = "another";
    ASSERT_TRUE(save(regression));
    suite = suite::load_suite(regression.suite.string());
    ASSERT_TRUE(suite) << suite.error().text();
    ASSERT_EQ(suite->cells.size(), 2U);
    // A driver drives it.
    const auto options = suite::with_driver(suite->cells.front(), "oracle", "");
    ASSERT_TRUE(options);
    const auto result = run_whole(*options);
    EXPECT_TRUE(result.valid);
    ASSERT_EQ(result.verdict.criteria.size(), 1U);
    EXPECT_EQ(result.verdict.criteria.front().name, "calm");
}

TEST(RegressionCase, WhatIsNoSuiteOrScenarioStaysAsItIs) {
    const fs::path folder = fresh_folder("live_regression_odd");
    RegressionCase regression;
    regression.name = "x";
    regression.options = town_options("oracle", 2);
    regression.scenario = "{\"name\": 3}";
    regression.folder = folder;
    regression.suite = folder / "suite.json";
    EXPECT_FALSE(save(regression));
    EXPECT_FALSE(fs::exists(folder / "x.json"));
    regression.scenario = scenarios::model::to_json(regression.options.scenario);
    ASSERT_TRUE(engine::core::write_file(regression.suite, "{\"groups\": 1}"));
    EXPECT_FALSE(save(regression));
    EXPECT_EQ(*engine::core::read_file(regression.suite), "{\"groups\": 1}");
    EXPECT_FALSE(fs::exists(folder / "x.json"));
}

TEST(CriteriaOf, AreThoseThatWereBrokenElseNoCollision) {
    loop::RunResult result;
    auto criteria = criteria_of(result);
    ASSERT_EQ(criteria.size(), 1U);
    EXPECT_STREQ(kind(criteria.front().rule), "no_collision");
    loop::Failure failure;
    failure.infraction.kind = score::InfractionKind::kNearMiss;
    result.failures = {failure};
    EXPECT_EQ(criteria_of(result).size(), 2U);
    result.options.scenario.criteria = {
        {.name = "slow", .rule = scenarios::story::SpeedBounds{.at_most_mps = 5}},
        {.name = "calm", .rule = scenarios::story::MinTimeToCollision{.at_least_s = 0.5}}};
    result.verdict.criteria = {{.name = "slow", .kind = "speed", .passed = false},
                               {.name = "calm", .kind = "min_time_to_collision"}};
    criteria = criteria_of(result);
    ASSERT_EQ(criteria.size(), 1U);
    EXPECT_EQ(criteria.front().name, "slow");
}

}  // namespace
}  // namespace huntsman::bridge::live
