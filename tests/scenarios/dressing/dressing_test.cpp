#include "scenarios/dressing/dressing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "engine/core/dice.h"
#include "engine/road/compile.h"
#include "engine/road/road_map.h"
#include "engine/world/pose.h"
#include "scenarios/catalogue/catalogue.h"
#include "scenarios/dressing/land.h"
#include "scenarios/map/map.h"
#include "scenarios/opendrive/opendrive.h"
#include "scenarios/town/town.h"
#include "tests/support/road_models.h"

namespace huntsman::scenarios::dressing {
namespace {

namespace math = engine::math;
using namespace engine::world;

// A dressed world with what the dressing was given.
struct Dressed {
    World world;
    streets::Streets streets;
    std::size_t before = 0;  // objects that the streets brought

    explicit Dressed(RoadModel model, DressingParameters parameters = {}) {
        world.road_model = std::move(model);
        const engine::road::RoadGeometry geometry(world.road_model);
        world.roads = engine::road::compile(world.road_model, geometry);
        const auto catalogue = catalogue::load_shipped().value();
        world.archetypes = catalogue::archetypes(catalogue, world.scene);
        streets = streets::add_streets(geometry, world);
        before = world.objects.size();
        EXPECT_TRUE(dress(parameters, catalogue, geometry, streets, world).ok());
    }
    std::vector<StaticObject> own() const {
        return {world.objects.begin() + static_cast<std::ptrdiff_t>(before), world.objects.end()};
    }
};

// A hilly town with bridges.
const Dressed& sample() {
    static const Dressed made = [] {
        town::TownParameters parameters;
        parameters.seed = 4;
        parameters.size_m = 500;
        parameters.hilliness = 0.8;
        parameters.railway = true;
        auto model = town::generate_roads(parameters);
        EXPECT_TRUE(model.ok());
        return Dressed(std::move(*model), {0.6, 0.5, 0.5, engine::core::Key(9)});
    }();
    return made;
}

std::vector<Vec2> plan_of(const std::vector<Vec3>& ring) {
    std::vector<Vec2> plan;
    for (const Vec3& p : ring) plan.push_back(math::xy(p));
    return plan;
}
double to_ring_m(const Vec2& p, const std::vector<Vec2>& ring) {
    double least = 1e30;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        least = std::min(
            least, math::closest_on_segment(p, ring[i], ring[(i + 1) % ring.size()]).distance_m);
    }
    return least;
}

// Polygons of an outline: whether they hold a point, and how far their edges are.
struct Plan {
    struct Area {
        std::vector<Vec2> border;
        std::vector<std::vector<Vec2>> holes;
    };
    std::vector<Area> areas;

    explicit Plan(const std::vector<streets::OutlinePolygon>& polygons) {
        for (const auto& polygon : polygons) {
            Area area{plan_of(polygon.border), {}};
            for (const auto& hole : polygon.holes) area.holes.push_back(plan_of(hole));
            areas.push_back(std::move(area));
        }
    }
    bool holds(const Vec2& p) const {
        return std::any_of(areas.begin(), areas.end(), [&](const Area& area) {
            return math::inside_polygon(p, area.border) &&
                   std::none_of(area.holes.begin(), area.holes.end(),
                                [&](const auto& hole) { return math::inside_polygon(p, hole); });
        });
    }
    double edge_m(const Vec2& p) const {
        double least = 1e30;
        for (const Area& area : areas) {
            least = std::min(least, to_ring_m(p, area.border));
            for (const auto& hole : area.holes) least = std::min(least, to_ring_m(p, hole));
        }
        return least;
    }
};

// Triangles of the land by cells of the plan.
class LandMesh {
  public:
    struct Hit {
        double z_m;
        Material material;
        std::array<float, 3> colour;
    };
    explicit LandMesh(const World& world) {
        for (const Instance& instance : world.scene.instances) {
            const Mesh& mesh = world.scene.meshes[instance.mesh];
            if (mesh.name != "land") continue;
            const MeshLod& lod = mesh.lods[0];
            for (const Submesh& part : lod.submeshes) {
                for (std::uint32_t i = 0; i < part.index_count; i += 3) {
                    Triangle t;
                    t.material = part.material;
                    Vec2 low(1e30), high(-1e30);
                    for (std::size_t k = 0; k < 3; ++k) {
                        const Vertex& v = lod.vertices[lod.indices[part.first_index + i + k]];
                        t.p[k] = instance.X_WM * Vec3(v.p[0], v.p[1], v.p[2]);
                        t.colour = {v.colour[0], v.colour[1], v.colour[2]};
                        low = glm::min(low, math::xy(t.p[k]));
                        high = glm::max(high, math::xy(t.p[k]));
                    }
                    if (high.x - low.x > 60 || high.y - low.y > 60) continue;  // the far land
                    for (int x = cell(low.x); x <= cell(high.x); ++x) {
                        for (int y = cell(low.y); y <= cell(high.y); ++y) {
                            cells_[{x, y}].push_back(triangles_.size());
                        }
                    }
                    triangles_.push_back(t);
                }
            }
        }
    }
    std::size_t size() const { return triangles_.size(); }
    std::vector<Hit> at(const Vec2& q) const {
        std::vector<Hit> hits;
        const auto found = cells_.find({cell(q.x), cell(q.y)});
        if (found == cells_.end()) return hits;
        for (const std::size_t i : found->second) {
            const Triangle& t = triangles_[i];
            const Vec2 a = math::xy(t.p[0]), b = math::xy(t.p[1]), c = math::xy(t.p[2]);
            const double all = math::cross(b - a, c - a);
            if (all <= 0) continue;
            const double u = math::cross(b - q, c - q) / all, v = math::cross(c - q, a - q) / all;
            const double w = 1 - u - v;
            if (u < 0 || v < 0 || w < 0) continue;
            hits.push_back({u * t.p[0].z + v * t.p[1].z + w * t.p[2].z, t.material, t.colour});
        }
        return hits;
    }

