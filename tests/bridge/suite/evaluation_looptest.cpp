// Drivers evaluated without the program.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "bridge/suite/evaluation.h"
#include "engine/core/files.h"

namespace huntsman::bridge::suite {
namespace {

namespace fs = std::filesystem;

fs::path fresh_folder(const std::string& name) {
    const fs::path folder = fs::path(testing::TempDir()) / ("huntsman_evaluation_" + name);
    fs::remove_all(folder);
    return folder;
}

// A second in a small town.
EvaluationSettings small_settings() {
    EvaluationSettings settings;
    settings.drivers = "oracle,none";
    settings.seeds = "2001..2002";
    settings.run.seconds = 1;
    settings.run.traffic = 3;
    settings.run.pedestrians = 3;
    return settings;
}

Evaluation evaluation_of(const EvaluationSettings& settings) {
    auto evaluation = to_evaluation(settings);
    EXPECT_TRUE(evaluation) << evaluation.error().text();
    return std::move(*evaluation);
}

std::string error_of(const EvaluationSettings& settings) {
    const auto evaluation = to_evaluation(settings);
    return evaluation ? "" : evaluation.error().text();
}

// Fails on its second frame.
class FailingDriver final : public driver::Driver {
  public:
    std::string name() const override { return "failing"; }
    bool needs_images() const override { return false; }
    void reset() override { frames_ = 0; }
    engine::core::Result<messages::Action> drive(const driver::DriverInput&) override {
        if (++frames_ > 1) return engine::core::Error{.message = "has had enough"};
        return messages::Action();
    }

  private:
    int frames_ = 0;
};

TEST(EvaluationSettings, EveryDriverMeetsEverySeed) {
    const Evaluation evaluation = evaluation_of(small_settings());
    ASSERT_EQ(evaluation.run.items.size(), 4);
    EXPECT_EQ(evaluation.run.suite.cells.size(), 2);
    EXPECT_EQ(evaluation.run.items[1].driver, "oracle");
    EXPECT_EQ(evaluation.run.items[1].options.scenario.town.seed, 2002);
    EXPECT_EQ(evaluation.run.items[2].driver, "none");
    EXPECT_EQ(evaluation.run.items[2].options.scenario.town.seed, 2001);
    for (const auto& item : evaluation.run.items) {
        EXPECT_FALSE(item.options.images) << item.driver;
    }

    EvaluationSettings with_network = small_settings();
    with_network.drivers = "network";
    EXPECT_TRUE(evaluation_of(with_network).run.items.front().options.images);
}

TEST(EvaluationSettings, AListedCellIsAsTheOthersSayInWhatItLeavesOut) {
    EvaluationSettings settings = small_settings();
    settings.run.driver = "none";
    settings.run.seed = 5;
    settings.cells = (fs::path(testing::TempDir()) / "huntsman_cells.json").string();
    std::ofstream(settings.cells) << R"({"schema_version": 1, "cells": [
        {"driver": "oracle", "scenario": "night"}, {"seed": 8}]})";
    const Evaluation evaluation = evaluation_of(settings);
    ASSERT_EQ(evaluation.run.items.size(), 2);
    EXPECT_EQ(evaluation.run.items[0].driver, "oracle");
    EXPECT_EQ(evaluation.run.items[0].options.scenario.name, "night");
    EXPECT_EQ(evaluation.run.items[0].options.scenario.town.seed, 5);
    EXPECT_EQ(evaluation.run.items[1].driver, "none");
    EXPECT_EQ(evaluation.run.items[1].options.scenario.name, "demonstration");
    EXPECT_EQ(evaluation.run.items[1].options.scenario.town.seed, 8);
    EXPECT_EQ(evaluation.run.items[1].options.scenario.duration_s, 1);
}

TEST(EvaluationSettings, ErrorsNameTheSettingOrTheFileAndLine) {
    EvaluationSettings settings = small_settings();
    settings.jobs = 0;
    EXPECT_EQ(error_of(settings), "--jobs is 0, expected 1 to 64");
    settings = small_settings();
    settings.stall_limit_s = 0;
    EXPECT_EQ(error_of(settings), "--stall-limit is 0, expected 1 to 86400 seconds");
    settings = small_settings();
    settings.drivers = "oracle,magic";
    EXPECT_EQ(error_of(settings), "--drivers holds magic, expected " + run::driver_names());
    settings.drivers = "";
    EXPECT_EQ(error_of(settings), "--drivers is empty, expected names with commas between");
    settings = small_settings();
    settings.run.latency = "measured";
    EXPECT_EQ(error_of(settings),
              "--latency is measured, expected declared: what is evaluated must follow from its "
              "inputs alone");

    settings = small_settings();
    settings.cells = (fs::path(testing::TempDir()) / "huntsman_bad_cells.json").string();
    const auto with_cells = [&](const std::string& text) {
        std::ofstream(settings.cells) << "{\"schema_version\": 1,\n \"cells\": " << text << "}";
        return error_of(settings);
    };
    EXPECT_NE(with_cells("[]").find("holds 0 cells, expected 1 to 100000"), std::string::npos);
    EXPECT_NE(with_cells("[{\"driver\": \"magic\"}]").find("driver is magic, expected oracle"),
              std::string::npos);
    EXPECT_NE(with_cells("[{\"seed\": -1}]").find("huntsman_bad_cells.json:2: cells.0.seed"),
              std::string::npos);
    EXPECT_NE(with_cells("[{\"seeds\": 1}]").find("huntsman_bad_cells.json:2: cells.0.seeds"),
              std::string::npos);
}

