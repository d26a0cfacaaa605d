#include "sensors/lidar/lidar.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/support/mesh_builder.h"
#include "tests/support/street.h"

namespace huntsman::sensors::lidar {
namespace {

using engine::math::kPi;
using engine::math::RigidTransform;
using engine::math::upright;
using engine::math::Vec3;
using engine::world::Material;
using engine::world::Semantic;
using engine::world::State;
using engine::world::World;
using tests::support::make_mesh;
using tests::support::MeshBuilder;

constexpr double kHeight_m = 1.9;  // of the sensor
const RigidTransform kMounting{engine::math::yaw_rotation(-0.5 * kPi), {0.9, 0, kHeight_m}};

// A white ground at z = 0, a wall at x = 25 that faces the ego, and a sphere as actor 2.
class LidarScene : public ::testing::Test {
  protected:
    LidarScene() {
        MeshBuilder ground, wall, ball, nothing;
        ground.material(Material::kCarPaint).quad({-150, -150, 0}, {300, 0, 0}, {0, 300, 0}, 1, 1);
        wall.material(Material::kCarPaint).quad({25, 60, 0}, {0, -120, 0}, {0, 0, 30}, 1, 1);
        ball.material(Material::kCarPaint)
            .ellipsoid({0, 0, 0}, {kRadius, kRadius, kRadius}, 90, 180);
        world_.scene.meshes = {make_mesh("ground", {ground.lod(0)}),
                               make_mesh("wall", {wall.lod(0)}), make_mesh("ball", {ball.lod(0)})};
        world_.scene.instances.push_back({.mesh = 0, .semantic = Semantic::kRoad});
        world_.scene.instances.push_back({.mesh = 1,
                                          .object = engine::world::kFirstStaticObject,
                                          .semantic = Semantic::kBuilding});
        world_.archetypes.push_back({.name = "ego"});
        world_.archetypes.push_back({.name = "ball", .parts = {{.mesh = 2, .p_BP = {0, 0, 1.5}}}});
        world_.archetypes[1].semantic = Semantic::kVan;
        state_.time_us = 1'000'000;
        state_.actors.push_back({.id = engine::world::kEgo});
        state_.actors.push_back({.id = 2, .archetype = 1, .X_WB = upright({-9, 3, 0}, 0)});
        model_ = hdl32e();
        model_.range_noise_m = 0;
        model_.reference_range_m = 1e4;  // everything is bright enough
    }
    labels::LidarSweep sweep() const {
        auto lidar = Lidar::create(world_, model_);
        EXPECT_TRUE(lidar.ok());
        return lidar->sweep(state_, kMounting);
    }
    Vec3 in_W(const labels::LidarSweep& sweep, const labels::LidarPoint& p) const {
        return state_.actors[0].X_WB * (sweep.X_BL * Vec3(p.x, p.y, p.z));
    }

