// What the reader makes of elements and attributes, old and new.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/road/road_geometry.h"
#include "tests/scenarios/opendrive/samples.h"

namespace huntsman::scenarios::opendrive {
namespace {

using namespace engine::world;

Reading must_read(const std::string& text) {
    auto reading = parse(text, "test.xodr");
    if (!reading.ok()) {
        ADD_FAILURE() << reading.error().text();
        return {};
    }
    return std::move(reading).value();
}

Road must_read_road(const Straight& road) {
    return must_read(document(road.text())).model.roads.at(0);
}

std::string one_lane(const std::string& content, const std::string& attributes = "") {
    return "<lanes><laneSection s=\"0\"><center><lane id=\"0\" type=\"none\"/></center><right>"
           "<lane id=\"-1\" type=\"driving\" " +
           attributes + "><width sOffset=\"0\" a=\"3\" b=\"0\" c=\"0\" d=\"0\"/>" + content +
           "</lane></right></laneSection></lanes>";
}
ModelLane read_lane(const std::string& content, const std::string& attributes = "") {
    const Road road = must_read_road({.lanes = one_lane(content, attributes)});
    return road.sections.at(0).lanes.at(1);
}

TEST(Reader, HeaderIsKept) {
    const Reading reading = must_read(
        R"(<OpenDRIVE xmlns="http://code.asam.net/simulation/standard/opendrive_schema">
<header revMajor="1" revMinor="8" name="n" vendor="v" date="2024" north="1" south="-2" east="3"
 west="-4"><geoReference> <![CDATA[+proj=utm +zone=32]]>
</geoReference><offset x="10" y="20" z="30" hdg="0.5"/></header>)" +
        Straight{}.text() + "</OpenDRIVE>");
    EXPECT_EQ(reading.model.revision_minor, 8);
    EXPECT_EQ(reading.model.name, "n");
    EXPECT_EQ(reading.model.vendor, "v");
    EXPECT_EQ(reading.model.south_m, -2);
    EXPECT_EQ(reading.model.geo_reference, "+proj=utm +zone=32");
    EXPECT_EQ(reading.model.offset, (RoadModel::Offset{10, 20, 30, 0.5}));
    EXPECT_TRUE(reading.findings.empty()) << all(reading.findings);
}

TEST(Reader, ElementsMayCarryANamespacePrefix) {
    std::string text = document(Straight{}.text());
    for (std::size_t at = 0; (at = text.find('<', at)) != text.npos; ++at) {
        if (text[at + 1] == '?') continue;
        text.insert(at + (text[at + 1] == '/' ? 2 : 1), "odr:");
    }
    const Reading reading = must_read(text);
    EXPECT_EQ(reading.model.roads.at(0).sections.at(0).lanes.size(), 3U);
    EXPECT_EQ(reading.road_lines.at(0), 4);
}

TEST(Reader, LinesAreThoseOfTheFile) {
    const Reading reading = must_read(document(Straight{}.text() + Straight{.id = "2"}.text()));
    EXPECT_EQ(reading.road_lines, (std::vector<int>{4, 13}));
}

TEST(Reader, LinesAreKnownBehindAByteOrderMark) {
    const Reading reading = must_read("\xEF\xBB\xBF" + document(Straight{}.text()));
    EXPECT_EQ(reading.road_lines, (std::vector<int>{4}));
}

TEST(Reader, LatinLettersAreReadAsSuch) {
    const Reading reading = must_read(
        "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<OpenDRIVE>\n<header revMajor=\"1\" "
        "revMinor=\"4\" name=\"Stra\xDF"
        "e\"/>\n" +
        Straight{}.text() + "</OpenDRIVE>");
    EXPECT_EQ(reading.model.name,
              "Stra\xC3\x9F"
              "e");
    EXPECT_EQ(reading.road_lines, (std::vector<int>{4}));
    EXPECT_TRUE(reading.findings.empty()) << all(reading.findings);
}

TEST(Reader, WideLettersAreReadWithoutLines) {
    std::string wide = "\xFF\xFE";
    for (const char c : document(Straight{}.text())) {
        wide += c;
        wide += '\0';
    }
    const Reading reading = must_read(wide);
    EXPECT_EQ(reading.model.roads.size(), 1U);
    EXPECT_EQ(reading.road_lines, (std::vector<int>{0}));
}

TEST(Reader, EveryKindOfPieceIsRead) {
    const Reading reading = must_read(document(R"(<road id="1" junction="-1" length="50"><planView>
<geometry s="0" x="1" y="2" hdg="0.5" length="10"><line/></geometry>
<geometry s="10" x="0" y="0" hdg="0" length="10"><arc curvature="0.1"/></geometry>
<geometry s="20" x="0" y="0" hdg="0" length="10"><spiral curvStart="0.1" curvEnd="-0.2"/></geometry>
<geometry s="30" x="0" y="0" hdg="0" length="10"><poly3 a="0" b="0" c="0.01" d="1e-4"/></geometry>
<geometry s="40" x="0" y="0" hdg="0" length="10"><paramPoly3 aU="0" bU="1" cU="2e-3" dU="0"
 aV="0" bV="0" cV="0.02" dV="+1.5E-4" pRange="arcLength"/></geometry></planView>)" +
                                               std::string(kTwoLanes) + "</road>"));
    const auto& plan = reading.model.roads.at(0).plan;
    ASSERT_EQ(plan.size(), 5U);
    EXPECT_EQ(plan[0].kind, PlanPiece::Kind::kLine);
    EXPECT_EQ(plan[0].heading_rad, 0.5);
    EXPECT_EQ(plan[1].curvature_start, 0.1);
    EXPECT_EQ(plan[1].curvature_end, 0.1);
    EXPECT_EQ(plan[2].curvature_end, -0.2);
    EXPECT_EQ(plan[3].c_v, 0.01);
    EXPECT_EQ(plan[3].d_v, 1e-4);
    EXPECT_EQ(plan[4].c_u, 2e-3);
    EXPECT_EQ(plan[4].d_v, 1.5e-4);
    EXPECT_FALSE(plan[4].normalised);
}

