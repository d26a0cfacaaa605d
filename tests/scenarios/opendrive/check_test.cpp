// What check() finds in models, each rule by a model that breaks it.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "tests/scenarios/opendrive/samples.h"

namespace huntsman::scenarios::opendrive {
namespace {

using namespace engine::world;

// Two straight roads and a junction with one connecting road between them, without fault: road 0
// runs to x = 100, road 2 within the junction to 120, road 1 on to 220.
RoadModel sound() {
    const auto link = [](const char* element, const char* id, const char* contact) {
        return fmt::format("<{} elementType=\"road\" elementId=\"{}\" contactPoint=\"{}\"/>",
                           element, id, contact);
    };
    const std::string lanes =
        R"(<lanes><laneSection s="0"><center><lane id="0" type="none"/></center>
<right><lane id="-1" type="driving"><link><predecessor id="-1"/><successor id="-1"/></link><width
 sOffset="0" a="3.5" b="0" c="0" d="0"/></lane></right></laneSection></lanes>)";
    const auto reading = parse(
        document(Straight{.id = "a",
                          .link = R"(<successor elementType="junction" elementId="j"/>)",
                          .lanes = lanes}
                     .text() +
                 Straight{.id = "b",
                          .x = 120,
                          .link = R"(<predecessor elementType="junction" elementId="j"/>)",
                          .lanes = lanes}
                     .text() +
                 Straight{.id = "c",
                          .x = 100,
                          .length = 20,
                          .link = link("predecessor", "a", "end") + link("successor", "b", "start"),
                          .lanes = lanes,
                          .junction = "j"}
                     .text() +
                 R"(<junction id="j"><connection id="0" incomingRoad="a" connectingRoad="c"
 contactPoint="start"><laneLink from="-1" to="-1"/></connection></junction>)"),
        "sound");
    EXPECT_TRUE(reading.ok());
    RoadModel model = reading->model;
    for (Road& road : model.roads) {
        if (road.id == "a") road.sections[0].lanes[1].predecessors.clear();
        if (road.id == "b") road.sections[0].lanes[1].successors = {};
    }
    return model;
}
ModelLane& lane(RoadModel& model, std::size_t road) {
    return model.roads[road].sections[0].lanes[1];
}

// The finding of a rule; a failure where there is none.
Finding find(const RoadModel& model, const std::string& rule) {
    const auto findings = check(model);
    for (const Finding& finding : findings) {
        if (finding.rule == rule) return finding;
    }
    ADD_FAILURE() << rule << " is not among:\n" << all(findings);
    return {};
}
void expect_found(const RoadModel& model, const std::string& rule, Severity severity,
                  const std::string& part = "") {
    const Finding finding = find(model, rule);
    EXPECT_EQ(finding.severity, severity) << finding.message;
    EXPECT_NE(finding.message.find(part), std::string::npos) << finding.message;
}

TEST(Check, SoundModelHasOnlyItsMapsEnd) {
    const auto findings = check(sound());
    ASSERT_EQ(findings.size(), 1U) << all(findings);
    EXPECT_EQ(findings[0].rule, "road.dead-end");
    EXPECT_EQ(findings[0].severity, Severity::kNote);
}

TEST(Check, ReadingsHaveLines) {
    auto reading =
        parse(document(Straight{}.text() + Straight{.id = "2", .more = R"(<elevationProfile>
<elevation s="0" a="0" b="0" c="0" d="0"/><elevation s="50" a="2" b="0" c="0" d="0"/>
</elevationProfile>)"}
                                               .text()),
              "x");
    ASSERT_TRUE(reading.ok());
    bool found = false;
    for (const Finding& finding : check(*reading)) {
        if (finding.rule != "road.elevation.step") continue;
        found = true;
        EXPECT_EQ(finding.line, reading->road_lines[1]);
        EXPECT_EQ(finding.severity, Severity::kError);  // more than a metre
    }
    EXPECT_TRUE(found);
}

TEST(Check, GapsAndKinksOfTheReferenceLine) {
    RoadModel model = sound();
    Road& road = model.roads[1];
    PlanPiece second = road.plan[0];
    road.plan[0].length_m = 50;
    second.s_m = second.length_m = 50;
    second.x_m = 170;
    road.plan.push_back(second);
    EXPECT_EQ(check(model).size(), 1U) << all(check(model));
    road.plan[1].y_m = 0.05;
    expect_found(model, "road.geometry.gap", Severity::kWarning, "0.05 m at s = 50");
    road.plan[1].y_m = 2;
    expect_found(model, "road.geometry.gap", Severity::kError);
    road.plan[1].y_m = 0;
    road.plan[1].heading_rad = 0.01;
    expect_found(model, "road.geometry.kink", Severity::kWarning, "0.01 rad");
    road.plan[1].s_m = 45;
    expect_found(model, "road.geometry.order", Severity::kError, "overlaps the next by 5 m");
    model = sound();
    model.roads[1].plan[0].s_m = 1;
    expect_found(model, "road.geometry.start", Severity::kError);
    expect_found(model, "road.length", Severity::kError);
}

TEST(Check, CubicsAreAsLongAsTheySay) {
    RoadModel model = sound();
    PlanPiece& piece = model.roads[1].plan[0];
    piece.kind = PlanPiece::Kind::kParamPoly3;
    piece.b_u = 80;  // normalised: 80 m, but the piece says 100
    expect_found(model, "road.geometry.length", Severity::kWarning, "80 m long but says 100 m");
}

TEST(Check, StepsOfProfiles) {
    RoadModel model = sound();
    model.roads[1].superelevation = {{0, 0}, {50, 0.02}};
    expect_found(model, "road.superelevation.step", Severity::kWarning);
    model.roads[1].lane_offset = {{0, 0}, {50, 0.5}};
    expect_found(model, "road.lane-offset.step", Severity::kWarning);
    model.roads[1].elevation = {{50, 1}, {0, 1}};
    expect_found(model, "records.unsorted", Severity::kError);
    model.roads[1].elevation = {{0, 1}, {500, 1}};
    expect_found(model, "records.beyond", Severity::kNote);
}

TEST(Check, SectionsAndTheirLanes) {
    RoadModel model = sound();
    model.roads[1].sections[0].s_m = 5;
    expect_found(model, "road.section.start", Severity::kError);
    model = sound();
    model.roads[1].sections.push_back(model.roads[1].sections[0]);
    expect_found(model, "road.section.overlap", Severity::kError);
    model = sound();
    lane(model, 1).id = -2;
    expect_found(model, "lane.id.gap", Severity::kWarning);
    model = sound();
    model.roads[1].sections[0].lanes.erase(model.roads[1].sections[0].lanes.begin());
    expect_found(model, "lane.centre.missing", Severity::kError);
    model = sound();
    model.roads[1].sections[0].lanes[0].widths = {{0, 1}};
    expect_found(model, "lane.centre.width", Severity::kError);
}

TEST(Check, WidthsOfLanes) {
    RoadModel model = sound();
    lane(model, 1).widths = {{0, 3.5, -0.05}};
    expect_found(model, "lane.width.negative", Severity::kError, "-1.5 m at s = 100");
    lane(model, 1).widths = {{0, 3.5}, {40, 3.0}};
    expect_found(model, "lane.width.step", Severity::kWarning, "-0.5 m at s = 40");
    lane(model, 1).widths = {{10, 3.5}};
    expect_found(model, "lane.width.start", Severity::kWarning);
    lane(model, 1).widths.clear();
    expect_found(model, "lane.width.missing", Severity::kWarning);
    lane(model, 1).borders = {{0, 1}};  // to the left of the middle
    expect_found(model, "lane.width.negative", Severity::kError);
}

TEST(Check, LinksOfRoads) {
    RoadModel model = sound();
    model.roads[0].successor.index = kNone;
    expect_found(model, "road.link.unknown", Severity::kError);
    model = sound();
    model.roads[1].predecessor = {};
    expect_found(model, "road.link.asymmetric", Severity::kError, "which is linked to nothing");
    model = sound();
    model.roads[2].successor.contact = ContactPoint::kUnknown;
    expect_found(model, "road.link.contact", Severity::kError);
}

// Road b cut in two sections.
RoadModel cut() {
    RoadModel model = sound();
    Road& road = model.roads[1];
    road.sections.push_back(road.sections[0]);
    road.sections[0].lanes[1].successors = {-1};
    road.sections[1].lanes[1].predecessors = {-1};
    road.sections[1].s_m = 50;
    return model;
}

TEST(Check, LinksOfLanes) {
    EXPECT_EQ(check(cut()).size(), 1U) << all(check(cut()));
    RoadModel model = cut();
    model.roads[1].sections[0].lanes[1].successors = {-7};
    expect_found(model, "lane.link.unknown", Severity::kError, "lane -7");
    model = cut();
    model.roads[1].sections[1].lanes[1].predecessors.clear();
    expect_found(model, "lane.link.one-sided", Severity::kWarning);
    model = cut();
    model.roads[1].sections[0].lanes[1].successors.clear();
    expect_found(model, "lane.dead-end", Severity::kWarning, "leads nowhere");
}

TEST(Check, LinkedLanesMeetInPlaceAndDirection) {
    RoadModel model = cut();
    // The middle of a lane 0.2 m wider lies 0.1 m aside.
    model.roads[1].sections[1].lanes[1].widths = {{0, 3.7}};
    expect_found(model, "lane.link.gap", Severity::kWarning, "0.1 m apart");
    model.roads[1].sections[1].lanes[1].widths = {{0, 6.5}};
    expect_found(model, "lane.link.gap", Severity::kError, "1.5 m apart");
    model.roads[1].sections[1].lanes[1].widths = {{0, 3.5, 0.02}};
    expect_found(model, "lane.link.kink", Severity::kWarning, "0.01 rad");
    // A raised lane is a step.
    model = cut();
    model.roads[1].sections[1].lanes[1].heights = {{0, 0.15, 0.15}};
    expect_found(model, "lane.link.gap", Severity::kWarning);
    // The other side of the road, without a gap by a lane offset.
    model = cut();
    model.roads[1].sections[1].lanes = {lane(model, 0), ModelLane{}};
    model.roads[1].sections[1].lanes[0].id = 1;
    model.roads[1].sections[1].lanes[0].predecessors = {-1};
    model.roads[1].sections[0].lanes[1].successors = {1};
    model.roads[1].lane_offset = {{0, 0}, {50, -3.5}};
    expect_found(model, "lane.link.side", Severity::kWarning);
}

TEST(Check, ConnectionsOfJunctions) {
    RoadModel model = sound();
    JunctionConnection& connection = model.junctions[0].connections[0];
    connection.lanes[0].to = -5;
    expect_found(model, "junction.lane-link.unknown", Severity::kError, "lane -5");
    connection.lanes.clear();
    expect_found(model, "junction.lane-link.missing", Severity::kWarning);
    connection.contact = ContactPoint::kEnd;
    expect_found(model, "junction.connection.mismatch", Severity::kError);
    connection.contact = ContactPoint::kUnknown;
    expect_found(model, "junction.connection.contact", Severity::kError);
    connection.incoming = kNone;
    expect_found(model, "junction.road.unknown", Severity::kError);
    connection.incoming_id.clear();
    expect_found(model, "junction.connection.roads", Severity::kError);
    model.junctions[0].connections.clear();
    expect_found(model, "junction.empty", Severity::kWarning);
    expect_found(model, "junction.connecting.unused", Severity::kWarning);
}

TEST(Check, RoadsOfJunctionsMeet) {
    RoadModel model = sound();
    model.roads[2].plan[0].y_m = 0.3;
    expect_found(model, "junction.lane-link.gap", Severity::kWarning, "0.3 m apart");
    model = sound();
    model.roads[2].junction = 5;
    model.junctions.resize(6);
    expect_found(model, "junction.connecting.outside", Severity::kError);
    model = sound();
    model.roads[0].successor = {};
    expect_found(model, "junction.incoming.end", Severity::kWarning);
    model = sound();
    model.junctions[0].kind = ModelJunction::Kind::kVirtual;
    expect_found(model, "junction.main-road", Severity::kError);
    model = sound();
    model.roads[2].junction_id = "nowhere";
    model.roads[2].junction = kNone;
    expect_found(model, "road.junction.unknown", Severity::kError);
}

TEST(Check, SignalsAndControllers) {
    RoadModel model = sound();
    ModelSignal signal;
    signal.id = "s";
    signal.s_m = 500;
    signal.validity = {{3, 4}};
    model.roads[0].signals = {signal, signal};
    ModelObject object;
    object.s_m = -3;
    model.roads[0].objects = {object};
    model.roads[0].signal_references = {{.id = "t"}};
    SignalController controller;
    controller.id = "k";
    controller.controls = {{"u", ""}};
    model.controllers = {controller, controller};
    model.junctions[0].controllers = {{"m", "", 0}};
    model.junctions[0].priorities = {{"x", "y"}};
    for (const char* rule :
         {"signal.beyond", "signal.validity.unknown", "signal.id.duplicate", "object.beyond",
          "signal.reference.unknown", "controller.signal.unknown", "controller.id.duplicate",
          "junction.controller.unknown", "junction.priority.unknown"})
        expect_found(model, rule, Severity::kWarning);
}

TEST(Check, EmptyModelsAndRoadsAreNoTrouble) {
    EXPECT_TRUE(check(RoadModel{}).empty());
    RoadModel model;
    model.roads.resize(2);
    model.roads[1].plan.resize(1);
    EXPECT_TRUE(has(check(model), "road.unusable"));
}

TEST(Check, IdsOfObjectsStandOnce) {
    RoadModel model = sound();
    for (const char* id : {"5", "6", "5"}) {
        ModelObject object;
        object.id = id;
        model.roads[0].objects.push_back(object);
    }
    const Finding twice = find(model, "object.id.duplicate");
    EXPECT_EQ(twice.message, "road a: two objects have the id 5; the first is on road a");
    // Ids are those of the file, not of a road.
    model = sound();
    for (std::size_t r : {0U, 1U}) model.roads[r].objects.emplace_back().id = "7";
    EXPECT_EQ(find(model, "object.id.duplicate").message,
              "road b: two objects have the id 7; the first is on road a");
}

TEST(Check, MarksEndWithTheirSection) {
    RoadModel model = sound();
    lane(model, 0).marks.emplace_back().s_offset_m = 99;
    EXPECT_FALSE(has(check(model), "mark.beyond"));
    lane(model, 0).marks.emplace_back().s_offset_m = 100.0002;
    EXPECT_NE(find(model, "mark.beyond").message.find("begins 100.0002 m"), std::string::npos);
    EXPECT_EQ(find(model, "mark.beyond").severity, Severity::kNote);
    lane(model, 0).marks.back().s_offset_m = 900;
    EXPECT_EQ(find(model, "mark.beyond").severity, Severity::kWarning);
    lane(model, 0).marks.clear();
    lane(model, 0).marks.emplace_back().explicit_lines.push_back(
        {.length_m = 30, .s_offset_m = 80});
    EXPECT_NE(find(model, "mark.beyond").message.find("goes on to 110 m"), std::string::npos);
    lane(model, 0).marks.clear();
    lane(model, 0).speeds.push_back({120, 10});
    EXPECT_EQ(find(model, "records.beyond").severity, Severity::kNote);
}

// A bend of 2 m radius to the left, and lanes of 3.5 and 2 m on its inside.
TEST(Check, LanesWiderThanTheirBendAreFolded) {
    const auto reading =
        parse(document(R"(<road id="1" junction="-1" length="3.14"><link/><planView>
<geometry s="0" x="0" y="0" hdg="0" length="3.14"><arc curvature="0.5"/></geometry></planView>)" +
                       std::string(kTwoLanes) + "</road>"),
              "tight");
    ASSERT_TRUE(reading.ok());
    const auto findings = check(*reading);
    ASSERT_TRUE(has(findings, "lane.folded")) << all(findings);
    EXPECT_EQ(std::count_if(findings.begin(), findings.end(),
                            [](const Finding& f) { return f.rule == "lane.folded"; }),
              1)
        << all(findings);
    for (const Finding& f : findings) {
        if (f.rule != "lane.folded") continue;
        EXPECT_NE(f.message.find("lane 1: it reaches 3.5 m to the inside of a bend of 2 m radius"),
                  std::string::npos)
            << f.message;
    }
    RoadModel wide = reading->model;
    for (PlanPiece& piece : wide.roads[0].plan) piece.curvature_start = piece.curvature_end = 0.25;
    EXPECT_FALSE(has(check(wide), "lane.folded"));
}

