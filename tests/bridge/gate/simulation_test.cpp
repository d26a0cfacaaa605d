// What the gate promises, by simulated comparisons of drivers whose true difference is known.
//
// By default few enough comparisons for a few seconds; HUNTSMAN_GATE_COMPARISONS=2000 makes so many
// of each kind. Bounds are the promised shares plus three standard errors of a share of so many.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/math/distributions/beta.hpp>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "bridge/gate/gate.h"
#include "bridge/gate/sequential.h"

namespace huntsman::bridge::gate {
namespace {

using engine::core::Key;

int comparisons() {
    const char* text = std::getenv("HUNTSMAN_GATE_COMPARISONS");
    return text == nullptr ? 200 : std::max(1, std::atoi(text));
}
// Resamples are fewer than by default, which costs some precision of each comparison's interval and
// nothing of its level.
constexpr int kResamples = 1999;

double standard_error(double share) { return std::sqrt(share * (1.0 - share) / comparisons()); }

// Upper 95 % bound (one-sided) of a share of which `count` were seen.
double upper_bound(int count) {
    if (count >= comparisons()) return 1.0;
    return quantile(boost::math::beta_distribution<double>(count + 1.0, comparisons() - count),
                    0.95);
}

// How differences come about.
enum class Kind {
    kNormal,        // half of the variance belongs to the cluster
    kSkewed,        // exponential losses, likewise
    kZeroInflated,  // most or half of the clusters do not differ at all
    kRareFailures,  // of each cell, with a probability that is the cluster's own
    kMostlyFails,   // nearly all clusters fail in all cells, the others in none
};

double exponential(const Key& key, std::uint64_t draw) { return -std::log1p(-key.uniform(draw)); }

struct Simulated {
    Kind kind = Kind::kNormal;
    int clusters = 20;
    double shift = 0;           // added to all differences
    double differing = 0.5;     // of the clusters, where the kind has such
    bool exchangeable = false;  // A and B have the same distribution: signs are random

    double difference(const Key& cluster, int cell) const {
        const auto draw = static_cast<std::uint64_t>(cell) + 1;
        const double half = std::sqrt(0.5);
        switch (kind) {
            case Kind::kNormal:
                return half * (cluster.normal(0) + cluster.with("cell").normal(draw));
            case Kind::kSkewed:
                return -half * (exponential(cluster, 0) + exponential(cluster, draw) - 2.0);
            case Kind::kZeroInflated:
                // Differs by -2 in the mean, where it does.
                return (cluster.uniform(0) < differing ? -1.0 - exponential(cluster, draw) : 0.0);
            case Kind::kRareFailures: {
                // The square of a uniform number has the mean 1/3.
                const double failing = std::pow(cluster.uniform(0), 2);
                const bool fails = cluster.uniform(draw) < failing;
                return fails ? -1.0 - cluster.with("how").uniform(draw) : 0.0;
            }
            case Kind::kMostlyFails:
                return cluster.uniform(0) < differing ? -1.0 : 0.0;
        }
        return 0;
    }

    double true_mean() const {
        switch (kind) {
            case Kind::kNormal:
            case Kind::kSkewed:
                return shift;
            case Kind::kZeroInflated:
                return shift - 2.0 * differing;
            case Kind::kRareFailures:
                return shift - 0.5;
            case Kind::kMostlyFails:
                return shift - differing;
        }
        return 0;
    }

