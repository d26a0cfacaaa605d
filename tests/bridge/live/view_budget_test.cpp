// Sizes of pictures by what rounds cost.
#include "bridge/live/view_budget.h"

#include <gtest/gtest.h>

namespace huntsman::bridge::live {
namespace {

// The scale that rounds settle at on a machine of this cost.
double settled(ViewBudget& budget, double fixed_ms, double ms_per_megapixel, double budget_ms) {
    double scale = 0;
    for (int i = 0; i < 60; ++i) {
        scale = budget.scale(1.0, budget_ms, 0.2);
        budget.add(scale * scale, fixed_ms + ms_per_megapixel * scale * scale);
    }
    return scale;
}

TEST(ViewBudget, RoundsTakeTheirTime) {
    ViewBudget budget;
    const double scale = settled(budget, 40, 1000, 150);
    EXPECT_NEAR(40 + 1000 * scale * scale, 150, 20);
    // A faster machine: as large as asked for.
    EXPECT_EQ(settled(budget, 5, 50, 150), 1);
    // A slower one.
    const double slow = settled(budget, 40, 4000, 150);
    EXPECT_LT(slow, scale);
    EXPECT_NEAR(40 + 4000 * slow * slow, 150, 50);
}

TEST(ViewBudget, PicturesDoNotShrinkForNothing) {
    ViewBudget budget;
    const double scale = settled(budget, 300, 400, 150);
    EXPECT_GT(scale, 0.45);  // 150 ms of pixels on top of what nothing can help
}

TEST(ViewBudget, OddNumbersAreNoTrouble) {
    ViewBudget budget;
    EXPECT_EQ(budget.scale(1, 150, 0.2), 0.5);
    budget.add(0, 10);
    budget.add(-1, 10);
    EXPECT_EQ(budget.scale(1, 150, 0.2), 0.5);
    budget.add(1, 1e9);
    EXPECT_GE(budget.scale(1, 150, 0.2), 0.2);
    EXPECT_EQ(budget.scale(0, 150, 0.2), 0.5);
}

}  // namespace
}  // namespace huntsman::bridge::live
