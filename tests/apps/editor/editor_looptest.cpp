// The editor's actions without a window.
#include <fstream>
#include <random>

#include "bridge/run/runner.h"
#include "bridge/run/settings.h"
#include "engine/core/files.h"
#include "scenarios/edit/commands.h"
#include "tests/apps/editor/session.h"

namespace huntsman::apps::editor {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

[[nodiscard]] bool small_town(TestEditor& test) {
    for (const auto& [field, value] : {std::pair<const char*, json>{"town.size_m", 500},
                                       {"town.vehicles", 4},
                                       {"town.pedestrians", 4},
                                       {"town.route_m", 150},
                                       {"duration_s", 4}}) {
        if (!test.editor.act({{"do", "set"}, {"field", field}, {"value", value}}).ok())
            return false;
    }
    return test.settle() && test.editor.analysis().can_run && test.editor.status().ready;
}

// What `huntsman run` computes from a file.
std::uint64_t hash_of_run(const fs::path& scenario, const std::string& driver) {
    const auto options = bridge::run::to_options(
        {.scenario = scenario.string(), .driver = driver, .size = "64x40", .no_images = true});
    EXPECT_TRUE(options.ok()) << (options.ok() ? "" : options.error().text());
    bridge::run::Runner runner(1);
    const auto result = runner.run(options.value(), {});
    EXPECT_TRUE(result.ok());
    return result.value().state_hash;
}

TEST(Editor, RunOfASavedScenarioIsTheRunThatWasSeen) {
    const TestFolder folder;
    TestEditor test(folder.path());
    ASSERT_TRUE(small_town(test));
    ASSERT_TRUE(test.editor.act({{"do", "weather"}, {"preset", "rain"}}).ok());
    ASSERT_TRUE(test.settle());
    ASSERT_TRUE(test.run_to_end());
    const std::uint64_t seen = test.editor.status().state_hash;
    const fs::path file = folder.path() / "town.json";
    ASSERT_TRUE(test.editor.act({{"do", "save"}, {"path", file.string()}}).ok());
    EXPECT_FALSE(test.editor.changed());
    EXPECT_EQ(hash_of_run(file, "oracle"), seen);
}

TEST(Editor, EditsAreUndoneAndDoneAgain) {
    const TestFolder folder;
    TestEditor test(folder.path());
    Editor& editor = test.editor;
    const double before = editor.draft().scenario.duration_s;
    ASSERT_TRUE(editor.act({{"do", "set"}, {"field", "duration_s"}, {"value", 33}}).ok());
    EXPECT_EQ(editor.draft().scenario.duration_s, 33);
    EXPECT_TRUE(editor.changed());
    ASSERT_TRUE(editor.act({{"do", "undo"}}).ok());
    EXPECT_EQ(editor.draft().scenario.duration_s, before);
    EXPECT_FALSE(editor.changed());
    ASSERT_TRUE(editor.act({{"do", "redo"}}).ok());
    EXPECT_EQ(editor.draft().scenario.duration_s, 33);
    EXPECT_FALSE(editor.act({{"do", "redo"}}).ok());
    EXPECT_EQ(editor.notices().back().text, "there is nothing to redo");
}

TEST(Editor, ActorsOfTheTownBecomeActorsOfTheStory) {
    const TestFolder folder;
    TestEditor test(folder.path());
    ASSERT_TRUE(small_town(test));
    const auto& actors = test.editor.moment()->state.actors;
    ASSERT_GT(actors.size(), 1U);
    const auto id = actors[1].id;
    const auto place = actors[1].X_WB.p;
    const std::size_t count = actors.size();
    ASSERT_TRUE(test.editor.act({{"do", "take_over"}, {"id", id}}).ok());
    ASSERT_EQ(test.editor.selection().actors.size(), 1U);
    const std::string name = test.editor.selection().actors.front();
    ASSERT_TRUE(test.settle());
    ASSERT_TRUE(test.editor.analysis().can_run);
    // As many as before, the one among them by its name at its place.
    EXPECT_EQ(test.editor.moment()->state.actors.size(), count);
    const auto now = test.editor.actor_of(name);
    ASSERT_NE(now, engine::world::kNoActor);
    EXPECT_EQ(test.editor.entity_of(now), name);
    const auto* actor = test.editor.moment()->state.find(now);
    ASSERT_NE(actor, nullptr);
    EXPECT_NEAR(glm::length(engine::math::xy(actor->X_WB.p - place)), 0, 0.2);
}

TEST(Editor, AScenarioWithErrorsOpensAndCannotBeRun) {
    const TestFolder folder;
    const fs::path file = folder.path() / "wrong.json";
    std::ofstream(file) << R"({"schema_version": 1, "name": "wrong", "map": "gone.xodr",
                              "environment": {"rain_mm_h": 5000}})";
    TestEditor test(folder.path());
    ASSERT_TRUE(test.editor.act({{"do", "open"}, {"path", file.string()}}).ok());
    ASSERT_TRUE(test.settle());
    EXPECT_FALSE(test.editor.analysis().can_run);
    EXPECT_FALSE(test.editor.analysis().problems.empty());
    EXPECT_FALSE(test.editor.act({{"do", "play"}}).ok());
    // It can be saved all the same.
    EXPECT_TRUE(test.editor.act({{"do", "save"}}).ok());
}