    std::vector<Cell> cells(int comparison) const {
        const Key key = Key(20261129)
                            .with(static_cast<std::uint64_t>(kind))
                            .with(static_cast<std::uint64_t>(comparison));
        std::vector<Cell> all;
        for (int c = 0; c < clusters; ++c) {
            const Key of_cluster = key.with(static_cast<std::uint64_t>(c));
            // One to five cells each.
            const int size = 1 + static_cast<int>(of_cluster.with("size").index(5));
            const double sign = exchangeable && of_cluster.with("sign").index(2) == 0 ? -1 : 1;
            for (int i = 0; i < size; ++i) {
                Cell cell;
                cell.id = fmt::format("{}-{}", c, i);
                cell.situation = fmt::format("{:03}", c);
                cell.a.metrics["score"] = 0;
                cell.b.metrics["score"] = sign * difference(of_cluster, i) + shift;
                all.push_back(std::move(cell));
            }
        }
        return all;
    }
};

Report compared(const std::vector<Cell>& cells, double margin, double confidence = 0.95,
                int resamples = kResamples) {
    Settings s;
    s.primary = {"score", Better::kHigher};
    s.margin = margin;
    s.confidence = confidence;
    s.resamples = resamples;
    s.explore = false;
    auto report = compare(cells, s);
    EXPECT_TRUE(report.ok());
    return *report;
}

std::string name(const Simulated& s) {
    const char* kinds[] = {"normal", "skewed", "zero-inflated", "rare failures", "mostly fails"};
    const std::string share = s.kind == Kind::kZeroInflated || s.kind == Kind::kMostlyFails
                                  ? fmt::format(" {:.2f}", 1.0 - s.differing)
                                  : "";
    return fmt::format("{}{}, {} clusters", kinds[static_cast<int>(s.kind)], share, s.clusters);
}

TEST(GateSimulation, ExchangeableDriversAreRarelyCalledWorse) {
    for (const Kind kind :
         {Kind::kNormal, Kind::kSkewed, Kind::kZeroInflated, Kind::kRareFailures}) {
        for (const int clusters : {10, 30}) {
            Simulated s{.kind = kind, .clusters = clusters, .exchangeable = true};
            int worse = 0;
            for (int i = 0; i < comparisons(); ++i) {
                // A margin below what can be shown, so that it never saves the verdict.
                worse += compared(s.cells(i), 1e-6).verdict == Verdict::kWorse;
            }
            const double share = static_cast<double>(worse) / comparisons();
            std::printf("worse without difference, %s: %.2f %% (upper 95 %% bound %.2f %%)\n",
                        name(s).c_str(), 100 * share, 100 * upper_bound(worse));
            EXPECT_LE(share, 0.025 + 3 * standard_error(0.025)) << name(s);
            if (comparisons() >= 2000) EXPECT_LE(upper_bound(worse), 0.065);
        }
    }
}

double coverage(const Simulated& s) {
    int covered = 0;
    for (int i = 0; i < comparisons(); ++i) {
        const Interval interval = compared(s.cells(i), 1).primary.interval;
        covered += interval.lower <= s.true_mean() && s.true_mean() <= interval.upper;
    }
    const double share = static_cast<double>(covered) / comparisons();
    std::printf("coverage of 95 %% intervals, %s: %.2f %%\n", name(s).c_str(), 100 * share);
    return share;
}

TEST(GateSimulation, IntervalsCoverTheTrueDifference) {
    const Simulated cases[] = {{Kind::kNormal, 10},       {Kind::kNormal, 20},
                               {Kind::kNormal, 30},       {Kind::kSkewed, 10},
                               {Kind::kSkewed, 20},       {Kind::kSkewed, 30},
                               {Kind::kZeroInflated, 20}, {Kind::kZeroInflated, 30},
                               {Kind::kRareFailures, 20}, {Kind::kRareFailures, 30}};
    for (const Simulated& s : cases) {
        const double share = coverage(s);
        EXPECT_GE(share, 0.93 - 3 * standard_error(0.93)) << name(s);
        EXPECT_LE(share, 0.97 + 3 * standard_error(0.97)) << name(s);
    }
}

TEST(GateSimulation, IntervalsErrToTheSafeSideWhereFewClustersDiffer) {
    const Simulated cases[] = {
        {.kind = Kind::kZeroInflated, .clusters = 15, .differing = 1.0 / 3.0},
        {.kind = Kind::kZeroInflated, .clusters = 30, .differing = 1.0 / 3.0},
        {.kind = Kind::kZeroInflated, .clusters = 30, .differing = 0.15},
        {.kind = Kind::kRareFailures, .clusters = 10},
        {.kind = Kind::kMostlyFails, .clusters = 12, .differing = 0.9},
        {.kind = Kind::kMostlyFails, .clusters = 30, .differing = 0.9},
        {.kind = Kind::kMostlyFails, .clusters = 30, .differing = 0.97}};
    for (const Simulated& s : cases) EXPECT_GE(coverage(s), 0.94 - 3 * standard_error(0.94));
}

// The bootstrap alone took such a driver for one that may have lost nothing.
TEST(GateSimulation, WhoFailsNearlyAlwaysIsWorse) {
    for (const int clusters : {10, 24}) {
        const Simulated s{.kind = Kind::kMostlyFails, .clusters = clusters, .differing = 0.93};
        int worse = 0;
        for (int i = 0; i < comparisons(); ++i) {
            worse += compared(s.cells(i), 0.05).verdict == Verdict::kWorse;
        }
        const double least = clusters > 20 ? 0.99 : 0.8;
        EXPECT_GE(worse, least * comparisons()) << name(s);
    }
}

TEST(GateSimulation, LossOfTheMarginIsFoundInTheStatedShare) {
    for (const Kind kind : {Kind::kNormal, Kind::kSkewed, Kind::kRareFailures}) {
        for (const double margin : {0.35, 0.6}) {
            Simulated s{.kind = kind, .clusters = 30};
            s.shift = -margin - s.true_mean();
            double found = 0, stated = 0, detectable = 0;
            for (int i = 0; i < comparisons(); ++i) {
                const Report report = compared(s.cells(i), margin);
                found += report.verdict == Verdict::kWorse ? 1.0 : 0.0;
                stated += report.power_at_margin;
                detectable += report.detectable_loss.value_or(0.0);
                EXPECT_TRUE(report.detectable_loss);
            }
            found /= comparisons();
            stated /= comparisons();
            std::printf(
                "loss of the margin %.2f, %s: found in %.1f %%, stated %.1f %%; "
                "detectable loss %.3f\n",
                margin, name(s).c_str(), 100 * found, 100 * stated, detectable / comparisons());
            // The stated share rests on an estimated spread and on normal means.
            EXPECT_NEAR(found, stated, 0.08 + 3 * standard_error(0.5)) << name(s);
        }
    }
}

TEST(GateSimulation, LossOfTheMarginIsRarelyCalledNotWorse) {
    for (const Kind kind : {Kind::kNormal, Kind::kSkewed}) {
        Simulated s{.kind = kind, .clusters = 20, .shift = -0.5};
        int missed = 0;
        for (int i = 0; i < comparisons(); ++i) {
            missed += compared(s.cells(i), 0.5).verdict == Verdict::kNotWorse;
        }
        const double share = static_cast<double>(missed) / comparisons();
        std::printf("not worse at a loss of the margin, %s: %.2f %%\n", name(s).c_str(),
                    100 * share);
        EXPECT_LE(share, 0.04 + 3 * standard_error(0.04)) << name(s);
    }
}

// The first verdict of looks at growing shares of the clusters, and the share when it came.
const std::vector<double> kShares = {0.25, 0.5, 0.75, 1.0};
std::pair<Verdict, double> looked_at(const Simulated& s, int comparison, double margin,
                                     const std::vector<double>& levels) {
    const std::vector<Cell> all = s.cells(comparison);
    for (std::size_t look = 0; look < kShares.size(); ++look) {
        std::vector<Cell> finished;
        for (const Cell& cell : all) {
            if (std::stoi(cell.situation) < kShares[look] * s.clusters) finished.push_back(cell);
        }
        // Enough resamples for the tails of the earlier looks.
        const Verdict verdict =
            compared(finished, margin, 1.0 - levels[look], 2 * kResamples).verdict;
        if (verdict != Verdict::kInconclusive) return {verdict, kShares[look]};
    }
    return {Verdict::kInconclusive, 1.0};
}

TEST(GateSimulation, LooksKeepTheErrorRateTogether) {
    for (const Spending spending : {Spending::kObrienFleming, Spending::kPocock}) {
        const char* kind = spending == Spending::kPocock ? "Pocock" : "O'Brien-Fleming";
        const auto levels = look_levels(spending, kShares, 0.05);
        ASSERT_TRUE(levels.ok());
        Simulated same{.clusters = 40, .exchangeable = true};
        Simulated worse{.clusters = 40, .shift = -0.6};
        Simulated margin{.clusters = 40, .shift = -0.4};
        int wrong = 0, found = 0, passed = 0;
        double ran = 0;
        for (int i = 0; i < comparisons(); ++i) {
            wrong += looked_at(same, i, 1e-6, *levels).first == Verdict::kWorse;
            passed += looked_at(margin, i, 0.4, *levels).first == Verdict::kNotWorse;
            const auto [verdict, share] = looked_at(worse, i, 0.2, *levels);
            found += verdict == Verdict::kWorse;
            ran += share / comparisons();
        }
        const double of = comparisons();
        std::printf(
            "four looks, %s: worse without difference %.2f %% (upper 95 %% bound %.2f %%), "
            "not worse at a loss of the margin %.2f %%, a loss of three margins found in "
            "%.1f %% after %.0f %% of the cells\n",
            kind, 100 * wrong / of, 100 * upper_bound(wrong), 100 * passed / of, 100 * found / of,
            100 * ran);
        EXPECT_LE(wrong / of, 0.025 + 3 * standard_error(0.025));
        EXPECT_LE(passed / of, 0.03 + 3 * standard_error(0.03));
        EXPECT_GE(found / of, 0.75);
        EXPECT_LT(ran, 0.9);
        if (comparisons() >= 2000) EXPECT_LE(upper_bound(wrong), 0.065);
    }
}

}  // namespace
}  // namespace huntsman::bridge::gate
