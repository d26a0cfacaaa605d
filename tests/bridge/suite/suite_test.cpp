// Suite files: what they stand for, and what is said of wrong ones.
#include "bridge/suite/suite.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "engine/core/assets.h"
#include "engine/core/files.h"
#include "tests/support/mutation.h"

namespace huntsman::bridge::suite {
namespace {

namespace fs = std::filesystem;

engine::core::Result<Suite> parse(const std::string& groups, const std::string& more = "") {
    return parse_suite("{\"schema_version\": 1,\n \"groups\": [" + groups + "]" + more + "}",
                       "/somewhere/mine.json");
}
std::string error_of(const std::string& groups, const std::string& more = "") {
    const auto suite = parse(groups, more);
    return suite ? "" : suite.error().text();
}

TEST(Suite, EverySituationMeetsEveryTownVariantAndCondition) {
    const auto suite = parse(
        R"({"situations": ["cpnco", "ccrs"], "towns": ["7..8", 20], "variants": 2,
            "conditions": ["as_is", "dark"], "tags": ["mine"], "seconds": 9})",
        R"(, "conditions": {"dark": {"environment": {"light": "night"}}})");
    ASSERT_TRUE(suite) << suite.error().text();
    EXPECT_EQ(suite->name, "mine");
    ASSERT_EQ(suite->cells.size(), 2U * 3U * 2U * 2U);
    std::set<std::string> names;
    for (const Cell& cell : suite->cells) names.insert(cell.name);
    EXPECT_EQ(names.size(), suite->cells.size());
    EXPECT_TRUE(names.contains("cpnco/town_20/variant_1/dark"));
    EXPECT_TRUE(names.contains("ccrs/town_7/variant_0"));
    const auto dark = std::ranges::find(suite->cells, "cpnco/town_20/variant_1/dark", &Cell::name);
    EXPECT_EQ(dark->cluster(), "cpnco at town_20");
    EXPECT_EQ(dark->options.scenario.town.seed, 20);
    EXPECT_EQ(dark->options.scenario.duration_s, 9);
    EXPECT_EQ(*dark->options.scenario.environment.get(&engine::world::Environment::light), "night");
    EXPECT_TRUE(std::ranges::is_sorted(dark->tags));
    EXPECT_NE(std::ranges::find(dark->tags, "mine"), dark->tags.end());
    EXPECT_NE(std::ranges::find(dark->tags, "child"), dark->tags.end()) << "the situation's own";
    // Variants are those that `scenario variants` prints.
    const auto other = std::ranges::find(suite->cells, "cpnco/town_20/variant_0/dark", &Cell::name);
    EXPECT_NE(dark->options.scenario.story.parameters, other->options.scenario.story.parameters);
    EXPECT_FALSE(dark->options.scenario.story.parameters.empty());
}

TEST(Suite, ATagStandsForItsSituationsAndDefaultsHoldForAllGroups) {
    const auto suite = parse(
        R"({"situations": ["tag:alks"], "towns": [3]}, {"scenarios": ["demonstration"], "seconds": 2})",
        R"(, "defaults": {"seconds": 5, "pictures": "always", "limits": {"wall_s": 30}})");
    ASSERT_TRUE(suite) << suite.error().text();
    ASSERT_GT(suite->cells.size(), 5U);
    EXPECT_EQ(suite->cells.front().options.scenario.duration_s, 5);
    EXPECT_EQ(suite->cells.back().options.scenario.duration_s, 2);
    EXPECT_EQ(suite->cells.back().limits.wall_s, 30);
    EXPECT_TRUE(suite->cells.back().always_pictures);
    const auto oracle = with_driver(suite->cells.back(), "oracle", "");
    ASSERT_TRUE(oracle);
    EXPECT_TRUE(oracle->images);
}

