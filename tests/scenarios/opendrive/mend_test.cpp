// What the reader mends, and what it says about it.
#include <gtest/gtest.h>

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
void expect_finding(const Reading& reading, const std::string& rule, Severity severity) {
    for (const Finding& finding : reading.findings) {
        if (finding.rule != rule) continue;
        EXPECT_EQ(finding.severity, severity) << finding.message;
        EXPECT_GT(finding.line, 3) << rule;  // none lies before the first road
        return;
    }
    ADD_FAILURE() << rule << " is not among:\n" << all(reading.findings);
}

std::string sections(const std::string& content) { return "<lanes>" + content + "</lanes>"; }
std::string section(double s, const std::string& right) {
    return fmt::format(
        "<laneSection s=\"{}\"><center><lane id=\"0\" type=\"none\"/></center><right>"
        "{}</right></laneSection>",
        s, right);
}
std::string lane(int id, const std::string& link = "", double width = 3) {
    return fmt::format(
        "<lane id=\"{}\" type=\"driving\"><link>{}</link><width sOffset=\"0\" "
        "a=\"{}\" b=\"0\" c=\"0\" d=\"0\"/></lane>",
        id, link, width);
}
std::string to_road(const char* element, const char* id, const char* contact) {
    return fmt::format("<{} elementType=\"road\" elementId=\"{}\" contactPoint=\"{}\"/>", element,
                       id, contact);
}
const std::string kForward = R"(<successor id="-1"/>)", kBack = R"(<predecessor id="-1"/>)";

TEST(Mend, OneSidedRoadLinksAreCompleted) {
    const Reading reading =
        must_read(document(Straight{.id = "a", .link = to_road("successor", "b", "start")}.text() +
                           Straight{.id = "b", .x = 100}.text()));
    expect_finding(reading, "road.link.one-sided", Severity::kWarning);
    const RoadLink& back = reading.model.roads[1].predecessor;
    EXPECT_EQ(back.kind, RoadLink::Kind::kRoad);
    EXPECT_EQ(back.index, 0U);
    EXPECT_EQ(back.contact, ContactPoint::kEnd);
}

