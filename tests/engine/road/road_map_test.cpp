#include "engine/road/road_map.h"

#include <gtest/gtest.h>

#include "engine/core/random.h"
#include "engine/road/lane_curve.h"
#include "tests/support/networks.h"

namespace huntsman::engine::road {
namespace {

using math::Vec2;
using math::Vec3;
using world::LaneId;

// Newton's projection stops at rounding error of coordinates near 100 m.
constexpr double kExact_m = 1e-9;

TEST(LaneCurve, ArcIsExactBetweenSamples) {
    constexpr double kRadius = 20.0, kAngle = 1.5;
    const auto network = tests::arc(kRadius, kAngle);
    // Hermite's error is h^4/384 · |c''''| = 1/(384 · R^3) = 3e-7 m for samples 1 m apart.
    constexpr double kHermite_m = 4e-7;
    for (double s = 0; s <= kRadius * kAngle; s += 0.137) {
        const auto q = lane_at(network.lanes[0], s);
        EXPECT_NEAR(q.p.x, kRadius * std::sin(s / kRadius), kHermite_m);
        EXPECT_NEAR(q.p.y, kRadius * (1 - std::cos(s / kRadius)), kHermite_m);
        EXPECT_NEAR(q.heading_rad, s / kRadius, 1e-12);
        EXPECT_NEAR(q.curvature_per_m, 1 / kRadius, 1e-12);
    }
}

TEST(LaneCurve, ClampsToTheLane) {
    const auto network = tests::straight_road(100);
    EXPECT_NEAR(lane_at(network.lanes[0], -5).p.x, 0, kExact_m);
    EXPECT_NEAR(lane_at(network.lanes[0], 105).p.x, 100, kExact_m);
}

TEST(RoadMap, PointAndProjectionAreInverse) {
    const auto network = tests::arc(15, 2.5);
    const RoadMap map(network);
    for (std::uint64_t i = 0; i < 500; ++i) {
        const core::Key key = core::Key(7).with(i);
        const LanePlace place{0, key.uniform(0.5, network.lanes[0].length_m - 0.5, 0),
                              key.uniform(-4, 4, 1)};
        const LanePlace back = map.project(0, math::xy(map.point(place)));
        EXPECT_NEAR(back.s_m, place.s_m, 1e-6);
        EXPECT_NEAR(back.t_m, place.t_m, 1e-6);
    }
}

TEST(RoadMap, ProjectionBeyondTheEndsIsClamped) {
    const auto network = tests::straight_road(100);
    const RoadMap map(network);
    EXPECT_EQ(map.project(0, {-3, 0}).s_m, 0);
    EXPECT_EQ(map.project(0, {120, 0}).s_m, 100);
    EXPECT_NEAR(map.project(0, {50, 0}).t_m, 1.75, kExact_m);
    EXPECT_NEAR(map.project(1, {50, 0}).t_m, 1.75, kExact_m);  // left of the lane going west
}

TEST(RoadMap, NearestLaneGoesByHeadingWhereLanesOverlap) {
    const auto network = tests::four_way(true);
    const RoadMap map(network);
    // On the straight connections' crossing south-east of the centre.
    const Vec3 crossing(1.75, -1.75, 0);
    EXPECT_EQ(map.nearest_lane(crossing, 0.0)->lane, 8U + 3 * 2 + 1);              // from the west
    EXPECT_EQ(map.nearest_lane(crossing, 0.5 * math::kPi)->lane, 8U + 3 * 3 + 1);  // from the south
    // On the arm the lane that holds the point wins, even against the heading.
    EXPECT_EQ(map.nearest_lane({60, 1.0, 0}, 0.0)->lane, 0U);
    EXPECT_EQ(map.nearest_lane({60, -1.0, 0}, 0.0)->lane, 1U);
}

TEST(RoadMap, NearestLaneOffTheRoadIsTheClosestWithinReach) {
    const auto network = tests::straight_road(100);
    const RoadMap map(network);
    const auto place = map.nearest_lane({40, -9, 0}, 0.0);
    ASSERT_TRUE(place.has_value());
    EXPECT_EQ(place->lane, 0U);
    EXPECT_NEAR(place->t_m, -7.25, kExact_m);
    EXPECT_FALSE(map.nearest_lane({40, -13, 0}, 0.0).has_value());
    EXPECT_TRUE(map.nearest_lane({40, -13, 0}, 0.0, 12).has_value());
}

TEST(RoadMap, NearestLaneMatchesASearchOverAllLanes) {
    const auto network = tests::four_way(true);
    const RoadMap map(network);
    for (std::uint64_t i = 0; i < 2000; ++i) {
        const core::Key key = core::Key(3).with(i);
        const Vec2 p(key.uniform(-40, 40, 0), key.uniform(-40, 40, 1));
        double closest = 1e30;
        for (const auto& lane : network.lanes) {
            const auto place = map.project(lane.id, p);
            closest =
                std::min(closest, glm::length(math::xy(map.point({lane.id, place.s_m, 0})) - p));
        }
        const auto found = map.nearest_lane(Vec3(p, 0), 0.3, 10);
        ASSERT_EQ(found.has_value(), closest < 10) << p.x << ' ' << p.y;
        if (!found) continue;
        const double d = glm::length(math::xy(map.point({found->lane, found->s_m, 0})) - p);
        // Chords lie up to 3 mm inside the curves of these connections.
        if (closest > 1.76) {
            EXPECT_NEAR(d, closest, 4e-3);
        } else {
            EXPECT_LT(d, 1.76);
        }
    }
}

TEST(RoadMap, OnRoadEndsAtTheLaneEdge) {
    const auto network = tests::straight_road(100);
    const RoadMap map(network);
    EXPECT_TRUE(map.on_road(Vec3(50, -3.49, 0)));
    EXPECT_FALSE(map.on_road(Vec3(50, -3.51, 0)));
    EXPECT_TRUE(map.on_road(Vec3(50, -4.4, 0), 1.0));
    EXPECT_FALSE(map.on_road(Vec3(50, -3.4, 0), -0.2));
    EXPECT_FALSE(map.on_road(Vec3(-0.5, -1.75, 0)));
    EXPECT_FALSE(map.on_road(Vec3(1000, 1000, 0)));
}

TEST(RoadMap, LanesNearAreAllWithinTheRadius) {
    const auto network = tests::four_way(true);
    const RoadMap map(network);
    EXPECT_EQ(map.lanes_near({60, 0, 0}, 3.0), (std::vector<LaneId>{0, 1}));
    EXPECT_EQ(map.lanes_near({60, 5, 0}, 3.5), (std::vector<LaneId>{0}));
    EXPECT_EQ(map.lanes_near({0, 0, 0}, 30.0).size(), network.lanes.size());
}

TEST(RoadMap, RouteRunsThroughTheRightConnection) {
    const auto network = tests::four_way(true);
    const RoadMap map(network);
    // From the west straight to the east, and left to the north.
    EXPECT_EQ(map.route(4, 1), (std::vector<LaneId>{4, 8 + 3 * 2 + 1, 1}));
    EXPECT_EQ(map.route(4, 3), (std::vector<LaneId>{4, 8 + 3 * 2 + 2, 3}));
    EXPECT_EQ(map.route(4, 4), (std::vector<LaneId>{4}));
    EXPECT_TRUE(map.route(1, 4).empty());  // outgoing lanes lead nowhere
}

TEST(RoadMap, RouteChangesLanesWhereItMust) {
    const auto network = tests::two_lane_one_way(200);
    const RoadMap map(network);
    EXPECT_EQ(map.route(0, 1), (std::vector<LaneId>{0, 1}));
}

TEST(RoadMap, RouteTakesTheShorterOfTwoWays) {
    // 0 forks into 1 (50 m) and 2 (40 m) that join in 3; then 2 becomes longer than 1.
    for (const bool second_shorter : {true, false}) {
        world::RoadNetwork network;
        const double lengths[] = {10, 50, second_shorter ? 40.0 : 60.0, 10};
        for (LaneId id = 0; id < 4; ++id) {
            network.lanes.push_back(tests::straight_road(lengths[id]).lanes[0]);
            network.lanes.back().id = id;
        }
        network.lanes[0].successors = {1, 2};
        network.lanes[1].successors = {3};
        network.lanes[2].successors = {3};
        const RoadMap map(network);
        EXPECT_EQ(map.route(0, 3)[1], second_shorter ? 2U : 1U);
    }
}

TEST(RoadMap, SurfaceIsFlatAndGrassIsSlippery) {
    const auto network = tests::straight_road(100);
    const RoadMap map(network);
    const Surface asphalt = map.surface({50, 1, 0});
    EXPECT_EQ(asphalt.height_m, 0);
    EXPECT_EQ(asphalt.normal, math::Vec3(0, 0, 1));
    EXPECT_EQ(asphalt.friction, 1);
    EXPECT_LT(map.surface({50, 20, 0}).friction, 1);
}

TEST(RoadMap, SurfaceOfARampHasItsSlope) {
    auto network = tests::straight_road(200);
    for (auto& lane : network.lanes) {
        for (auto& q : lane.samples) q.p.z = 0.05 * q.p.x;
    }
    const RoadMap map(network);
    const Surface middle = map.surface({100, 0, 0});
    EXPECT_NEAR(middle.height_m, 5.0, kExact_m);
    EXPECT_NEAR(-middle.normal.x / middle.normal.z, 0.05, kExact_m);
}

}  // namespace
}  // namespace huntsman::engine::road