  private:
    struct Triangle {
        Vec3 p[3];
        Material material = Material::kGrass;
        std::array<float, 3> colour{};
    };
    static int cell(double v) { return static_cast<int>(std::floor(v / 8.0)); }
    std::vector<Triangle> triangles_;
    std::map<std::pair<int, int>, std::vector<std::size_t>> cells_;
};

const LandMesh& sample_land() {
    static const LandMesh made(sample().world);
    return made;
}

TEST(Terrain, MeetsTheRoadsEdges) {
    const auto& [world, streets, before] = sample();
    std::vector<double> off;
    for (const auto& polygon : streets.outline.ground) {
        for (const Vec3& p : polygon.border)
            off.push_back(std::abs(world.terrain.height_m(math::xy(p)) - p.z));
        for (const auto& hole : polygon.holes) {
            for (const Vec3& p : hole)
                off.push_back(std::abs(world.terrain.height_m(math::xy(p)) - p.z));
        }
    }
    ASSERT_GT(off.size(), 500U);
    std::sort(off.begin(), off.end());
    EXPECT_LT(off[off.size() / 2], 0.005);
    EXPECT_LT(off.back(), 0.05);
}

TEST(Terrain, HasNoStepAnywhere) {
    const Terrain& t = sample().world.terrain;
    double steepest = 0;
    for (std::uint32_t r = 0; r + 1 < t.rows; ++r) {
        for (std::uint32_t c = 0; c + 1 < t.columns; ++c) {
            const std::size_t i = static_cast<std::size_t>(r) * t.columns + c;
            const double z = t.heights_m[i];
            steepest = std::max({steepest, std::abs(t.heights_m[i + 1] - z) / t.cell_m,
                                 std::abs(t.heights_m[i + t.columns] - z) / t.cell_m});
        }
    }
    // Streets are up to 8 % steep; blocks between two of them at most a few times that.
    EXPECT_LT(steepest, 0.4);
}

TEST(LandMesh, CoversAllLandAndNoRoadOnce) {
    const auto& [world, streets, before] = sample();
    const Plan roads(streets.outline.ground);
    const LandMesh& land = sample_land();
    ASSERT_GT(land.size(), 1000U);
    engine::core::Dice dice(engine::core::Key(3));
    int on_road = 0, on_land = 0;
    for (int i = 0; i < 20000; ++i) {
        const Vec2 p(dice.uniform(-320, 320), dice.uniform(-320, 320));
        const bool road = roads.holds(p);
        const std::size_t over = land.at(p).size();
        if (over == (road ? 0U : 1U)) {
            ++(road ? on_road : on_land);
            continue;
        }
        // At an edge either may be right.
        EXPECT_LT(roads.edge_m(p), 0.01)
            << p.x << ' ' << p.y << (road ? " road" : " land") << " covered " << over << " times";
    }
    EXPECT_GT(on_road, 2000);
    EXPECT_GT(on_land, 8000);
}

TEST(LandMesh, JoinsTheRoadsAtTheirHeight) {
    const auto& [world, streets, before] = sample();
    const LandMesh& land = sample_land();
    int met = 0;
    for (const auto& polygon : streets.outline.ground) {
        for (const auto& hole : polygon.holes) {
            for (std::size_t i = 0; i + 1 < hole.size(); ++i) {
                const Vec3 a = hole[i], b = hole[i + 1];
                if (glm::length(math::xy(b - a)) < 0.2) continue;
                // 2 cm beside the middle of an edge; holes run clockwise, land on their right.
                const Vec2 along = glm::normalize(math::xy(b - a));
                const Vec2 p = math::xy(0.5 * (a + b)) - 0.02 * math::perp(along);
                for (const auto& hit : land.at(p)) {
                    ++met;
                    EXPECT_NEAR(hit.z_m, 0.5 * (a.z + b.z), 0.05) << p.x << ' ' << p.y;
                }
            }
        }
    }
    EXPECT_GT(met, 300);
}

TEST(Houses, StandOnNoRoadAndInNoOther) {
    const auto& made = sample();
    const Plan roads(made.streets.outline.ground);
    std::vector<math::Box2> houses;
    for (const StaticObject& object : made.own()) {
        if (object.semantic != Semantic::kBuilding) continue;
        math::Box2 box = footprint(object.extent, object.X_WB);
        for (const double u : {-1.0, -0.5, 0.0, 0.5, 1.0}) {
            for (const double v : {-1.0, 0.0, 1.0}) {
                const Vec2 x = math::direction(box.yaw_rad);
                EXPECT_FALSE(
                    roads.holds(box.centre + u * box.half.x * x + v * box.half.y * math::perp(x)))
                    << "building " << object.id;
            }
        }
        // Houses of a row touch, turned by what the street bends between their middles.
        box.half -= Vec2(0.05, 0.05);
        houses.push_back(box);
    }
    EXPECT_GT(houses.size(), 60U);
    for (std::size_t i = 0; i < houses.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) EXPECT_FALSE(math::overlap(houses[i], houses[j]));
    }
}