TEST(Editor, AMapThatVanishesIsAProblem) {
    const TestFolder folder;
    TestEditor test(folder.path());
    ASSERT_TRUE(small_town(test));
    // A town that is saved as a story lies beside it as a map.
    ASSERT_TRUE(test.editor.act({{"do", "add_actor"}, {"kind", "car"}, {"x", 0}, {"y", 0}}).ok());
    const fs::path story = folder.path() / "story.xosc";
    ASSERT_TRUE(test.editor.act({{"do", "save"}, {"path", story.string()}}).ok());
    fs::path map;
    for (const auto& entry : fs::directory_iterator(folder.path())) {
        if (entry.path().extension() == ".xodr") map = entry.path();
    }
    ASSERT_FALSE(map.empty());
    TestEditor other(folder.path() / "other");
    ASSERT_TRUE(other.editor.act({{"do", "open"}, {"path", map.string()}}).ok());
    ASSERT_TRUE(other.settle());
    EXPECT_TRUE(other.editor.analysis().can_run);
    fs::remove(map);
    ASSERT_TRUE(other.editor.act({{"do", "set"}, {"field", "town.seed"}, {"value", 5}}).ok());
    ASSERT_TRUE(other.settle());
    EXPECT_FALSE(other.editor.analysis().can_run);
    ASSERT_FALSE(other.editor.analysis().problems.empty());
    EXPECT_NE(other.editor.analysis().problems.front().message.find(map.filename().string()),
              std::string::npos);
}

TEST(Editor, AForkKeepsTheFutureBefore) {
    const TestFolder folder;
    TestEditor test(folder.path());
    ASSERT_TRUE(small_town(test));
    ASSERT_TRUE(test.run_to_end());
    ASSERT_TRUE(test.editor.act({{"do", "seek"}, {"time_s", 2.0}}).ok());
    ASSERT_TRUE(test.settle());
    EXPECT_EQ(test.editor.status().shown_tick, 400);
    ASSERT_TRUE(test.editor.act({{"do", "fork"}, {"driver", "constant"}}).ok());
    ASSERT_TRUE(test.settle());
    ASSERT_TRUE(test.run_to_end());
    const auto other = test.editor.run().other();
    ASSERT_NE(other, nullptr);
    EXPECT_EQ(other->options.driver, "oracle");
    EXPECT_EQ(test.editor.status().driver, "constant");
    ASSERT_TRUE(test.editor.status().forked_at.has_value());
    EXPECT_EQ(*test.editor.status().forked_at, 400);
    // Both have the same past.
    const auto here = bridge::live::moment_at(*test.editor.run().moments(), 300);
    const auto there = bridge::live::moment_at(*other->moments, 300);
    ASSERT_NE(here, nullptr);
    ASSERT_NE(there, nullptr);
    EXPECT_EQ(engine::world::hash(here->state), engine::world::hash(there->state));
}

