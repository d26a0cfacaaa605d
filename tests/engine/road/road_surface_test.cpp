#include "engine/road/road_surface.h"

#include <gtest/gtest.h>

#include "engine/core/random.h"
#include "engine/road/compile.h"
#include "engine/road/road_map.h"
#include "tests/support/road_models.h"

namespace huntsman::engine::road {
namespace {

using math::Vec2;
using math::Vec3;

// Interpolation between the surface's own cross-sections.
constexpr double kExact_m = 1e-3;

world::RoadModel hilly_bend() {
    auto model = tests::straight_model(120, 1);
    auto& road = model.roads[0];
    road.plan = {tests::plan_piece(0, 0, 0.3, 120, 1.0 / 60)};
    road.elevation = {{0, 5, 0.02, 4e-4, -3e-6}};
    road.superelevation = {{0, 0.01, 4e-4, 0, 0}};
    return model;
}

TEST(RoadSurface, FollowsElevationAndBank) {
    const auto model = hilly_bend();
    const RoadGeometry geometry(model);
    const RoadSurface surface(model, nullptr);
    for (std::uint64_t i = 0; i < 2000; ++i) {
        const core::Key key = core::Key(11).with(i);
        const RoadPlace place{0, key.uniform(0.1, 119.9, 0), key.uniform(-3.4, 3.4, 1), 0};
        const Vec3 p = geometry.pose(place).p;
        const Surface at = surface.at(p);
        ASSERT_NEAR(at.height_m, p.z, kExact_m) << place.s_m << ' ' << place.t_m;
        EXPECT_EQ(at.friction, 1.0);
        // The normal is that of the plane through three points of the surface.
        constexpr double kStep_m = 0.05;
        const Vec3 a = geometry.pose({0, place.s_m + kStep_m, place.t_m, 0}).p -
                       geometry.pose({0, place.s_m - kStep_m, place.t_m, 0}).p;
        const Vec3 b = geometry.pose({0, place.s_m, place.t_m + kStep_m, 0}).p -
                       geometry.pose({0, place.s_m, place.t_m - kStep_m, 0}).p;
        const Vec3 normal = glm::normalize(glm::cross(a, b));
        EXPECT_LT(glm::length(normal - at.normal), 2e-3);
    }
}

TEST(RoadSurface, FollowsShapeAndCrossfall) {
    auto model = tests::straight_model(100, 1);
    model.roads[0].shape = {{0, -10, 0, 0.02, 0, 0}, {50, -10, 0.1, 0.02, 1e-3, 0}};
    const RoadGeometry geometry(model);
    const RoadSurface surface(model, nullptr);
    for (std::uint64_t i = 0; i < 500; ++i) {
        const core::Key key = core::Key(12).with(i);
        const RoadPlace place{0, key.uniform(0.1, 99.9, 0), key.uniform(-3.4, 3.4, 1), 0};
        const Vec3 p = geometry.pose(place).p;
        ASSERT_NEAR(surface.at(p).height_m, p.z, kExact_m);
    }
}

TEST(RoadSurface, KerbsAreShortRampsAndPavementsLieHigher) {
    const auto model = tests::four_way_model();
    const RoadSurface surface(model, nullptr);
    // On the eastern arm: carriageway to y = 3.5, pavement 0.12 m higher beyond.
    EXPECT_NEAR(surface.at({60, 3.49, 0.3}).height_m, 0, 1e-9);
    EXPECT_NEAR(surface.at({60, 3.7, 0.3}).height_m, 0.12, 1e-9);
    double before = 0;
    for (double y = 3.4; y < 3.8; y += 0.005) {
        const double height = surface.at({60, y, 0.3}).height_m;
        EXPECT_GE(height, before - 1e-12);
        EXPECT_LT(height - before, 0.12 / 0.15 * 0.005 + 1e-9);
        before = height;
    }
}

TEST(RoadSurface, JunctionsAreContinuous) {
    // Arms of different slopes meet at one height; connecting roads leave and join with the arms'.
    auto model = tests::four_way_model();
    for (std::uint32_t arm = 0; arm < 4; ++arm) {
        model.roads[arm].elevation = {{0, 0.0, arm % 2 == 0 ? 0.008 : -0.006, 0, 0}};
    }
    for (std::uint32_t r = 4; r < model.roads.size(); ++r) {
        auto& road = model.roads[r];
        const std::uint32_t from = (r - 4) / 3, to = (from + 1 + (r - 4) % 3) % 4;
        const double a = -model.roads[from].elevation[0].b, b = model.roads[to].elevation[0].b;
        // A cubic from 0 with slope a to 0 with slope b.
        const double l = road.length_m;
        road.elevation = {{0, 0, a, -(2 * a + b) / l, (a + b) / (l * l)}};
    }
    const RoadSurface surface(model, nullptr);
    // Along and across the junction in steps of 1 cm. Where the roads cross, their heights differ
    // by up to 8 cm; a tyre must not meet a step of more than 5 mm.
    const world::RoadNetwork network = compile(model, RoadGeometry(model));
    const RoadMap map(network);
    double worst = 0;
    const auto walk = [&](Vec2 p, const Vec2& step, int count) {
        bool known = false;
        double before = 0;
        for (int i = 0; i < count; ++i, p += step) {
            if (!map.on_road(p, -0.05)) {
                known = false;
                continue;
            }
            const double height = surface.at({p, 0.5}).height_m;
            if (known) worst = std::max(worst, std::abs(height - before));
            before = height;
            known = true;
        }
    };
    for (double offset = -16; offset <= 16; offset += 0.25) {
        walk({-20, offset}, {0.01, 0}, 4000);
        walk({offset, -20}, {0, 0.01}, 4000);
    }
    EXPECT_LT(worst, 0.005);
}

TEST(RoadSurface, DrivenLanesWinOverPavementsOfOtherRoads) {
    const auto model = tests::four_way_model();
    const RoadSurface surface(model, nullptr);
    const auto network = compile(model, RoadGeometry(model));
    for (const auto& lane : network.lanes) {
        for (const auto& q : lane.samples) {
            // A wheel track either side of the middle, too.
            for (const double t : {-0.8, 0.0, 0.8}) {
                const Vec2 p = math::xy(q.p) + t * math::perp(math::direction(q.heading_rad));
                EXPECT_NEAR(surface.at({p, 0.3}).height_m, 0, 2e-3);
            }
        }
    }
}

TEST(RoadSurface, TheLevelIsThatUnderThePoint) {
    // A bridge 6 m over a road.
    auto model = tests::straight_model(100, 1);
    auto bridge = model.roads[0];
    bridge.id = "1";
    bridge.plan = {tests::plan_piece(50, -50, 0.5 * math::kPi, 100)};
    bridge.elevation = {{0, 6, 0, 0, 0}};
    model.roads.push_back(bridge);
    const RoadSurface surface(model, nullptr);
    EXPECT_NEAR(surface.at({50, 0, 0.4}).height_m, 0, 1e-9);
    EXPECT_NEAR(surface.at({50, 0, 6.4}).height_m, 6, 1e-9);
    EXPECT_NEAR(surface.at({50, 0, 5.2}).height_m, 6, 1e-9);  // a wheel half sunk into the bridge
    EXPECT_NEAR(surface.at({50, 0, 4.8}).height_m, 0, 1e-9);
    // Under the bridge, beside the road: the road's edge, not the bridge.
    EXPECT_NEAR(surface.at({50, -20, 0.4}).height_m, 0, 1e-9);

    world::World world;
    world.road_model = model;
    world.roads = compile(model, RoadGeometry(model));
    const RoadMap map(world);
    EXPECT_EQ(world.roads.lanes[map.nearest_lane({50, 1, 0.1}, 0)->lane].road, 0U);
    EXPECT_EQ(world.roads.lanes[map.nearest_lane({50, 1, 5.9}, 0)->lane].road, 1U);
    EXPECT_TRUE(map.on_road(Vec3(50, 30, 6)));
    EXPECT_FALSE(map.on_road(Vec3(50, 30, 0)));
    EXPECT_EQ(map.lanes_near({50, 0, 0}, 2.0).size(), 2U);
    EXPECT_NEAR(map.surface({50, 0, 6.3}).height_m, 6, 1e-9);
}

TEST(RoadSurface, OffRoadsLiesTheTerrain) {
    const auto model = tests::straight_model(100, 1);
    world::Terrain terrain;
    terrain.origin = {-200, -200};
    terrain.cell_m = 100;
    terrain.columns = terrain.rows = 5;
    terrain.heights_m.assign(25, -0.5F);
    const RoadSurface surface(model, &terrain), bare(model, nullptr);
    EXPECT_NEAR(surface.at({50, 20, 0.3}).height_m, -0.5, 1e-6);
    EXPECT_NEAR(bare.at({50, 20, 0.3}).height_m, 0, 1e-9);
    EXPECT_NEAR(surface.at({50, 20, 0.3}).friction, 0.6, 1e-12);
    // From the edge down to it within a metre and a half, without a step.
    double before = 0;
    for (double y = 3.45; y < 6; y += 0.01) {
        const double height = surface.at({50, y, 0.3}).height_m;
        EXPECT_LT(std::abs(height - before), 0.5 / 1.5 * 0.01 + 1e-6);
        before = height;
    }
    EXPECT_NEAR(before, -0.5, 1e-6);
}

TEST(RoadSurface, MaterialsGiveFriction) {
    auto model = tests::straight_model(100, 1);
    for (auto& lane : model.roads[0].sections[0].lanes) {
        if (lane.id == -1) lane.materials = {{0, 0.9, 0, ""}, {50, 0.4, 0, "ice"}};
    }
    const RoadSurface surface(model, nullptr);
    EXPECT_NEAR(surface.at({20, -1, 0.3}).friction, 0.9, 1e-12);
    EXPECT_NEAR(surface.at({70, -1, 0.3}).friction, 0.4, 1e-12);
    EXPECT_NEAR(surface.at({70, 1, 0.3}).friction, 1.0, 1e-12);
}

}  // namespace
}  // namespace huntsman::engine::road