TEST(Reader, ProfilesOfHeightAndBankingAreRead) {
    const Road road = must_read_road({.more = R"(<elevationProfile>
<elevation s="0" a="1" b="0.02" c="0" d="0"/><elevation s="50" a="2" b="0" c="0" d="0"/>
</elevationProfile><lateralProfile><superelevation s="0" a="0.05" b="0" c="0" d="0"/>
<crossfall side="left" s="0" a="0.02" b="0" c="0" d="0"/>
<shape s="0" t="-4" a="0" b="0.01" c="0" d="0"/><shape s="0" t="1" a="0.05" b="0" c="0" d="0"/>
</lateralProfile>)"});
    EXPECT_EQ(road.elevation.size(), 2U);
    EXPECT_EQ(road.elevation[0].b, 0.02);
    EXPECT_EQ(road.superelevation.at(0).a, 0.05);
    EXPECT_EQ(road.crossfall.at(0).side, Crossfall::Side::kLeft);
    EXPECT_EQ(road.shape.at(1).t_m, 1);
}

TEST(Reader, SpeedsComeInAllUnits) {
    const ModelLane lane = read_lane(
        R"(<speed sOffset="0" max="20"/><speed sOffset="1" max="72" unit="km/h"/>
<speed sOffset="2" max="50" unit="mph"/><speed sOffset="3" max="no limit"/>
<speed sOffset="4" max="undefined"/>)");
    ASSERT_EQ(lane.speeds.size(), 5U);
    EXPECT_EQ(lane.speeds[0].max_mps, 20);
    EXPECT_NEAR(lane.speeds[1].max_mps, 20, 1e-12);
    EXPECT_NEAR(lane.speeds[2].max_mps, 22.352, 1e-12);
    EXPECT_TRUE(std::isinf(lane.speeds[3].max_mps));
    EXPECT_EQ(lane.speeds[4].max_mps, 0);
    const Road road = must_read_road(
        {.more = R"(<type s="0" type="town" country="DE"><speed max="50" unit="km/h"/></type>)"});
    EXPECT_EQ(road.types.at(0).type, "town");
    EXPECT_EQ(road.types.at(0).country, "DE");
    EXPECT_NEAR(road.types.at(0).max_speed_mps, 50 / 3.6, 1e-12);
}

TEST(Reader, AccessOfOldAndNewFormIsTheSame) {
    const ModelLane old = read_lane(R"(<access sOffset="5" rule="allow" restriction="bus"/>
<access sOffset="5" rule="allow" restriction="taxi"/>)");
    const ModelLane now = read_lane(R"(<access sOffset="5" rule="allow"><restriction type="bus"/>
<restriction type="taxi"/></access>)");
    ASSERT_EQ(old.accesses.size(), 1U);
    EXPECT_EQ(old.accesses, now.accesses);
    EXPECT_FALSE(old.accesses[0].deny);
    EXPECT_EQ(old.accesses[0].restrictions, (std::vector<std::string>{"bus", "taxi"}));
    // 1.4 knew no rule: the one named may not enter.
    EXPECT_TRUE(read_lane(R"(<access sOffset="0" restriction="truck"/>)").accesses.at(0).deny);
}

TEST(Reader, RoadMarksAreReadInAllDetail) {
    const ModelLane lane = read_lane(R"(<roadMark sOffset="2" type="solid broken" weight="bold"
 color="yellow" material="m" width="0.3" laneChange="increase" height="0.01">
<sway ds="0" a="0.1" b="0.2" c="0" d="0"/>
<type name="pair" width="0.5"><line length="3" space="6" tOffset="0.1" sOffset="1"
 rule="no passing" width="0.12" color="white"/><line length="1" space="0" tOffset="-0.1"
 sOffset="0"/></type>
<explicit><line length="2" tOffset="0.2" sOffset="4" width="0.2"/></explicit></roadMark>)");
    const RoadMark& mark = lane.marks.at(0);
    EXPECT_EQ(mark.type, MarkType::kSolidBroken);
    EXPECT_TRUE(mark.bold);
    EXPECT_EQ(mark.colour, MarkColour::kYellow);
    EXPECT_EQ(mark.lane_change, LaneChange::kIncrease);
    EXPECT_EQ(mark.width_m, 0.3);
    EXPECT_EQ(mark.pattern, "pair");
    ASSERT_EQ(mark.lines.size(), 2U);
    EXPECT_EQ(mark.lines[0].rule, "no passing");
    EXPECT_TRUE(mark.lines[0].has_colour);
    EXPECT_FALSE(mark.lines[1].has_colour);
    EXPECT_EQ(mark.explicit_lines.at(0).s_offset_m, 4);
    EXPECT_EQ(mark.sway.at(0).b, 0.2);
    // Where the mark gives no width, its type's counts.
    EXPECT_EQ(read_lane(R"(<roadMark sOffset="0" type="solid" color="white"><type name="x"
 width="0.2"><line length="1" space="0" tOffset="0" sOffset="0"/></type></roadMark>)")
                  .marks.at(0)
                  .width_m,
              0.2);
}

TEST(Reader, LanesKeepTheirRecords) {
    const ModelLane lane =
        read_lane(R"(<link><predecessor id="-1"/><successor id="-1"/><successor id="-2"/></link>
<material sOffset="0" surface="asphalt" friction="0.9" roughness="0.01"/>
<rule sOffset="1" value="no stopping at any time"/><height sOffset="0" inner="0.1" outer="0.12"/>)",
                  R"(level="true" direction="reversed" roadWorks="true")");
    EXPECT_EQ(lane.predecessors, (std::vector<int>{-1}));
    EXPECT_EQ(lane.successors, (std::vector<int>{-1, -2}));
    EXPECT_EQ(lane.materials.at(0).friction, 0.9);
    EXPECT_EQ(lane.rules.at(0).value, "no stopping at any time");
    EXPECT_EQ(lane.heights.at(0).outer_m, 0.12);
    EXPECT_TRUE(lane.level);
    EXPECT_TRUE(lane.road_works);
    EXPECT_EQ(lane.direction, ModelLane::Direction::kReversed);
}

