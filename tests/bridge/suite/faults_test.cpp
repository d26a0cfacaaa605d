// Faults in suite files, and error models fitted to results files.
#include <gtest/gtest.h>

#include "bridge/suite/store.h"
#include "bridge/suite/suite.h"

namespace huntsman::bridge::suite {
namespace {

engine::core::Result<Suite> faulty(const std::string& defaults, const std::string& more) {
    return parse_suite("{\"schema_version\": 1, \"defaults\": {" + defaults +
                           "},\n \"groups\": [{\"situations\": [\"ccrs\"], \"towns\": [3]" + more +
                           "}]}",
                       "/somewhere/mine.json");
}

TEST(SuiteFaults, GroupsHaveThoseOfTheDefaultsOrTheirOwn) {
    const std::string defaults = R"("faults": ["blind:class=pedestrian", "late:ms=200"])";
    const auto of_defaults = faulty(defaults, "");
    ASSERT_TRUE(of_defaults) << of_defaults.error().text();
    const auto& faults = of_defaults->cells[0].options.faults;
    ASSERT_EQ(faults.size(), 2U);
    EXPECT_TRUE(faults[1] == faults::Fault(faults::Late{.ms = 200}));
    const auto own = faulty(defaults, R"(, "faults": ["weak_brakes"])");
    ASSERT_TRUE(own) << own.error().text();
    EXPECT_EQ(own->cells[0].options.faults.size(), 1U);
    EXPECT_TRUE(faulty(defaults, R"(, "faults": [])")->cells[0].options.faults.empty());
}

TEST(SuiteFaults, ACellWithFaultsHasAnotherKeyAndOneWithNoneTheSame) {
    const auto key = [](const std::string& defaults) {
        const auto options = with_driver(faulty(defaults, "")->cells[0], "oracle", "");
        return run_key(*options, {"program", "assets", "none", "none"});
    };
    EXPECT_EQ(key(""), key(R"("faults": [])"));
    EXPECT_NE(key(""), key(R"("faults": ["late:ms=200"])"));
    EXPECT_NE(key(R"("faults": ["late:ms=100"])"), key(R"("faults": ["late:ms=200"])"));
}

TEST(SuiteFaults, WrongOnesAreErrorsWithFileAndLine) {
    const auto wrong = faulty("", R"(, "faults": ["late:ms=-1"])");
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().text(),
              "/somewhere/mine.json:2: fault late:ms=-1: ms is -1, expected a number from 0 to "
              "2000");
    EXPECT_FALSE(faulty("", R"(, "faults": [3])"));
}

TEST(SuiteSamples, AreThoseOfTheDriversRunsWithTheirLight) {
    const auto suite = parse_suite(
        R"({"schema_version": 1, "groups": [{"situations": ["ccrs"], "towns": ["1..3"]}]})",
        "mine.json");
    ASSERT_TRUE(suite) << suite.error().text();
    const auto file = std::filesystem::path(testing::TempDir()) / "huntsman_samples.sqlite";
    for (const char* more : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + more);
    const auto store = Store::open(file, database::Access::kCreate);
    ASSERT_TRUE(store) << store.error().text();
    const auto put = [&](std::size_t cell, const std::string& driver, double sun_rad) {
        Item item{.cell = &suite->cells[cell], .suite = "mine", .driver = driver};
        item.options = *with_driver(suite->cells[cell], driver, "");
        item.key = run_key(item.options, item.provenance);
        loop::RunResult result;
        result.options = item.options;
        result.environment.sun_elevation_rad = sun_rad;
        result.frames = 20;
        result.sim_time_s = 2;
        score::PerceptionJudge::Samples samples{.frames = 20};
        samples.classes[1].truths.push_back({7, {3, 4}, true});
        samples.classes[1].truth_distance_m.push_back(5);
        samples.classes[0].detections.push_back({8, {6, 8}, 0.5});
        samples.classes[0].detection_distance_m.push_back(10);
        result.perception = score::PerceptionJudge::of(samples);
        EXPECT_TRUE(store->put(item, result));
    };
    put(0, "network", 0.5);
    put(1, "network", -0.4);
    put(2, "oracle", 0.5);
    const auto runs = store->run_samples("network");
    ASSERT_TRUE(runs) << runs.error().text();
    ASSERT_EQ(runs->size(), 2U);
    EXPECT_NE(runs->at(0).night, runs->at(1).night);
    for (const auto& run : *runs) {
        EXPECT_EQ(run.frame_s, 0.1);
        EXPECT_EQ(run.samples.frames, 20U);
        ASSERT_EQ(run.samples.classes[1].truths.size(), 1U);
        EXPECT_EQ(run.samples.classes[1].truths[0].frame, 7U);
        EXPECT_EQ(run.samples.classes[1].truths[0].centre.y, 4);
        EXPECT_TRUE(run.samples.classes[1].truths[0].ignore);
        ASSERT_EQ(run.samples.classes[0].detections.size(), 1U);
        EXPECT_EQ(run.samples.classes[0].detections[0].score, 0.5);
    }
    EXPECT_FALSE(store->run_samples("r157"));
    EXPECT_FALSE(store->run_samples("network", "another"));
    EXPECT_EQ(store->run_samples("network", "mine")->size(), 2U);
    const auto missing = Store::open("/nowhere.sqlite", database::Access::kReadOnly);
    ASSERT_FALSE(missing);
    EXPECT_NE(missing.error().text().find("does not exist"), std::string::npos);
}

}  // namespace
}  // namespace huntsman::bridge::suite
