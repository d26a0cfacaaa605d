#include "scenarios/catalogue/catalogue.h"

#include <gtest/gtest.h>

#include <map>

#include "scenarios/catalogue/buildings.h"
#include "scenarios/catalogue/furniture.h"
#include "scenarios/catalogue/mesh_builder.h"

namespace huntsman::scenarios::catalogue {
namespace {

namespace math = engine::math;
using namespace engine::world;

Vec3 point(const MeshLod& lod, std::size_t i) {
    const Vertex& v = lod.vertices[lod.indices[i]];
    return {v.p[0], v.p[1], v.p[2]};
}

// Volume by the divergence theorem: positive where triangles look outwards.
double volume_m3(const MeshLod& lod) {
    double six = 0;
    for (std::size_t i = 0; i + 2 < lod.indices.size(); i += 3) {
        six += glm::dot(point(lod, i), glm::cross(point(lod, i + 1), point(lod, i + 2)));
    }
    return six / 6.0;
}

TEST(MeshBuilder, SolidsHaveTheirVolumeSoTheirFacesLookOutwards) {
    MeshBuilder box;
    box.use(Material::kConcrete);
    box.box({1, 2, 3}, {0.5, 1.0, 1.5}, 0.3, true);
    EXPECT_NEAR(volume_m3(box.finish()), 6.0, 1e-5);

    MeshBuilder ball;
    ball.use(Material::kConcrete);
    ball.ellipsoid({4, 0, 1}, {1, 2, 0.5}, 40, 80);
    // An inscribed ellipsoid of 40 rings lacks about 0.5 %.
    EXPECT_NEAR(volume_m3(ball.finish()), 4.0 / 3.0 * math::kPi, 0.03);

    MeshBuilder pipe;
    pipe.use(Material::kConcrete);
    pipe.loft({{{1, 0, 0}, {0, 1, 0}, {-1, 0, 0}, {0, -1, 0}},
               {{1, 0, 2}, {0, 1, 2}, {-1, 0, 2}, {0, -1, 2}}},
              true, true, true);
    EXPECT_NEAR(volume_m3(pipe.finish()), 4.0, 1e-6);
}

TEST(MeshBuilder, PlacementTurnsPointsAndNormals) {
    MeshBuilder builder;
    builder.use(Material::kConcrete);
    builder.place(math::upright({10, 0, 0}, 0.5 * math::kPi));
    builder.vertex({1, 0, 0}, {1, 0, 0}, {0, 0});
    builder.triangle(0, 0, 0);
    const Vertex v = builder.finish().vertices[0];
    EXPECT_NEAR(v.p[0], 10, 1e-6);
    EXPECT_NEAR(v.p[1], 1, 1e-6);
    EXPECT_NEAR(v.n[1], 1, 1e-6);
}

TEST(MeshBuilder, EachMaterialLampAndClassIsOneSubmesh) {
    MeshBuilder builder;
    for (int i = 0; i < 2; ++i) {
        builder.use(Material::kMetal);
        builder.box({0, 0, 0}, {1, 1, 1});
        builder.use(Material::kLamp, {}, Semantic::kNothing, Lamp::kHead);
        builder.box({0, 0, 0}, {1, 1, 1});
        builder.use(Material::kLamp, {}, Semantic::kNothing, Lamp::kTail);
        builder.box({0, 0, 0}, {1, 1, 1});
    }
    const MeshLod lod = builder.finish();
    ASSERT_EQ(lod.submeshes.size(), 3U);
    for (const Submesh& submesh : lod.submeshes) EXPECT_EQ(submesh.index_count, 2U * 5 * 6);
}

TEST(MakeMesh, ErrorIsTheDistanceBetweenLevels) {
    const auto cube = [](double half) {
        MeshBuilder builder;
        builder.use(Material::kConcrete);
        builder.box({0, 0, 0}, {half, half, half}, 0, true);
        return builder.finish();
    };
    const Mesh mesh = make_mesh("cube", {cube(1.0), cube(0.9)});
    EXPECT_EQ(mesh.lods[0].error_m, 0.0F);
    // From corner to corner.
    EXPECT_NEAR(mesh.lods[1].error_m, 0.1 * std::sqrt(3.0), 1e-6);
    EXPECT_NEAR(mesh.radius_m, std::sqrt(3.0), 1e-6);
}

TEST(Append, MovesAndJoinsSubmeshesOfOneMaterial) {
    MeshBuilder builder;
    builder.use(Material::kBrick);
    builder.box({0, 0, 0}, {1, 1, 1}, 0, true);
    const MeshLod cube = builder.finish();
    MeshLod two;
    append(two, cube, math::upright({5, 0, 0}, 0));
    append(two, cube, math::upright({0, 5, 0}, 0.4));
    EXPECT_EQ(two.submeshes.size(), 1U);
    EXPECT_NEAR(volume_m3(two), 16.0, 1e-4);
}

Catalogue shipped() { return load_shipped().value(); }
std::vector<Archetype> archetypes(StaticScene& scene) { return archetypes(shipped(), scene); }

TEST(Archetypes, HaveAllPartsAndMoreLevelsOfFallingDetail) {
    StaticScene scene;
    const auto all = archetypes(scene);
    EXPECT_GE(all.size(), 22U);
    for (const Archetype& archetype : all) {
        if (archetype.figure) continue;  // see cast_test.cpp
        std::map<Motion, int> motions;
        for (const Part& part : archetype.parts) {
            ++motions[part.motion];
            const Mesh& mesh = scene.meshes[part.mesh];
            // What is seen through panes has fewer.
            if (mesh.name.ends_with("interior")) continue;
            ASSERT_GE(mesh.lods.size(), 3U) << mesh.name;
            for (std::size_t i = 1; i < mesh.lods.size(); ++i) {
                EXPECT_LT(mesh.lods[i].indices.size(), mesh.lods[i - 1].indices.size())
                    << mesh.name;
                EXPECT_GT(mesh.lods[i].error_m, 0) << mesh.name;
            }
        }
        const bool vehicle = is_vehicle(archetype.semantic);
        EXPECT_GE(motions[Motion::kFixed], vehicle ? 1 : 2) << archetype.name;
        EXPECT_GE(motions[Motion::kWheel], vehicle ? 4 : 0) << archetype.name;
        EXPECT_EQ(motions[Motion::kSwing], vehicle ? 0 : 4) << archetype.name;
        EXPECT_EQ(archetype.vehicle.wheels.size(),
                  static_cast<std::size_t>(motions[Motion::kWheel]))
            << archetype.name;
    }
}

TEST(Archetypes, VehiclesCarryAllTheirLamps) {
    StaticScene scene;
    for (const Archetype& archetype : archetypes(scene)) {
        if (!is_vehicle(archetype.semantic)) continue;
        const auto& lods = scene.meshes[archetype.parts[0].mesh].lods;
        // The fourth level is for hundreds of metres.
        for (std::size_t level = 0; level < std::min<std::size_t>(3, lods.size()); ++level) {
            const MeshLod& lod = lods[level];
            std::uint32_t lamps = 0;
            for (const Submesh& submesh : lod.submeshes) {
                if (submesh.material == Material::kLamp) lamps |= bit(submesh.lamp);
            }
            for (const Lamp lamp :
                 {Lamp::kHead, Lamp::kTail, Lamp::kBrake, Lamp::kTurnLeft, Lamp::kTurnRight}) {
                EXPECT_NE(lamps & bit(lamp), 0U) << archetype.name << " level " << level;
            }
        }
    }
}

TEST(Archetypes, SedanIsTheBmw320i) {
    StaticScene scene;
    const Archetype sedan = archetypes(scene)[shipped().ego];
    EXPECT_EQ(sedan.vehicle.mass_kg, 1093.3);
    EXPECT_EQ(sedan.vehicle.yaw_inertia_kg_m2, 1791.6);
    EXPECT_NEAR(sedan.vehicle.wheelbase_m, 1.156 + 1.423, 1e-12);
    EXPECT_NEAR(sedan.vehicle.cg_to_rear_m, 1.423, 1e-12);
    EXPECT_NEAR(sedan.extent.length_m(), 4.508, 1e-12);
    EXPECT_EQ(sedan.extent.width_m, 1.610);
    for (const Wheel& wheel : sedan.vehicle.wheels) EXPECT_EQ(wheel.radius_m, 0.344);
}

TEST(Archetypes, PeopleStandOnTheGroundAtTheirHeight) {
    StaticScene scene;
    for (const Archetype& archetype : archetypes(scene)) {
        if (is_vehicle(archetype.semantic)) continue;
        double low = 1e9, high = -1e9;
        for (const Part& part : archetype.parts) {
            for (const Vertex& v : scene.meshes[part.mesh].lods[0].vertices) {
                low = std::min(low, v.p[2] + part.p_BP.z);
                high = std::max(high, v.p[2] + part.p_BP.z);
            }
        }
        EXPECT_NEAR(low, 0.0, 0.01) << archetype.name;
        EXPECT_NEAR(high, archetype.extent.height_m, 0.03) << archetype.name;
    }
}

TEST(Picks, CoverAllKindsAndParkedVehiclesFitTheirPlaces) {
    const Catalogue catalogue = shipped();
    std::map<std::uint32_t, int> moving, parked, people;
    for (int i = 0; i < 1000; ++i) {
        ++moving[catalogue.moving.pick(i / 1000.0)];
        ++parked[catalogue.parked.pick(i / 1000.0)];
        ++people[catalogue.walking.pick(i / 1000.0)];
    }
    EXPECT_EQ(moving.size(), 9U);
    EXPECT_GE(parked.size(), 15U);
    EXPECT_GE(people.size(), 4U);
    StaticScene scene;
    const auto all = archetypes(scene);
    for (const auto& [kind, count] : parked) {
        EXPECT_LT(all[kind].extent.length_m(), 5.6);  // a place is 6 m
        EXPECT_LT(all[kind].extent.width_m, 2.1);     // and 2.2 m wide
    }
}

TEST(Houses, EveryKindStaysOnItsLotAndReachesItsHeight) {
    for (int kind = 0; kind < kHouseKinds; ++kind) {
        House house;
        house.kind = HouseKind{kind};
        house.storeys = 4;
        house.variant = 7;
        const Mesh mesh = house_mesh(house);
        double low_y = 1e9, high_y = -1e9, high_x = -1e9, high_z = -1e9;
        for (const Vertex& v : mesh.lods[0].vertices) {
            low_y = std::min<double>(low_y, v.p[1]);
            high_y = std::max<double>(high_y, v.p[1]);
            high_x = std::max<double>(high_x, v.p[0]);
            high_z = std::max<double>(high_z, v.p[2]);
        }
        // Balconies and eaves stand out, walls do not.
        EXPECT_GE(low_y, -1.15);
        EXPECT_LE(high_y, house.depth_m + 0.45);
        EXPECT_LE(high_x, 0.5 * house.width_m + 0.3);
        EXPECT_GE(high_z, height_m(house) - 0.1);
        EXPECT_LE(high_z, height_m(house) + 2.6);  // chimney, stair head
    }
}

TEST(Furniture, SignalsHaveThreeLampsFacingForwards) {
    const Mesh head = signal_head();
    std::uint32_t lamps = 0;
    for (const Submesh& submesh : head.lods[0].submeshes) {
        if (submesh.material != Material::kLamp) continue;
        lamps |= bit(submesh.lamp);
        for (std::uint32_t i = 0; i < submesh.index_count; ++i) {
            const Vertex& v = head.lods[0].vertices[head.lods[0].indices[submesh.first_index + i]];
            EXPECT_NEAR(v.n[0], 1.0F, 1e-5F);
        }
    }
    EXPECT_EQ(lamps, bit(Lamp::kSignalRed) | bit(Lamp::kSignalYellow) | bit(Lamp::kSignalGreen));
}

TEST(Furniture, TreesOfAVariantAreTheSame) {
    const Mesh a = tree(0, 1), b = tree(0, 1), c = tree(0, 2);
    ASSERT_EQ(a.lods[0].vertices.size(), b.lods[0].vertices.size());
    bool differs = false;
    for (std::size_t i = 0; i < a.lods[0].vertices.size(); ++i) {
        EXPECT_EQ(a.lods[0].vertices[i].p[0], b.lods[0].vertices[i].p[0]);
        differs = differs || a.lods[0].vertices[i].p[0] != c.lods[0].vertices[i].p[0];
    }
    EXPECT_TRUE(differs);
}

TEST(Paint, ThreeCarsInFourHaveNoColour) {
    // Black, white, grey and silver: 74 to 80 % of new cars in Europe [KBA, ACEA 2015 to 2023].
    const Palette paints = shipped().paints;
    int plain = 0, all = 0;
    for (int i = 0; i < 1000; ++i) {
        const auto c = paints.pick((i + 0.5) / 1000, 0.5);
        const auto [low, high] = std::minmax({c[0], c[1], c[2]});
        plain += high - low < 0.12F * high ? 1 : 0;
        ++all;
        EXPECT_LE(high, 0.8F);
    }
    EXPECT_NEAR(static_cast<double>(plain) / all, 0.76, 0.03);
}

}  // namespace
}  // namespace huntsman::scenarios::catalogue