TEST(Check, SomethingIsDriven) {
    RoadModel model = sound();
    EXPECT_FALSE(has(check(model), "road.none-driven"));
    for (Road& road : model.roads) road.sections[0].lanes[1].type = LaneType::kSidewalk;
    EXPECT_EQ(find(model, "road.none-driven").severity, Severity::kError);
    model = sound();
    lane(model, 0).widths = {{0, 0, 0, 0, 0}};
    find(model, "lane.width.zero");
}

TEST(Check, ObjectsInTheWayAreNamed) {
    RoadModel model = sound();
    ModelObject& pole = model.roads[0].objects.emplace_back();
    pole.id = "3";
    pole.type = "pole";
    pole.s_m = 40;
    pole.t_m = -1.75;
    pole.height_m = 2;
    EXPECT_EQ(find(model, "object.on-lane").message,
              "road a: object 3 stands on the driven lane -1 at s = 40, in the way of everybody");
    ModelObject& first = model.roads[0].objects[0];
    for (const auto& change : {std::function<void()>([&] { first.t_m = 2; }),
                               std::function<void()>([&] { first.height_m = 0; }),
                               std::function<void()>([&] { first.z_offset_m = 5; }),
                               std::function<void()>([&] { first.type = "crosswalk"; })}) {
        const ModelObject before = first;
        change();
        EXPECT_FALSE(has(check(model), "object.on-lane"));
        first = before;
    }
    first.repeats.push_back(
        {.s_m = 10, .length_m = 50, .distance_m = 5, .t_start_m = 3, .t_end_m = -3});
    EXPECT_TRUE(has(check(model), "object.on-lane"));
}

}  // namespace
}  // namespace huntsman::scenarios::opendrive