TEST(Reader, LaneTypesOfAllRevisionsAreKnown) {
    const auto type = [](const char* word) {
        const Road road = must_read_road(
            {.lanes = fmt::format("<lanes><laneSection s=\"0\"><center><lane id=\"0\"/></center>"
                                  "<right><lane id=\"-1\" type=\"{}\"/></right></laneSection>"
                                  "</lanes>",
                                  word)});
        return road.sections.at(0).lanes.at(1).type;
    };
    EXPECT_EQ(type("walking"), LaneType::kSidewalk);
    EXPECT_EQ(type("sidewalk"), LaneType::kSidewalk);
    EXPECT_EQ(type("mwyEntry"), LaneType::kEntry);
    EXPECT_EQ(type("HOV"), LaneType::kHov);
    EXPECT_EQ(type("slipLane"), LaneType::kSlipLane);
    EXPECT_EQ(type("hyperloop"), LaneType::kUnused);
}

TEST(Reader, ObjectsKeepOutlinesOfBothForms) {
    const Road road = must_read_road({.more = R"(<objects>
<object type="crosswalk" id="a" s="10" t="1" zOffset="0" orientation="-" hdg="1.5" length="4"
 width="3" height="0.1"><outline><cornerLocal u="0" v="0" z="0" height="0"/><cornerLocal u="1" v="0"
 z="0" height="0"/><cornerLocal u="1" v="1" z="0" height="0"/></outline><validity fromLane="-1"
 toLane="1"/></object>
<object type="trafficIsland" id="b" s="10" t="1" zOffset="0" radius="2" dynamic="yes"><repeat s="5"
 length="20" distance="4" tStart="1" tEnd="2" zOffsetStart="0" zOffsetEnd="0" heightStart="1"
 heightEnd="1"/><outlines><outline id="7" closed="false" fillType="grass"><cornerRoad id="1" s="1"
 t="2" dz="0.1" height="0.2"/><cornerRoad id="2" s="3" t="4" dz="0" height="0"/></outline></outlines>
<markings><marking color="white" spaceLength="0.05" lineLength="0.2" startOffset="0" stopOffset="0"
 width="0.1" weight="bold"><cornerReference id="1"/><cornerReference id="2"/></marking></markings>
<parkingSpace access="handicapped" restrictions="2 h"/></object>
<objectReference id="b" s="1" t="2" zOffset="0" validLength="3" orientation="none"/>
<tunnel id="t" s="5" length="30" type="underpass" lighting="0.5" daylight="0.2"/>
<bridge id="u" s="40" length="20" type="steel"/></objects>)"});
    ASSERT_EQ(road.objects.size(), 2U);
    const ModelObject& walk = road.objects[0];
    EXPECT_TRUE(walk.has_box);
    EXPECT_EQ(walk.orientation, Orientation::kBackward);
    EXPECT_EQ(walk.outlines.at(0).corners.size(), 3U);
    EXPECT_TRUE(walk.outlines[0].corners[0].local);
    EXPECT_EQ(walk.validity.at(0), (LaneRange{-1, 1}));
    const ModelObject& island = road.objects[1];
    EXPECT_TRUE(island.has_radius);
    EXPECT_TRUE(island.dynamic);
    // What a repeat leaves open is the object's own.
    EXPECT_EQ(island.repeats.at(0).radius_end_m, 2);
    EXPECT_EQ(island.repeats.at(0).distance_m, 4);
    EXPECT_EQ(island.outlines.at(0).id, 7);
    EXPECT_FALSE(island.outlines[0].closed);
    EXPECT_EQ(island.outlines[0].corners.at(1).b, 4);
    EXPECT_EQ(island.markings.at(0).corners, (std::vector<int>{1, 2}));
    EXPECT_EQ(island.parking_access, "handicapped");
    EXPECT_EQ(road.object_references.at(0).valid_length_m, 3);
    ASSERT_EQ(road.structures.size(), 2U);
    EXPECT_EQ(road.structures[0].kind, Structure::Kind::kTunnel);
    EXPECT_EQ(road.structures[0].lighting, 0.5);
    EXPECT_EQ(road.structures[1].type, "steel");
}

TEST(Reader, SignalsKeepWhatTheyMeanAndWhereTheyStand) {
    const Road road = must_read_road({.more = R"(<signals>
<signal id="s1" name="Sign" s="20" t="-4" zOffset="2" orientation="-" dynamic="no" country="DE"
 countryRevision="2017" type="274" subtype="50" value="50" unit="km/h" text="Zone" width="0.6"
 height="0.6" hOffset="0.1" pitch="0.2" roll="0.3"><validity fromLane="-2" toLane="-1"/>
<dependency id="s2" type="limitline"/><reference elementType="object" elementId="o"
 type="pole"/><positionInertial x="1" y="2" z="3" hdg="4" pitch="5" roll="6"/></signal>
<signal id="s2" s="30" t="1" zOffset="0" orientation="none" dynamic="yes" type="1000001"
 subtype="-1"><positionRoad roadId="9" s="1" t="2" zOffset="3" hOffset="4"/></signal>
<signalReference id="s1" s="90" t="4" orientation="+"><validity fromLane="1" toLane="1"/>
</signalReference></signals>)"});
    const ModelSignal& sign = road.signals.at(0);
    EXPECT_EQ(sign.orientation, Orientation::kBackward);
    EXPECT_TRUE(sign.has_value);
    EXPECT_EQ(sign.value, 50);
    EXPECT_EQ(sign.unit, "km/h");
    EXPECT_EQ(sign.roll_rad, 0.3);
    EXPECT_EQ(sign.validity.at(0), (LaneRange{-2, -1}));
    EXPECT_EQ(sign.dependencies.at(0).id, "s2");
    EXPECT_EQ(sign.references.at(0).element_type, "object");
    EXPECT_EQ(sign.position.kind, ModelSignal::Position::Kind::kInertial);
    EXPECT_EQ(sign.position.heading_rad, 4);
    const ModelSignal& light = road.signals.at(1);
    EXPECT_TRUE(light.dynamic);
    EXPECT_FALSE(light.has_value);
    EXPECT_EQ(light.orientation, Orientation::kBoth);
    EXPECT_EQ(light.position.kind, ModelSignal::Position::Kind::kRoad);
    EXPECT_EQ(light.position.road_id, "9");
    EXPECT_EQ(road.signal_references.at(0).validity.at(0), (LaneRange{1, 1}));
}

TEST(Reader, JunctionsOfAllKindsAreRead) {
    const std::string roads = Straight{.id = "a"}.text() + Straight{.id = "b"}.text() +
                              Straight{.id = "c", .junction = "j"}.text();
    const Reading reading = must_read(document(roads + R"(
<controller id="k" name="n" sequence="2"><control signalId="s" type="t"/></controller>
<junction id="j" name="common"><connection id="0" incomingRoad="a" connectingRoad="c"
 contactPoint="start"><laneLink from="-1" to="-1"/></connection><crossPath id="p" crossingRoad="c"
 roadAtStart="a" roadAtEnd="b"><startLaneLink s="1" from="2" to="3"/><endLaneLink s="4" from="5"
 to="6"/></crossPath><priority high="a" low="b"/><controller id="k" type="x" sequence="1"/></junction>
<junction id="d" type="direct"><connection id="0" incomingRoad="a" linkedRoad="b"
 contactPoint="end"><laneLink from="-1" to="-1" overlapZone="20"/></connection></junction>
<junction id="v" type="virtual" mainRoad="a" sStart="10" sEnd="20" orientation="+">
<connection id="0" type="virtual"><predecessor elementType="road" elementId="a" elementS="12"
 elementDir="-"/><successor elementType="road" elementId="b" elementS="3" elementDir="+"/>
</connection></junction>
<junction id="x" type="crossing"><roadSection id="0" roadId="b" sStart="1" sEnd="2"/></junction>
<junctionGroup id="g" name="ring" type="roundabout"><junctionReference junction="j"/>
</junctionGroup>)"));
    const RoadModel& model = reading.model;
    ASSERT_EQ(model.junctions.size(), 4U);
    const ModelJunction& common = model.junctions[0];
    EXPECT_EQ(common.kind, ModelJunction::Kind::kCommon);
    EXPECT_EQ(common.connections.at(0).incoming, 0U);
    EXPECT_EQ(common.connections.at(0).connecting, 2U);
    EXPECT_EQ(common.cross_paths.at(0).end_lane.to, 6);
    EXPECT_EQ(common.cross_paths.at(0).end, 1U);
    EXPECT_EQ(common.priorities.at(0).low, 1U);
    EXPECT_EQ(common.controllers.at(0).sequence, 1);
    EXPECT_EQ(model.roads[2].junction, 0U);
    const ModelJunction& direct = model.junctions[1];
    EXPECT_EQ(direct.kind, ModelJunction::Kind::kDirect);
    EXPECT_EQ(direct.connections.at(0).connecting, 1U);
    EXPECT_EQ(direct.connections.at(0).lanes.at(0).overlap_m, 20);
    const ModelJunction& virtual_one = model.junctions[2];
    EXPECT_EQ(virtual_one.main_road, 0U);
    EXPECT_EQ(virtual_one.s_end_m, 20);
    EXPECT_EQ(virtual_one.orientation, Orientation::kForward);
    EXPECT_EQ(virtual_one.connections.at(0).predecessor.element_s_m, 12);
    EXPECT_FALSE(virtual_one.connections.at(0).predecessor.element_forward);
    EXPECT_EQ(virtual_one.connections.at(0).successor.index, 1U);
    EXPECT_EQ(model.junctions[3].stretches.at(0).road, 1U);
    EXPECT_EQ(model.controllers.at(0).controls.at(0).signal_id, "s");
    EXPECT_EQ(model.junction_groups.at(0).junctions.at(0), "j");
}

TEST(Reader, OrderOfElementsDoesNotMatter) {
    const std::string plan =
        R"(<planView><geometry s="0" x="0" y="0" hdg="0" length="10"><line/></geometry></planView>)";
    const std::string type = R"(<type s="0" type="rural"/>)";
    const std::string link = R"(<link><successor elementType="junction" elementId="j"/></link>)";
    const std::string open = R"(<road id="1" junction="-1" length="10">)", close = "</road>";
    const std::string junction = R"(<junction id="j"/>)";
    const Reading usual =
        must_read(document(open + link + type + plan + kTwoLanes + close + junction));
    const Reading odd =
        must_read(document(junction + open + kTwoLanes + plan + type + link + close));
    EXPECT_EQ(usual.model, odd.model);
}

TEST(Reader, SectionsOfOneSideBecomeSectionsOfTheRoad) {
    // The right side is cut at 40, the left one at 60.
    const Road road = must_read_road({.lanes = R"(<lanes><laneSection s="0">
<left><lane id="1" type="driving"><width sOffset="0" a="3" b="0.01" c="0" d="0"/></lane></left>
<center><lane id="0" type="none"/></center>
<right><lane id="-1" type="driving"><width sOffset="0" a="3" b="0" c="0" d="0"/></lane></right>
</laneSection><laneSection s="40" singleSide="true"><right><lane id="-1" type="driving"><link>
<predecessor id="-1"/></link><width sOffset="0" a="3.2" b="0" c="0" d="0"/></lane><lane id="-2"
 type="shoulder"><width sOffset="0" a="1" b="0" c="0" d="0"/></lane></right></laneSection>
<laneSection s="60" singleSide="true"><left><lane id="1" type="driving"><width sOffset="0" a="3.6"
 b="0" c="0" d="0"/></lane></left></laneSection></lanes>)"});
    ASSERT_EQ(road.sections.size(), 3U);
    EXPECT_EQ(road.sections[1].s_m, 40);
    EXPECT_EQ(road.sections[2].s_m, 60);
    const auto width = [&](std::size_t section, std::size_t lane, double ds) {
        return road.sections[section].lanes[lane].widths.at(0).at(ds);
    };
    ASSERT_EQ(road.sections[1].lanes.size(), 4U);
    EXPECT_NEAR(width(1, 0, 10), 3.5, 1e-12);  // s = 50 of the first section's left lane
    EXPECT_NEAR(width(1, 2, 10), 3.2, 1e-12);
    EXPECT_NEAR(width(2, 0, 10), 3.6, 1e-12);
    EXPECT_NEAR(width(2, 2, 10), 3.2, 1e-12);
    // Lanes that were cut lead on to themselves.
    EXPECT_EQ(road.sections[0].lanes[0].successors, (std::vector<int>{1}));
    EXPECT_EQ(road.sections[1].lanes[0].predecessors, (std::vector<int>{1}));
    EXPECT_EQ(road.sections[2].lanes[2].predecessors, (std::vector<int>{-1}));
    for (const LaneSection& section : road.sections) EXPECT_FALSE(section.single_side);
}

TEST(Reader, SkippedPartsAreNamedOnce) {
    const std::string surface =
        R"(<surface><CRG file="a.crg" sStart="0" sEnd="1" orientation="same" mode="attached"/></surface>)";
    const Reading reading = must_read(
        document(Straight{.more = surface}.text() + Straight{.id = "2", .more = surface}.text()));
    ASSERT_EQ(reading.findings.size(), 1U) << all(reading.findings);
    EXPECT_EQ(reading.findings[0].rule, "element.skipped");
    EXPECT_EQ(reading.findings[0].severity, Severity::kNote);
}

// A pavement's kerb ends at s = 50: one profile leads there, the other on from there.
TEST(Reader, TwoShapesAtOnePlaceAreAStep) {
    const auto piece = [](double s, double t, double a) {
        return fmt::format(R"(<shape s="{}" t="{}" a="{}" b="0" c="0" d="0"/>)", s, t, a);
    };
    std::string shapes;
    for (const auto& [s, height] :
         {std::pair(0, 0.2), std::pair(50, 0.2), std::pair(50, 0.0), std::pair(100, 0.0)}) {
        shapes += piece(s, -5.5, height) + piece(s, -3.5, 0);
    }
    const auto reading = parse(
        document(Straight{.more = "<lateralProfile>" + shapes + "</lateralProfile>"}.text()), "a");
    ASSERT_TRUE(reading.ok());
    EXPECT_FALSE(has(reading->findings, "records.unsorted")) << all(reading->findings);
    const engine::road::RoadGeometry geometry(reading->model);
    for (const auto& [s, height] :
         {std::pair(0.0, 0.2), std::pair(25.0, 0.2), std::pair(49.999, 0.2), std::pair(50.0, 0.0),
          std::pair(50.001, 0.0), std::pair(100.0, 0.0)}) {
        EXPECT_DOUBLE_EQ(geometry.surface_offset_m(0, s, -4.5), height) << s;
        EXPECT_DOUBLE_EQ(geometry.surface_offset_m(0, s, -1.0), 0.0) << s;
    }
    // Written and read again it is the same.
    const auto again = parse(write(reading->model), "b");
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(again->model.roads[0].shape, reading->model.roads[0].shape);
}

TEST(Reader, ShapeWithoutOrderIsSorted) {
    const auto piece = [](double t) {
        return fmt::format(R"(<shape s="0" t="{}" a="{}" b="0" c="0" d="0"/>)", t, t);
    };
    const auto reading = parse(document(Straight{.more = "<lateralProfile>" + piece(2) + piece(1) +
                                                         piece(0) + "</lateralProfile>"}
                                            .text()),
                               "a");
    ASSERT_TRUE(reading.ok());
    EXPECT_TRUE(has(reading->findings, "records.unsorted"));
    EXPECT_EQ(reading->model.roads[0].shape[0].t_m, 0.0);
    EXPECT_EQ(reading->model.roads[0].shape[2].t_m, 2.0);
}

// Of records at one place the last counts from there on, whatever their kind.
TEST(Reader, RecordsAtOnePlaceKeepTheirOrder) {
    const std::string lanes = R"(<lanes>
<laneOffset s="10" a="1" b="0" c="0" d="0"/><laneOffset s="10" a="2" b="0" c="0" d="0"/>
<laneSection s="0"><center><lane id="0" type="none"/></center>
<right><lane id="-1" type="driving">
<width sOffset="0" a="3" b="0" c="0" d="0"/><width sOffset="0" a="4" b="0" c="0" d="0"/>
<roadMark sOffset="0" type="solid"/><roadMark sOffset="0" type="broken"/>
<material sOffset="0" friction="0.5"/><material sOffset="0" friction="0.6"/>
<speed sOffset="0" max="10"/><speed sOffset="0" max="20"/>
<height sOffset="0" inner="0.1" outer="0.1"/><height sOffset="0" inner="0.2" outer="0.2"/>
</lane></right></laneSection></lanes>)";
    const std::string profiles = R"(<elevationProfile>
<elevation s="10" a="1" b="0" c="0" d="0"/><elevation s="10" a="2" b="0" c="0" d="0"/>
</elevationProfile><lateralProfile>
<superelevation s="10" a="0.1" b="0" c="0" d="0"/><superelevation s="10" a="0.2" b="0" c="0" d="0"/>
<crossfall s="10" side="both" a="0.1" b="0" c="0" d="0"/><crossfall s="10" side="both" a="0.2" b="0" c="0" d="0"/>
</lateralProfile>)";
    const auto reading = parse(document(Straight{.lanes = lanes, .more = profiles}.text()), "a");
    ASSERT_TRUE(reading.ok());
    EXPECT_FALSE(has(reading->findings, "records.unsorted"));
    const Road& road = reading->model.roads[0];
    const engine::road::RoadGeometry geometry(reading->model);
    EXPECT_EQ(geometry.elevation_m(0, 10), 2);
    EXPECT_EQ(geometry.superelevation_rad(0, 10), 0.2);
    EXPECT_EQ(geometry.lane_offset_m(0, 10), 2);
    EXPECT_EQ(geometry.width_m(0, 0, -1, 20), 4);
    EXPECT_EQ(geometry.lane_height_m(road.sections[0].lanes[1], 20, false), 0.2);
    EXPECT_EQ(road.crossfall[1].slope.a, 0.2);
    const ModelLane& lane = road.sections[0].lanes[1];
    EXPECT_EQ(lane.marks[1].type, MarkType::kBroken);
    EXPECT_EQ(lane.materials[1].friction, 0.6);
    EXPECT_EQ(lane.speeds[1].max_mps, 20);
}

TEST(Reader, ZeroSaysNothingOfFrictionAndSpeed) {
    const std::string lanes =
        R"(<lanes><laneSection s="0"><center><lane id="0" type="none"/></center>
<right><lane id="-1" type="driving"><width sOffset="0" a="3" b="0" c="0" d="0"/>
<material sOffset="0" friction="0"/><material sOffset="10" friction="-1"/>
<material sOffset="20" friction="0.4"/><material sOffset="30" friction="80"/>
<speed sOffset="0" max="0"/></lane></right></laneSection></lanes>)";
    const auto reading = parse(document(Straight{.lanes = lanes}.text()), "a");
    ASSERT_TRUE(reading.ok());
    const auto& materials = reading->model.roads[0].sections[0].lanes[1].materials;
    ASSERT_EQ(materials.size(), 4U);
    EXPECT_EQ(materials[0].friction, 1);
    EXPECT_EQ(materials[1].friction, 1);
    EXPECT_EQ(materials[2].friction, 0.4);
    EXPECT_EQ(materials[3].friction, 1);
    EXPECT_EQ(std::count_if(reading->findings.begin(), reading->findings.end(),
                            [](const Finding& f) { return f.rule == "number.zero"; }),
              3)
        << all(reading->findings);
    EXPECT_TRUE(has(reading->findings, "number.absurd"));
}

}  // namespace
}  // namespace huntsman::scenarios::opendrive
