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
    const auto evaluation = to_evaluation(settings);
    EXPECT_TRUE(evaluation) << evaluation.error().text();
    return *evaluation;
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
    ASSERT_EQ(evaluation.cells.size(), 4);
    EXPECT_EQ(evaluation.cells[1].driver, "oracle");
    EXPECT_EQ(evaluation.cells[1].scenario.town.seed, 2002);
    EXPECT_EQ(evaluation.cells[2].driver, "none");
    EXPECT_EQ(evaluation.cells[2].scenario.town.seed, 2001);
    for (const auto& cell : evaluation.cells) EXPECT_FALSE(cell.images) << cell.driver;

    EvaluationSettings with_network = small_settings();
    with_network.drivers = "network";
    EXPECT_TRUE(evaluation_of(with_network).cells.front().images);
}

TEST(EvaluationSettings, AListedCellIsAsTheOthersSayInWhatItLeavesOut) {
    EvaluationSettings settings = small_settings();
    settings.run.driver = "none";
    settings.run.seed = 5;
    settings.cells = (fs::path(testing::TempDir()) / "huntsman_cells.json").string();
    std::ofstream(settings.cells) << R"({"schema_version": 1, "cells": [
        {"driver": "oracle", "scenario": "night"}, {"seed": 8}]})";
    const Evaluation evaluation = evaluation_of(settings);
    ASSERT_EQ(evaluation.cells.size(), 2);
    EXPECT_EQ(evaluation.cells[0].driver, "oracle");
    EXPECT_EQ(evaluation.cells[0].scenario.name, "night");
    EXPECT_EQ(evaluation.cells[0].scenario.town.seed, 5);
    EXPECT_EQ(evaluation.cells[1].driver, "none");
    EXPECT_EQ(evaluation.cells[1].scenario.name, "demonstration");
    EXPECT_EQ(evaluation.cells[1].scenario.town.seed, 8);
    EXPECT_EQ(evaluation.cells[1].scenario.duration_s, 1);
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
    const Evaluation evaluation = evaluation_of(settings);
    std::size_t calls = 0;
    double last = 0;
    const auto watch = [&](double share, const loop::RunOptions&) {
        EXPECT_GE(share, last);
        last = share;
        ++calls;
    };
    const auto first = evaluate(evaluation, {.progress = watch});
    ASSERT_TRUE(first) << first.error().text();
    EXPECT_TRUE(first->passed);
    EXPECT_GT(calls, 4);
    EXPECT_NEAR(last, 1, 1e-9);
    ASSERT_EQ(first->comparison.rows.size(), 2);
    EXPECT_EQ(first->comparison.rows[0].driver, "oracle");
    EXPECT_EQ(first->comparison.rows[0].runs, 2);
    EXPECT_EQ(*engine::core::read_file(fs::path(settings.out) / "table.md"),
              table(first->comparison));

    // Nothing is left to do.
    calls = 0;
    const auto again = evaluate(evaluation, {.progress = watch});
    ASSERT_TRUE(again) << again.error().text();
    EXPECT_EQ(calls, 0);
    EXPECT_EQ(to_json(again->comparison, again->passed), to_json(first->comparison, first->passed));
}

TEST(Evaluation, ADriverOfOnesOwnThatFailsIsAResultWithItsReason) {
    Evaluation evaluation = evaluation_of(small_settings());
    for (auto& cell : evaluation.cells) cell.driver = "failing";
    evaluation.cells.resize(1);
    EvaluationCallbacks callbacks;
    callbacks.make_driver =
        [](const loop::RunOptions&) -> engine::core::Result<std::unique_ptr<driver::Driver>> {
        return std::unique_ptr<driver::Driver>(std::make_unique<FailingDriver>());
    };
    const auto verdict = evaluate(evaluation, callbacks);
    ASSERT_TRUE(verdict) << verdict.error().text();
    EXPECT_FALSE(verdict->passed);
    EXPECT_EQ(verdict->comparison.rows.front().failed, 1);
    EXPECT_NE(verdict->comparison.cells.front().end_reason.find("has had enough"),
              std::string::npos);

    // One that cannot be made likewise.
    callbacks.make_driver =
        [](const loop::RunOptions&) -> engine::core::Result<std::unique_ptr<driver::Driver>> {
        return engine::core::Error{.message = "has no licence"};
    };
    const auto none = evaluate(evaluation, callbacks);
    ASSERT_TRUE(none) << none.error().text();
    EXPECT_EQ(none->comparison.cells.front().end_reason, "has no licence");
}

TEST(Evaluation, ItPassesWhereNoneFailedAndTheFirstDriverReachesTheScore) {
    Comparison comparison;
    comparison.rows = {{.driver = "mine", .runs = 2, .driving_score = 60},
                       {.driver = "other", .runs = 2, .driving_score = 90}};
    EXPECT_TRUE(passes(comparison, -1));
    EXPECT_TRUE(passes(comparison, 60));
    EXPECT_FALSE(passes(comparison, 61));
    comparison.rows[1].failed = 1;
    EXPECT_FALSE(passes(comparison, -1));
}

TEST(Evaluation, AStoppedOneKeepsWhatIsFinishedAndSaysSo) {
    EvaluationSettings settings = small_settings();
    settings.out = fresh_folder("stopped").string();
    std::atomic<bool> stop{false};
    const auto stop_late = [&](double share, const loop::RunOptions&) { stop = share > 0.3; };
    const auto stopped = evaluate(evaluation_of(settings), {.progress = stop_late, .stop = &stop});
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().kind, engine::core::ErrorKind::kInvalid);
    EXPECT_NE(stopped.error().message.find("interrupted"), std::string::npos);
    const auto count = std::distance(fs::directory_iterator(fs::path(settings.out) / "cells"), {});
    EXPECT_GE(count, 1);
    EXPECT_LT(count, 4);
    const auto rest = evaluate(evaluation_of(settings), {});
    ASSERT_TRUE(rest) << rest.error().text();
    EXPECT_EQ(rest->comparison.cells.size(), 4);
}

}  // namespace
}  // namespace huntsman::bridge::suite
