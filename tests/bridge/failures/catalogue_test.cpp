#include "bridge/failures/catalogue.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace huntsman::bridge::failures {
namespace {

loop::RunResult two_failures() {
    loop::RunResult result;
    result.scenario = "s";
    result.seed = 1003;
    result.driver = "network";
    loop::Failure miss;
    miss.infraction = {.kind = score::InfractionKind::kNearMiss,
                       .tick = 400,
                       .time_us = 2000000,
                       .other = 7,
                       .ego_speed_mps = 9,
                       .distance_m = 3,
                       .value = 0.6};
    miss.other = "car";
    miss.occlusion = 0.25;
    miss.picture = "failures/1.jpg";
    loop::Failure red;
    red.infraction = {.kind = score::InfractionKind::kRedLight, .tick = 900};
    result.failures = {miss, red};
    return result;
}

TEST(Catalogue, RowsComeBackWholeAndARepeatedRunReplacesItsOwn) {
    const auto path = std::filesystem::temp_directory_path() / "huntsman_catalogue_test.db";
    std::filesystem::remove(path);
    EXPECT_FALSE(Catalogue::open_existing(path).ok());
    auto catalogue = Catalogue::open(path);
    ASSERT_TRUE(catalogue.ok()) << catalogue.error().text();
    ASSERT_TRUE((*catalogue)->store(two_failures(), "runs/a", "./huntsman", "./huntsman run a"));
    ASSERT_TRUE((*catalogue)->store(two_failures(), "runs/b", "./huntsman", "./huntsman run b"));
    ASSERT_TRUE((*catalogue)->store(two_failures(), "runs/a", "./huntsman", "./huntsman run a"));
    const auto all = (*catalogue)->list({});
    ASSERT_TRUE(all.ok());
    EXPECT_EQ(all->size(), 4U);
    const auto misses = (*catalogue)->list({.kind = "near_miss", .limit = 1});
    ASSERT_EQ(misses->size(), 1U);
    const auto row = (*catalogue)->find(misses->front().id);
    ASSERT_TRUE(row.ok());
    EXPECT_EQ(row->tick, 400);
    EXPECT_EQ(row->actor, 7U);
    EXPECT_EQ(row->actor_class, "car");
    EXPECT_EQ(row->seed, 1003U);
    EXPECT_NEAR(row->occlusion, 0.25, 1e-12);
    EXPECT_EQ(row->picture, "runs/a/failures/1.jpg");
    EXPECT_EQ(row->command, "./huntsman replay runs/a --show-tick 400");
    EXPECT_EQ(row->rerun, "./huntsman run a");
    EXPECT_FALSE((*catalogue)->find(123456).ok());
    std::filesystem::remove(path);
}

TEST(Catalogue, ForeignFilesAreRefusedAndLeftAlone) {
    const auto path = std::filesystem::temp_directory_path() / "huntsman_foreign_test.db";
    std::ofstream(path) << "this is no database, but it is long enough to be looked at twice";
    const auto size = std::filesystem::file_size(path);
    EXPECT_FALSE(Catalogue::open(path).ok());
    EXPECT_EQ(std::filesystem::file_size(path), size);
    std::filesystem::remove(path);
}

}  // namespace
}  // namespace huntsman::bridge::failures
