#include "bridge/trace/lane_lines.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/networks.h"

namespace huntsman::bridge::trace {
namespace {

using engine::math::Vec3;

TEST(LaneLines, StraightLaneHasTwoPoints) {
    const auto network = tests::straight_road(200);
    const LaneLine left = lane_line(network.lanes[0], 1);
    ASSERT_EQ(left.size(), 2U);
    EXPECT_NEAR(left[0].p_W.y, 0, 1e-9);  // 3.5 m wide, its centre at y = -1.75
    EXPECT_NEAR(left[1].p_W.x, 200, 1e-9);
    EXPECT_NEAR(lane_line(network.lanes[0], -1)[0].p_W.y, -3.5, 1e-9);
}

// Chords of an arc are farthest off in their middle.
TEST(LaneLines, ChordsOfAnArcStayWithinTheError) {
    const double radius = 20;
    const auto network = tests::arc(radius, 1.5);
    const LaneLine line = lane_line(network.lanes[0], 0);
    for (std::size_t i = 1; i < line.size(); ++i) {
        const Vec3 middle = 0.5 * (line[i - 1].p_W + line[i].p_W);
        // The arc's centre is 20 m to the left of the origin. The points themselves are good to
        // micrometres.
        EXPECT_NEAR(glm::length(middle - Vec3(0, radius, 0)), radius, kLineError_m + 1e-3);
    }
    // As few as the error allows: a chord of length 2 sqrt(2 r e) is e off.
    const double longest = 2 * std::sqrt(2 * radius * kLineError_m);
    EXPECT_LT(static_cast<double>(line.size()), 2.5 * 1.5 * radius / longest + 2);
}

TEST(LaneLines, SimplifyingKeepsTheEnds) {
    const LaneLine line{{0, {0, 0, 0}}, {1, {1, 0.01, 0}}, {2, {2, 1, 0}}, {3, {3, 0, 0}}};
    const LaneLine less = simplified(line, 0.9);
    ASSERT_EQ(less.size(), 3U);
    EXPECT_EQ(less[1].s_m, 2);
    EXPECT_EQ(simplified({}, 1).size(), 0U);
}

}  // namespace
}  // namespace huntsman::bridge::trace
