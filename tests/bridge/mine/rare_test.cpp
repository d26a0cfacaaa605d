// Rates whose true value is known in closed form.
//
// By default few enough estimates for a few seconds; HUNTSMAN_MINE_ESTIMATES=1000 makes so many of
// each kind and prints the table of docs/mining.md.
#include "bridge/mine/rare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "tests/bridge/mine/failures.h"

namespace huntsman::bridge::mine {
namespace {

using engine::core::Error;
using engine::core::Result;
using testing::HasSubstr;

Evaluate by(const std::function<double(const Point&)>& severity) {
    return [severity](const std::vector<Point>& batch) {
        std::vector<Evaluation> all;
        for (const Point& u : batch) all.push_back({.severity = severity(u)});
        return Result<std::vector<Evaluation>>(all);
    };
}

double z_of(double u) {
    const boost::math::normal normal;
    return quantile(normal, std::clamp(u, 1e-300, std::nextafter(1.0, 0.0)));
}

struct Known {
    std::string name;
    std::size_t dimensions;
    double probability, threshold;
    std::function<double(const Point&)> severity;
};

// The sum of d normals over sqrt(d) is a normal.
Known sum_of_normals(std::size_t d, double p) {
    const boost::math::normal normal;
    return {"sum of " + std::to_string(d) + " normals", d, p, quantile(complement(normal, p)),
            [d](const Point& u) {
                double sum = 0;
                for (const double x : u) sum += z_of(x);
                return sum / std::sqrt(static_cast<double>(d));
            }};
}
// At either end of the first of 4 coordinates: failures in two places.
Known two_tails(double p) {
    return {"two tails", 4, p, 0.5 - 0.5 * p, [](const Point& u) { return std::abs(u[0] - 0.5); }};
}
// All of 4 coordinates are high, each with the fourth root of p.
Known corner(double p) {
    return {"corner of 4", 4, p, 1 - std::pow(p, 0.25), [](const Point& u) {
                return std::min({u[0], u[1], u[2], u[3]});
            }};
}

int estimates() {
    const char* text = std::getenv("HUNTSMAN_MINE_ESTIMATES");
    return text == nullptr ? 0 : std::max(1, std::atoi(text));
}

struct Coverage {
    int covered = 0;
    double mean = 0, error = 0, cost = 0;  // error: relative standard deviation of the estimate
    // How many times as many evaluations counting needs for that error.
    double gain(double p) const { return counting_cost(p, error) / cost; }
};
Coverage coverage(const Known& known, RareSettings settings, int count) {
    settings.threshold = known.threshold;
    settings.batch = 1000;
    const Space space = unit_space(known.dimensions);
    Coverage c;
    double sum = 0, squares = 0, cost = 0;
    for (int i = 0; i < count; ++i) {
        settings.seed = static_cast<std::uint64_t>(i);
        const RareEstimate e = estimate_rate(space, settings, by(known.severity)).value();
        c.covered += e.lower <= known.probability && known.probability <= e.upper ? 1 : 0;
        sum += e.probability;
        squares += e.probability * e.probability;
        cost += static_cast<double>(e.evaluations);
    }
    c.mean = sum / count;
    c.error = std::sqrt(squares / count - c.mean * c.mean) / c.mean;
    c.cost = cost / count;
    return c;
}

// Whether so many of `count` are not fewer nor more than a coverage of 95 % allows, each with a
// probability of 0.1 %.
bool plausible_coverage(int covered, int count) {
    const boost::math::binomial covers(count, 0.95);
    return cdf(covers, covered) > 1e-3 && (covered == 0 || cdf(covers, covered - 1) < 1 - 1e-3);
}

TEST(Rate, CoversKnownProbabilityAtATenthOfTheCost) {
    constexpr int kEstimates = 100;
    const Coverage c =
        coverage(sum_of_normals(6, 1e-3), {.per_level = 100, .importance = 200}, kEstimates);
    EXPECT_GE(c.covered, 93);
    EXPECT_LE(c.covered, 97);
    EXPECT_GE(c.gain(1e-3), 10);
    // The mean of the estimates lies within four of its standard errors.
    EXPECT_NEAR(c.mean / 1e-3, 1, 4 * c.error / std::sqrt(kEstimates));
}

TEST(Rate, SubsetSimulationAloneIsRight) {
    constexpr int kEstimates = 60;
    const Coverage c =
        coverage(sum_of_normals(6, 1e-3), {.per_level = 200, .importance = 0}, kEstimates);
    EXPECT_TRUE(plausible_coverage(c.covered, kEstimates)) << c.covered;
    // Each repeat has a bias of the order of 1 / per_level, some hundredths.
    EXPECT_NEAR(c.mean / 1e-3, 1, 0.03 + 4 * c.error / std::sqrt(kEstimates));
    EXPECT_GE(c.gain(1e-3), 3);
}

TEST(Rate, FailuresInTwoPlacesAreCounted) {
    constexpr int kEstimates = 60;
    const Coverage c = coverage(two_tails(1e-3), {.per_level = 100, .importance = 200}, kEstimates);
    EXPECT_TRUE(plausible_coverage(c.covered, kEstimates)) << c.covered;
    EXPECT_NEAR(c.mean / 1e-3, 1, 4 * c.error / std::sqrt(kEstimates));
}

// What is not rare needs one level.
TEST(Rate, FrequentFailuresAreCounted) {
    const RareEstimate e = estimate_rate(unit_space(2), {.threshold = 0.7, .per_level = 1000},
                                         by([](const Point& u) { return u[0]; }))
                               .value();
    EXPECT_NEAR(e.probability, 0.3, 0.03);
    EXPECT_EQ(e.levels, std::vector<std::size_t>(10, 1));
    EXPECT_EQ(e.evaluations, 10U * 1400U);
}

TEST(Rate, RepeatsBitForBitInAnyBatch) {
    const Known known = sum_of_normals(3, 1e-3);
    RareSettings settings{.threshold = known.threshold, .seed = 4, .per_level = 60, .repeats = 3};
    const auto a = estimate_rate(unit_space(3), settings, by(known.severity)).value();
    settings.batch = 7;
    const auto b = estimate_rate(unit_space(3), settings, by(known.severity)).value();
    EXPECT_EQ(a.repeats, b.repeats);
    EXPECT_EQ(a.evaluations, b.evaluations);
    settings.seed = 5;
    EXPECT_NE(estimate_rate(unit_space(3), settings, by(known.severity)).value().repeats,
              a.repeats);
}

// Counting is left where severity says nothing, and says so by its interval: with 10 × 100 points
// 1 - 0.025^(1/1000) = 0.00368 cannot be excluded.
TEST(Rate, NoFailureSeenIsBounded) {
    for (const double severity : {0.0, -1e300}) {
        const RareEstimate e = estimate_rate(unit_space(2), {.threshold = 1, .per_level = 100},
                                             by([=](const Point&) { return severity; }))
                                   .value();
        EXPECT_EQ(e.probability, 0);
        EXPECT_EQ(e.lower, 0);
        EXPECT_NEAR(e.upper, 0.003682, 1e-6);
    }
}

// Where severity is flat but for the failures themselves, levels have nothing to climb.
TEST(Rate, FlatSeverityIsCounted) {
    const RareEstimate e =
        estimate_rate(unit_space(2), {.threshold = 1, .per_level = 1000, .importance = 1000},
                      by([](const Point& u) { return u[0] < 0.02 ? 1.0 : 0.0; }))
            .value();
    EXPECT_NEAR(e.probability, 0.02, 0.004);
    EXPECT_LT(e.lower, 0.02);
    EXPECT_GT(e.upper, 0.02);
}

TEST(Rate, PointsWithoutResultAreNoFailures) {
    const auto evaluate = [](const std::vector<Point>& batch) {
        std::vector<Evaluation> all;
        for (const Point& u : batch) all.push_back({.severity = u[0], .valid = u[1] < 0.5});
        return Result<std::vector<Evaluation>>(all);
    };
    const RareEstimate e =
        estimate_rate(unit_space(2), {.threshold = 0.9, .per_level = 1000}, evaluate).value();
    EXPECT_NEAR(e.probability, 0.05, 0.01);
    EXPECT_GT(e.invalid, 0U);
}

TEST(Rate, ErrorsEndIt) {
    const auto refuse = [](RareSettings settings) {
        const auto e =
            estimate_rate(unit_space(1), settings, by([](const Point& u) { return u[0]; }));
        return e.ok() ? "" : e.error().message;
    };
    EXPECT_THAT(refuse({.threshold = std::nan("")}), HasSubstr("threshold"));
    EXPECT_THAT(refuse({.per_level = 19}), HasSubstr("expected at least 20"));
    EXPECT_THAT(refuse({.repeats = 1}), HasSubstr("1 repeats"));
    EXPECT_THAT(refuse({.levels = 0}), HasSubstr("levels"));
    EXPECT_THAT(refuse({.confidence = 1}), HasSubstr("confidence"));
    EXPECT_THAT(refuse({.batch = 0}), HasSubstr("batch"));
    const auto interrupted = [](const std::vector<Point>&) {
        return Result<std::vector<Evaluation>>(Error{"interrupted"});
    };
    EXPECT_EQ(estimate_rate(unit_space(1), {}, interrupted).error().message, "interrupted");
}

TEST(Rate, CostOfCounting) { EXPECT_DOUBLE_EQ(counting_cost(0.001, 0.1), 99900); }

TEST(Rate, Table) {
    const int count = estimates();
    if (count == 0) GTEST_SKIP() << "set HUNTSMAN_MINE_ESTIMATES=1000";
    std::printf(
        "| failure | p | per level | importance | evaluations | mean / p | relative error | "
        "covered | counting needs |\n|---|---|---|---|---|---|---|---|---|\n");
    const std::vector<Known> all = {sum_of_normals(2, 1e-3), sum_of_normals(6, 1e-3),
                                    sum_of_normals(6, 1e-4), sum_of_normals(20, 1e-3),
                                    two_tails(1e-3),         corner(1e-3)};
    for (const Known& known : all) {
        for (const auto& [per_level, importance] :
             {std::pair{200, 0}, std::pair{100, 0}, std::pair{100, 200}, std::pair{200, 400}}) {
            const Coverage c = coverage(known,
                                        {.per_level = static_cast<std::size_t>(per_level),
                                         .importance = static_cast<std::size_t>(importance)},
                                        count);
            std::printf("| %s | %g | %d | %d | %.0f | %.3f | %.3f | %.1f %% | %.1f × |\n",
                        known.name.c_str(), known.probability, per_level, importance, c.cost,
                        c.mean / known.probability, c.error, 100.0 * c.covered / count,
                        c.gain(known.probability));
            std::fflush(stdout);
        }
    }
}

}  // namespace
}  // namespace huntsman::bridge::mine
