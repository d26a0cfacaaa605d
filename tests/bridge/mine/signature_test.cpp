#include "bridge/mine/signature.h"

#include <gtest/gtest.h>

#include <cmath>

namespace huntsman::bridge::mine {
namespace {

// A normal of deviation 1 around 0: plausibility exp(-x²/2).
Space normal_space() {
    return Space::create({{.name = "x",
                           .distribution = Dimension::kNormal,
                           .nominal = 0,
                           .low = -2,
                           .high = 2}})
        .value();
}
Found failure(const Space& space, double x, double severity) {
    return {space.unit({x}).value(), {.severity = severity, .failed = true}};
}

TEST(Signature, IsPrintedWithoutEmptyParts) {
    EXPECT_EQ(text({"collision", "pedestrian", "from the right", "seen too late"}),
              "collision, pedestrian, from the right, seen too late");
    EXPECT_EQ(text({.kind = "collision", .cause = "seen too late"}), "collision, seen too late");
    EXPECT_EQ(text({}), "");
}

TEST(Signature, IsCompared) {
    EXPECT_EQ((Signature{"a", "b", "c", "d"}), (Signature{"a", "b", "c", "d"}));
    EXPECT_LT((Signature{"a", "b", "c", "d"}), (Signature{"a", "b", "d", "a"}));
}

TEST(Distinct, KeepsTheWorstByPlausibilityAndCounts) {
    const Space space = normal_space();
    const Signature car{"collision", "car"}, rider{"collision", "rider"};
    std::vector<Found> found = {
        failure(space, 1, 3),    // 3 exp(-1/2) = 1.82
        failure(space, 0, 2),    // 2: less severe, but more plausible
        failure(space, 2, 20),   // 20 exp(-2) = 2.71, of the other signature
        failure(space, 0, 100),  // has no result
        failure(space, 0, 100),  // is no failure
        failure(space, 0, 2),    // as bad as the second, found later
    };
    found[3].e.valid = false;
    found[4].e.failed = false;
    const std::vector<Signature> signatures = {car, car, rider, car, car, car};
    const auto all = distinct(space, found, signatures);
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].signature, rider);
    EXPECT_EQ(all[0].worst, 2U);
    EXPECT_EQ(all[0].count, 1U);
    EXPECT_NEAR(all[0].weight, 20 * std::exp(-2.0), 1e-12);
    EXPECT_EQ(all[1].signature, car);
    EXPECT_EQ(all[1].worst, 1U);
    EXPECT_EQ(all[1].count, 3U);
    EXPECT_NEAR(all[1].weight, 2, 1e-12);
}

TEST(Distinct, LessPlausibleNeverWeighsMore) {
    const Space space = normal_space();
    const std::vector<Found> found = {failure(space, 1, -1), failure(space, 0, -1)};
    const std::vector<Signature> signatures(2);
    EXPECT_EQ(distinct(space, found, signatures).front().worst, 1U);
}

TEST(Distinct, NothingFoundIsNothing) { EXPECT_TRUE(distinct(normal_space(), {}, {}).empty()); }

}  // namespace
}  // namespace huntsman::bridge::mine