TEST(Editor, WhatIsDrivenByHandBecomesATrajectory) {
    const TestFolder folder;
    TestEditor test(folder.path());
    ASSERT_TRUE(small_town(test));
    ASSERT_TRUE(test.editor.act({{"do", "driver"}, {"name", "you"}}).ok());
    ASSERT_TRUE(test.settle());
    ASSERT_TRUE(test.editor.act({{"do", "drive"}, {"throttle", 0.6}}).ok());
    ASSERT_TRUE(test.run_to_end());
    const auto& moments = *test.editor.run().moments();
    const auto from = moments.front()->state.actors.front().X_WB.p;
    const auto to = moments.back()->state.actors.front().X_WB.p;
    EXPECT_GT(glm::length(to - from), 3.0);
    ASSERT_TRUE(test.editor.act({{"do", "keep_path"}}).ok());
    ASSERT_TRUE(test.settle());
    const auto& actors = test.editor.analysis().outline.actors;
    const auto ego = std::ranges::find_if(actors, [](const auto& actor) { return actor.is_ego; });
    ASSERT_NE(ego, actors.end());
    ASSERT_EQ(ego->trajectories.size(), 1U);
    EXPECT_NEAR(glm::length(engine::math::xy(ego->trajectories.front().points_W.back() - to)), 0,
                0.5);
}

TEST(Editor, RandomActionsLeaveItUsable) {
    const TestFolder folder;
    TestEditor test(folder.path());
    ASSERT_TRUE(small_town(test));
    std::mt19937 random(17);
    const auto pick = [&](std::size_t n) {
        return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
    };
    const json values[] = {0,
                           1,
                           -1,
                           1e12,
                           0.5,
                           nullptr,
                           "x",
                           true,
                           "Ego",
                           json::array(),
                           json::array({1, 2}),
                           json::object()};
    const char* keys[] = {"actor", "actors", "tick",  "time_s", "name", "path",    "x",
                          "y",     "driver", "moved", "layers", "step", "central", "speed"};
    const auto all = actions();
    const auto edits = scenarios::edit::commands();
    int done = 0;
    for (int i = 0; i < 400; ++i) {
        const std::size_t which = pick(all.size() + edits.size());
        const std::string name =
            which < all.size() ? all[which].name : edits[which - all.size()].name;
        if (name == "quit" || name == "save" || name == "save_run" || name == "save_case") continue;
        json action{{"do", name}};
        for (std::size_t k = pick(4); k > 0; --k) {
            action[keys[pick(std::size(keys))]] = values[pick(std::size(values))];
        }
        if (test.editor.act(action).ok()) ++done;
        test.step(0.05);
    }
    EXPECT_GT(done, 40);
    // It can go on as if nothing had been.
    ASSERT_TRUE(test.editor.act({{"do", "new"}, {"seed", 3}}).ok());
    ASSERT_TRUE(small_town(test));
    EXPECT_TRUE(test.editor.act({{"do", "driver"}, {"name", "oracle"}}).ok());
    EXPECT_TRUE(test.settle());
    EXPECT_TRUE(test.run_to_end());
}

TEST(Editor, UnsavedWorkIsKeptAndRecovered) {
    const TestFolder folder;
    {
        // As a process that was killed leaves it: what it had autosaved, under a number that no
        // process has.
        TestEditor test(folder.path());
        ASSERT_TRUE(test.editor.act({{"do", "set"}, {"field", "name"}, {"value", "kept"}}).ok());
        test.step(10);
        test.step(10);
        const fs::path saved = folder.path() / "state" / "autosave";
        ASSERT_TRUE(fs::exists(saved));
        ASSERT_FALSE(fs::is_empty(saved));
        fs::create_directories(folder.path() / "next" / "autosave");
        for (const auto& entry : fs::directory_iterator(saved)) {
            auto text = engine::core::read_file(entry.path());
            ASSERT_TRUE(text.ok());
            json kept = json::parse(text.value());
            kept["pid"] = 4'194'303;
            std::ofstream(folder.path() / "next" / "autosave" / entry.path().filename())
                << kept.dump();
        }
    }
    Editor next({.state_folder = folder.path() / "next", .catalogue = {}, .pictures = false});
    ASSERT_EQ(next.recoverable().size(), 1U);
    ASSERT_TRUE(next.act({{"do", "recover"}}).ok());
    EXPECT_EQ(next.draft().scenario.name, "kept");
    EXPECT_TRUE(next.changed());
    EXPECT_TRUE(next.recoverable().empty());
}

}  // namespace
}  // namespace huntsman::apps::editor
