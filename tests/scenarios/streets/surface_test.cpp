#include "scenarios/streets/surface/surface.h"

#include <gtest/gtest.h>

#include "engine/core/random.h"
#include "scenarios/opendrive/opendrive.h"
#include "tests/scenarios/opendrive/interop.h"
#include "tests/scenarios/streets/sheets.h"
#include "tests/support/road_models.h"

namespace huntsman::scenarios::streets {
namespace {

namespace world = engine::world;
using engine::road::RoadGeometry;
using engine::road::RoadSurface;
using tests::add_lane;
using tests::plan_piece;
using world::LaneType;

double plan_area(const std::vector<Sheet>& sheets) {
    double sum = 0;
    for (const Sheet& sheet : sheets) {
        for (const Sheet::Triangle& t : sheet.triangles) {
            sum += area_m2(
                {sheet.vertices[t.v[0]].xy, sheet.vertices[t.v[1]].xy, sheet.vertices[t.v[2]].xy});
        }
    }
    return sum;
}

// A point of a triangle by two draws.
Vec3 inside(const Sheet& sheet, const Sheet::Triangle& t, double u, double v) {
    if (u + v > 1) {
        u = 1 - u;
        v = 1 - v;
    }
    const auto at = [&](unsigned i) {
        const SheetVertex& vertex = sheet.vertices[t.v[i]];
        return Vec3(to_metres(vertex.xy), to_metres(vertex.z));
    };
    return at(0) + u * (at(1) - at(0)) + v * (at(2) - at(0));
}

// Share of random points of the ground, by area, that lie farther than 5 mm from where wheels
// stand. Kerb stones are left out: wheels climb them on a ramp.
struct Misfit {
    double share = 0, worst_m = 0;
    std::size_t points = 0;
};
Misfit misfit(const Surface& surface, const RoadSurface& wheels, bool junctions) {
    Misfit out;
    const engine::core::Key key(1);
    std::uint64_t draw = 0;
    std::size_t wrong = 0;
    for (std::size_t t = 0; t < surface.tiles.size(); ++t) {
        if ((surface.tiles[t].junction != world::kNone) != junctions) continue;
        const Sheet& sheet = surface.sheets[0][t];
        for (const Sheet::Triangle& triangle : sheet.triangles) {
            if (triangle.cover == Cover::kKerbStone) continue;
            const double area =
                area_m2({sheet.vertices[triangle.v[0]].xy, sheet.vertices[triangle.v[1]].xy,
                         sheet.vertices[triangle.v[2]].xy});
            for (int i = 0; i < std::min(8, 1 + static_cast<int>(area)); ++i) {
                const Vec3 p = inside(sheet, triangle, key.uniform(draw), key.uniform(draw + 1));
                draw += 2;
                const double off = std::abs(wheels.at(p + Vec3(0, 0, 0.05)).height_m - p.z);
                ++out.points;
                wrong += off > 0.005;
                out.worst_m = std::max(out.worst_m, off);
            }
        }
    }
    if (out.points > 0) out.share = static_cast<double>(wrong) / static_cast<double>(out.points);
    return out;
}

world::Road& lone_road(world::RoadModel& model, double length) {
    world::Road& road = model.roads.emplace_back();
    road.id = "0";
    road.length_m = length;
    road.plan = {plan_piece(0, 0, 0.3, length)};
    road.sections.emplace_back();
    return road;
}

TEST(Ground, AStraightRoadHasItsLengthTimesItsWidth) {
    const world::RoadModel model = tests::straight_model(250, 2);
    const RoadGeometry geometry(model);
    const Surface surface = build_surface(geometry);
    for (std::size_t level = 0; level < kLevels; ++level) {
        // Borders are rounded to the lattice.
        EXPECT_NEAR(plan_area(surface.sheets[level]), 250 * 14.0, 0.1) << level;
    }
    EXPECT_EQ(surface.tiles.size(), 3U);
    EXPECT_EQ(crack_share(surface), 0.0);
    EXPECT_EQ(double_cover_share(surface), 0.0);
}

TEST(Ground, ChordsOfABendStayWithinFiveMillimetres) {
    world::RoadModel model;
    world::Road& road = lone_road(model, 200);
    road.plan = {plan_piece(0, 0, 0, 200, 1 / 40.0)};  // about (0, 40)
    add_lane(road.sections[0], 1, LaneType::kDriving, 3.5);
    add_lane(road.sections[0], -1, LaneType::kDriving, 3.5);
    const RoadGeometry geometry(model);
    const Surface surface = build_surface(geometry);
    for (const OutlineEdge& e : surface.outline) {
        const Vec2 a = to_metres(e.a), b = to_metres(e.b);
        const double ra = glm::length(a - Vec2(0, 40)), rb = glm::length(b - Vec2(0, 40));
        const double rm = glm::length(0.5 * (a + b) - Vec2(0, 40));
        if (std::abs(ra - rb) > 0.1) continue;  // across the ends
        EXPECT_NEAR(rm, std::abs(ra - 43.5) < 0.1 ? 43.5 : 36.5, 0.005);
    }
    EXPECT_EQ(crack_share(surface), 0.0);
}

TEST(Ground, HeightsFollowElevationSuperelevationAndCrossfall) {
    world::RoadModel model;
    world::Road& road = lone_road(model, 300);
    road.plan = {plan_piece(0, 0, 0.4, 300, 1 / 150.0)};
    road.elevation = {{0, 2, 0.02, 0, 0}, {100, 4, 0.02, -0.0008, 0}, {200, -2, -0.14, 0.001, 0}};
    road.superelevation = {{0, 0, 0, 0, 0}, {80, 0, 0.001, 0, 0}, {180, 0.1, 0, 0, 0}};
    road.crossfall = {{world::Crossfall::Side::kBoth, {0, 0.025, 0, 0, 0}}};
    for (const int id : {2, 1, -1, -2}) {
        add_lane(road.sections[0], id, std::abs(id) == 2 ? LaneType::kSidewalk : LaneType::kDriving,
                 3.0);
    }
    const RoadGeometry geometry(model);
    const Surface surface = build_surface(geometry);
    const engine::core::Key key(5);
    std::uint64_t draw = 0;
    std::size_t points = 0;
    for (const Sheet& sheet : surface.sheets[0]) {
        for (const Sheet::Triangle& t : sheet.triangles) {
            for (int i = 0; i < 3; ++i) {
                const Vec3 p = inside(sheet, t, key.uniform(draw), key.uniform(draw + 1));
                draw += 2;
                ++points;
                EXPECT_NEAR(geometry.project(0, p).h_m, 0, 0.005);
            }
        }
    }
    EXPECT_GT(points, 1000U);
}

TEST(Ground, KerbsAreUprightFacesOfTheirHeight) {
    world::RoadModel model;
    world::Road& road = lone_road(model, 120);
    for (const int id : {2, 1, -1, -2}) {
        world::ModelLane& lane =
            add_lane(road.sections[0], id,
                     std::abs(id) == 2 ? LaneType::kSidewalk : LaneType::kDriving, 2.5);
        if (std::abs(id) == 2) lane.heights = {{0, 0.12, 0.14}};
    }
    const RoadGeometry geometry(model);
    const Surface surface = build_surface(geometry);
    double face = 0, skirt = 0, stones = 0;
    for (const Sheet& sheet : surface.sheets[0]) {
        for (const Wall& wall : sheet.walls) {
            const double length = glm::length(to_metres(wall.b) - to_metres(wall.a));
            const double height =
                0.5 * to_metres(wall.a_high - wall.a_low + wall.b_high - wall.b_low);
            (wall.skirt ? skirt : face) += length * height;
        }
        for (const Sheet::Triangle& t : sheet.triangles) {
            if (t.cover != Cover::kKerbStone) continue;
            stones += area_m2(
                {sheet.vertices[t.v[0]].xy, sheet.vertices[t.v[1]].xy, sheet.vertices[t.v[2]].xy});
        }
    }
    EXPECT_NEAR(face, 2 * 120 * 0.12, 0.02);
    EXPECT_NEAR(skirt, (2 * 120 + 2 * 10) * kSkirt_m, 0.1);
    EXPECT_NEAR(stones, 2 * 120 * 0.15, 0.1);
}

TEST(Ground, AFourWayJunctionIsClosedAndCoveredOnce) {
    tests::ArmOptions options;
    const world::RoadModel model = tests::four_way_model(options);
    const RoadGeometry geometry(model);
    const Surface surface = build_surface(geometry);
    for (std::size_t level = 0; level < kLevels; ++level) {
        EXPECT_EQ(crack_share(surface, level), 0.0) << level;
    }
    EXPECT_EQ(double_cover_share(surface), 0.0);
    // Its middle is asphalt, its corners pavement, beyond is land.
    const Cover2 ground(surface.sheets[0]);
    const auto cover = [&](double x, double y) {
        const auto hits = ground.at({x, y});
        return hits.empty() ? Cover::kCount : hits[0].cover;
    };
    EXPECT_EQ(cover(0.01, 0.02), Cover::kAsphalt);
    EXPECT_EQ(cover(11.9, 1.0), Cover::kAsphalt);
    // Right turns are arcs of 12 m about (12, 12) whose lanes reach to 8.5 m from there.
    const Vec2 corner = Vec2(12, 12) - 7.5 * engine::math::direction(0.25 * engine::math::kPi);
    EXPECT_EQ(cover(corner.x, corner.y), Cover::kPaving);
    EXPECT_EQ(cover(13, 13), Cover::kCount);
    // Its pavements rise from its carriageway.
    double highest = 0;
    for (const auto& hit : ground.at(corner)) highest = std::max(highest, hit.z_m);
    EXPECT_NEAR(highest, 0.12, 1e-3);
}

TEST(Ground, JunctionBordersHaveNoGapAndNoStep) {
    const world::RoadModel model = tests::four_way_model({});
    const RoadGeometry geometry(model);
    const Surface surface = build_surface(geometry);
    const Cover2 ground(surface.sheets[0]);
    // Across the end of the eastern arm at x = 12, on its carriageway.
    for (double y = -3.4; y < 3.45; y += 0.05) {
        double last = 0;
        for (double x = 11.9; x < 12.1; x += 0.004) {
            const auto hits = ground.at({x, y});
            ASSERT_FALSE(hits.empty()) << x << " " << y;
            EXPECT_NEAR(hits[0].z_m, last, 0.005) << x << " " << y;
            last = hits[0].z_m;
        }
    }
}

TEST(Ground, TheOutlineOfAJunctionWithItsArmsIsOnePolygon) {
    const world::RoadModel model = tests::four_way_model({});
    const RoadGeometry geometry(model);
    const Surface surface = build_surface(geometry);
    const auto polygons =
        outline_of(surface.sheets[0], std::vector<bool>(surface.tiles.size(), true));
    ASSERT_EQ(polygons.size(), 1U);
    EXPECT_TRUE(polygons[0].holes.empty());
    Ring ring;
    for (const Vec3& p : polygons[0].border) ring.push_back(to_lattice(Vec2(p)));
    // The same ground, but for borders that were simplified by up to 1 cm along some 900 m.
    EXPECT_NEAR(area_m2(ring), plan_area(surface.sheets[0]), 4.0);
}

TEST(Ground, EqualModelsGiveEqualGround) {
    const world::RoadModel model = tests::four_way_model({});
    const RoadGeometry geometry(model);
    const Surface a = build_surface(geometry), b = build_surface(geometry);
    ASSERT_EQ(a.sheets[0].size(), b.sheets[0].size());
    for (std::size_t level = 0; level < kLevels; ++level) {
        for (std::size_t t = 0; t < a.tiles.size(); ++t) {
            const Sheet &x = a.sheets[level][t], &y = b.sheets[level][t];
            ASSERT_EQ(x.vertices.size(), y.vertices.size());
            ASSERT_EQ(x.triangles.size(), y.triangles.size());
            for (std::size_t v = 0; v < x.vertices.size(); ++v) {
                EXPECT_EQ(x.vertices[v].xy, y.vertices[v].xy);
                EXPECT_EQ(x.vertices[v].z, y.vertices[v].z);
            }
        }
    }
}

TEST(Ground, CoarserLevelsHaveFewerTriangles) {
    world::RoadModel model;
    world::Road& road = lone_road(model, 400);
    road.plan = {plan_piece(0, 0, 0, 400, 1 / 80.0)};
    add_lane(road.sections[0], -1, LaneType::kDriving, 3.5);
    const RoadGeometry geometry(model);
    const Surface surface = build_surface(geometry);
    std::size_t count[kLevels] = {};
    for (std::size_t level = 0; level < kLevels; ++level) {
        for (const Sheet& sheet : surface.sheets[level]) count[level] += sheet.triangles.size();
    }
    EXPECT_LT(2 * count[1], count[0]);
    EXPECT_LT(count[2], count[1]);
}

TEST(Ground, LanesThatTaperToNothingEndInAPoint) {
    world::RoadModel model;
    world::Road& road = lone_road(model, 100);
    add_lane(road.sections[0], -1, LaneType::kDriving, 3.5);
    world::ModelLane& lane = add_lane(road.sections[0], -2, LaneType::kDriving, 0);
    lane.widths = {{0, 3, 0, 0, 0}, {40, 3, -0.1, 0, 0}, {70, 0, 0, 0, 0}};
    add_lane(road.sections[0], -3, LaneType::kDriving, 0);  // none at all
    const RoadGeometry geometry(model);
    const Surface surface = build_surface(geometry);
    EXPECT_NEAR(plan_area(surface.sheets[0]), 100 * 3.5 + 40 * 3 + 0.5 * 30 * 3, 0.1);
    EXPECT_EQ(crack_share(surface), 0.0);
    EXPECT_EQ(double_cover_share(surface), 0.0);
}

TEST(Ground, SectionsOfDifferentLanesShareTheirBorder) {
    world::RoadModel model;
    world::Road& road = lone_road(model, 100);
    add_lane(road.sections[0], 1, LaneType::kDriving, 3.5);
    add_lane(road.sections[0], -1, LaneType::kDriving, 3.5);
    road.sections.emplace_back();
    road.sections[1].s_m = 43.21;
    // The same width in other lanes, and one more.
    add_lane(road.sections[1], 1, LaneType::kDriving, 2.0);
    add_lane(road.sections[1], 2, LaneType::kParking, 1.5);
    add_lane(road.sections[1], -1, LaneType::kDriving, 3.0);
    add_lane(road.sections[1], -2, LaneType::kBiking, 2.0);
    const RoadGeometry geometry(model);
    const Surface surface = build_surface(geometry);
    EXPECT_EQ(crack_share(surface), 0.0);
    EXPECT_NEAR(plan_area(surface.sheets[0]), 100 * 7 + (100 - 43.21) * 1.5, 0.1);
}

TEST(Ground, RoadsThatCannotBeDrawnAreLeftOut) {
    world::RoadModel model;
    lone_road(model, 0);                                                    // no length, no lanes
    lone_road(model, 50);                                                   // no lanes
    add_lane(lone_road(model, 50).sections[0], -1, LaneType::kDriving, 0);  // no width
    lone_road(model, 50).sections.clear();
    world::Road& planless = lone_road(model, 50);
    planless.plan.clear();
    add_lane(planless.sections[0], -1, LaneType::kDriving, 3);
    // A bend tighter than its lanes are wide folds over: no triangle looks down.
    world::Road& tight = lone_road(model, 10);
    tight.plan = {plan_piece(0, 0, 0, 10, 1 / 2.0)};
    add_lane(tight.sections[0], 1, LaneType::kDriving, 5);
    model.junctions.emplace_back();  // without connecting roads
    const RoadGeometry geometry(model);
    const Surface surface = build_surface(geometry);
    ASSERT_EQ(surface.tiles.size(), 1U);
    for (const Sheet::Triangle& t : surface.sheets[0][0].triangles) {
        const auto& v = surface.sheets[0][0].vertices;
        EXPECT_GE(area_m2({v[t.v[0]].xy, v[t.v[1]].xy, v[t.v[2]].xy}), 0.0);
    }
}

TEST(Ground, AbsurdRoadsAreLeftOutWithoutHarm) {
    world::RoadModel model;
    // A gap of a kilometre in the plan: the road is there on both sides of it, not between.
    world::Road& torn = lone_road(model, 100);
    torn.plan = {plan_piece(0, 0, 0, 50), plan_piece(1000, 0, 0, 50)};
    torn.plan[1].s_m = 50;
    add_lane(torn.sections[0], -1, LaneType::kDriving, 3);
    // A cubic that runs away, and a lane as wide as a town.
    world::Road& wild = lone_road(model, 10);
    wild.plan[0].kind = world::PlanPiece::Kind::kParamPoly3;
    wild.plan[0].b_u = 1e6;
    wild.plan[0].d_v = -1e7;
    add_lane(wild.sections[0], -1, LaneType::kDriving, 3);
    add_lane(lone_road(model, 50).sections[0], -1, LaneType::kDriving, 9000);
    // A junction whose two roads lie a thousand kilometres apart.
    model.junctions.emplace_back();
    for (const double x : {0.0, 1e6}) {
        world::Road& road = lone_road(model, 10);
        road.plan = {plan_piece(x, 50, 0, 10)};
        road.junction = 0;
        add_lane(road.sections[0], -1, LaneType::kDriving, 3);
    }
    const RoadGeometry geometry(model);
    const Surface surface = build_surface(geometry);
    EXPECT_NEAR(plan_area(surface.sheets[0]), 100 * 3, 0.1);
}

TEST(Ground, WhereRoadsLieOverEachOtherTheStrongerStays) {
    world::RoadModel model;
    // Two streets with pavements that cross without a junction.
    for (const bool second : {false, true}) {
        world::Road& road = lone_road(model, 60);
        road.plan = {second ? plan_piece(0, -30, 0.5 * engine::math::kPi, 60)
                            : plan_piece(-30, 0, 0, 60)};
        for (const int id : {2, 1, -1, -2}) {
            add_lane(road.sections[0], id,
                     std::abs(id) == 2 ? LaneType::kSidewalk : LaneType::kDriving, 3.0);
        }
    }
    const RoadGeometry geometry(model);
    const Surface surface = build_surface(geometry);
    for (std::size_t level = 0; level < kLevels; ++level) {
        EXPECT_EQ(crack_share(surface, level), 0.0) << level;
        EXPECT_NEAR(plan_area(surface.sheets[level]), 2 * 60 * 12 - 12 * 12, 0.1);
    }
    EXPECT_EQ(double_cover_share(surface), 0.0);
    // Asphalt goes through the other street's pavements.
    const Cover2 ground(surface.sheets[0]);
    for (const Vec2& p : {Vec2(0.5, 4.5), Vec2(4.5, 0.5), Vec2(-4.5, -0.5), Vec2(0.2, 0.3)}) {
        ASSERT_FALSE(ground.at(p).empty());
        EXPECT_EQ(ground.at(p)[0].cover, Cover::kAsphalt);
    }
    EXPECT_EQ(ground.at({4.5, 4.5})[0].cover, Cover::kPaving);
}

TEST(Ground, ARoadThatPassesOverAnotherIsABridgeThere) {
    world::RoadModel model;
    for (const bool upper : {false, true}) {
        world::Road& road = lone_road(model, 200);
        road.plan = {upper ? plan_piece(0, -100, 0.5 * engine::math::kPi, 200)
                           : plan_piece(-100, 0, 0, 200)};
        if (upper) road.elevation = {{0, 6, 0, 0, 0}};
        add_lane(road.sections[0], 1, LaneType::kDriving, 3.5);
        add_lane(road.sections[0], -1, LaneType::kDriving, 3.5);
    }
    const RoadGeometry geometry(model);
    const auto stretches = find_stretches(geometry);
    EXPECT_TRUE(stretches[0].empty());
    ASSERT_EQ(stretches[1].size(), 1U);
    EXPECT_EQ(stretches[1][0].level, Level::kBridge);
    EXPECT_LT(stretches[1][0].s_begin_m, 96);
    EXPECT_GT(stretches[1][0].s_end_m, 104);
    EXPECT_LT(stretches[1][0].s_end_m - stretches[1][0].s_begin_m, 60);
    // Below it the road goes on whole.
    const Surface surface = build_surface(geometry);
    const Cover2 ground(surface.sheets[0]);
    EXPECT_EQ(ground.at({0.3, 0.4}).size(), 2U);
    EXPECT_EQ(crack_share(surface), 0.0);
}

// Maps of others.
class StreetsOfMap : public opendrive::InteropMap {};

TEST_P(StreetsOfMap, GroundIsClosedAndLiesWhereWheelsDo) {
    const auto reading = opendrive::read(path());
    ASSERT_TRUE(reading) << reading.error().text();
    const RoadGeometry geometry(reading->model);
    const Surface surface = build_surface(geometry);
    const RoadSurface wheels(reading->model, nullptr);
    // Town03 has roads that run into others without a junction, and connecting roads whose heights
    // contradict those of the roads they connect.
    const bool flawed = GetParam() == "Town03";
    for (std::size_t level = 0; level < kLevels; ++level) {
        EXPECT_LE(crack_share(surface, level), flawed ? 0.003 : 0.0005) << level;
    }
    EXPECT_LE(double_cover_share(surface), 0.0005);
    const Misfit roads = misfit(surface, wheels, false), junctions = misfit(surface, wheels, true);
    EXPECT_GT(roads.points, 500U);
    EXPECT_LE(roads.share, flawed ? 0.005 : 0.0) << roads.worst_m;
    EXPECT_LE(junctions.share, flawed ? 0.05 : 0.02) << junctions.worst_m;
}

INSTANTIATE_TEST_SUITE_P(Maps, StreetsOfMap, testing::ValuesIn(opendrive::interop_maps()),
                         [](const auto& map) { return map.param; });

}  // namespace
}  // namespace huntsman::scenarios::streets
