// Writing: every field of the model comes back, the XML is well-formed, pictures are pictures.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <limits>
#include <pugixml.hpp>

#include "engine/core/files.h"
#include "scenarios/opendrive/plot.h"
#include "scenarios/opendrive/survey.h"
#include "tests/scenarios/opendrive/samples.h"

// Fontconfig keeps what it read until the program ends; a leak checker need not mind.
// NOLINTBEGIN(bugprone-reserved-identifier, readability-identifier-naming)
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libfontconfig"; }
// NOLINTEND(bugprone-reserved-identifier, readability-identifier-naming)

namespace huntsman::scenarios::opendrive {
namespace {

using namespace engine::world;

// A model with a value of its own in every field.
RoadModel full() {
    RoadModel model;
    model.revision_minor = 8;
    model.name = "a \"name\" <with> 'all' & \n\t signs \xC3\xA4";
    model.vendor = "v";
    model.date = "2025-01-01";
    model.geo_reference = "+proj=utm ]]> +zone=32";
    model.north_m = 1.1;
    model.south_m = -2.2;
    model.east_m = 3.3;
    model.west_m = -4.4;
    model.offset = {1e5, 2e5, 3, 0.1};

    Road road;
    road.id = "r&1";
    road.name = "Street";
    road.length_m = 50;
    road.left_hand = true;
    road.types = {{0, "town", "DE", 50 / 3.6},
                  {10, "motorway", "", std::numeric_limits<double>::infinity()},
                  {20, "rural", "GB", 0}};
    PlanPiece line{PlanPiece::Kind::kLine, 0, 10, 0.1, 0.2, 0.3};
    PlanPiece arc = line, spiral = line, poly = line, param = line;
    arc.kind = PlanPiece::Kind::kArc;
    arc.s_m = 10;
    arc.curvature_start = arc.curvature_end = 0.01;
    spiral.kind = PlanPiece::Kind::kSpiral;
    spiral.s_m = 20;
    spiral.curvature_start = 0.01;
    spiral.curvature_end = -1.0 / 3;
    poly.kind = PlanPiece::Kind::kPoly3;
    poly.s_m = 30;
    poly.a_v = 0.001;
    poly.c_v = 1e-3;
    poly.d_v = -1.23456789012345678e-5;
    param.kind = PlanPiece::Kind::kParamPoly3;
    param.s_m = 40;
    param.normalised = false;
    param.b_u = 0.99;
    param.d_u = 1e-17;
    param.c_v = 0.1 + 0.2;
    road.plan = {line, arc, spiral, poly, param};
    road.elevation = {{0, 1, 0.01, 1e-5, -1e-8}, {25, 2}};
    road.superelevation = {{0, 0.02}};
    road.lane_offset = {{0, 0.5, 0.001}};
    road.shape = {{0, -3, 0, 0.01, 0.001, 1e-4}, {0, 2, 0.1}};

    LaneSection section;
    ModelLane lane;
    lane.id = -1;
    lane.type = LaneType::kBus;
    lane.level = lane.road_works = true;
    lane.direction = ModelLane::Direction::kBoth;
    lane.widths = {{0, 3.5, 0.001}, {20, 3.4}};
    RoadMark mark;
    mark.s_offset_m = 1;
    mark.type = MarkType::kBrokenSolid;
    mark.bold = true;
    mark.colour = MarkColour::kYellow;
    mark.width_m = 0.3;
    mark.height_m = 0.005;
    mark.lane_change = LaneChange::kDecrease;
    mark.material = "thermoplastic";
    mark.pattern = "pair";
    mark.lines = {{3, 6, 0.1, 0.5, 0.12, "caution", MarkColour::kBlue, true}, {1, 2}};
    mark.explicit_lines = {{2, 0, -0.1, 4, 0.2}};
    mark.sway = {{0, 0.01, 0.02}};
    RoadMark narrow;
    narrow.s_offset_m = 30;
    narrow.type = MarkType::kCustom;
    narrow.lines = {{1, 1}};
    lane.marks = {mark, narrow};
    lane.speeds = {{0, 13.9}, {10, std::numeric_limits<double>::infinity()}};
    lane.accesses = {{0, true, {"truck", "bicycle"}}, {5, false, {"bus"}}};
    lane.materials = {{0, 0.8, 0.02, "asphalt"}};
    lane.rules = {{0, "car pool"}};
    lane.heights = {{0, 0.1, 0.12}};
    lane.predecessors = {-1};
    lane.successors = {-1, -2};
    ModelLane bordered;
    bordered.id = 1;
    bordered.type = LaneType::kSidewalk;
    bordered.borders = {{0, 3}};
    section.lanes = {bordered, ModelLane{}, lane};
    road.sections = {section};

    ModelSignal signal;
    signal.id = "s";
    signal.name = "n";
    signal.s_m = 5;
    signal.t_m = -4;
    signal.z_offset_m = 2;
    signal.orientation = Orientation::kBackward;
    signal.dynamic = true;
    signal.country = "DE";
    signal.country_revision = "2017";
    signal.type = "1000001";
    signal.subtype = "-1";
    signal.unit = "km/h";
    signal.text = "line\nbreak";
    signal.value = 30;
    signal.has_value = true;
    signal.width_m = 0.4;
    signal.height_m = 0.9;
    signal.h_offset_rad = 0.1;
    signal.pitch_rad = 0.2;
    signal.roll_rad = 0.3;
    signal.validity = {{-1, 1}};
    signal.dependencies = {{"s2", "x"}};
    signal.references = {{"o", "object", "pole"}};
    signal.position = {ModelSignal::Position::Kind::kInertial, "", 1, 2, 3, 4, 5, 6};
    ModelSignal second;
    second.id = "s2";
    second.position = {ModelSignal::Position::Kind::kRoad, "r&1", 1, 2, 3, 4, 5, 6};
    road.signals = {signal, second};
    road.signal_references = {{"s", 30, 2, Orientation::kBoth, {{1, 1}}}};

    ModelObject object;
    object.id = "o";
    object.name = "n";
    object.type = "parkingSpace";
    object.subtype = "x";
    object.s_m = 10;
    object.t_m = 5;
    object.z_offset_m = 0.1;
    object.valid_length_m = 2;
    object.orientation = Orientation::kForward;
    object.dynamic = true;
    object.heading_rad = 0.5;
    object.pitch_rad = 0.1;
    object.roll_rad = 0.2;
    object.length_m = 5;
    object.width_m = 2.5;
    object.height_m = 1;
    object.has_box = true;
    object.repeats = {{1, 20, 4, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}};
    object.outlines = {
        {3, false, false, "grass", "parking", {{true, 1, 2, 3, 4, 5}, {false, 6, 7, 8, 9, -1}}}};
    object.markings = {{"left", MarkColour::kRed, 0.1, 0.01, 1, 2, 3, 4, true, {}},
                       {"", MarkColour::kWhite, 0.1, 0, 1, 2, 0, 0, false, {5, 6}}};
    object.validity = {{-1, -1}};
    object.parking_access = "handicapped";
    object.parking_restriction = "2 h";
    ModelObject round;
    round.id = "p";
    round.radius_m = 0.2;
    round.has_radius = true;
    road.objects = {object, round};
    road.object_references = {{"o", 1, 2, 3, 4, Orientation::kBackward, {{1, 2}}}};
    road.structures = {{Structure::Kind::kTunnel, "t", "n", "standard", 1, 2, 0.3, 0.4, {{1, 2}}},
                       {Structure::Kind::kBridge, "b", "m", "steel", 5, 6}};
    road.predecessor = {RoadLink::Kind::kJunction, "j", 0};
    road.successor = {RoadLink::Kind::kRoad, "r2", 1, ContactPoint::kUnknown, 12, false, true};
    Road other;
    other.id = "r2";
    other.length_m = 10;
    other.plan = {line};
    other.junction_id = "j";
    other.junction = 0;
    other.sections = {LaneSection{0, false, {ModelLane{}}}};
    model.roads = {road, other};

    ModelJunction junction;
    junction.id = "j";
    junction.name = "Crossing";
    junction.connections = {{"0", "", "r&1", "r2", 0, 1, ContactPoint::kStart, {{-1, -1}, {2, 1}}}};
    junction.priorities = {{"r&1", "r2", 0, 1}};
    junction.controllers = {{"k", "x", 3}};
    junction.cross_paths = {{"c", "r2", "r&1", "r&1", 1, 0, 0, 1, 2, {3, 4}, {5, 6}}};
    ModelJunction direct = junction;
    direct.id = "d";
    direct.kind = ModelJunction::Kind::kDirect;
    direct.connections[0].lanes = {{-1, -1, 25}};
    ModelJunction virtual_one;
    virtual_one.id = "v";
    virtual_one.kind = ModelJunction::Kind::kVirtual;
    virtual_one.main_road_id = "r&1";
    virtual_one.main_road = 0;
    virtual_one.s_start_m = 5;
    virtual_one.s_end_m = 9;
    virtual_one.orientation = Orientation::kForward;
    JunctionConnection connection;
    connection.id = "0";
    connection.type = "virtual";
    connection.predecessor = {
        RoadLink::Kind::kRoad, "r&1", 0, ContactPoint::kUnknown, 6, true, true};
    connection.successor = {RoadLink::Kind::kRoad, "r2", 1, ContactPoint::kUnknown, 7, false, true};
    virtual_one.connections = {connection};
    ModelJunction crossing;
    crossing.id = "x";
    crossing.kind = ModelJunction::Kind::kCrossing;
    crossing.stretches = {{"0", "r2", 1, 2, 3}};
    model.junctions = {junction, direct, virtual_one, crossing};
    model.controllers = {{"k", "n", 2, {{"s", "t"}, {"s2", ""}}}};
    model.junction_groups = {{"g", "ring", "roundabout", {"j", "d"}}};
    return model;
}

TEST(Write, EveryFieldComesBack) {
    const RoadModel model = full();
    const auto reading = parse(write(model), "full");
    ASSERT_TRUE(reading.ok()) << reading.error().text();
    EXPECT_TRUE(reading->findings.empty()) << all(reading->findings);
    EXPECT_TRUE(reading->model == model);
    // By part, so that a failure says where.
    EXPECT_TRUE(reading->model.roads[0].sections == model.roads[0].sections);
    EXPECT_TRUE(reading->model.roads[0].plan == model.roads[0].plan);
    EXPECT_TRUE(reading->model.roads[0].signals == model.roads[0].signals);
    EXPECT_TRUE(reading->model.roads[0].objects == model.roads[0].objects);
    EXPECT_TRUE(reading->model.roads[0].structures == model.roads[0].structures);
    EXPECT_TRUE(reading->model.roads[0].successor == model.roads[0].successor);
    EXPECT_TRUE(reading->model.roads[0].types == model.roads[0].types);
    EXPECT_TRUE(reading->model.junctions == model.junctions);
    EXPECT_EQ(reading->model.name, model.name);
    EXPECT_EQ(reading->model.geo_reference, model.geo_reference);
}

TEST(Write, EqualModelsGiveEqualBytesAndNumbersTheirShortestForm) {
    RoadModel model = full();
    model.name = "a<b> & \"c\"\n\t'd' ü";
    model.geo_reference = "+proj=utm ]]> & <zone>";
    model.roads[0].elevation = {{0, 0.1, 1e-7, -2.5e-300, 1.0 / 3.0}};
    const std::string text = write(model);
    EXPECT_EQ(text, write(model));
    EXPECT_TRUE(
        text.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<OpenDRIVE>\n  <header "));
    EXPECT_NE(text.find("a=\"0.1\" b=\"1e-07\" c=\"-2.5e-300\" d=\"0.3333333333333333\""),
              std::string::npos);
    const auto reading = parse(text, "full");
    ASSERT_TRUE(reading.ok()) << reading.error().text();
    EXPECT_TRUE(reading->model == model);
    EXPECT_EQ(reading->model.name, model.name);
    EXPECT_EQ(reading->model.geo_reference, model.geo_reference);
}

TEST(Write, CrossfallMakesItAFileOfTheRevisionThatHasIt) {
    RoadModel model = full();
    model.roads[0].crossfall = {{Crossfall::Side::kLeft, {0, 0.02}}};
    model.revision_minor = 5;
    const auto reading = parse(write(model), "full");
    ASSERT_TRUE(reading.ok());
    EXPECT_TRUE(reading->model == model);
}

TEST(Write, ElementsStandInTheStandardsOrder) {
    // The sequence that the schema of 1.8 asks for within a road and a lane.
    const std::string text = write(full());
    pugi::xml_document document;
    ASSERT_TRUE(document.load_string(text.c_str()));
    const auto expect_order = [](const pugi::xml_node& parent,
                                 const std::vector<std::string>& order) {
        std::size_t at = 0;
        for (const pugi::xml_node& child : parent.children()) {
            const auto found = std::find(order.begin() + static_cast<std::ptrdiff_t>(at),
                                         order.end(), child.name());
            ASSERT_NE(found, order.end()) << child.name() << " in " << parent.name();
            at = static_cast<std::size_t>(found - order.begin());
        }
    };
    const pugi::xml_node root = document.document_element();
    expect_order(root, {"header", "road", "controller", "junction", "junctionGroup"});
    const pugi::xml_node road = root.child("road");
    expect_order(road, {"link", "type", "planView", "elevationProfile", "lateralProfile", "lanes",
                        "objects", "signals"});
    expect_order(
        road.child("lanes").child("laneSection").child("right").child("lane"),
        {"link", "border", "width", "roadMark", "material", "speed", "access", "height", "rule"});
    expect_order(road.child("objects").child("object"),
                 {"repeat", "outlines", "validity", "parkingSpace", "markings"});
    expect_order(road.child("objects"), {"object", "objectReference", "tunnel", "bridge"});
    expect_order(root.child("junction"), {"connection", "crossPath", "priority", "controller"});
}

TEST(Write, FilesAreWrittenWhole) {
    const auto path = std::filesystem::temp_directory_path() / "huntsman_write_test.xodr";
    ASSERT_TRUE(save(full(), path).ok());
    const auto reading = read(path);
    ASSERT_TRUE(reading.ok());
    EXPECT_TRUE(reading->model == full());
    std::filesystem::remove(path);
    EXPECT_FALSE(save(full(), "/nowhere/map.xodr").ok());
}

TEST(Plot, PictureIsWellFormedAndShowsEveryRoad) {
    const auto reading = parse(
        document(Straight{.id = "north & south"}.text() + Straight{.id = "2", .y = 50}.text()),
        "x");
    ASSERT_TRUE(reading.ok());
    const engine::draw::Drawing drawing =
        plot(reading->model, {.size_px = 800, .title = "<title>"});
    EXPECT_EQ(drawing.width_px, 880);
    const std::string svg = to_svg(drawing);
    pugi::xml_document document;
    ASSERT_TRUE(document.load_string(svg.c_str()));
    EXPECT_NE(svg.find("&lt;title&gt;"), svg.npos);
    EXPECT_NE(svg.find("north &amp; south"), svg.npos);
    // Two lanes a road, in the colour of driving, and no number that is none.
    const auto count = [&](const std::string& part) {
        std::size_t n = 0;
        for (std::size_t at = svg.find(part); at != svg.npos; at = svg.find(part, at + 1)) ++n;
        return n;
    };
    EXPECT_EQ(count("fill=\"#7a818c\""), 5U);  // four lanes and the legend
    EXPECT_EQ(count("nan"), 0U);
    EXPECT_EQ(count("inf"), 0U);
}

TEST(Plot, PngHasItsSize) {
    const auto reading = parse(document(Straight{}.text()), "x");
    ASSERT_TRUE(reading.ok());
    const auto path = std::filesystem::temp_directory_path() / "huntsman_plot_test.png";
    const engine::draw::Drawing drawing = plot(reading->model, {.size_px = 800});
    ASSERT_TRUE(save_png(drawing, path).ok());
    const std::string png = engine::core::read_file(path).value();
    std::filesystem::remove(path);
    ASSERT_GT(png.size(), 1000U);
    EXPECT_EQ(png.substr(1, 3), "PNG");
    const auto big_endian = [&](std::size_t at) {
        int value = 0;
        for (std::size_t i = 0; i < 4; ++i)
            value = value << 8 | static_cast<unsigned char>(png[at + i]);
        return value;
    };
    EXPECT_EQ(big_endian(16), drawing.width_px);
    EXPECT_EQ(big_endian(20), drawing.height_px);
}

TEST(Survey, CountsAndMeasures) {
    const auto reading = parse(
        document(Straight{}.text() + Straight{.id = "2", .x = 100, .length = 50}.text()), "x");
    ASSERT_TRUE(reading.ok());
    const Survey result = survey(reading->model);
    EXPECT_EQ(result.roads, 2U);
    EXPECT_EQ(result.lanes, 4U);
    EXPECT_EQ(result.road_length_m, 150);
    EXPECT_EQ(result.lane_types.at("driving").number, 4U);
    EXPECT_EQ(result.lane_types.at("driving").length_m, 300);
    EXPECT_EQ(result.pieces.at("line"), 2U);
    EXPECT_EQ(result.low, engine::math::Vec3(0, -3.5, 0));
    EXPECT_EQ(result.high, engine::math::Vec3(150, 3.5, 0));
}

TEST(Survey, SamplesAreATable) {
    const auto reading = parse(document(Straight{.id = "a,b", .length = 10}.text()), "x");
    ASSERT_TRUE(reading.ok());
    const std::string csv = sample_csv(reading->model, 5);
    EXPECT_TRUE(
        csv.starts_with("road,section,lane,s,x,y,z,heading,width\na_b,0,1,0.000000,0.000000,"
                        "3.500000,0.000000,0.000000000,3.500000\n"))
        << csv;
    EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 1 + 3 * 3);
    EXPECT_EQ(sample_rows(reading->model, 5), 9);
}

TEST(Write, WordsThatTheSchemaLacksAreNotWritten) {
    RoadModel model = full();
    Road& road = model.roads[0];
    road.types[0].type = "autobahn";
    road.objects[0].type = "busStop";
    road.objects[0].subtype = "";
    road.objects[0].parking_access = "everybody";
    for (Structure& structure : road.structures) structure.type = "viaduct";
    const std::string text = write(model);
    for (const char* word : {"autobahn", "everybody", "viaduct", " type=\"busStop\""}) {
        EXPECT_EQ(text.find(word), std::string::npos) << word;
    }
    const auto again = parse(text, "again");
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(again->model.roads[0].types[0].type, "unknown");
    EXPECT_EQ(again->model.roads[0].objects[0].type, "none");
    EXPECT_EQ(again->model.roads[0].objects[0].subtype, "busStop");
}

}  // namespace
}  // namespace huntsman::scenarios::opendrive