TEST(Zones, EveryHouseStandsOnItsLot) {
    const auto& made = sample();
    const LandMesh& land = sample_land();
    int houses = 0, meadow = 0;
    for (const StaticObject& object : made.own()) {
        if (object.semantic != Semantic::kBuilding) continue;
        ++houses;
        for (const auto& hit : land.at(math::xy(object.X_WB.p))) {
            // Meadow is what nobody chose.
            if (hit.material == Material::kGrass && hit.colour[0] > 0.9F) ++meadow;
        }
    }
    EXPECT_GT(houses, 60);
    EXPECT_EQ(meadow, 0);
}

TEST(Bridges, NothingTallStandsBelowThem) {
    const auto& made = sample();
    const Plan bridges(made.streets.outline.bridges);
    ASSERT_FALSE(bridges.areas.empty());
    int tall = 0;
    for (const StaticObject& object : made.own()) {
        if (object.extent.height_m < 3.0) continue;
        ++tall;
        const math::Box2 box = footprint(object.extent, object.X_WB);
        EXPECT_FALSE(bridges.holds(box.centre)) << name(object.semantic) << ' ' << object.id;
        for (const Vec2& corner : box.corners()) {
            EXPECT_FALSE(bridges.holds(corner)) << name(object.semantic) << ' ' << object.id;
        }
    }
    EXPECT_GT(tall, 200);
}

TEST(Furniture, StandsOffTheCarriageway) {
    const auto& made = sample();
    const engine::road::RoadMap roads(made.world);
    int checked = 0;
    for (const StaticObject& object : made.own()) {
        if (!object.collides) continue;
        ++checked;
        const math::Box2 box = footprint(object.extent, object.X_WB);
        for (const Vec2& corner : box.corners()) {
            EXPECT_FALSE(roads.on_road(Vec3(corner, object.X_WB.p.z)))
                << name(object.semantic) << ' ' << object.id;
        }
    }
    EXPECT_GT(checked, 500);
}

ModelObject place_at(const char* id, double s, double t, double heading_rad) {
    ModelObject place;
    place.id = id;
    place.type = "parkingSpace";
    place.s_m = s;
    place.t_m = t;
    place.has_box = true;
    place.length_m = 6;
    place.width_m = 2.4;
    place.heading_rad = heading_rad;
    return place;
}