TEST(Suite, ConditionsBringFaultsAndGroupsCriteria) {
    const auto suite = parse(
        R"({"situations": ["ccrs"], "towns": [3], "conditions": ["as_is", "blinded"],
            "faults": ["late:ms=100"],
            "criteria": [{"kind": "no_collision"}, {"kind": "min_gap", "at_least_m": 1}]},
           {"situations": ["cpfa"], "towns": [3]})",
        R"(, "conditions": {"blinded": {"faults": ["blind:side=left"]}})");
    ASSERT_TRUE(suite) << suite.error().text();
    const loop::RunOptions &as_is = suite->cells[0].options, &blinded = suite->cells[1].options;
    ASSERT_EQ(as_is.faults.size(), 1U);
    ASSERT_EQ(blinded.faults.size(), 2U);
    EXPECT_EQ(blinded.faults[1], *faults::parse("blind:side=left"));
    ASSERT_EQ(blinded.scenario.criteria.size(), 2U);
    EXPECT_EQ(blinded.scenario.criteria[1].name, "min_gap");
    EXPECT_TRUE(suite->cells[2].options.scenario.criteria.empty()) << "the scenario's own";

    EXPECT_NE(error_of(R"({"situations": ["ccrs"], "towns": [3]})",
                       R"(, "conditions": {"odd": {"faults": ["deaf"]}})")
                  .find("mine.json:2: conditions.odd"),
              std::string::npos);
    EXPECT_NE(error_of(R"({"situations": ["ccrs"], "criteria": [{"kind": "no_joy"}]})")
                  .find("groups.0.criteria.0"),
              std::string::npos);
}

TEST(Suite, ALatencyIsANumberOrADistributionAndNeverMeasured) {
    const auto latency_of = [](const std::string& keys) {
        const auto suite = parse(R"({"scenarios": ["demonstration"], )" + keys + "}");
        EXPECT_TRUE(suite) << suite.error().text();
        return suite ? text(suite->cells.front().options.latency) : "";
    };
    const auto refused = [](const std::string& keys) {
        return error_of(R"({"scenarios": ["demonstration"], )" + keys + "}");
    };
    EXPECT_EQ(latency_of(R"("seconds": 1)"), "50");
    EXPECT_EQ(latency_of(R"("latency_ms": 80, "latency": "declared")"), "80");
    EXPECT_EQ(latency_of(R"("latency_ms": "uniform:low=40,high=90")"), "uniform:low=40,high=90");
    EXPECT_EQ(refused(R"("latency": "measured")"),
              "/somewhere/mine.json:2: groups.0.latency is measured, expected declared: results "
              "of suites must follow from their inputs alone");
    EXPECT_EQ(refused(R"("latency_ms": "normal:mean=60,sd=-1")"),
              "/somewhere/mine.json:2: groups.0.latency_ms is normal:mean=60,sd=-1: sd is -1, "
              "expected a number from 0 to 10000");
    EXPECT_NE(refused(R"("latency_ms": "measured")").find("latency_ms is measured, expected a"),
              std::string::npos);
    EXPECT_NE(refused(R"("latency_ms": 2001)").find("expected a whole number from 0 to 2000"),
              std::string::npos);
    EXPECT_NE(refused(R"("latency": 3)").find("latency is 3, expected"), std::string::npos);
}

TEST(Suite, PicturesAreForThoseWhoNeedThem) {
    const auto suite = parse(R"({"situations": ["ccrs"], "towns": [3]})");
    ASSERT_TRUE(suite) << suite.error().text();
    EXPECT_FALSE(with_driver(suite->cells[0], "oracle", "")->images);
    EXPECT_TRUE(with_driver(suite->cells[0], "network", "")->images);
    EXPECT_FALSE(with_driver(suite->cells[0], "magic", ""));
}

