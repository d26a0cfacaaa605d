#include "agents/beliefs/phantom.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "engine/core/random.h"

namespace huntsman::agents::beliefs {
namespace {

// A parked van of 6 m that begins 15 m ahead, 1 m beside my way.
HiddenStretch van(KerbPlace place) {
    return {.from_m = 15,
            .to_m = 21,
            .beside_m = 1.8,
            .rate_per_m = people_per_m(place),
            .speed_mps = kStepsOut_mps};
}

TEST(Phantoms, ExistenceIsThatOfAPoissonProcess) {
    const HiddenStretch stretches[] = {van(KerbPlace::kShops)};
    const auto phantoms = phantoms_behind(stretches, 40);
    ASSERT_EQ(phantoms.size(), 1U);
    EXPECT_NEAR(phantoms[0].exists, 1 - std::exp(-0.02 * 6), 1e-12);
    EXPECT_DOUBLE_EQ(phantoms[0].along_m, 15);
    EXPECT_DOUBLE_EQ(phantoms[0].reach_s, 1.2);
}

TEST(Phantoms, OnlyWhatLiesAheadWithinTheHorizonCounts) {
    HiddenStretch behind = van(KerbPlace::kShops), half = behind, far = behind;
    behind.from_m = -8, behind.to_m = -2;
    half.from_m = -3, half.to_m = 3;
    far.from_m = 38, far.to_m = 60;
    const HiddenStretch stretches[] = {behind, half, far};
    const auto phantoms = phantoms_behind(stretches, 40);
    ASSERT_EQ(phantoms.size(), 2U);
    EXPECT_NEAR(phantoms[0].exists, 1 - std::exp(-0.02 * 3), 1e-12);
    EXPECT_DOUBLE_EQ(phantoms[0].along_m, 0);
    EXPECT_NEAR(phantoms[1].exists, 1 - std::exp(-0.02 * 2), 1e-12);
}

TEST(Phantoms, StretchThatWasSeenEmptyFillsUpAgain) {
    HiddenStretch stretch = van(KerbPlace::kShops);
    stretch.hidden_s = 0;
    EXPECT_TRUE(phantoms_behind({&stretch, 1}, 40).empty());
    stretch.hidden_s = kFills_s;
    EXPECT_NEAR(phantoms_behind({&stretch, 1}, 40).at(0).exists,
                1 - std::exp(-0.12 * (1 - std::exp(-1.0))), 1e-12);
}

TEST(PhantomSpeed, IsThatOfTheClosedForm) {
    const PhantomCost cost{
        .comes_out = 0.1, .bound_m2ps2 = 0.2, .reaction_s = 1, .brake_mps2 = 6, .comfort_mps2 = 2};
    // f = 2 · 6 · (1.5 - 1) = 6; C / P = 0.2 / (0.5 · 0.1) = 4; v = (6 + sqrt(36 + 16)) / 2.
    EXPECT_NEAR(edge_speed_mps({.exists = 0.5, .reach_s = 1.5}, cost), 3 + std::sqrt(13.0), 1e-12);
    // Too near to brake: v² P = C.
    EXPECT_NEAR(edge_speed_mps({.exists = 0.5, .reach_s = 0.5}, cost), 2, 1e-12);
    // Slowing at 2 m/s² over 8 m: sqrt(4 + 32).
    const Phantom ahead{.exists = 0.5, .along_m = 8, .reach_s = 0.5};
    EXPECT_NEAR(phantom_speed_mps({&ahead, 1}, cost), 6, 1e-12);
}

TEST(PhantomSpeed, NobodyMeansNoBoundAndTheTightestOneRules) {
    EXPECT_EQ(edge_speed_mps({.exists = 0}, {}), std::numeric_limits<double>::infinity());
    EXPECT_EQ(phantom_speed_mps({}, {}), std::numeric_limits<double>::infinity());
    const Phantom both[] = {{.exists = 0.1, .along_m = 30, .reach_s = 1},
                            {.exists = 0.1, .along_m = 5, .reach_s = 1}};
    EXPECT_EQ(phantom_speed_mps(both, {}), phantom_speed_mps({both + 1, 1}, {}));
}

// Plays the pass: somebody comes out at a moment drawn over my approach, and I brake when I can.
TEST(PhantomSpeed, CostOfTheWorstMomentIsTheBound) {
    const PhantomCost cost;
    const Phantom phantom{.exists = 0.6, .reach_s = 1.2};
    const double v = edge_speed_mps(phantom, cost);
    double worst = 0;
    constexpr int kMoments = 20000;
    for (int i = 0; i < kMoments; ++i) {
        const double before_m = 40.0 * i / kMoments;  // of the edge, when it comes out
        // It stands in my way from reach_s on; I pass first if I am there sooner at full speed.
        const double braking_m = std::max(0.0, before_m - v * cost.reaction_s);
        if (before_m < v * phantom.reach_s - 1e-9) continue;
        worst = std::max(worst, std::max(0.0, v * v - 2 * cost.brake_mps2 * braking_m));
    }
    EXPECT_NEAR(phantom.exists * cost.comes_out * worst / cost.bound_m2ps2, 1, 0.01);
}

TEST(PhantomSpeed, FallsWithTheBeliefInSomebody) {
    double last = std::numeric_limits<double>::infinity();
    for (const KerbPlace place : {KerbPlace::kOpenRoad, KerbPlace::kHomes, KerbPlace::kShops,
                                  KerbPlace::kBusStop, KerbPlace::kCrossing}) {
        const HiddenStretch stretch = van(place);
        const double speed = phantom_speed_mps(phantoms_behind({&stretch, 1}, 40), {});
        EXPECT_LT(speed, last) << static_cast<int>(place);
        last = speed;
    }
    // Slow enough beside a crowd to matter, without creeping.
    EXPECT_GT(last, 4);
    EXPECT_LT(last, 12);
}

}  // namespace
}  // namespace huntsman::agents::beliefs
