#include <gtest/gtest.h>

#include <set>

#include "engine/road/compile.h"
#include "scenarios/catalogue/lettering.h"
#include "scenarios/opendrive/opendrive.h"
#include "scenarios/streets/furniture/sign_types.h"
#include "scenarios/streets/street_scene.h"
#include "scenarios/streets/streets.h"
#include "tests/scenarios/opendrive/interop.h"
#include "tests/support/road_models.h"

namespace huntsman::scenarios::streets {
namespace {

namespace math = engine::math;
namespace world = engine::world;
using engine::road::RoadGeometry;
using tests::add_lane;
using world::LaneType;
using world::ModelObject;
using world::ModelSignal;
using world::Semantic;

struct Built {
    world::World world;
    Streets streets;
};
// A straight road of 100 m along x, one lane of 3.5 m a direction, pavements of 2 m.
world::RoadModel street() {
    world::RoadModel model = tests::straight_model(100, 1);
    auto& section = model.roads[0].sections[0];
    for (world::ModelLane& lane : section.lanes) lane.marks.clear();
    for (const int id : {2, -2}) {
        add_lane(section, id, LaneType::kSidewalk, 2.0).heights = {{0, 0.12, 0.12}};
    }
    std::sort(section.lanes.begin(), section.lanes.end(),
              [](const auto& a, const auto& b) { return a.id > b.id; });
    return model;
}
Built build(world::RoadModel model, bool network = false) {
    Built built;
    built.world.road_model = std::move(model);
    const RoadGeometry geometry(built.world.road_model);
    if (network) built.world.roads = engine::road::compile(built.world.road_model, geometry);
    built.streets = add_streets(geometry, built.world);
    return built;
}
ModelObject object_at(const char* type, double s, double t) {
    ModelObject object;
    object.type = type;
    object.s_m = s;
    object.t_m = t;
    object.has_box = true;
    return object;
}
std::vector<const world::StaticObject*> of(const world::World& w, Semantic semantic) {
    std::vector<const world::StaticObject*> out;
    for (const auto& object : w.objects) {
        if (object.semantic == semantic) out.push_back(&object);
    }
    return out;
}

TEST(Signals, EveryHeadHasAnIdALampAndAPole) {
    tests::ArmOptions options;
    options.signals = true;
    const Built built = build(tests::four_way_model(options), true);
    const auto& w = built.world;
    ASSERT_EQ(w.roads.signal_heads.size(), 4U);
    std::set<world::ActorId> ids;
    for (const world::SignalHead& head : w.roads.signal_heads) {
        EXPECT_GE(head.object, world::kFirstStaticObject);
        ids.insert(head.object);
        const auto instance =
            std::find_if(w.scene.instances.begin(), w.scene.instances.end(),
                         [&](const world::Instance& i) { return i.object == head.object; });
        ASSERT_NE(instance, w.scene.instances.end());
        EXPECT_EQ(instance->signal_group, head.group);
        EXPECT_LT(glm::length(instance->X_WM.p - head.p), 1e-9);
        EXPECT_NEAR(math::wrap_angle(instance->X_WM.yaw_rad() - head.heading_rad), 0, 1e-9);
        // Something carries it from the ground: a pole within an arm's length.
        const auto poles = of(w, Semantic::kPole);
        EXPECT_TRUE(std::any_of(poles.begin(), poles.end(), [&](const auto* pole) {
            return glm::length(math::xy(pole->X_WB.p - head.p)) < 8 &&
                   pole->X_WB.p.z + pole->extent.height_m > head.p.z;
        }));
    }
    EXPECT_EQ(ids.size(), 4U);
}

TEST(Signals, AHeadOverTheLaneHangsFromAnArmOfAPoleBesideIt) {
    world::RoadModel model = street();
    ModelSignal signal;
    signal.dynamic = true;
    signal.type = "1000001";
    signal.s_m = 60;
    signal.t_m = -1.75;
    signal.z_offset_m = 5;
    model.roads[0].signals = {signal};
    const Built built = build(model);
    const auto poles = of(built.world, Semantic::kPole);
    ASSERT_EQ(poles.size(), 1U);
    EXPECT_LT(poles[0]->X_WB.p.y, -3.5);
    EXPECT_GT(poles[0]->X_WB.p.y, -5.5);
    EXPECT_NEAR(poles[0]->X_WB.p.z, 0.12, 0.01);
    // It faces the traffic that comes from -x.
    const auto heads = of(built.world, Semantic::kTrafficSignal);
    ASSERT_EQ(heads.size(), 1U);
    EXPECT_NEAR(std::abs(heads[0]->X_WB.yaw_rad()), math::kPi, 1e-6);
}

TEST(Signs, TypesHaveTheShapesThatDriversKnow) {
    const auto face = [](const char* type, const char* subtype = "-1") {
        ModelSignal signal;
        signal.type = type;
        signal.subtype = subtype;
        return sign_face(signal);
    };
    using catalogue::SignShape;
    using catalogue::SignSymbol;
    for (const char* stop : {"206", "R1-1"}) {
        EXPECT_EQ(face(stop)->shape, SignShape::kOctagon);
        EXPECT_EQ(face(stop)->text, "STOP");
    }
    for (const char* yield : {"205", "R1-2"}) {
        EXPECT_EQ(face(yield)->shape, SignShape::kTriangleDown);
    }
    EXPECT_EQ(face("306")->shape, SignShape::kDiamond);
    EXPECT_EQ(face("267")->symbol, SignSymbol::kBar);
    EXPECT_EQ(face("215")->symbol, SignSymbol::kRoundabout);
    EXPECT_EQ(face("103", "10")->symbol, SignSymbol::kCurveLeft);
    EXPECT_EQ(face("103-20")->symbol, SignSymbol::kCurveRight);
    EXPECT_EQ(face("220", "10")->symbol, SignSymbol::kArrowLeft);
    EXPECT_EQ(face("W11-2")->shape, SignShape::kDiamond);
    EXPECT_EQ(face("W21-5")->face.r, catalogue::kSignOrange.r);
    EXPECT_EQ(face("123")->shape, SignShape::kTriangle);
    EXPECT_FALSE(face("294").has_value());  // a stop line is paint
}

TEST(Signs, SpeedLimitsShowTheirNumber) {
    ModelSignal signal;
    signal.type = "274";
    signal.subtype = "-1";
    signal.has_value = true;
    signal.value = 70;
    EXPECT_EQ(sign_face(signal)->text, "70");
    signal.has_value = false;
    signal.subtype = "50";
    EXPECT_EQ(sign_face(signal)->text, "50");
    signal.type = "274-30";
    signal.subtype = "-1";
    EXPECT_EQ(sign_face(signal)->text, "30");
    signal.type = "R2-1";
    signal.has_value = true;
    signal.value = 35;
    EXPECT_EQ(sign_face(signal)->text, "SPEED\nLIMIT\n35");
}

TEST(Signs, UnknownTypesAreBlankPlatesWithTheirText) {
    ModelSignal signal;
    signal.type = "abc/..//\\";
    signal.text = "Hafen";
    const auto face = sign_face(signal);
    ASSERT_TRUE(face.has_value());
    EXPECT_EQ(face->text, "Hafen");
    EXPECT_EQ(face->symbol, catalogue::SignSymbol::kBlank);
}

TEST(Signs, TwoAtOnePlaceShareAPostAndDoNotCoverEachOther) {
    world::RoadModel model = street();
    for (const char* type : {"205", "215"}) {
        ModelSignal signal;
        signal.type = type;
        signal.s_m = 50;
        signal.t_m = -4.2;
        signal.z_offset_m = 2.0;
        model.roads[0].signals.push_back(signal);
    }
    const Built built = build(model);
    EXPECT_EQ(of(built.world, Semantic::kPole).size(), 1U);
    const auto plates = of(built.world, Semantic::kTrafficSign);
    ASSERT_EQ(plates.size(), 2U);
    const double low = std::min(plates[0]->X_WB.p.z, plates[1]->X_WB.p.z);
    const double high = std::max(plates[0]->X_WB.p.z, plates[1]->X_WB.p.z);
    const auto* lower = plates[0]->X_WB.p.z == low ? plates[0] : plates[1];
    EXPECT_GE(high, low + lower->extent.height_m);
}

TEST(Signs, OrientationSaysWhichTrafficReadsThem) {
    for (const auto orientation : {world::Orientation::kForward, world::Orientation::kBackward}) {
        world::RoadModel model = street();
        ModelSignal signal;
        signal.type = "274";
        signal.s_m = 50;
        signal.t_m = -4.2;
        signal.orientation = orientation;
        model.roads[0].signals = {signal};
        const Built built = build(model);
        const auto plates = of(built.world, Semantic::kTrafficSign);
        ASSERT_EQ(plates.size(), 1U);
        const double towards = std::cos(plates[0]->X_WB.yaw_rad());
        EXPECT_NEAR(towards, orientation == world::Orientation::kForward ? -1 : 1, 1e-9);
    }
}

TEST(Objects, AGuardRailIsOneLongBodyOfBoxes) {
    world::RoadModel model = street();
    ModelObject rail = object_at("barrier", 10, -6);
    rail.name = "guardRail";
    rail.height_m = 0.75;
    world::ObjectRepeat repeat;
    repeat.s_m = 10;
    repeat.length_m = 80;
    repeat.t_start_m = repeat.t_end_m = -6;
    rail.repeats = {repeat};
    model.roads[0].objects = {rail};
    const Built built = build(model);
    const auto boxes = of(built.world, Semantic::kFence);
    double length = 0;
    for (const auto* box : boxes) {
        length += box->extent.length_m();
        EXPECT_NEAR(box->X_WB.p.y, -6, 1e-6);
        EXPECT_NEAR(box->extent.height_m, 0.75, 1e-6);
        EXPECT_TRUE(box->collides);
    }
    EXPECT_NEAR(length, 80, 1e-3);
    EXPECT_GE(boxes.size(), 4U);
}

TEST(Objects, RepeatsStandAtTheirDistances) {
    world::RoadModel model = street();
    ModelObject pole = object_at("pole", 0, 6);
    pole.height_m = 5;
    pole.radius_m = 0.1;
    world::ObjectRepeat repeat;
    repeat.s_m = 5;
    repeat.length_m = 80;
    repeat.distance_m = 20;
    repeat.t_start_m = 6;
    repeat.t_end_m = 8;
    pole.repeats = {repeat};
    model.roads[0].objects = {pole};
    const Built built = build(model);
    const auto poles = of(built.world, Semantic::kPole);
    ASSERT_EQ(poles.size(), 5U);
    for (std::size_t i = 0; i < 5; ++i) {
        EXPECT_NEAR(poles[i]->X_WB.p.x, 5 + 20.0 * static_cast<double>(i), 1e-6);
        EXPECT_NEAR(poles[i]->X_WB.p.y, 6 + 0.5 * static_cast<double>(i), 1e-6);
    }
}

TEST(Objects, StandWhereTheMapSaysOnDrivenLanesToo) {
    world::RoadModel model = street();
    double s = 10;
    for (const char* type : {"pole", "tree", "building", "obstacle", "barrier", "streetLamp"}) {
        ModelObject object = object_at(type, s, -1.5);
        object.length_m = object.width_m = 1;
        object.height_m = 2;
        model.roads[0].objects.push_back(object);
        s += 12;
    }
    const Built built = build(model);
    ASSERT_EQ(built.world.objects.size(), 6U);
    EXPECT_EQ(built.streets.obstacles.size(), 6U);
    EXPECT_TRUE(built.streets.left_out.empty());
    s = 10;
    for (const world::StaticObject& object : built.world.objects) {
        EXPECT_TRUE(object.collides);
        EXPECT_NEAR(object.X_WB.p.x, s, 0.6);
        EXPECT_NEAR(object.X_WB.p.y, -1.5, 0.6);
        // Seen and labelled: an instance has its id.
        EXPECT_TRUE(std::any_of(built.world.scene.instances.begin(),
                                built.world.scene.instances.end(),
                                [&](const auto& i) { return i.object == object.id; }))
            << name(object.semantic);
        s += 12;
    }
    // Beside the lane they are in nobody's way.
    for (ModelObject& object : model.roads[0].objects) object.t_m = -8;
    const Built beside = build(model);
    EXPECT_EQ(beside.world.objects.size(), 6U);
    EXPECT_TRUE(beside.streets.obstacles.empty());
}

TEST(Objects, WhatIsLeftOutIsNamed) {
    world::RoadModel model = street();
    ModelObject wall = object_at("barrier", 10, 5);
    wall.id = "wall";
    wall.name = "wall";
    wall.repeats.push_back({.s_m = 10, .length_m = 60, .t_start_m = 5, .t_end_m = -5});
    wall.height_m = 1;
    ModelObject paint = object_at("stencil", 30, 1.5);
    paint.id = "paint";
    ModelObject gantry = object_at("gantry", 50, 0);
    gantry.id = "gantry";
    gantry.width_m = 12;
    gantry.height_m = 6;
    model.roads[0].objects = {wall, paint, gantry};
    ModelSignal sign;
    sign.id = "sign";
    sign.type = "206";
    sign.s_m = 20;
    sign.t_m = 1;
    model.roads[0].signals = {sign};
    const Built built = build(model);
    ASSERT_EQ(built.streets.left_out.size(), 4U);
    for (const char* id : {"wall", "paint", "gantry", "sign"}) {
        EXPECT_TRUE(std::any_of(
            built.streets.left_out.begin(), built.streets.left_out.end(),
            [&](const std::string& line) { return line.find(id) != std::string::npos; }))
            << id;
    }
    EXPECT_TRUE(built.streets.obstacles.empty());
}

TEST(Objects, OutlinesBecomeBodiesOfTheirHeight) {
    world::RoadModel model = street();
    ModelObject house = object_at("building", 30, 12);
    world::Outline outline;
    for (const auto& [u, v] : {std::pair{-4.0, -3.0}, {4.0, -3.0}, {4.0, 3.0}, {-4.0, 3.0}}) {
        world::OutlineCorner corner;
        corner.local = true;
        corner.a = u;
        corner.b = v;
        corner.height_m = 7;
        outline.corners.push_back(corner);
    }
    house.outlines = {outline};
    model.roads[0].objects = {house};
    const Built built = build(model);
    const auto bodies = of(built.world, Semantic::kBuilding);
    ASSERT_EQ(bodies.size(), 1U);
    EXPECT_NEAR(bodies[0]->X_WB.p.x, 30, 1e-3);
    EXPECT_NEAR(bodies[0]->X_WB.p.y, 12, 1e-3);
    EXPECT_NEAR(bodies[0]->extent.length_m(), 8, 1e-3);
    EXPECT_NEAR(bodies[0]->extent.width_m, 6, 1e-3);
    EXPECT_NEAR(bodies[0]->extent.height_m, 7, 1e-3);
}

TEST(Objects, AbsurdSizesAndRepeatsAreBounded) {
    world::RoadModel model = street();
    ModelObject tree = object_at("tree", 10, 8);
    world::ObjectRepeat repeat;
    repeat.length_m = 1e9;
    repeat.distance_m = 0.06;
    repeat.t_start_m = repeat.t_end_m = 8;
    tree.repeats = {repeat};
    ModelObject wall = object_at("wall", -50, 1e7);
    wall.length_m = -3;
    wall.height_m = 1e12;
    model.roads[0].objects = {tree, wall, ModelObject{}};
    const Built built = build(model);
    EXPECT_LT(built.world.objects.size(), 2100U);
}

TEST(Structures, ABridgeHasColumnsBesideWhatRunsBelow) {
    world::RoadModel model;
    for (const bool upper : {false, true}) {
        world::Road& road = model.roads.emplace_back();
        road.length_m = 200;
        road.plan = {upper ? tests::plan_piece(0, -100, 0.5 * math::kPi, 200)
                           : tests::plan_piece(-100, 0, 0, 200)};
        if (upper) road.elevation = {{0, 8, 0, 0, 0}};
        road.sections.emplace_back();
        add_lane(road.sections[0], 1, LaneType::kDriving, 3.5);
        add_lane(road.sections[0], -1, LaneType::kDriving, 3.5);
        if (upper) {
            world::Structure bridge;
            bridge.s_m = 20;
            bridge.length_m = 160;
            road.structures = {bridge};
        }
    }
    const Built built = build(model);
    ASSERT_EQ(built.streets.outline.bridges.size(), 1U);
    const auto columns = of(built.world, Semantic::kBuilding);
    EXPECT_GE(columns.size(), 4U);
    for (const auto* column : columns) {
        EXPECT_GT(std::abs(column->X_WB.p.y), 3.5 + 0.5 * column->extent.width_m);
        EXPECT_LT(column->X_WB.p.z + column->extent.height_m, 8 - 0.7);
        EXPECT_LT(column->X_WB.p.z, 0);
    }
    // Parapets along both sides, on the deck.
    double parapets = 0;
    for (const auto* box : of(built.world, Semantic::kFence)) {
        parapets += box->extent.length_m();
        EXPECT_NEAR(box->X_WB.p.z, 8, 0.1);
        EXPECT_GT(std::abs(box->X_WB.p.x), 3.2);
    }
    EXPECT_NEAR(parapets, 2 * 160, 2);
}

TEST(Lettering, LinesAreCentredAndAsHighAsAsked) {
    for (const char* text : {"A", "STOP", "130", "Süd"}) {
        double low = 1e9, high = -1e9, left = 1e9, right = -1e9;
        for (const auto& [a, b] : catalogue::lettering(text, 0.6)) {
            for (const Vec2& p : {a, b}) {
                low = std::min(low, p.y);
                high = std::max(high, p.y);
                left = std::min(left, p.x);
                right = std::max(right, p.x);
            }
        }
        EXPECT_NEAR(high - low, 0.6, 1e-9) << text;
        EXPECT_NEAR(low, -0.3, 1e-9) << text;
        EXPECT_LE(right - left, catalogue::lettering_width(text, 0.6) + 1e-9) << text;
    }
    EXPECT_TRUE(catalogue::lettering("", 1).empty());
    EXPECT_EQ(catalogue::lettering_width("", 1), 0);
    EXPECT_EQ(catalogue::lettering("Ü", 1).size(), catalogue::lettering("U", 1).size());
}

// Maps of others.
class FurnitureOfMap : public opendrive::InteropMap {};

TEST_P(FurnitureOfMap, WorldsAreWellFormed) {
    const auto reading = opendrive::read(path());
    ASSERT_TRUE(reading) << reading.error().text();
    const Built built = build(reading->model, true);
    const auto& w = built.world;
    // Ids are sorted, from the first static one on.
    world::ActorId last = world::kFirstStaticObject - 1;
    for (const world::StaticObject& object : w.objects) {
        EXPECT_GT(object.id, last);
        last = object.id;
    }
    // Indices, normals and bounds of every mesh.
    for (const world::Mesh& mesh : w.scene.meshes) {
        ASSERT_FALSE(mesh.lods.empty()) << mesh.name;
        EXPECT_TRUE(std::isfinite(mesh.radius_m)) << mesh.name;
        EXPECT_LT(mesh.radius_m, 400) << mesh.name;
        float error = -1;
        for (const world::MeshLod& lod : mesh.lods) {
            EXPECT_GE(lod.error_m, error) << mesh.name;
            error = lod.error_m;
            std::size_t indices = 0;
            for (const world::Submesh& s : lod.submeshes) indices += s.index_count;
            EXPECT_EQ(indices, lod.indices.size()) << mesh.name;
            for (const std::uint32_t i : lod.indices) ASSERT_LT(i, lod.vertices.size());
            for (const world::Vertex& v : lod.vertices) {
                const double n = std::hypot(v.n[0], v.n[1], v.n[2]);
                ASSERT_NEAR(n, 1, 1e-3) << mesh.name;
                ASSERT_TRUE(std::isfinite(v.p[0] + v.p[1] + v.p[2] + v.uv[0] + v.uv[1]))
                    << mesh.name;
            }
        }
    }
    // Nothing that collides stands on a driven lane.
    const RoadGeometry geometry(w.road_model);
    const DrivenMap driven(build_surface(geometry));
    for (const world::StaticObject& object : w.objects) {
        if (!object.collides) continue;
        EXPECT_FALSE(driven.at(object.X_WB * Vec3(object.extent.centre_x_m(), 0, 0.1)))
            << name(object.semantic) << " at " << object.X_WB.p.x << " " << object.X_WB.p.y;
    }
    for (const world::SignalHead& head : w.roads.signal_heads) {
        EXPECT_NE(head.object, world::kNoActor);
    }
}

INSTANTIATE_TEST_SUITE_P(Maps, FurnitureOfMap, testing::ValuesIn(opendrive::interop_maps()),
                         [](const auto& map) { return map.param; });

}  // namespace
}  // namespace huntsman::scenarios::streets
