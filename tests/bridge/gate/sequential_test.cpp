#include "bridge/gate/sequential.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/math/distributions/normal.hpp>

namespace huntsman::bridge::gate {
namespace {

// Boundaries of the standardised statistic at each look.
std::vector<double> boundaries(Spending spending, const std::vector<double>& shares) {
    const auto levels = look_levels(spending, shares, 0.05);
    EXPECT_TRUE(levels.ok()) << levels.error().text();
    std::vector<double> z;
    for (const double level : *levels) {
        z.push_back(quantile(complement(boost::math::normal(), 0.5 * level)));
    }
    return z;
}

void expect_near(const std::vector<double>& found, const std::vector<double>& expected) {
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], expected[i], 6e-4) << i;
}

// Published boundaries of the spending functions, two-sided 5 % (as from R's ldbounds).
TEST(LookLevels, OfObrienFlemingSpendingMatchPublishedBoundaries) {
    expect_near(boundaries(Spending::kObrienFleming, {0.2, 0.4, 0.6, 0.8, 1.0}),
                {4.8769, 3.3569, 2.6803, 2.2898, 2.0310});
    expect_near(boundaries(Spending::kObrienFleming, {0.25, 0.5, 0.75, 1.0}),
                {4.3326, 2.9631, 2.3590, 2.0141});
}
TEST(LookLevels, OfPocockSpendingMatchPublishedBoundaries) {
    expect_near(boundaries(Spending::kPocock, {0.2, 0.4, 0.6, 0.8, 1.0}),
                {2.4380, 2.4268, 2.4101, 2.3966, 2.3859});
}

TEST(LookLevels, OneLookAtTheEndHasTheWholeLevel) {
    const auto levels = look_levels(Spending::kPocock, std::vector<double>{1.0}, 0.05);
    EXPECT_NEAR((*levels)[0], 0.05, 1e-9);
}

TEST(LookLevels, EarlierLooksDoNotDependOnLaterOnes) {
    const auto two = look_levels(Spending::kPocock, std::vector<double>{0.3, 0.7}, 0.05);
    const auto three = look_levels(Spending::kPocock, std::vector<double>{0.3, 0.7, 0.9}, 0.05);
    EXPECT_EQ((*two)[0], (*three)[0]);
    EXPECT_EQ((*two)[1], (*three)[1]);
}

TEST(LookLevels, VeryEarlyLookDecidesNothing) {
    const auto levels = look_levels(Spending::kObrienFleming, std::vector<double>{0.02, 1.0}, 0.05);
    EXPECT_EQ((*levels)[0], 0.0);
    EXPECT_NEAR((*levels)[1], 0.05, 1e-6);
}

TEST(LookLevels, SharesThatDoNotGrowAreRefused) {
    const auto message = [](std::vector<double> shares, double level = 0.05) {
        const auto levels = look_levels(Spending::kPocock, shares, level);
        return levels.ok() ? "" : levels.error().message;
    };
    EXPECT_THAT(message({0.5, 0.5}), testing::HasSubstr("share 0.5 of the cells comes after 0.5"));
    EXPECT_THAT(message({0.5, 1.5}), testing::HasSubstr("share 1.5"));
    EXPECT_THAT(message({0.0}), testing::HasSubstr("share 0"));
    EXPECT_THAT(message({1.0}, 0.7), testing::HasSubstr("level of the looks is 0.7"));
}

TEST(Spent, ReachesTheLevelAtTheEnd) {
    for (const Spending spending : {Spending::kObrienFleming, Spending::kPocock}) {
        EXPECT_EQ(spent(spending, 0.0, 0.05), 0.0);
        EXPECT_EQ(spent(spending, 1.0, 0.05), 0.05);
        EXPECT_LT(spent(spending, 0.5, 0.05), 0.05);
    }
}

TEST(RunningOrder, IsAPermutationThatFollowsNamesNotPlaces) {
    const std::vector<std::string> names = {"a", "b", "c", "d", "e"},
                                   turned = {"e", "d", "c", "b", "a"};
    const auto order = running_order(names, 1), other = running_order(turned, 1);
    EXPECT_THAT(order, testing::UnorderedElementsAre(0, 1, 2, 3, 4));
    for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(names[order[i]], turned[other[i]]);
    EXPECT_NE(order, running_order(names, 3));
}

}  // namespace
}  // namespace huntsman::bridge::gate
