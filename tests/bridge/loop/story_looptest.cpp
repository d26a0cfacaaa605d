// Closed loop on stories: repeatable, replayed exactly, taken over by a driver, judged.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "bridge/loop/session.h"
#include "bridge/run/assets.h"
#include "bridge/run/runner.h"
#include "engine/core/files.h"
#include "scenarios/model/scenario.h"
#include "tests/bridge/loop/options.h"

namespace huntsman::bridge::loop {
namespace {

namespace fs = std::filesystem;

const fs::path kStories = fs::path(HUNTSMAN_SOURCE_DIR) / "../shared/interop/openscenario/xosc";

// A situation on a town without other traffic.
RunOptions situation_options(const std::string& name, const std::string& driver,
                             std::uint64_t seed = 1) {
    RunOptions options = test_options(driver, 60);
    auto scenario = run::find_scenario(name);
    EXPECT_TRUE(scenario) << scenario.error().text();
    if (scenario) options.scenario = std::move(*scenario);
    options.scenario.town.seed = seed;
    return options;
}

RunResult run_of(const RunOptions& options) {
    run::Runner runner(1);
    auto result = runner.run(options, {});
    EXPECT_TRUE(result) << result.error().text();
    return result ? std::move(*result) : RunResult{};
}

TEST(StoryLoop, ThreadsAndRunsGiveTheSameHashes) {
    RunOptions options = situation_options("ccrs", "oracle");
    options.images = true;
    options.scenario.duration_s = 2;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> hashes;
    for (const int threads : {1, 2, 2}) {
        run::Runner runner(threads);
        const auto result = runner.run(options, {});
        ASSERT_TRUE(result) << result.error().text();
        hashes.emplace_back(result->state_hash, result->image_hash);
    }
    EXPECT_EQ(hashes[0], hashes[1]);
    EXPECT_EQ(hashes[0], hashes[2]);
}

TEST(StoryLoop, RecordingsAreComputedAgainExactly) {
    for (const char* driver : {"scripted", "oracle"}) {
        const RunResult made = run_of(situation_options("cpnco", driver));
        Resources resources(1);
        const auto again = replay(resources, made.recording);
        ASSERT_TRUE(again) << again.error().text();
        EXPECT_EQ((*again)->chain(), made.recording.chain) << driver;
    }
}

// An ego that keeps lane and speed hits; the oracle does not.
TEST(StoryLoop, SituationIsFailedByWhoDoesNotReact) {
    for (const char* name : {"ccrs", "cpnco"}) {
        for (const char* driver : {"scripted", "constant"}) {
            const RunResult careless = run_of(situation_options(name, driver));
            EXPECT_FALSE(careless.verdict.passed) << name << ", " << driver;
            const auto* failure = careless.verdict.first_failure();
            ASSERT_NE(failure, nullptr);
            EXPECT_EQ(failure->kind, "no_collision");
            EXPECT_TRUE(failure->tick);
        }
        const RunResult careful = run_of(situation_options(name, "oracle"));
        EXPECT_TRUE(careful.verdict.passed) << name;
        EXPECT_FALSE(careful.story_values.empty());
    }
}

// Its story moves the ego until its controller has both directions, and no more then.
TEST(StoryLoop, DriverHasTheEgoOnceTheStoryActivatesItsController) {
    const auto file = kStories / "acc-toggle.xosc";
    if (!fs::exists(file)) GTEST_SKIP() << "no " << file;
    auto scenario = scenarios::model::load(file);
    ASSERT_TRUE(scenario) << scenario.error().text();
    ASSERT_TRUE(scenarios::model::take_story_map(*scenario));
    for (const auto takeover : {Takeover::kStart, Takeover::kController}) {
        RunOptions options = test_options("oracle", 8);
        options.scenario = *scenario;
        options.scenario.duration_s = 8;
        options.takeover = takeover;
        Resources resources(1);
        auto session =
            Session::create(resources, options, {.driver = driver::make_oracle_driver()});
        ASSERT_TRUE(session) << session.error().text();
        bool scripted = false;
        while (!(*session)->ended()) {
            ASSERT_TRUE((*session)->step());
            const auto& state = (*session)->state();
            scripted = scripted || state.actors.front().scripted;
            if (state.actors.front().scripted) continue;
            EXPECT_TRUE(state.story->entities.front().external);
        }
        EXPECT_EQ(scripted, takeover == Takeover::kController);
    }
}

TEST(StoryLoop, ScriptedEgoIsWhereThePlayerHasIt) {
    const auto file = kStories / "cut-in.xosc";
    if (!fs::exists(file)) GTEST_SKIP() << "no " << file;
    RunOptions options = test_options("scripted", 10);
    auto scenario = scenarios::model::load(file);
    ASSERT_TRUE(scenario) << scenario.error().text();
    ASSERT_TRUE(scenarios::model::take_story_map(*scenario));
    options.scenario = *scenario;
    Resources resources(1);
    auto session = Session::create(resources, options);
    ASSERT_TRUE(session) << session.error().text();
    while (!(*session)->ended()) {
        ASSERT_TRUE((*session)->step());
        const auto& state = (*session)->state();
        if (!state.story) break;
        for (const auto& entity : state.story->entities) {
            const auto* actor = state.find(entity.actor);
            ASSERT_NE(actor, nullptr);
            ASSERT_NEAR(actor->X_WB.p.x, entity.p_W.x, 1e-9);
            ASSERT_NEAR(actor->X_WB.p.y, entity.p_W.y, 1e-9);
        }
    }
    EXPECT_GT((*session)->state().time_us, 5'000'000);
}

TEST(StoryLoop, CriteriaOfTheScenarioTakeThePlaceOfTheSituations) {
    RunOptions options = situation_options("cpnco", "oracle");
    const auto far = scenarios::story::parse_criterion(R"({"kind": "min_gap", "at_least_m": 100})");
    ASSERT_TRUE(far) << far.error().text();
    options.scenario.criteria = {*far};
    const RunResult result = run_of(options);
    EXPECT_FALSE(result.verdict.passed);
    ASSERT_EQ(result.verdict.criteria.size(), 1U);
    EXPECT_EQ(result.verdict.criteria.front().kind, "min_gap");
    // Of somebody who is not there.
    const auto nobody =
        scenarios::story::parse_criterion(R"({"kind": "no_collision", "entity": "Nobody"})");
    options.scenario.criteria = {*nobody};
    run::Runner runner(1);
    const auto refused = runner.run(options, {});
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().text().find("\"Nobody\""), std::string::npos);
}

TEST(StoryLoop, NotesSayWhatNeverHappened) {
    RunOptions options = situation_options("zebra_crossing", "oracle");
    options.scenario.duration_s = 1;  // nobody crosses until then
    options.takeover = Takeover::kController;
    const RunResult result = run_of(options);
    std::string all;
    for (const std::string& note : result.notes) all += note + "\n";
    EXPECT_NE(all.find("never began"), std::string::npos) << all;
    EXPECT_NE(all.find("never had the ego"), std::string::npos) << all;
}

// A car of the story stands in the ego's lane: others stop behind it or go around it.
TEST(StoryLoop, TrafficDoesNotHitTheStorysActors) {
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
        RunOptions options = situation_options("ccrs", "oracle", seed);
        options.scenario.town.vehicles = 60;
        options.scenario.town.pedestrians = 30;
        options.scenario.duration_s = 28;
        Resources resources(1);
        auto session =
            Session::create(resources, options, {.driver = driver::make_oracle_driver()});
        ASSERT_TRUE(session) << session.error().text();
        std::size_t most = 0;
        while (!(*session)->ended()) {
            ASSERT_TRUE((*session)->step());
            const auto& state = (*session)->state();
            most = std::max(most, state.actors.size());
            for (const auto& entity : state.story->entities) {
                EXPECT_FALSE(entity.released) << "seed " << seed << " at " << state.tick;
                if (entity.released) return;
            }
        }
        EXPECT_GT(most, 50U) << "hardly anybody is there";
    }
}

// Acceptance: every file of others closes the loop, whoever drives.
TEST(StoryLoop, OthersFilesRunWithADriver) {
    if (!fs::exists(kStories)) GTEST_SKIP() << "no " << kStories;
    int runs = 0;
    for (const auto& entry : fs::directory_iterator(kStories)) {
        if (entry.path().extension() != ".xosc") continue;
        auto scenario = scenarios::model::load(entry.path());
        ASSERT_TRUE(scenario) << scenario.error().text();
        const auto taken = scenarios::model::take_story_map(*scenario);
        if (!taken) {
            // A distribution of parameters.
            EXPECT_NE(taken.error().message.find("holds no <Storyboard>"), std::string::npos)
                << taken.error().text();
            continue;
        }
        RunOptions options = test_options("oracle", 3);
        options.scenario = *scenario;
        options.scenario.duration_s = 3;
        const RunResult result = run_of(options);
        EXPECT_TRUE(result.valid) << entry.path() << ": " << result.end_reason;
        ++runs;
    }
    EXPECT_GE(runs, 50);
}

}  // namespace
}  // namespace huntsman::bridge::loop
