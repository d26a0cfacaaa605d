#include "bridge/gate/gate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace huntsman::bridge::gate {
namespace {

using testing::HasSubstr;

Cell cell(int i, const std::string& situation, double a, double b) {
    return {.id = fmt::format("cell {:03}", i),
            .situation = situation,
            .map = "town",
            .tags = {},
            .conditions = {},
            .a = {.metrics = {{"score", a}}, .failed = false},
            .b = {.metrics = {{"score", b}}, .failed = false}};
}

// Twelve situations of three variants; B differs by `shift` and a zigzag of mean 0.
std::vector<Cell> suite(double shift, double zigzag = 1.0) {
    std::vector<Cell> cells;
    for (int c = 0; c < 12; ++c) {
        for (int v = 0; v < 3; ++v) {
            const double noise = zigzag * (c % 2 == 0 ? 1 : -1) * (1 + v);
            cells.push_back(
                cell(3 * c + v, fmt::format("situation {}", c), 50, 50 + shift + noise));
        }
    }
    return cells;
}

Settings settings(double margin, Better better = Better::kHigher) {
    Settings s;
    s.primary = {"score", better};
    s.margin = margin;
    return s;
}

Report compared(const std::vector<Cell>& cells, const Settings& s) {
    auto report = compare(cells, s);
    EXPECT_TRUE(report.ok()) << report.error().text();
    return report.ok() ? *report : Report{};
}

std::string refused(const std::vector<Cell>& cells, const Settings& s) {
    const auto report = compare(cells, s);
    return report.ok() ? "" : report.error().message;
}

TEST(Gate, LossBeyondTheMarginIsWorse) {
    const Report report = compared(suite(-10), settings(5));
    EXPECT_EQ(report.verdict, Verdict::kWorse);
    EXPECT_NEAR(report.primary.mean, -10, 1e-12);
    EXPECT_LT(report.primary.interval.upper, -5);
    EXPECT_EQ(report.primary.cells, 36U);
    EXPECT_EQ(report.primary.clusters, 12U);
    EXPECT_TRUE(report.primary.loss);
    EXPECT_THAT(report.reason, HasSubstr("score changed by -10 (95 % interval"));
}

TEST(Gate, LossBelowTheMarginIsNotWorseAndSaysThatItIsThere) {
    const Report report = compared(suite(-4), settings(8));
    EXPECT_EQ(report.verdict, Verdict::kNotWorse);
    EXPECT_LT(report.primary.interval.upper, 0);
    EXPECT_THAT(report.reason, HasSubstr("though a smaller one is there"));
}

TEST(Gate, WideIntervalIsInconclusiveAndNamesTheDetectableLoss) {
    const Report report = compared(suite(0, 10), settings(2));
    EXPECT_EQ(report.verdict, Verdict::kInconclusive);
    ASSERT_TRUE(report.detectable_loss);
    EXPECT_GT(*report.detectable_loss, 10);
    EXPECT_THAT(report.reason, HasSubstr(fmt::format("{:.4g}", *report.detectable_loss)));
    EXPECT_LT(report.power_at_margin, 0.1);
}

TEST(Gate, OfALowerMetricTurnsTheSidesRound) {
    EXPECT_EQ(compared(suite(10), settings(5, Better::kLower)).verdict, Verdict::kWorse);
    const Report better = compared(suite(-10), settings(5, Better::kLower));
    EXPECT_EQ(better.verdict, Verdict::kNotWorse);
    EXPECT_FALSE(better.primary.loss);
    EXPECT_TRUE(better.worst.empty());
}

TEST(Gate, ReportDoesNotDependOnTheOrderOfCells) {
    std::vector<Cell> cells = suite(-1, 3);
    double more = 0.1;
    for (Cell& c : cells) c.b.metrics["score"] += more /= 1.1;
    const Report report = compared(cells, settings(2));
    std::reverse(cells.begin(), cells.end());
    std::rotate(cells.begin(), cells.begin() + 7, cells.end());
    const Report other = compared(cells, settings(2));
    EXPECT_EQ(report.reason, other.reason);
    EXPECT_EQ(report.primary.mean, other.primary.mean);
    EXPECT_EQ(report.primary.interval.lower, other.primary.interval.lower);
    EXPECT_EQ(report.primary.p_value, other.primary.p_value);
    EXPECT_EQ(report.detectable_loss, other.detectable_loss);
}

TEST(Gate, DriversThatNeverDifferAreNotWorse) {
    const Report report = compared(suite(0, 0), settings(1));
    EXPECT_EQ(report.verdict, Verdict::kNotWorse);
    EXPECT_THAT(report.reason, HasSubstr("no cell differs in score (36 cells in 12 clusters)"));
    // However few clusters there are.
    EXPECT_EQ(compared({cell(0, "one", 5, 5)}, settings(1)).verdict, Verdict::kNotWorse);
}

TEST(Gate, SmallDifferenceInOneClusterIsNotWorse) {
    std::vector<Cell> cells = suite(0, 0);
    cells[4].b.metrics["score"] -= 0.5;
    EXPECT_EQ(compared(cells, settings(1)).verdict, Verdict::kNotWorse);
}

TEST(Gate, OneClusterIsInconclusive) {
    std::vector<Cell> cells;
    for (int v = 0; v < 20; ++v) cells.push_back(cell(v, "only one", 50, 20 + v));
    const Report report = compared(cells, settings(1));
    EXPECT_EQ(report.verdict, Verdict::kInconclusive);
    EXPECT_THAT(report.reason,
                HasSubstr("too few clusters for a verdict at 95 %: 1, where 6 are needed"));
    EXPECT_FALSE(report.detectable_loss);
    EXPECT_EQ(report.power_at_margin, 0);
}

TEST(Gate, CellsWithoutAValueForBKeepItFromBeingNotWorse) {
    std::vector<Cell> cells = suite(1);
    cells[5].b.metrics.clear();
    const Report report = compared(cells, settings(10));
    EXPECT_EQ(report.verdict, Verdict::kInconclusive);
    EXPECT_THAT(report.only_a, testing::ElementsAre("cell 005"));
    EXPECT_THAT(report.reason, HasSubstr("the first of them cell 005"));
    EXPECT_EQ(report.primary.cells, 35U);
    // Nor do other cells help that never differ.
    cells = {cell(0, "one", 5, 5), cell(1, "one", 5, 5)};
    cells[1].b.metrics.clear();
    EXPECT_EQ(compared(cells, settings(1)).verdict, Verdict::kInconclusive);
    // The other way round it is merely said.
    cells = suite(1);
    cells[5].a.metrics.clear();
    const Report fine = compared(cells, settings(10));
    EXPECT_EQ(fine.verdict, Verdict::kNotWorse);
    EXPECT_THAT(fine.only_b, testing::ElementsAre("cell 005"));
}

TEST(Gate, BadInputIsRefusedWithItsReason) {
    EXPECT_THAT(refused({}, settings(1)), HasSubstr("no cell in common"));
    EXPECT_THAT(refused(suite(0), settings(0)), HasSubstr("margin of score is 0"));
    EXPECT_THAT(refused(suite(0), settings(std::nan(""))), HasSubstr("margin of score is nan"));
    Settings unsure = settings(1);
    unsure.confidence = 95;
    EXPECT_THAT(refused(suite(0), unsure), HasSubstr("confidence is 95"));
    Settings unknown = settings(1);
    unknown.primary.name = "scores";
    EXPECT_THAT(refused(suite(0), unknown),
                HasSubstr("has a value of scores for both drivers; A has score"));
    std::vector<Cell> twice = suite(0);
    twice[1].id = twice[0].id;
    EXPECT_THAT(refused(twice, settings(1)), HasSubstr("cell 000 comes twice"));
    std::vector<Cell> odd = suite(0);
    odd[7].b.metrics["score"] = std::nan("");
    EXPECT_THAT(refused(odd, settings(1)), HasSubstr("score of B is nan in the cell cell 007"));
}

TEST(Gate, FailuresAndWorstRegressionsAreListed) {
    std::vector<Cell> cells = suite(0);
    cells[3].b.failed = true;
    cells[8].a.failed = true;
    cells[9].a.failed = cells[9].b.failed = true;
    cells[20].b.metrics["score"] = 1;
    Settings s = settings(1);
    s.worst = 2;
    const Report report = compared(cells, s);
    EXPECT_THAT(report.new_failures, testing::ElementsAre("cell 003"));
    EXPECT_THAT(report.fixed_failures, testing::ElementsAre("cell 008"));
    ASSERT_EQ(report.worst.size(), 2U);
    EXPECT_EQ(report.worst[0].id, "cell 020");
    EXPECT_EQ(report.worst[0].a, 50);
    EXPECT_EQ(report.worst[0].b, 1);
    // Of equal losses, -3 in every other situation, the first.
    EXPECT_EQ(report.worst[1].id, "cell 005");
}

// Twenty situations on two maps; cells carry overlapping tags and two conditions. B is worse at
// night.
std::vector<Cell> blind_at_night(std::uint64_t seed) {
    const auto key = engine::core::Key(seed);
    std::vector<Cell> cells;
    int i = 0;
    for (int situation = 0; situation < 20; ++situation) {
        for (const char* map : {"north", "south"}) {
            const double shared =
                3 * key.with(static_cast<std::uint64_t>(situation)).with(map).normal();
            for (const char* light : {"day", "night"}) {
                for (const char* weather : {"clear", "rain"}) {
                    const double own = 8 * key.with("own").normal(static_cast<std::uint64_t>(i));
                    Cell c = cell(i, fmt::format("situation {}", situation), 70,
                                  70 + shared + own - (*light == 'n' ? 12 : 0));
                    c.map = map;
                    c.conditions = {{"light", light}, {"weather", weather}, {"map", map}};
                    for (int tag = 0; tag < 8; ++tag) {
                        if ((situation * 7 + tag * 3) % 11 < 4) {
                            c.tags.push_back(fmt::format("tag {}", tag));
                        }
                    }
                    c.a.metrics["time_s"] = 30;
                    c.b.metrics["time_s"] =
                        30 + key.with("time").normal(static_cast<std::uint64_t>(i));
                    cells.push_back(std::move(c));
                    ++i;
                }
            }
        }
    }
    return cells;
}

TEST(Gate, ConditionThatAFaultConcernsIsTheTopFinding) {
    int top = 0;
    constexpr int kTimes = 20;
    for (std::uint64_t seed = 0; seed < kTimes; ++seed) {
        Settings s = settings(2);
        s.others = {{"time_s", Better::kLower}, {"unknown", Better::kLower}};
        s.resamples = 999;
        const Report report = compared(blind_at_night(seed), s);
        EXPECT_EQ(report.verdict, Verdict::kWorse);
        ASSERT_FALSE(report.findings.empty());
        const Finding& first = report.findings.front();
        top += first.name == "light=night";
        EXPECT_LE(first.p_adjusted, 0.05);
        EXPECT_GE(first.p_adjusted, first.difference.p_value);
        // Metrics without values are left out.
        ASSERT_EQ(report.metrics.size(), 1U);
        EXPECT_EQ(report.metrics[0].name, "time_s");
        EXPECT_EQ(report.metrics[0].kind, Finding::Kind::kMetric);
    }
    EXPECT_GE(top, kTimes - 1);
}

TEST(Gate, FindingOfOneSituationCountsItsCellsAsIndependent) {
    std::vector<Cell> cells = suite(0, 0);
    // One situation of eight variants, all of them worse.
    for (int v = 0; v < 8; ++v) cells.push_back(cell(100 + v, "roundabout", 50, 40 - v));
    const Report report = compared(cells, settings(1));
    const Finding& top = report.findings.front();
    EXPECT_EQ(top.name, "roundabout");
    EXPECT_EQ(top.kind, Finding::Kind::kSituation);
    EXPECT_EQ(top.difference.clusters, 8U);
    EXPECT_EQ(top.difference.p_value, smallest_p(8));
    // Nobody else differs: it is the only hypothesis, and it explains all but its own spread:
    // differences -10..-17, mean -13.5; 8 · 13.5² / Σd² = 1458/1500.
    EXPECT_EQ(top.p_adjusted, top.difference.p_value);
    EXPECT_NEAR(top.explained, 1458.0 / 1500.0, 1e-12);
}

}  // namespace
}  // namespace huntsman::bridge::gate