TEST(Evaluation, ALibraryComparesDriversAndFindsWhatAFolderHolds) {
    EvaluationSettings settings = small_settings();
    settings.out = fresh_folder("kept").string();
    std::size_t calls = 0;
    double last = 0;
    const auto watch = [&](double share, const Item&) {
        EXPECT_GE(share, last);
        last = share;
        ++calls;
    };
    const auto first = evaluate(evaluation_of(settings), {.progress = watch});
    ASSERT_TRUE(first) << first.error().text();
    EXPECT_TRUE(first->passed);
    EXPECT_GT(calls, 4);
    EXPECT_NEAR(last, 1, 1e-9);
    ASSERT_EQ(first->table.rows.size(), 2);
    EXPECT_EQ(first->table.rows[0].driver, "oracle");
    EXPECT_EQ(first->table.rows[0].runs, 2);
    EXPECT_EQ(*engine::core::read_file(fs::path(settings.out) / "table.md"), text(first->table));

    // Nothing is left to do.
    calls = 0;
    const auto again = evaluate(evaluation_of(settings), {.progress = watch});
    ASSERT_TRUE(again) << again.error().text();
    EXPECT_EQ(calls, 0);
    EXPECT_EQ(to_json(*again).dump(), to_json(*first).dump());
}

TEST(Evaluation, ADriverOfOnesOwnThatFailsIsAResultWithItsReason) {
    const auto with = [](const run::MakeDriver& make_driver) {
        Evaluation evaluation = evaluation_of(small_settings());
        evaluation.run.items.resize(1);
        return evaluate(std::move(evaluation), {.make_driver = make_driver});
    };
    const auto verdict =
        with([](const loop::RunOptions&) -> engine::core::Result<std::unique_ptr<driver::Driver>> {
            return std::unique_ptr<driver::Driver>(std::make_unique<FailingDriver>());
        });
    ASSERT_TRUE(verdict) << verdict.error().text();
    EXPECT_FALSE(verdict->passed);
    EXPECT_EQ(verdict->table.rows.front().failed, 1);
    EXPECT_NE(verdict->table.runs.front().reason.find("has had enough"), std::string::npos);

    // One that cannot be made likewise.
    const auto none =
        with([](const loop::RunOptions&) -> engine::core::Result<std::unique_ptr<driver::Driver>> {
            return engine::core::Error{.message = "has no licence"};
        });
    ASSERT_TRUE(none) << none.error().text();
    EXPECT_EQ(none->table.runs.front().reason, "has no licence");
}

TEST(Evaluation, ItPassesWhereNoneFailedAndTheFirstDriverReachesTheScore) {
    Table table;
    table.rows = {{.driver = "mine", .runs = 2, .driving_score = 60},
                  {.driver = "other", .runs = 2, .driving_score = 90}};
    EXPECT_TRUE(passes(table, -1));
    EXPECT_TRUE(passes(table, 60));
    EXPECT_FALSE(passes(table, 61));
    table.rows[1].failed = 1;
    EXPECT_FALSE(passes(table, -1));
}

TEST(Evaluation, AStoppedOneKeepsWhatIsFinishedAndSaysSo) {
    EvaluationSettings settings = small_settings();
    settings.out = fresh_folder("stopped").string();
    std::atomic<bool> stop{false};
    const auto stop_late = [&](double share, const Item&) { stop = share > 0.3; };
    const auto stopped = evaluate(evaluation_of(settings), {.progress = stop_late, .stop = &stop});
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().kind, engine::core::ErrorKind::kInvalid);
    EXPECT_NE(stopped.error().message.find("interrupted"), std::string::npos);
    {
        const auto store =
            Store::open(fs::path(settings.out) / "results.sqlite", database::Access::kReadOnly);
        ASSERT_TRUE(store) << store.error().text();
        int held = 0;
        for (const Item& item : evaluation_of(settings).run.items)
            held += *store->holds(item.key, false);
        EXPECT_GE(held, 1);
        EXPECT_LT(held, 4);
    }
    const auto rest = evaluate(evaluation_of(settings), {});
    ASSERT_TRUE(rest) << rest.error().text();
    EXPECT_EQ(rest->table.runs.size(), 4);
}

}  // namespace
}  // namespace huntsman::bridge::suite
