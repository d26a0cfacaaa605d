#include "scenarios/town/town.h"

#include <algorithm>
#include <limits>
#include <set>

#include "engine/core/hash.h"
#include "engine/math/geometry.h"
#include "engine/road/lane_curve.h"
#include "engine/road/road_map.h"
#include "engine/world/pose.h"
#include "scenarios/town/plan.h"
#include "tests/scenarios/town/towns.h"

namespace huntsman::scenarios::town {
namespace {

namespace math = engine::math;
using math::Box2;
using math::Vec2;
using namespace engine::world;

// Hash of what a town consists of.
std::uint64_t hash_of(const World& world) {
    engine::core::Hasher h;
    const auto add = [&](const auto& p) {
        h.add(p.x);
        h.add(p.y);
        h.add(p.z);
    };
    for (const Lane& lane : world.roads.lanes) {
        for (const LaneSample& q : lane.samples) {
            add(q.p);
            h.add(q.curvature_per_m);
        }
        for (const Conflict& c : lane.conflicts)
            h.add(c.s_begin_m + c.other + (c.yields ? 0.5 : 0.0));
    }
    for (const Walkway& walkway : world.roads.walkways) {
        for (const auto& p : walkway.points) add(p);
    }
    for (const SignalProgram& program : world.roads.programs) h.add(program.offset_us);
    for (const Mesh& mesh : world.scene.meshes) {
        for (const MeshLod& lod : mesh.lods) {
            for (const Vertex& v : lod.vertices) {
                h.add(v.p[0] + 3 * v.p[1] + 7 * v.p[2]);
                h.add(v.colour[0]);
            }
            for (const std::uint32_t i : lod.indices) h.add(i);
        }
    }
    for (const Instance& instance : world.scene.instances) {
        add(instance.X_WM.p);
        h.add(instance.object);
    }
    for (const StaticObject& object : world.objects) add(object.X_WB.p);
    for (const Spawn& spawn : world.spawns) add(spawn.X_WB.p);
    for (const LaneId id : world.ego_route) h.add(id);
    h.add(world.environment.sun_elevation_rad);
    return h.digest();
}

TEST(Town, SameSeedSameBits) {
    TownParameters parameters;
    parameters.seed = 42;
    const auto again = generate(parameters);
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(hash_of(*again), hash_of(town(42)));
}

TEST(Town, ExtremesOfAllParametersWork) {
    for (const double size : {500.0, 900.0}) {
        TownParameters parameters;
        parameters.seed = 11;
        parameters.size_m = size;
        parameters.vehicles = size > 600 ? 200 : 0;
        parameters.pedestrians = size > 600 ? 500 : 0;
        parameters.parked_share = size > 600 ? 1 : 0;
        parameters.route_m = size > 600 ? 6000 : 100;
        const auto world = generate(parameters);
        ASSERT_TRUE(world.ok()) << world.error().text();
        EXPECT_EQ(world->spawns.size(),
                  static_cast<std::size_t>(1 + parameters.vehicles + *parameters.pedestrians));
    }
}

TEST(TownSpawns, StandApartInOrderOfIds) {
    for (const std::uint64_t seed : kSeeds) {
        const World& world = town(seed);
        ASSERT_EQ(world.spawns.size(), 81U);
        EXPECT_EQ(world.spawns[0].id, kEgo);
        std::vector<Box2> boxes;
        for (const Spawn& spawn : world.spawns) {
            boxes.push_back(footprint(world.archetype_of(spawn).extent, spawn.X_WB));
            EXPECT_EQ(spawn.id, boxes.size());
            // At rest, but on fast roads traffic flows from the start.
            const bool fast =
                spawn.lane != kNone && world.roads.lanes[spawn.lane].speed_limit_mps > 16;
            if (!fast) {
                EXPECT_EQ(spawn.speed_mps, 0) << seed;
            }
        }
        for (std::size_t i = 0; i < boxes.size(); ++i) {
            for (std::size_t j = i + 1; j < boxes.size(); ++j) {
                EXPECT_FALSE(math::overlap(boxes[i], boxes[j])) << seed << ' ' << i << ' ' << j;
            }
            // Others keep off the ego; nobody stands in a parked vehicle, a wall or a pole.
            const bool vehicle = is_vehicle(world.archetype_of(world.spawns[i]).semantic);
            if (i > 0 && vehicle) {
                EXPECT_GT(math::distance(boxes[0], boxes[i]), 1.0) << seed;
            }
            for (const StaticObject& object : world.objects) {
                if (!object.collides) continue;
                if (std::abs(object.X_WB.p.z - world.spawns[i].X_WB.p.z) > 2.5) continue;
                EXPECT_FALSE(math::overlap(boxes[i], footprint(object.extent, object.X_WB)))
                    << seed << " spawn " << i << " object " << object.id << ' '
                    << name(object.semantic) << " at " << boxes[i].centre.x << ' '
                    << boxes[i].centre.y;
            }
        }
    }
}

TEST(TownSpawns, VehiclesStandOnTheirLanesOutsideJunctions) {
    for (const std::uint64_t seed : kSeeds) {
        const World& world = town(seed);
        for (const Spawn& spawn : world.spawns) {
            if (!is_vehicle(world.archetype_of(spawn).semantic)) continue;
            const Lane& lane = world.roads.lanes[spawn.lane];
            EXPECT_FALSE(lane.in_junction());
            const LaneSample q = engine::road::lane_at(lane, spawn.lane_s_m);
            EXPECT_LT(glm::length(math::xy(q.p - spawn.X_WB.p)), 0.01);
            EXPECT_NEAR(q.p.z, spawn.X_WB.p.z, 0.01);  // of the surface, within a centimetre
            EXPECT_NEAR(math::wrap_angle(q.heading_rad - spawn.X_WB.yaw_rad()), 0, 1e-3);
        }
    }
}

TEST(TownRoute, IsConsecutiveAndAboutAsLongAsWanted) {
    for (const std::uint64_t seed : kSeeds) {
        const World& world = town(seed);
        const auto& route = world.ego_route;
        ASSERT_GE(route.size(), 3U);
        EXPECT_EQ(route.front(), world.spawns[0].lane);
        double length = -world.spawns[0].lane_s_m;
        int turns = 0, junctions = 0;
        for (std::size_t i = 0; i < route.size(); ++i) {
            const Lane& lane = world.roads.lanes[route[i]];
            bool change = false;
            if (i + 1 < route.size()) {
                const auto& next = lane.successors;
                change = lane.left == route[i + 1] || lane.right == route[i + 1];
                EXPECT_TRUE(change ||
                            std::find(next.begin(), next.end(), route[i + 1]) != next.end());
            }
            if (lane.in_junction()) {
                ++junctions;
                turns += lane.turn == Turn::kStraight ? 0 : 1;
            }
            // A lane change counts the street once.
            if (i + 1 == route.size()) {
                length += world.ego_goal_s_m;
            } else if (!change) {
                length += lane.length_m;
            }
        }
        EXPECT_GT(length, 0.85 * 900) << "seed " << seed;
        EXPECT_LT(length, 1.15 * 900) << "seed " << seed;
        EXPECT_GE(turns, 2) << "seed " << seed;
        EXPECT_GE(junctions, 5) << "seed " << seed;
        EXPECT_FALSE(world.roads.lanes[route.back()].in_junction());
    }
}

TEST(TownObjects, LeaveTheCarriagewayFree) {
    for (const std::uint64_t seed : kSeeds) {
        const World& world = town(seed);
        const engine::road::RoadMap roads(world.roads);
        ActorId before = 0;
        for (const StaticObject& object : world.objects) {
            EXPECT_GT(object.id, before);
            before = object.id;
            if (!object.collides) continue;
            const Box2 box = footprint(object.extent, object.X_WB);
            for (double u = -1; u <= 1; u += 0.25) {
                for (const double v : {-1.0, 1.0}) {
                    const Vec2 x = math::direction(box.yaw_rad);
                    for (const Vec2& p :
                         {box.centre + u * box.half.x * x + v * box.half.y * math::perp(x),
                          box.centre + v * box.half.x * x + u * box.half.y * math::perp(x)}) {
                        // Piers stand beside roads that run on another level.
                        EXPECT_FALSE(roads.on_road(math::Vec3(p, object.X_WB.p.z)))
                            << seed << ' ' << name(object.semantic) << ' ' << object.id << " at "
                            << p.x << ' ' << p.y;
                    }
                }
            }
        }
        EXPECT_GE(before, kFirstStaticObject);
    }
}

TEST(TownObjects, HousesAndParkedVehiclesDoNotOverlap) {
    for (const std::uint64_t seed : kSeeds) {
        std::vector<Box2> boxes;
        int parked = 0, houses = 0;
        for (const StaticObject& object : town(seed).objects) {
            if (object.semantic != Semantic::kBuilding && !object.labelled) continue;
            object.labelled ? ++parked : ++houses;
            Box2 box = footprint(object.extent, object.X_WB);
            // Houses of a row touch, turned by what the street bends between their middles.
            if (!object.labelled) box.half -= Vec2(0.05, 0.05);
            boxes.push_back(box);
        }
        EXPECT_GT(parked, 20) << "seed " << seed;
        EXPECT_GT(houses, 100) << "seed " << seed;
        for (std::size_t i = 0; i < boxes.size(); ++i) {
            for (std::size_t j = i + 1; j < boxes.size(); ++j) {
                EXPECT_FALSE(math::overlap(boxes[i], boxes[j])) << seed << ' ' << i << ' ' << j;
            }
        }
    }
}

TEST(TownObjects, PeopleFindRoomBetweenPostsAndWalls) {
    // Along every pavement a person 0.5 m wide passes on its centre line.
    for (const std::uint64_t seed : kSeeds) {
        const World& world = town(seed);
        for (const Walkway& walkway : world.roads.walkways) {
            for (std::size_t i = 0; i + 1 < walkway.points.size(); ++i) {
                const Vec2 a = math::xy(walkway.points[i]), b = math::xy(walkway.points[i + 1]);
                const Vec2 ab = b - a;
                const Box2 way{
                    0.5 * (a + b), std::atan2(ab.y, ab.x), {0.5 * glm::length(ab), 0.25}};
                for (const StaticObject& object : world.objects) {
                    if (!object.collides || glm::length(math::xy(object.X_WB.p) - a) > 60) continue;
                    if (std::abs(object.X_WB.p.z - walkway.points[i].z) > 2.5) continue;
                    EXPECT_FALSE(math::overlap(way, footprint(object.extent, object.X_WB)))
                        << seed << " walkway " << walkway.id << " meets " << name(object.semantic)
                        << ' ' << object.id << " at " << a.x << ' ' << a.y;
                }
            }
        }
    }
}

TEST(TownScene, EveryTriangleIsSoundAndIndicesAreInRange) {
    const World& world = town(3);
    std::set<std::string> skins;
    for (const Archetype& a : world.archetypes) {
        if (a.figure) skins.insert({a.name, world.scene.meshes[a.figure->skin].name});
    }
    std::size_t bytes = 0;
    for (const Mesh& mesh : world.scene.meshes) {
        EXPECT_GT(mesh.radius_m, 0) << mesh.name;
        float error = 0;
        for (const MeshLod& lod : mesh.lods) {
            EXPECT_GE(lod.error_m, error) << mesh.name;
            error = lod.error_m;
            bytes += lod.vertices.size() * sizeof(Vertex) + lod.indices.size() * 4;
            std::uint32_t covered = 0;
            for (const Submesh& submesh : lod.submeshes) {
                EXPECT_EQ(submesh.first_index, covered);
                covered += submesh.index_count;
            }
            ASSERT_EQ(covered, lod.indices.size()) << mesh.name;
            for (const Vertex& v : lod.vertices) {
                const float n2 = v.n[0] * v.n[0] + v.n[1] * v.n[1] + v.n[2] * v.n[2];
                ASSERT_NEAR(n2, 1.0F, 1e-4F) << mesh.name;
                ASSERT_TRUE(std::isfinite(v.p[0] + v.p[1] + v.p[2] + v.uv[0] + v.uv[1]))
                    << mesh.name;
            }
            // Normals agree with the winding, so that lighting and culling see the same outside.
            // Leaves are seen from both sides and have their crown's normals.
            std::vector<bool> leaf(lod.indices.size());
            for (const Submesh& submesh : lod.submeshes) {
                for (std::uint32_t i = 0; i < submesh.index_count; ++i) {
                    leaf[submesh.first_index + i] = submesh.material == Material::kLeaves;
                }
            }
            int against = 0;
            for (std::size_t i = 0; i + 2 < lod.indices.size(); i += 3) {
                if (leaf[i]) continue;
                ASSERT_LT(lod.indices[i], lod.vertices.size());
                math::Vec3 p[3], n(0);
                for (std::size_t k = 0; k < 3; ++k) {
                    const Vertex& v = lod.vertices[lod.indices[i + k]];
                    p[k] = {v.p[0], v.p[1], v.p[2]};
                    n += math::Vec3(v.n[0], v.n[1], v.n[2]);
                }
                const math::Vec3 face = glm::cross(p[1] - p[0], p[2] - p[0]);
                if (glm::length(face) > 1e-6 && glm::dot(face, n) < 0) ++against;
            }
            // Smooth normals of strongly bent small parts may lean over: the slivers at the ends of
            // a junction's kerbs are up to four in a hundred of its coarse levels.
            // Coarse levels of land may have two, of a few square decimetres. Folds of people's
            // cloth and hair are as small as that in their second level.
            const std::size_t of = skins.count(mesh.name.substr(0, mesh.name.find(' '))) ? 8 : 20;
            EXPECT_LE(against, std::max<int>(4, static_cast<int>(lod.indices.size() / 3 / of)))
                << mesh.name;
        }
    }
    EXPECT_LT(bytes, 150U << 20U);
    for (const Instance& instance : world.scene.instances) {
        ASSERT_LT(instance.mesh, world.scene.meshes.size());
    }
    for (const Archetype& archetype : world.archetypes) {
        EXPECT_FALSE(archetype.parts.empty()) << archetype.name;
    }
}

TEST(TownScene, VehicleMeshesFillTheirBoxes) {
    const World& world = town(3);
    for (const Archetype& archetype : world.archetypes) {
        if (!is_vehicle(archetype.semantic)) continue;
        math::Vec3 low(1e9), high(-1e9);
        for (const Part& part : archetype.parts) {
            for (const Vertex& v : world.scene.meshes[part.mesh].lods[0].vertices) {
                const math::Vec3 p = math::Vec3(v.p[0], v.p[1], v.p[2]) + part.p_BP;
                low = glm::min(low, p);
                high = glm::max(high, p);
            }
        }
        // Bumpers and roof within 5 cm of the box; mirrors stand out by up to 25 cm a side.
        EXPECT_NEAR(high.x, archetype.extent.front_m, 0.05) << archetype.name;
        EXPECT_NEAR(low.x, -archetype.extent.rear_m, 0.05) << archetype.name;
        EXPECT_NEAR(high.z, archetype.extent.height_m, 0.06) << archetype.name;
        EXPECT_NEAR(low.z, 0.0, 0.02) << archetype.name;
        EXPECT_GE(high.y, 0.5 * archetype.extent.width_m - 0.02) << archetype.name;
        EXPECT_LE(high.y, 0.5 * archetype.extent.width_m + 0.25) << archetype.name;
    }
}

TEST(TownEnvironment, WordsFollowTheNumbers) {
    std::set<std::string> weathers;
    for (const std::uint64_t seed : kSeeds) {
        const Environment& e = town(seed).environment;
        weathers.insert(e.weather);
        EXPECT_EQ(e.light == "low sun", e.sun_elevation_rad < 0.4);
        EXPECT_EQ(e.weather == "rain-wet", e.wetness > 0);
        EXPECT_EQ(e.friction, e.wetness > 0 ? 0.7 : 1.0);
        EXPECT_GE(e.sun_elevation_rad, 0.25);
        EXPECT_LE(e.sun_elevation_rad, 1.1);
    }
    EXPECT_GE(weathers.size(), 2U);
}

TEST(Plan, ShowsEveryLaneAndSpawn) {
    const World& world = town(1);
    const std::string svg = plan_svg(world);
    const auto count = [&](const std::string& word) {
        std::size_t found = 0;
        for (std::size_t at = svg.find(word); at != std::string::npos;
             at = svg.find(word, at + 1)) {
            ++found;
        }
        return found;
    };
    EXPECT_GE(count(" stroke="), 2 * world.roads.lanes.size());
    EXPECT_EQ(count("fill=\"#c0007a\""), 60U);  // people
    EXPECT_EQ(count("fill=\"#ff3000\""), 1U);   // the ego
    EXPECT_EQ(count("</svg>"), 1U);
}

}  // namespace
}  // namespace huntsman::scenarios::town