TEST(Suite, ErrorsNameFileLineAndExpectation) {
    EXPECT_NE(error_of("").find("has no cells"), std::string::npos) << error_of("");
    EXPECT_NE(error_of(R"({"towns": [1]})").find("expected either situations or scenarios"),
              std::string::npos);
    EXPECT_NE(error_of(R"({"situations": ["ccrs"], "towns": ["9..3"]})")
                  .find("/somewhere/mine.json:2: groups.0.towns.0"),
              std::string::npos);
    EXPECT_NE(error_of(R"({"situations": ["ccrs"], "towns": [1], "seeds": [2]})")
                  .find("expected no maps or seeds beside them"),
              std::string::npos);
    EXPECT_NE(error_of(R"({"scenarios": ["demonstration"], "variants": 2})")
                  .find("scenarios declare no ranges"),
              std::string::npos);
    EXPECT_NE(error_of(R"({"situations": ["ccrs"], "conditions": ["fog"]})")
                  .find("the condition fog, which the suite does not declare"),
              std::string::npos);
    EXPECT_NE(error_of(R"({"situations": ["ccrs", "ccrs"], "towns": [1]})")
                  .find("the cell ccrs/town_1 a second time"),
              std::string::npos);
    EXPECT_NE(error_of(R"({"situations": ["ccrs"], "towns": ["1..50000"], "variants": 3})")
                  .find("mine.json:2: has 150000 cells with those before, expected at most 100000"),
              std::string::npos);
    EXPECT_NE(error_of(R"({"scenarios": ["nobody"]})").find("mine.json:2: nobody: is not a"),
              std::string::npos);
    EXPECT_NE(error_of(R"({"situations": ["nobody"], "towns": [1]})").find("nobody"),
              std::string::npos);
    EXPECT_NE(error_of(R"({"situations": ["tag:nothing"]})").find("no situation has the tag"),
              std::string::npos);
    EXPECT_NE(error_of(R"({"situations": ["ccrs"], "second": 3})").find("second"),
              std::string::npos);
    EXPECT_NE(error_of(R"({"situations": ["ccrs"], "maps": ["gone.xodr"]})").find("gone.xodr"),
              std::string::npos);
    EXPECT_NE(
        error_of(R"({"situations": ["ccrs"]})", R"(, "gate": {"metric": "passed"})").find("margin"),
        std::string::npos);
}

TEST(Suite, TheShippedOnesCanBeRead) {
    const auto names = shipped_suites();
    ASSERT_EQ(names, (std::vector<std::string>{"long_tail", "regression", "smoke", "standards"}));
    for (const std::string& name : names) {
        const auto suite = load_suite(name);
        ASSERT_TRUE(suite) << suite.error().text();
        EXPECT_FALSE(suite->summary.empty()) << name;
    }
    EXPECT_EQ(load_suite("smoke")->cells.size(), 3U);
    EXPECT_NEAR(static_cast<double>(load_suite("regression")->cells.size()), 100, 20);
}

// HUNTSMAN_MUTATIONS: how many of each file.
TEST(Suite, MutatedFilesAreReadOrRefused) {
    for (const std::string& name : shipped_suites()) {
        const auto path = engine::core::assets_folder() / "suites" / (name + ".json");
        const auto whole = engine::core::read_file(path);
        ASSERT_TRUE(whole) << whole.error().text();
        int refused = 0;
        for (std::uint64_t i = 0; i < tests::mutations(5); ++i) {
            const auto bad = tests::mutated(
                *whole, engine::core::Dice(engine::core::Key(i).with("suite").with(name)));
            const auto suite = parse_suite(bad, path);
            if (suite) continue;
            ++refused;
            EXPECT_NE(suite.error().text().find(name + ".json"), std::string::npos)
                << suite.error().text();
        }
        EXPECT_GT(refused, 0) << name;
    }
}

TEST(Suite, AMutatedTextWithCriteriaFaultsAndLatencyIsReadOrRefused) {
    const std::string whole = R"({"schema_version": 1, "gate": {"metric": "room_s", "margin": 0.05},
        "conditions": {"bad": {"environment": {"light": "night"}, "faults": ["blind:side=left"]}},
        "defaults": {"latency_ms": "normal:mean=60,sd=10", "faults": ["late:ms=100", "drop"]},
        "groups": [{"situations": ["ccrs"], "towns": [1], "conditions": ["as_is", "bad"],
          "criteria": [{"kind": "min_gap", "at_least_m": 1, "direction": "lateral"},
                       {"kind": "stop", "at": {"route_m": 84.5}, "within_m": 3, "before": true}]}]})";
    ASSERT_TRUE(parse_suite(whole, "/somewhere/mine.json"));
    int refused = 0;
    for (std::uint64_t i = 0; i < tests::mutations(200); ++i) {
        const auto bad =
            tests::mutated(whole, engine::core::Dice(engine::core::Key(i).with("every key")));
        const auto suite = parse_suite(bad, "/somewhere/mine.json");
        if (suite) continue;
        ++refused;
        EXPECT_NE(suite.error().text().find("mine.json"), std::string::npos)
            << suite.error().text();
    }
    EXPECT_GT(refused, 0);
}

}  // namespace
}  // namespace huntsman::bridge::suite
