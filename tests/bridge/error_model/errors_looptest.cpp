// A driver with an error model in the closed loop.
#include <gtest/gtest.h>

#include "bridge/error_model/errors.h"
#include "bridge/loop/session.h"
#include "bridge/run/driver_spec.h"
#include "engine/core/files.h"
#include "tests/bridge/loop/options.h"

namespace huntsman::bridge::loop {
namespace {

RunResult driven(const RunOptions& options) {
    auto driver = run::make_driver(options);
    EXPECT_TRUE(driver) << driver.error().text();
    Resources resources(2);
    auto session = Session::create(resources, options, {.driver = std::move(*driver)});
    EXPECT_TRUE(session) << session.error().text();
    while (!(*session)->ended()) EXPECT_TRUE((*session)->step());
    auto result = (*session)->finish();
    EXPECT_TRUE(result);
    return std::move(*result);
}

std::string file_of(const error_model::Model& model, const std::string& name) {
    const std::string file = testing::TempDir() + name;
    EXPECT_TRUE(engine::core::write_file(file, to_json(model)));
    return file;
}

TEST(ErrorsDriver, WithAPerfectModelDrivesAsTheOracleToTheBit) {
    const RunOptions oracle = town_options("oracle", 5);
    RunOptions errors = oracle;
    errors.driver = "errors:" + file_of(error_model::perfect(), "perfect.json");
    EXPECT_EQ(driven(errors).state_hash, driven(oracle).state_hash);
}

TEST(ErrorsDriver, BlindToPeopleHitsThePersonWhomTheOracleAvoids) {
    RunOptions options = town_options("oracle", 30);
    options.scenario.town.seed = 2002;
    options.scenario.town.vehicles = 0;
    options.scenario.town.pedestrians = 0;
    options.scenario.name = "cpfa";
    options.scenario.story.situation = "cpfa";
    EXPECT_TRUE(driven(options).verdict.passed);
    error_model::Model blind;
    blind.pedestrian.bands = {{.to_m = 100, .miss = 1}};
    options.driver = "errors:" + file_of(blind, "blind.json");
    const RunResult result = driven(options);
    EXPECT_FALSE(result.verdict.passed);
    EXPECT_GT(result.carla.pedestrian_collisions, 0);
}

TEST(ErrorsDriver, AFileThatIsNoModelIsRefused) {
    RunOptions options = town_options("errors:/nowhere.json", 1);
    EXPECT_FALSE(run::make_driver(options));
}

}  // namespace
}  // namespace huntsman::bridge::loop
