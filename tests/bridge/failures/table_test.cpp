// Catalogues and results files become one table that can be filtered.
#include "bridge/failures/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "bridge/failures/catalogue.h"
#include "bridge/suite/store.h"
#include "engine/core/files.h"

namespace huntsman::bridge::failures {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class FailureTable : public testing::Test {
  protected:
    void SetUp() override {
        folder_ = fs::path(testing::TempDir()) / fmt::format("huntsman_table_{}", ::getpid());
        fs::remove_all(folder_);
        fs::create_directories(folder_);
        fill_catalogue();
        fill_results();
    }
    void TearDown() override { fs::remove_all(folder_); }

    fs::path catalogue() const { return folder_ / "failures.db"; }
    fs::path results() const { return folder_ / "results.sqlite"; }

    void fill_catalogue() const {
        loop::RunResult result;
        result.scenario = "rain_dusk";
        result.seed = 1003;
        result.driver = "network";
        result.environment.light = "dusk";
        result.environment.weather = "rain";
        loop::Failure miss;
        miss.infraction = {.kind = score::InfractionKind::kNearMiss,
                           .tick = 400,
                           .time_us = 2'000'000,
                           .other = 7};
        miss.other = "pedestrian";
        miss.occlusion = 0.75;
        miss.picture = "failures/1.jpg";
        loop::Failure red;
        red.infraction = {.kind = score::InfractionKind::kRedLight, .tick = 900};
        result.failures = {miss, red};
        const auto file = Catalogue::open(catalogue());
        ASSERT_TRUE(file.ok()) << file.error().text();
        ASSERT_TRUE((*file)->store(result, "runs/a", "./huntsman", "./huntsman run a"));
    }

    // Runs as if they had been driven: one passes, two hit a car.
    void fill_results() {
        const auto suite = suite::parse_suite(
            R"({"schema_version": 1, "groups": [{"situations": ["ccrs", "cpfa", "cpnco"],
                "towns": ["1..1"], "tags": ["mine"]}]})",
            "small.json");
        ASSERT_TRUE(suite.ok()) << suite.error().text();
        const auto store = suite::Store::open(results(), database::Access::kCreate);
        ASSERT_TRUE(store.ok()) << store.error().text();
        for (std::size_t i = 0; i < 3; ++i) {
            suite::Item item{.cell = &suite->cells[i], .suite = suite->name, .driver = "oracle"};
            item.options = *suite::with_driver(suite->cells[i], "oracle", "");
            item.provenance = suite::provenance_of(item.options, "");
            item.key = suite::run_key(item.options, item.provenance);
            loop::RunResult result;
            result.options = item.options;
            result.driver = item.driver;
            result.scenario = item.options.scenario.name;
            result.seed = 1;
            result.sim_time_s = 12;
            result.environment.light = "day";
            result.verdict.passed = i == 0;
            if (i > 0) {
                result.verdict.criteria.push_back({.name = "no_collision",
                                                   .kind = "no_collision",
                                                   .passed = false,
                                                   .time_s = 4.5,
                                                   .reason = "it hit a car"});
                result.failures.push_back(
                    {.infraction = {.kind = score::InfractionKind::kCollisionVehicle, .other = 3},
                     .other = "car"});
                keys_.push_back(item.key);
            }
            const suite::Item* const entered[] = {&item};
            ASSERT_TRUE(store->enter_all(entered));
            ASSERT_TRUE(store->put(item, result));
        }
        std::ofstream(folder_ / "sheet.jpg") << "a picture";
        ASSERT_TRUE(store->keep_finding(keys_[0], "blame",
                                        R"({"sentence": "s", "parts": [
            {"part": "perception", "share": 0.7}, {"part": "actions", "share": 0.1}],
            "world": [{"change": "by day", "passes": true}, {"change": "dry", "passes": false}],
            "pictures": ["sheet.jpg"]})"));
    }

    std::vector<ListedFailure> all() const {
        const fs::path files[] = {catalogue(), results()};
        auto failures = list_failures(files);
        EXPECT_TRUE(failures.ok()) << failures.error().text();
        return failures.ok() ? std::move(*failures) : std::vector<ListedFailure>();
    }

    fs::path folder_;
    std::vector<std::string> keys_;  // of the failing runs
};

