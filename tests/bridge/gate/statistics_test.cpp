#include "bridge/gate/statistics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace huntsman::bridge::gate {
namespace {

using engine::core::Key;

constexpr double kTiny = 1e-12;
constexpr double kInfinity = std::numeric_limits<double>::infinity();
const Key kKey(7);

std::vector<Cluster> clusters(const std::vector<double>& sums, std::size_t cells = 1) {
    std::vector<Cluster> all;
    for (std::size_t i = 0; i < sums.size(); ++i) {
        all.push_back({std::string(1, static_cast<char>('a' + i)), sums[i], cells});
    }
    return all;
}

TEST(Estimate, OfEqualClustersIsThatOfTheirMeans) {
    // Cluster means 1, 2, 3, 6 of two cells each: mean 3; variance of means (4 + 1 + 0 + 9)/3 =
    // 14/3; standard error √(14/3/4).
    const Estimate e = estimate(clusters({2, 4, 6, 12}, 2));
    EXPECT_NEAR(e.mean, 3.0, kTiny);
    EXPECT_NEAR(e.standard_error, std::sqrt(14.0 / 12.0), kTiny);
    EXPECT_EQ(e.cells, 8U);
    EXPECT_EQ(e.clusters, 4U);
}

TEST(Estimate, OfUnequalClustersWeighsCells) {
    // Sums 3 of 3 cells and 5 of 1: mean 2; residuals 3 - 6 = -3 and 5 - 2 = 3; standard error
    // √(2/1 · 18)/4 = 1.5.
    const Estimate e = estimate(std::vector<Cluster>{{"a", 3, 3}, {"b", 5, 1}});
    EXPECT_NEAR(e.mean, 2.0, kTiny);
    EXPECT_NEAR(e.standard_error, 1.5, kTiny);
    EXPECT_TRUE(std::isnan(estimate(clusters({1.0})).standard_error));
}

TEST(SignFlip, OfAllPatternsMatchesTheHandCount) {
    // 1, 2, 4: sums of patterns ±1 ±2 ±4; only ±7 are as far as 7: 2 of 8.
    EXPECT_EQ(sign_flip_p(clusters({1, 2, 4}), kKey, 999), 0.25);
    // 1, 2, -4 sums to -1; every pattern is at least 1 away from 0.
    EXPECT_EQ(sign_flip_p(clusters({1, 2, -4}), kKey, 999), 1.0);
    // -1, 2, 4 sums to 5: ±5 and ±7, 4 of 8. Zeros change nothing.
    EXPECT_EQ(sign_flip_p(clusters({-1, 0, 2, 4, 0}), kKey, 999), 0.5);
    EXPECT_EQ(sign_flip_p(clusters({0, 0}), kKey, 999), 1.0);
}

TEST(SignFlip, OfRandomPatternsComesCloseToAllOfThem) {
    std::vector<double> sums;
    for (int i = 0; i < 16; ++i) sums.push_back(0.3 + std::sin(3.0 * i));
    const auto all = clusters(sums);
    const double exact = sign_flip_p(all, kKey, 1 << 16);
    ASSERT_GT(exact, 0.02);
    ASSERT_LT(exact, 0.98);
    // Standard error √(p (1 - p)/20000) is at most 0.0036.
    EXPECT_NEAR(sign_flip_p(all, kKey, 20000), exact, 0.012);
    EXPECT_NE(sign_flip_p(all, kKey, 2000), sign_flip_p(all, Key(8), 2000));
}

TEST(SignFlip, SmallestValueIsReachedWhenAllClustersAgree) {
    EXPECT_EQ(sign_flip_p(clusters({-1, -2, -3, -4, -5, -6}), kKey, 999), smallest_p(6));
    EXPECT_EQ(smallest_p(6), 1.0 / 32.0);
    EXPECT_EQ(smallest_p(0), 1.0);
}

TEST(MeanInterval, HoldsTheMeanAndRepeats) {
    const auto some = clusters({1.0, -0.5, 2.0, 0.3, 1.4, -0.2, 0.9, 0.1, 1.1, 0.6});
    const Interval interval = mean_interval(some, 0.95, kKey, 9999);
    const Estimate e = estimate(some);
    // The t interval has 2.262 standard errors to each side; the data are nearly symmetric.
    EXPECT_NEAR(interval.lower, e.mean - 2.262 * e.standard_error, 0.5 * e.standard_error);
    EXPECT_NEAR(interval.upper, e.mean + 2.262 * e.standard_error, 0.5 * e.standard_error);
    EXPECT_EQ(mean_interval(some, 0.95, kKey, 9999).lower, interval.lower);
    EXPECT_LT(mean_interval(some, 0.99, kKey, 9999).lower, interval.lower);
}

TEST(MeanInterval, HasNoBoundWhereThereIsTooLittle) {
    EXPECT_EQ(mean_interval(clusters({1}), 0.95, kKey, 999).lower, -kInfinity);
    // The tail of 1e-5 does not hold one of 999 resamples.
    EXPECT_EQ(mean_interval(clusters({1, 2, 3}), 0.99999, kKey, 999).upper, kInfinity);
}

TEST(MeanInterval, OfEqualClustersIsBoundedByTheShareOfThoseUnseen) {
    const Interval interval = mean_interval(clusters({0.3, 0.3, 0.3}, 3), 0.95, kKey, 999);
    // Of three, at most 1 - 0.025^(1/3) = 70.760 % are others, and these are -0.1 at worst.
    EXPECT_NEAR(interval.lower, 0.1 - 0.2 * 0.70760, 1e-5);
    EXPECT_NEAR(interval.upper, 0.1, kTiny);
    const Interval none = mean_interval(clusters({0, 0, 0}), 0.95, kKey, 999);
    EXPECT_EQ(none.lower, 0.0);
    EXPECT_EQ(none.upper, 0.0);
}

TEST(MeanInterval, WhereNearlyAllFailItIsBoundedByTheShareOfTheOthers) {
    std::vector<double> sums(24, -1.0);
    sums[5] = sums[17] = 0.0;
    const Interval interval = mean_interval(clusters(sums), 0.95, kKey, 9999);
    // Clopper and Pearson, 97.5 %: 2 of 24 are at most 26.997 %, and these gain 1 at best.
    EXPECT_NEAR(interval.upper, -1.0 + 2.0 * 0.26997, 1e-4);
    EXPECT_GE(interval.lower, -1.05);
}

TEST(MeanInterval, OneClusterOfThirtyThatDiffersBoundsTheMeanByItsShare) {
    std::vector<double> sums(20, 0.0);
    sums[3] = -0.01;
    const Interval interval = mean_interval(clusters(sums), 0.95, kKey, 999);
    // Clopper and Pearson, 97.5 %: 1 of 20 is at most 24.873 %, 0 of 20 at most 1 - 0.025^(1/20) =
    // 16.843 %.
    EXPECT_NEAR(interval.lower, -0.01 * 0.24873, 1e-7);
    EXPECT_LT(interval.upper, 0.01 * 0.16844);
}

TEST(Power, MatchesTablesOfTheNoncentralT) {
    // 20 pairs, effect 0.5 standard deviations, two-sided 5 %: 0.5645 (R: power.t.test(n = 20,
    // delta = 0.5, type = "paired")).
    const double bound = t_bound(20, 0.95);
    EXPECT_NEAR(bound, 2.0930, 1e-4);
    EXPECT_NEAR(power(0.5, 1.0 / std::sqrt(20.0), 20, bound), 0.5645, 2e-4);
    EXPECT_NEAR(power(0.0, 1.0, 20, bound), 0.025, 1e-6);
    EXPECT_EQ(power(1.0, 0.0, 20, bound), 1.0);
    EXPECT_EQ(power(1.0, 1.0, 1, 2.0), 0.0);
    EXPECT_EQ(power(1.0, 1.0, 20, kInfinity), 0.0);
}

TEST(Power, DetectableLossIsFoundWithThatProbability) {
    const auto loss = detectable_loss(0.7, 25, 2.1, 0.8);
    ASSERT_TRUE(loss);
    EXPECT_NEAR(power(*loss, 0.7, 25, 2.1), 0.8, 1e-9);
    EXPECT_FALSE(detectable_loss(0.7, 25, kInfinity, 0.8));
    EXPECT_FALSE(detectable_loss(0.7, 1, 2.1, 0.8));
    EXPECT_EQ(detectable_loss(0.0, 6, 2.1, 0.8), 0.0);
}

TEST(BenjaminiHochberg, MatchesAHandComputedCase) {
    // Sorted 0.01, 0.02, 0.03, 0.5: times 4/rank 0.04, 0.04, 0.04, 0.5.
    const auto adjusted = benjamini_hochberg(std::vector<double>{0.5, 0.03, 0.01, 0.02});
    EXPECT_NEAR(adjusted[0], 0.5, kTiny);
    for (const int i : {1, 2, 3}) EXPECT_NEAR(adjusted[static_cast<std::size_t>(i)], 0.04, kTiny);
    EXPECT_TRUE(benjamini_hochberg({}).empty());
}

}  // namespace
}  // namespace huntsman::bridge::gate
