#include "scenarios/streets/marks/marks.h"

#include <gtest/gtest.h>

#include "engine/road/compile.h"
#include "scenarios/streets/streets.h"
#include "tests/support/road_models.h"

namespace huntsman::scenarios::streets {
namespace {

namespace world = engine::world;
using engine::road::RoadGeometry;
using tests::add_lane;
using tests::plan_piece;
using world::LaneType;
using world::MarkColour;
using world::MarkType;
using world::RoadMark;

RoadMark mark_of(MarkType type, MarkColour colour = MarkColour::kStandard, double width = 0) {
    RoadMark mark;
    mark.type = type;
    mark.colour = colour;
    mark.width_m = width;
    return mark;
}

// All paint of a scene at its finest level, triangle by triangle in W.
struct Paint {
    Vec3 p[3];
    float colour[3];
    double area_m2() const { return 0.5 * glm::length(glm::cross(p[1] - p[0], p[2] - p[0])); }
    Vec3 centre() const { return (p[0] + p[1] + p[2]) / 3.0; }
};
std::vector<Paint> paint_of(const world::World& w) {
    std::vector<Paint> out;
    for (const world::Instance& instance : w.scene.instances) {
        const world::MeshLod& lod = w.scene.meshes[instance.mesh].lods[0];
        for (const world::Submesh& s : lod.submeshes) {
            if (s.material != world::Material::kRoadMark) continue;
            for (std::uint32_t i = s.first_index; i < s.first_index + s.index_count; i += 3) {
                Paint paint{};
                for (std::uint32_t k = 0; k < 3; ++k) {
                    const world::Vertex& v = lod.vertices[lod.indices[i + k]];
                    paint.p[k] = instance.X_WM * Vec3(v.p[0], v.p[1], v.p[2]);
                    std::copy_n(v.colour, 3, paint.colour);
                }
                out.push_back(paint);
            }
        }
    }
    return out;
}
double area(const std::vector<Paint>& paint) {
    double sum = 0;
    for (const Paint& p : paint) sum += p.area_m2();
    return sum;
}

// A straight road of 90 m along x with one lane each way and a mark on its middle line.
world::World road_with(const RoadMark& mark, int lane = 0) {
    world::World w;
    w.road_model = tests::straight_model(90, 1);
    for (world::ModelLane& l : w.road_model.roads[0].sections[0].lanes) {
        l.marks.clear();
        if (l.id == lane) l.marks = {mark};
    }
    const RoadGeometry geometry(w.road_model);
    add_streets(geometry, w);
    return w;
}

TEST(MarkStripes, SolidAndBrokenHaveTheWidthOfTheirMark) {
    const MarkStyle style{3, 6};
    auto stripes = stripes_of(mark_of(MarkType::kSolid, MarkColour::kYellow, 0.15), 0, 0, style);
    ASSERT_EQ(stripes.size(), 1U);
    EXPECT_EQ(stripes[0].width_m, 0.15);
    EXPECT_EQ(stripes[0].gap_m, 0);
    EXPECT_EQ(stripes[0].colour, MarkColour::kYellow);
    stripes = stripes_of(mark_of(MarkType::kBroken), 0, 0, style);
    ASSERT_EQ(stripes.size(), 1U);
    EXPECT_EQ(stripes[0].width_m, 0.12);
    EXPECT_EQ(stripes[0].dash_m, 3);
    EXPECT_EQ(stripes[0].gap_m, 6);
    RoadMark bold = mark_of(MarkType::kSolid);
    bold.bold = true;
    EXPECT_EQ(stripes_of(bold, 0, 0, style)[0].width_m, 0.25);
}

TEST(MarkStripes, DoubleMarksRunFromTheInsideOut) {
    const MarkStyle style{3, 6};
    // Solid inside, broken outside: on left lanes the inside is on the right.
    for (const int lane : {0, 1, -1}) {
        const auto stripes = stripes_of(mark_of(MarkType::kSolidBroken), lane, 0, style);
        ASSERT_EQ(stripes.size(), 2U);
        const MarkStripe& solid = stripes[0].gap_m == 0 ? stripes[0] : stripes[1];
        const MarkStripe& broken = stripes[0].gap_m == 0 ? stripes[1] : stripes[0];
        EXPECT_GT(broken.gap_m, 0);
        EXPECT_EQ(solid.offset_m > broken.offset_m, lane <= 0) << lane;
        // A gap as wide as a line.
        EXPECT_NEAR(std::abs(solid.offset_m - broken.offset_m), 2 * 0.12, 1e-12);
    }
}

TEST(MarkStripes, KerbsEdgesAndGrassAreNoPaint) {
    const MarkStyle style{3, 6};
    for (const MarkType type :
         {MarkType::kCurb, MarkType::kEdge, MarkType::kGrass, MarkType::kUnmarked}) {
        EXPECT_TRUE(stripes_of(mark_of(type), 0, 0, style).empty());
    }
    // Painted kerbs are.
    EXPECT_EQ(stripes_of(mark_of(MarkType::kCurb, MarkColour::kRed), 0, 0, style).size(), 1U);
}

TEST(MarkStripes, ThePatternOfTheMapGoesBeforeTheUsualOne) {
    RoadMark mark = mark_of(MarkType::kBroken);
    world::MarkLine line;
    line.length_m = 1;
    line.space_m = 2;
    line.t_offset_m = 0.3;
    line.s_offset_m = 0.5;
    line.width_m = 0.2;
    line.has_colour = true;
    line.colour = MarkColour::kBlue;
    mark.lines = {line};
    const auto stripes = stripes_of(mark, -1, 10, {3, 6});
    ASSERT_EQ(stripes.size(), 1U);
    EXPECT_EQ(stripes[0].offset_m, 0.3);
    EXPECT_EQ(stripes[0].dash_m, 1);
    EXPECT_EQ(stripes[0].gap_m, 2);
    EXPECT_EQ(stripes[0].start_m, 10.5);
    EXPECT_EQ(stripes[0].colour, MarkColour::kBlue);
}

TEST(MarkStyle, LengthsOfBrokenLinesAreThoseOfTheCountry) {
    world::Road road;
    EXPECT_EQ(mark_style(road, 0, false).dash_m, 3);
    road.types = {{0, "motorway", "DE", 0}};
    EXPECT_EQ(mark_style(road, 0, false).dash_m, 6);
    EXPECT_EQ(mark_style(road, 0, false).gap_m, 12);
    EXPECT_NEAR(mark_style(road, 0, true).dash_m, 10 * 0.3048, 0.01);
    EXPECT_NEAR(mark_style(road, 0, true).gap_m, 30 * 0.3048, 0.01);
}

TEST(MarkStyle, YellowBetweenOppositeLanesIsAmerican) {
    world::RoadModel model = tests::straight_model(90, 1);
    EXPECT_FALSE(is_american(model));
    for (world::ModelLane& lane : model.roads[0].sections[0].lanes) {
        if (lane.id == 0) lane.marks = {mark_of(MarkType::kSolidSolid, MarkColour::kYellow)};
    }
    EXPECT_TRUE(is_american(model));
    model.roads[0].types = {{0, "town", "DE", 0}};  // the map says otherwise
    EXPECT_FALSE(is_american(model));
}

TEST(LaneMarks, ASolidLineHasItsAreaPlaceAndColour) {
    const auto w = road_with(mark_of(MarkType::kSolid, MarkColour::kYellow, 0.15));
    const auto paint = paint_of(w);
    EXPECT_NEAR(area(paint), 90 * 0.15, 0.02);
    for (const Paint& p : paint) {
        for (const Vec3& q : p.p) {
            EXPECT_LE(std::abs(q.y), 0.076);
            // 4 to 6 mm above the ground.
            EXPECT_GE(q.z, 0.004);
            EXPECT_LE(q.z, 0.006);
        }
        EXPECT_GT(p.colour[0], 0.8F);
        EXPECT_LT(p.colour[2], 0.2F);
        // Seen from above.
        EXPECT_GT(glm::cross(p.p[1] - p.p[0], p.p[2] - p.p[0]).z, 0);
    }
}

TEST(LaneMarks, ABrokenLineHasDashesAndGaps) {
    const auto w = road_with(mark_of(MarkType::kBroken, MarkColour::kWhite, 0.12));
    const auto paint = paint_of(w);
    // Ten dashes of 3 m every 9 m.
    EXPECT_NEAR(area(paint), 10 * 3 * 0.12, 0.01);
    for (const Paint& p : paint) {
        EXPECT_LE(std::fmod(p.centre().x + 1e-3, 9.0), 3.01) << p.centre().x;
    }
}

TEST(LaneMarks, TheMarkOfARightLaneIsOnItsRight) {
    const auto w = road_with(mark_of(MarkType::kSolid), -1);
    for (const Paint& p : paint_of(w)) EXPECT_NEAR(p.centre().y, -3.5, 0.061);
    const auto left = road_with(mark_of(MarkType::kSolid), 1);
    for (const Paint& p : paint_of(left)) EXPECT_NEAR(p.centre().y, 3.5, 0.061);
}

TEST(LaneMarks, BesideAKerbTheLineIsOnTheCarriageway) {
    world::World w;
    world::Road& road = w.road_model.roads.emplace_back();
    road.length_m = 60;
    road.plan = {plan_piece(0, 0, 0, 60)};
    road.sections.emplace_back();
    add_lane(road.sections[0], -1, LaneType::kDriving, 3.0).marks = {mark_of(MarkType::kSolid)};
    add_lane(road.sections[0], -2, LaneType::kSidewalk, 2.0).heights = {{0, 0.15, 0.15}};
    const RoadGeometry geometry(w.road_model);
    add_streets(geometry, w);
    const auto paint = paint_of(w);
    EXPECT_NEAR(area(paint), 60 * 0.12, 0.01);
    for (const Paint& p : paint) {
        for (const Vec3& q : p.p) {
            EXPECT_GT(q.y, -3.0);
            EXPECT_LT(q.z, 0.01);
        }
    }
}

TEST(LaneMarks, OnHillsAndBanksEveryLevelKeepsMarksAboveItsGround) {
    world::World w;
    world::Road& road = w.road_model.roads.emplace_back();
    road.length_m = 240;
    road.plan = {plan_piece(0, 0, 0, 240, 1 / 90.0)};
    road.elevation = {{0, 0, 0.05, 0, 0}, {80, 4, 0.05, -0.0008, 0}, {160, 2.88, -0.078, 0.001, 0}};
    road.superelevation = {{0, 0, 0.0005, 0, 0}};
    road.sections.emplace_back();
    add_lane(road.sections[0], 1, LaneType::kDriving, 3.5);
    add_lane(road.sections[0], 0, LaneType::kUnused, 0).marks = {mark_of(MarkType::kSolid)};
    add_lane(road.sections[0], -1, LaneType::kDriving, 3.5).marks = {mark_of(MarkType::kBroken)};
    std::sort(road.sections[0].lanes.begin(), road.sections[0].lanes.end(),
              [](const auto& a, const auto& b) { return a.id > b.id; });
    const RoadGeometry geometry(w.road_model);
    add_streets(geometry, w);
    std::size_t tested = 0;
    for (const world::Instance& instance : w.scene.instances) {
        for (const world::MeshLod& lod : w.scene.meshes[instance.mesh].lods) {
            struct Triangle {
                Vec3 p[3];
            };
            std::vector<Triangle> ground, paint;
            for (const world::Submesh& s : lod.submeshes) {
                for (std::uint32_t i = s.first_index; i < s.first_index + s.index_count; i += 3) {
                    Triangle t;
                    for (std::uint32_t k = 0; k < 3; ++k) {
                        const world::Vertex& v = lod.vertices[lod.indices[i + k]];
                        t.p[k] = Vec3(v.p[0], v.p[1], v.p[2]);
                    }
                    if (s.material == world::Material::kRoadMark) paint.push_back(t);
                    if (s.material == world::Material::kAsphalt ||
                        s.material == world::Material::kCarriageway)
                        ground.push_back(t);
                }
            }
            for (const Triangle& t : paint) {
                const Vec3 c = (t.p[0] + t.p[1] + t.p[2]) / 3.0;
                for (const Triangle& g : ground) {
                    const Vec2 a(g.p[0]), b(g.p[1]), d(g.p[2]), q(c);
                    const double all = engine::math::cross(b - a, d - a);
                    const double u = engine::math::cross(d - b, q - b) / all,
                                 v = engine::math::cross(a - d, q - d) / all;
                    if (all < 1e-6 || u < 0 || v < 0 || u + v > 1) continue;
                    const double z = u * g.p[0].z + v * g.p[1].z + (1 - u - v) * g.p[2].z;
                    EXPECT_GT(c.z - z, 0.002);
                    EXPECT_LT(c.z - z, 0.09 + lod.error_m);
                    ++tested;
                }
            }
        }
    }
    EXPECT_GT(tested, 300U);
}

TEST(Symbols, SignalledArmsGetStopLinesAcrossTheirEntryLanes) {
    world::World w;
    tests::ArmOptions options;
    options.signals = true;
    w.road_model = tests::four_way_model(options);
    const RoadGeometry geometry(w.road_model);
    w.roads = engine::road::compile(w.road_model, geometry);
    add_streets(geometry, w);
    // The eastern arm's entry lane lies at 0 < y < 3.5; who comes from there drives to -x.
    double line = 0, other = 0;
    for (const Paint& p : paint_of(w)) {
        const Vec3 c = p.centre();
        if (c.x < 12 || c.x > 24 || std::abs(c.y) > 3.5) continue;
        const double width =
            std::max({p.p[0].y, p.p[1].y, p.p[2].y}) - std::min({p.p[0].y, p.p[1].y, p.p[2].y});
        if (width < 1) continue;  // along the road
        (c.y > 0 ? line : other) += p.area_m2();
    }
    EXPECT_NEAR(line, 0.4 * (3.5 - 0.12), 0.05);
    EXPECT_EQ(other, 0);
}

TEST(Symbols, AZebraHasBarsAlongTheTraffic) {
    world::World w;
    tests::ArmOptions options;
    options.crosswalks = true;
    w.road_model = tests::four_way_model(options);
    const RoadGeometry geometry(w.road_model);
    add_streets(geometry, w);
    // On the eastern arm from x = 13.5 to 16.5.
    double painted = 0;
    double low = 1e9, high = -1e9;
    for (const Paint& p : paint_of(w)) {
        if (p.centre().x < 13 || p.centre().x > 17 || std::abs(p.centre().y) > 3.5) continue;
        painted += p.area_m2();
        for (const Vec3& q : p.p) {
            low = std::min(low, q.x);
            high = std::max(high, q.x);
        }
    }
    EXPECT_NEAR(low, 13.5, 0.01);
    EXPECT_NEAR(high, 16.5, 0.01);
    // Bars of half a metre with gaps as wide over 7 m.
    EXPECT_NEAR(painted, 7 * 0.5 * 3, 1.0);
}

TEST(Symbols, PlacesToParkAreDividedOnce) {
    world::World w;
    w.road_model = tests::straight_model(60, 1);
    world::Road& road = w.road_model.roads[0];
    for (world::ModelLane& lane : road.sections[0].lanes) lane.marks.clear();
    add_lane(road.sections[0], -2, LaneType::kParking, 2.2);
    for (int i = 0; i < 3; ++i) {
        world::ModelObject place;
        place.type = "parkingSpace";
        place.s_m = 20 + 6 * i;
        place.t_m = -3.5 - 1.1;
        place.has_box = true;
        place.length_m = 6;
        place.width_m = 2.2;
        road.objects.push_back(place);
    }
    const RoadGeometry geometry(w.road_model);
    add_streets(geometry, w);
    // Four lines across, 10 cm wide, 8 cm short at both ends.
    EXPECT_NEAR(area(paint_of(w)), 4 * 0.1 * (2.2 - 0.16), 0.01);
}

}  // namespace
}  // namespace huntsman::scenarios::streets