    static constexpr double kRadius = 1.2;
    World world_;
    State state_;
    Model model_;
};

TEST_F(LidarScene, GroundIsWhereEachRingMeetsIt) {
    const labels::LidarSweep s = sweep();
    std::size_t ground = 0;
    for (const labels::LidarPoint& p : s.points) {
        if (engine::world::semantic_of(p.id) != Semantic::kRoad) continue;
        ++ground;
        // Floats of 100 m resolve 8 µm.
        ASSERT_NEAR(in_W(s, p).z, 0, 1e-4);
        const double range = std::hypot(p.x, p.y, p.z);
        ASSERT_NEAR(range, kHeight_m / std::sin(-model_.elevations_rad[p.ring]), 1e-4 * range);
    }
    // Rings below -1.09 degrees come down within 100 m; some columns meet wall or ball before.
    EXPECT_GT(ground, 15'000U);
}

TEST_F(LidarScene, RingsAndColumnsLieWhereTheModelSays) {
    const labels::LidarSweep s = sweep();
    for (const labels::LidarPoint& p : s.points) {
        const double elevation = std::atan2(p.z, std::hypot(p.x, p.y));
        ASSERT_NEAR(elevation, model_.elevations_rad[p.ring], 1e-6);
        const double column = (std::atan2(p.x, p.y) + kPi) / (2 * kPi) * model_.columns;
        ASSERT_NEAR(column, std::round(column), 2e-3);
    }
}

TEST_F(LidarScene, MovingCarrierSeesTheWallAsAPlane) {
    // Fast and turning: without the column's own pose the wall would bend by metres.
    state_.actors[0].v_W = {20, 0, 0};
    state_.actors[0].w_W = {0, 0, 0.5};
    const labels::LidarSweep s = sweep();
    std::size_t wall = 0;
    for (const labels::LidarPoint& p : s.points) {
        if (engine::world::actor_of(p.id) != engine::world::kFirstStaticObject) continue;
        ++wall;
        ASSERT_NEAR(in_W(s, p).x, 25, 1e-4);
    }
    EXPECT_GT(wall, 3000U);
}

TEST_F(LidarScene, MovingSphereIsHitWhereItIsThen) {
    state_.actors[1].v_W = {0, 15, 0};
    const labels::LidarSweep s = sweep();
    const double period_s = engine::core::seconds(model_.period_us);
    std::size_t hits = 0;
    for (const labels::LidarPoint& p : s.points) {
        if (engine::world::actor_of(p.id) != 2) continue;
        ++hits;
        EXPECT_EQ(engine::world::semantic_of(p.id), Semantic::kVan);
        const double turned = (std::atan2(p.x, p.y) + kPi) / (2 * kPi);
        const Vec3 centre = Vec3(-9, 3, 1.5) + Vec3(0, 15, 0) * ((turned - 1) * period_s);
        // Facets of two degrees lie up to 0.2 mm within the sphere.
        ASSERT_NEAR(glm::length(in_W(s, p) - centre), kRadius, 4e-4);
    }
    EXPECT_GT(hits, 200U);
}

TEST_F(LidarScene, NoiseHasTheModelsSpreadAndIsRepeatable) {
    const labels::LidarSweep exact = sweep();
    model_.range_noise_m = 0.02;
    const labels::LidarSweep a = sweep(), b = sweep();
    ASSERT_EQ(a.points.size(), exact.points.size());
    double sum = 0, sum2 = 0;
    for (std::size_t i = 0; i < a.points.size(); ++i) {
        const auto range = [](const labels::LidarPoint& p) {
            return std::hypot(static_cast<double>(p.x), static_cast<double>(p.y),
                              static_cast<double>(p.z));
        };
        const double error = range(a.points[i]) - range(exact.points[i]);
        sum += error;
        sum2 += error * error;
        ASSERT_EQ(a.points[i].x, b.points[i].x);
    }
    const auto n = static_cast<double>(a.points.size());
    EXPECT_NEAR(sum / n, 0, 4 * 0.02 / std::sqrt(n));                     // four sigma of the mean
    EXPECT_NEAR(std::sqrt(sum2 / n), 0.02, 4 * 0.02 / std::sqrt(2 * n));  // and of the deviation
}

TEST_F(LidarScene, RangeFollowsReflectanceIncidenceAndFog) {
    // Ground of reflectance ρ under cos θ = h / R is seen while ρ h / R ≥ 0.1 R² / R0².
    model_.reference_range_m = 70;
    const auto farthest = [&] {
        const labels::LidarSweep s = sweep();
        double range = 0;
        for (const labels::LidarPoint& p : s.points) {
            if (engine::world::semantic_of(p.id) != Semantic::kRoad) continue;
            range = std::max(range, static_cast<double>(std::hypot(p.x, p.y, p.z)));
        }
        return range;
    };
    const double limit =
        std::cbrt(echo_of(Material::kCarPaint).reflectance * kHeight_m * 70 * 70 / 0.1);
    double expected = 0;
    for (const double elevation : model_.elevations_rad) {
        const double range = kHeight_m / std::sin(-elevation);
        if (elevation < 0 && range <= limit) expected = std::max(expected, range);
    }
    const double clear = farthest();
    EXPECT_NEAR(clear, expected, 1e-3 * expected);
    world_.environment.fog_per_m = 0.05;
    EXPECT_LT(farthest(), 0.8 * clear);
}

TEST(Lidar, RefusesImpossibleModels) {
    World world;
    Model none = hdl32e();
    none.elevations_rad.clear();
    EXPECT_FALSE(Lidar::create(world, none).ok());
    Model backwards = hdl32e();
    backwards.range_m = 0.5;
    EXPECT_FALSE(Lidar::create(world, backwards).ok());
}

TEST(Lidar, StreetGivesTensOfThousandsOfPoints) {
    const World street = tests::support::make_street();
    const State state = engine::world::initial_state(street);
    const auto lidar = Lidar::create(street, hdl32e());
    ASSERT_TRUE(lidar.ok());
    const auto& ego = street.archetypes[state.actors[0].archetype];
    const labels::LidarSweep s = lidar->sweep(state, Lidar::mounting(ego.extent));
    EXPECT_GT(s.points.size(), 15'000U);
    for (const labels::LidarPoint& p : s.points) {
        ASSERT_TRUE(std::isfinite(p.x) && std::isfinite(p.y) && std::isfinite(p.z));
        ASSERT_NE(engine::world::actor_of(p.id), engine::world::kEgo);
    }
}

}  // namespace
}  // namespace huntsman::sensors::lidar