TEST(Mend, RoadsThatConnectingRoadsNameLeadToTheJunction) {
    const Reading reading = must_read(document(
        Straight{.id = "a"}.text() +
        Straight{.id = "c", .x = 100, .link = to_road("predecessor", "a", "end"), .junction = "j"}
            .text() +
        R"(<junction id="j"><connection id="0" incomingRoad="a" connectingRoad="c"
 contactPoint="start"><laneLink from="-1" to="-1"/></connection></junction>)"));
    EXPECT_EQ(reading.model.roads[0].successor.kind, RoadLink::Kind::kJunction);
    EXPECT_EQ(reading.model.roads[0].successor.id, "j");
}

TEST(Mend, OneSidedLaneLinksAreCompletedWithinAndBetweenRoads) {
    const Reading reading =
        must_read(document(Straight{.id = "a",
                                    .link = to_road("successor", "b", "start"),
                                    .lanes = sections(section(0, lane(-1, kForward)) +
                                                      section(50, lane(-1, kForward)))}
                               .text() +
                           Straight{.id = "b",
                                    .x = 100,
                                    .link = to_road("predecessor", "a", "end"),
                                    .lanes = sections(section(0, lane(-1)))}
                               .text()));
    expect_finding(reading, "lane.link.one-sided", Severity::kWarning);
    EXPECT_EQ(reading.model.roads[0].sections[1].lanes[1].predecessors, (std::vector<int>{-1}));
    EXPECT_EQ(reading.model.roads[1].sections[0].lanes[1].predecessors, (std::vector<int>{-1}));
    // Nothing is left to say but that the map ends.
    const auto findings = check(reading.model);
    ASSERT_EQ(findings.size(), 1U) << all(findings);
    EXPECT_EQ(findings[0].rule, "road.dead-end");
}

TEST(Mend, MissingContactPointIsTheCloserEnd) {
    const Reading reading = must_read(document(
        Straight{.id = "a", .link = R"(<successor elementType="road" elementId="b"/>)"}.text() +
        Straight{.id = "b", .x = 100}.text()));
    expect_finding(reading, "road.link.contact", Severity::kWarning);
    EXPECT_EQ(reading.model.roads[0].successor.contact, ContactPoint::kStart);
}

TEST(Mend, RingsStayAndOtherSelfLinksGo) {
    const Reading ring = must_read(document(
        Straight{.link = to_road("predecessor", "1", "end") + to_road("successor", "1", "start")}
            .text()));
    EXPECT_EQ(ring.model.roads[0].successor.index, 0U);
    EXPECT_TRUE(ring.findings.empty()) << all(ring.findings);
    const Reading slip =
        must_read(document(Straight{.link = to_road("successor", "1", "end")}.text()));
    expect_finding(slip, "road.link.self", Severity::kError);
    EXPECT_EQ(slip.model.roads[0].successor.kind, RoadLink::Kind::kNothing);
}

TEST(Mend, RoadsWithoutLengthAreBridged) {
    const std::string both = kForward + kBack;
    const Reading reading = must_read(document(
        Straight{.id = "a",
                 .link = to_road("successor", "z", "start"),
                 .lanes = sections(section(0, lane(-1, R"(<successor id="-2"/>)")))}
            .text() +
        Straight{.id = "z",
                 .x = 100,
                 .length = 2e-7,
                 .link = to_road("predecessor", "a", "end") + to_road("successor", "b", "start"),
                 .lanes = sections(section(0, lane(-1) + lane(-2, R"(<predecessor id="-1"/>
<successor id="-3"/>)")))}
            .text() +
        Straight{.id = "b",
                 .x = 100,
                 .link = to_road("predecessor", "z", "end"),
                 .lanes = sections(
                     section(0, lane(-1) + lane(-2) + lane(-3, R"(<predecessor id="-2"/>)")))}
            .text()));
    expect_finding(reading, "road.zero-length", Severity::kWarning);
    ASSERT_EQ(reading.model.roads.size(), 2U);
    ASSERT_EQ(reading.road_lines.size(), 2U);
    EXPECT_EQ(reading.model.roads[0].successor.index, 1U);
    EXPECT_EQ(reading.model.roads[0].successor.contact, ContactPoint::kStart);
    EXPECT_EQ(reading.model.roads[1].predecessor.index, 0U);
    EXPECT_EQ(reading.model.roads[0].sections[0].lanes[1].successors, (std::vector<int>{-3}));
    EXPECT_EQ(reading.model.roads[1].sections[0].lanes[3].predecessors, (std::vector<int>{-1}));
}

TEST(Mend, IncomingRoadsWithoutLengthAreBridgedAtJunctions) {
    const Reading reading = must_read(
        document(Straight{.id = "a",
                          .link = to_road("successor", "z", "start"),
                          .lanes = sections(section(0, lane(-1, R"(<successor id="-1"/>)")))}
                     .text() +
                 Straight{.id = "z",
                          .x = 100,
                          .length = 0,
                          .link = to_road("predecessor", "a", "end") +
                                  R"(<successor elementType="junction" elementId="j"/>)",
                          .lanes = sections(section(0, lane(-1, R"(<predecessor id="-1"/>)")))}
                     .text() +
                 Straight{.id = "c",
                          .x = 100,
                          .link = to_road("predecessor", "z", "end"),
                          .lanes = sections(section(0, lane(-1, R"(<predecessor id="-1"/>)"))),
                          .junction = "j"}
                     .text() +
                 R"(<junction id="j"><connection id="0" incomingRoad="z" connectingRoad="c"
 contactPoint="start"><laneLink from="-1" to="-1"/></connection></junction>)"));
    ASSERT_EQ(reading.model.roads.size(), 2U) << all(reading.findings);
    EXPECT_EQ(reading.model.roads[0].successor.kind, RoadLink::Kind::kJunction);
    EXPECT_EQ(reading.model.junctions[0].connections[0].incoming, 0U);
    EXPECT_EQ(reading.model.junctions[0].connections[0].lanes[0].from, -1);
    EXPECT_EQ(reading.model.roads[1].predecessor.id, "a");
    for (const Finding& finding : check(reading.model))
        EXPECT_EQ(finding.severity, Severity::kNote) << finding.message;
}

TEST(Mend, SectionsAtOnePlaceAreOneAndLinksGoThrough) {
    const Reading reading = must_read(document(
        Straight{.lanes = sections(section(0, lane(-1, R"(<successor id="-2"/>)")) +
                                   section(50, lane(-1) + lane(-2, R"(<predecessor id="-1"/>
<successor id="-1"/>)")) + section(50, lane(-1, R"(<predecessor id="-2"/>)")))}
            .text()));
    expect_finding(reading, "road.section.overlap", Severity::kError);
    const auto& kept = reading.model.roads[0].sections;
    ASSERT_EQ(kept.size(), 2U);
    EXPECT_EQ(kept[0].lanes[1].successors, (std::vector<int>{-1}));
    EXPECT_EQ(kept[1].lanes[1].predecessors, (std::vector<int>{-1}));
}

TEST(Mend, SectionsBeyondTheEndAreLeftOut) {
    const Reading reading = must_read(document(Straight{
        .lanes = sections(section(0, lane(-1)) + section(100, lane(-1)) + section(150, lane(-1)))}
                                                   .text()));
    expect_finding(reading, "road.section.beyond", Severity::kError);
    EXPECT_EQ(reading.model.roads[0].sections.size(), 1U);
}

TEST(Mend, FirstSectionBeginsAtTheStart) {
    const Reading reading =
        must_read(document(Straight{.lanes = sections(section(5, lane(-1)))}.text()));
    expect_finding(reading, "road.section.start", Severity::kWarning);
    EXPECT_EQ(reading.model.roads[0].sections[0].s_m, 0);
}

TEST(Mend, UnsortedRecordsAreSorted) {
    const Reading reading = must_read(document(Straight{
        .lanes = sections(section(50, lane(-1)) + section(0, lane(-1))),
        .more =
            R"(<elevationProfile><elevation s="40" a="2" b="0" c="0" d="0"/><elevation s="0" a="1"
 b="0" c="0" d="0"/></elevationProfile>)"}
                                                   .text()));
    expect_finding(reading, "records.unsorted", Severity::kWarning);
    EXPECT_EQ(reading.model.roads[0].elevation[0].a, 1);
    EXPECT_EQ(reading.model.roads[0].sections[0].s_m, 0);
}

TEST(Mend, LaneZeroIsAddedAndHasNoWidth) {
    const Reading missing =
        must_read(document(Straight{.lanes = "<lanes><laneSection s=\"0\"><right>" + lane(-1) +
                                             "</right></laneSection></lanes>"}
                               .text()));
    expect_finding(missing, "lane.centre.missing", Severity::kWarning);
    EXPECT_EQ(missing.model.roads[0].sections[0].lanes[0].id, 0);
    const Reading wide = must_read(
        document(Straight{.lanes = "<lanes><laneSection s=\"0\"><center>" + lane(0) +
                                   "</center><right>" + lane(-1) + "</right></laneSection></lanes>"}
                     .text()));
    expect_finding(wide, "lane.centre.width", Severity::kWarning);
    EXPECT_TRUE(wide.model.roads[0].sections[0].lanes[0].widths.empty());
}

TEST(Mend, LanesStandByIdNotByGroup) {
    const Reading reading = must_read(document(
        Straight{.lanes = "<lanes><laneSection s=\"0\"><left>" + lane(-1) + lane(-2) + lane(1) +
                          "</left><center><lane id=\"0\" type=\"none\"/></center></laneSection>"
                          "</lanes>"}
            .text()));
    expect_finding(reading, "lane.side", Severity::kWarning);
    const auto& lanes = reading.model.roads[0].sections[0].lanes;
    ASSERT_EQ(lanes.size(), 4U);
    for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(lanes[i].id, 1 - static_cast<int>(i));
}

TEST(Mend, SecondLaneOfAnIdIsLeftOut) {
    const Reading reading = must_read(
        document(Straight{.lanes = sections(section(0, lane(-1) + lane(-1, "", 9)))}.text()));
    expect_finding(reading, "lane.id.duplicate", Severity::kError);
    ASSERT_EQ(reading.model.roads[0].sections[0].lanes.size(), 2U);
    EXPECT_EQ(reading.model.roads[0].sections[0].lanes[1].widths[0].a, 3);
}

TEST(Mend, NegativeWidthsOfRoundingBecomeZero) {
    const Reading reading =
        must_read(document(Straight{.lanes = sections(section(0, lane(-1, "", -1e-9)))}.text()));
    EXPECT_EQ(reading.model.roads[0].sections[0].lanes[1].widths[0].a, 0);
    // Real ones stay, for check() to name.
    const Reading real =
        must_read(document(Straight{.lanes = sections(section(0, lane(-1, "", -2)))}.text()));
    EXPECT_TRUE(has(check(real), "lane.width.negative"));
}

TEST(Mend, LengthIsThatOfTheReferenceLine) {
    std::string text = Straight{}.text();
    text.replace(text.find("length=\"100\""), 12, "length=\"130\"");
    const Reading reading = must_read(document(text));
    expect_finding(reading, "road.length", Severity::kWarning);
    EXPECT_EQ(reading.model.roads[0].length_m, 100);
}

TEST(Mend, JunctionConnectionsTakeWhatTheirRoadSays) {
    const Reading reading = must_read(document(
        Straight{.id = "a", .link = R"(<successor elementType="junction" elementId="j"/>)"}.text() +
        Straight{.id = "c",
                 .x = 100,
                 .link = to_road("predecessor", "a", "end"),
                 .lanes = sections(section(0, lane(-1, R"(<predecessor id="-1"/>)")))}
            .text() +
        R"(<junction id="j"><connection id="0" incomingRoad="a" connectingRoad="c"/></junction>)"));
    expect_finding(reading, "junction.connecting.outside", Severity::kWarning);
    expect_finding(reading, "junction.connection.contact", Severity::kWarning);
    expect_finding(reading, "junction.lane-link.missing", Severity::kWarning);
    EXPECT_EQ(reading.model.roads[1].junction, 0U);
    const JunctionConnection& connection = reading.model.junctions[0].connections[0];
    EXPECT_EQ(connection.contact, ContactPoint::kStart);
    EXPECT_EQ(connection.lanes, (std::vector<LaneLink>{{-1, -1}}));
}

TEST(Mend, WhatWasMendedNeedsNoMendingAgain) {
    const Reading first = must_read(document(
        Straight{.id = "a",
                 .link = to_road("successor", "b", "start"),
                 .lanes = sections(section(50, lane(-1)) + section(3, lane(-1, kForward)))}
            .text() +
        Straight{.id = "b", .x = 100, .lanes = sections(section(0, lane(-1, "", -1e-9)))}.text()));
    EXPECT_FALSE(first.findings.empty());
    const Reading again = must_read(write(first.model));
    EXPECT_TRUE(again.findings.empty()) << all(again.findings);
    RoadModel expected = first.model;
    expected.revision_minor = 8;
    EXPECT_TRUE(again.model == expected);
}

}  // namespace
}  // namespace huntsman::scenarios::opendrive