std::vector<StaticObject> parked(const World& world) {
    std::vector<StaticObject> found;
    for (const StaticObject& object : world.objects) {
        if (object.labelled) found.push_back(object);
    }
    return found;
}

TEST(Parked, VehiclesStandInThePlacesOfTheModel) {
    RoadModel model = tests::straight_model(120);
    // Beside the lane of either direction, and one across.
    auto& objects = model.roads[0].objects;
    objects.push_back(place_at("1", 20, -5.0, 0));
    objects.push_back(place_at("2", 40, 5.0, math::kPi));
    objects.push_back(place_at("3", 70, -7.0, 0.5 * math::kPi));
    objects.push_back(place_at("4", 90, -5.0, 0));
    objects.back().length_m = 2;  // too short for a car: nobody parks there
    const Dressed full(model, {0.3, 0.5, 1.0, engine::core::Key(2)});
    const auto cars = parked(full.world);
    ASSERT_EQ(cars.size(), 3U);
    const double headings[] = {0, math::kPi, 0.5 * math::kPi};
    for (std::size_t i = 0; i < 3; ++i) {
        const math::Box2 box = footprint(cars[i].extent, cars[i].X_WB);
        const Vec2 place(objects[i].s_m, objects[i].t_m);
        EXPECT_LT(glm::length(box.centre - place), 0.3) << i;
        EXPECT_NEAR(math::wrap_angle(box.yaw_rad - headings[i]), 0, 0.02) << i;
        EXPECT_TRUE(is_vehicle(cars[i].semantic));
        EXPECT_LT(cars[i].archetype, full.world.archetypes.size());
    }
    EXPECT_TRUE(parked(Dressed(model, {0.3, 0.5, 0.0, engine::core::Key(2)}).world).empty());
}

TEST(Parked, LanesWithoutPlacesAreFilledOnePlaceAfterTheOther) {
    RoadModel model = tests::straight_model(120);
    tests::add_lane(model.roads[0].sections[0], -2, LaneType::kParking, 2.3);
    const Dressed full(model, {0.3, 0.5, 1.0, engine::core::Key(2)});
    const auto cars = parked(full.world);
    EXPECT_EQ(cars.size(), 19U);  // 120 m by 6.2 m
    for (const StaticObject& car : cars) {
        const math::Box2 box = footprint(car.extent, car.X_WB);
        EXPECT_NEAR(box.centre.y, -3.5 - 1.15, 0.06);
        EXPECT_NEAR(box.yaw_rad, 0, 0.02);
    }
}

TEST(Parked, VehiclesOfAnothersMapStandOnItsParkingLanes) {
    const auto folder = std::filesystem::path(HUNTSMAN_SOURCE_DIR) / "../shared/interop/opendrive";
    if (!std::filesystem::exists(folder / "Town03.xodr")) GTEST_SKIP() << folder;
    auto reading = opendrive::read(folder / "Town03.xodr");
    ASSERT_TRUE(reading.ok());
    const Dressed town(std::move(reading->model), {0.3, 0.5, 1.0, engine::core::Key(2)});
    const engine::road::RoadGeometry geometry(town.world.road_model);
    const auto cars = parked(town.world);
    ASSERT_GT(cars.size(), 20U);
    const engine::road::RoadMap roads(town.world);
    int on_place = 0;
    for (const StaticObject& car : cars) {
        const math::Box2 box = footprint(car.extent, car.X_WB);
        const Vec3 p(box.centre, car.X_WB.p.z);
        bool parking = false;
        for (std::uint32_t r = 0; r < town.world.road_model.roads.size() && !parking; ++r) {
            const auto place = geometry.project(r, p);
            if (std::abs(place.h_m) > 1.5 || place.s_m <= 0 ||
                place.s_m >= town.world.road_model.roads[r].length_m) {
                continue;
            }
            const int id = geometry.lane_at(r, place.s_m, place.t_m);
            const ModelLane* lane = geometry.lane(r, geometry.section_at(r, place.s_m), id);
            parking = lane != nullptr && lane->type == LaneType::kParking;
            for (const ModelObject& object : town.world.road_model.roads[r].objects) {
                parking =
                    parking || (object.type.rfind("parking", 0) == 0 &&
                                std::hypot(object.s_m - place.s_m, object.t_m - place.t_m) < 1);
            }
        }
        on_place += parking ? 1 : 0;
    }
    EXPECT_EQ(on_place, static_cast<int>(cars.size()));
}

}  // namespace
}  // namespace huntsman::scenarios::dressing