TEST_F(FailureTable, HasTheFailuresOfBothKindsOfFiles) {
    const auto failures = all();
    ASSERT_EQ(failures.size(), 4U);
    // Of results first.
    EXPECT_EQ(failures[0].source, ListedFailure::Source::kResults);
    EXPECT_EQ(failures[0].kind, "no_collision");
    EXPECT_EQ(failures[0].driver, "oracle");
    EXPECT_EQ(failures[0].other, "car");
    EXPECT_EQ(failures[0].time_s, 4.5);
    EXPECT_EQ(failures[0].seed, 1U);
    EXPECT_EQ(failures[0].cluster, failures[1].cluster);
    EXPECT_EQ(failures[0].cluster_size, 2U);
    EXPECT_EQ(failures[0].reason, "it hit a car");
    EXPECT_TRUE(failures[0].command.empty());
    const auto& miss = failures[3];  // the latest of the catalogue stands before it
    EXPECT_EQ(miss.kind, "near_miss");
    EXPECT_EQ(miss.cluster, "near_miss, pedestrian");
    EXPECT_EQ(miss.cluster_size, 1U);
    EXPECT_EQ(miss.time_s, 2.0);
    EXPECT_EQ(miss.tick, 400);
    EXPECT_EQ(miss.picture, "runs/a/failures/1.jpg");
    EXPECT_EQ(miss.command, "./huntsman replay runs/a --show-tick 400");
    EXPECT_THAT(miss.tags, ElementsAre("dusk", "rain", "occluded"));
}

TEST_F(FailureTable, CausesOfFindingsAreTags) {
    for (const ListedFailure& failure : all()) {
        if (failure.id == keys_[0]) {
            EXPECT_THAT(failure.tags, Contains("blamed: perception"));
            EXPECT_THAT(failure.tags, Contains("passes: by day"));
            EXPECT_THAT(failure.tags, Not(Contains("blamed: actions")));
            EXPECT_THAT(failure.tags, Not(Contains("passes: dry")));
            EXPECT_THAT(failure.tags, Contains("mine"));
            EXPECT_EQ(failure.picture.filename(), "sheet.jpg");
        } else if (failure.source == ListedFailure::Source::kResults) {
            EXPECT_TRUE(failure.picture.empty());
        }
    }
}

TEST_F(FailureTable, IsFilteredByColumnsTagsAndText) {
    const auto failures = all();
    ASSERT_EQ(failures.size(), 4U);
    const auto count = [&](const TableFilter& filter) { return filtered(failures, filter).size(); };
    EXPECT_EQ(count({}), 4U);
    EXPECT_EQ(count({.kind = "near_miss"}), 1U);
    EXPECT_EQ(count({.driver = "oracle"}), 2U);
    EXPECT_EQ(count({.scenario = "cpfa"}), 1U);
    EXPECT_EQ(count({.tag = "rain"}), 2U);
    EXPECT_EQ(count({.driver = "oracle", .tag = "rain"}), 0U);
    EXPECT_EQ(count({.cluster = failures[0].cluster}), 2U);
    EXPECT_EQ(count({.text = "NETWORK pedestrian"}), 1U);
    EXPECT_EQ(count({.text = "1003"}), 2U);
    EXPECT_EQ(count({.text = "network nobody"}), 0U);
    const TableColumns columns = columns_of(failures);
    EXPECT_THAT(columns.drivers, ElementsAre("network", "oracle"));
    EXPECT_THAT(columns.kinds, ElementsAre("near_miss", "no_collision", "red_light"));
    EXPECT_THAT(columns.tags, Contains("occluded"));
}

TEST_F(FailureTable, RunsOfResultsCanBeDrivenAgain) {
    const auto failures = all();
    ASSERT_EQ(failures.size(), 4U);
    const auto options = options_of(failures[0]);
    ASSERT_TRUE(options.ok()) << options.error().text();
    EXPECT_EQ(options->driver, "oracle");
    const auto command = drive_command(failures[0], folder_ / "again.json");
    ASSERT_TRUE(command.ok()) << command.error().text();
    EXPECT_THAT(*command, HasSubstr("again.json"));
    const auto scenario = scenarios::model::load(folder_ / "again.json");
    ASSERT_TRUE(scenario.ok()) << scenario.error().text();
    EXPECT_EQ(scenario->town.seed, 1U);
    // The catalogue's run has left its folder.
    EXPECT_THAT(options_of(failures[3]).error().text(), HasSubstr("recording.hmr"));
}

TEST_F(FailureTable, OtherFilesAreRefused) {
    const fs::path none[] = {folder_ / "none.db"};
    EXPECT_THAT(list_failures(none).error().text(), HasSubstr("none.db"));
    std::ofstream(folder_ / "text.db") << "this is no database, but long enough to be one, is it?";
    const fs::path text[] = {folder_ / "text.db"};
    EXPECT_THAT(list_failures(text).error().text(), HasSubstr("neither"));
}

}  // namespace
}  // namespace huntsman::bridge::failures
