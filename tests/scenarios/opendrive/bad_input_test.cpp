// Broken, hostile and enormous files: never a crash, never a hang, one clear sentence.
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>

#include "engine/core/files.h"
#include "engine/core/random.h"
#include "tests/scenarios/opendrive/interop.h"
#include "tests/scenarios/opendrive/samples.h"

namespace huntsman::scenarios::opendrive {
namespace {

using engine::core::Key;

void expect_refused(const std::string& text, const std::string& part) {
    const auto reading = parse(text, "bad.xodr");
    ASSERT_FALSE(reading.ok()) << part;
    EXPECT_NE(reading.error().text().find(part), std::string::npos) << reading.error().text();
    EXPECT_NE(reading.error().text().find("bad.xodr"), std::string::npos);
}

// A second road stands beside the broken one, so that the file remains usable.
Reading read_beside(const std::string& broken) {
    auto reading = parse(document(Straight{.id = "good"}.text() + broken), "bad.xodr");
    EXPECT_TRUE(reading.ok()) << reading.error().text();
    return reading.ok() ? std::move(reading).value() : Reading{};
}
void expect_left_out(const std::string& broken, const std::string& rule) {
    const Reading reading = read_beside(broken);
    EXPECT_EQ(reading.model.roads.size(), 1U) << broken;
    EXPECT_TRUE(has(reading.findings, rule)) << rule << "\n" << all(reading.findings);
    // What is left can be checked, written and read.
    check(reading);
    EXPECT_TRUE(parse(write(reading.model), "again").ok());
}
std::string with(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    EXPECT_NE(at, text.npos) << from;
    return text.replace(at, from.size(), to);
}

TEST(BadInput, WhatIsNoXmlIsRefusedWithItsLine) {
    expect_refused("", "not well-formed XML");
    expect_refused("hello", "not well-formed XML");
    expect_refused("<OpenDRIVE>\n<road>\n</rod>\n</OpenDRIVE>", "bad.xodr:3");
    expect_refused("<a><b/></a>", "its root element is <a>, expected <OpenDRIVE>");
    expect_refused(std::string(100, '\0'), "bad.xodr");
}

TEST(BadInput, FilesWithoutUsableRoadsAreRefused) {
    expect_refused("<OpenDRIVE/>", "holds no road that could be used: it has no <road>");
    expect_refused(document("<road id=\"7\" length=\"10\" junction=\"-1\"/>"),
                   "line 4: road 7: it has no reference line");
}

TEST(BadInput, FilesOfNothingButRoadsWithoutLengthAreRefused) {
    expect_refused(document(Straight{.length = 1e-7}.text()), "its length is 1e-07 m");
}

TEST(BadInput, EntityBombsAreRefused) {
    std::string bomb =
        "<?xml version=\"1.0\"?>\n<!DOCTYPE OpenDRIVE [\n<!ENTITY a \"aaaaaaaaaa\">\n";
    for (char c = 'b'; c <= 'k'; ++c) {
        const std::string last(1, static_cast<char>(c - 1));
        bomb += std::string("<!ENTITY ") + c + " \"";
        for (int i = 0; i < 10; ++i) bomb += "&" + last + ";";
        bomb += "\">\n";
    }
    bomb += "]>\n<OpenDRIVE><header name=\"&k;\"/>" + Straight{}.text() + "</OpenDRIVE>";
    expect_refused(bomb, "entities");
    // A document type without entities does no harm; nor do references to unknown ones.
    const auto plain = parse("<!DOCTYPE OpenDRIVE SYSTEM \"/etc/passwd\">\n<OpenDRIVE><header/>" +
                                 Straight{.id = "&unknown;"}.text() + "</OpenDRIVE>",
                             "x");
    ASSERT_TRUE(plain.ok()) << plain.error().text();
    EXPECT_EQ(plain->model.roads[0].id, "&unknown;");
}

TEST(BadInput, RoadsWithBrokenNumbersAreLeftOut) {
    const std::string road = Straight{.id = "bad"}.text();
    for (const char* value : {"nan", "NaN", "inf", "-INF", "1e300", "1e999", "1,5", "", "abc",
                              "1 2", "0x10", "--1", "1e", "."}) {
        const std::string text = with(road, "x=\"0\"", fmt::format("x=\"{}\"", value));
        expect_left_out(text, "road.unusable");
        const Reading reading = read_beside(text);
        EXPECT_TRUE(has(reading.findings, "number.malformed") ||
                    has(reading.findings, "number.absurd"))
            << value;
    }
    expect_left_out(with(road, "y=\"0\" ", ""), "attribute.missing");
    expect_left_out(with(road, "<line/>", ""), "road.geometry.kind");
    expect_left_out(with(road, "<line/>", "<circle/>"), "road.geometry.kind");
    expect_left_out(with(road, "length=\"100\"><line/>", "length=\"-100\"><line/>"),
                    "road.geometry.length");
    expect_left_out(with(with(road, "<lanes>", "<lanez>"), "</lanes>", "</lanez>"),
                    "road.unusable");
}

TEST(BadInput, NumbersOfOddButValidFormAreRead) {
    const auto x = [](const char* value) {
        const auto reading = parse(
            document(with(Straight{}.text(), "x=\"0\"", fmt::format("x=\"{}\"", value))), "x");
        EXPECT_TRUE(reading.ok()) << value;
        return reading.ok() ? reading->model.roads[0].plan[0].x_m : -1;
    };
    EXPECT_EQ(x("+5"), 5);
    EXPECT_EQ(x(" 5\t"), 5);
    EXPECT_EQ(x("5.0000000000000000e+00"), 5);
    EXPECT_EQ(x("1e-400"), 0);  // too small for a double
    EXPECT_EQ(x(".5"), 0.5);
    EXPECT_EQ(x("5."), 5);
}

TEST(BadInput, AbsurdRoadsAreLeftOut) {
    const std::string road = Straight{.id = "bad"}.text();
    const auto more = [](const std::string& content) {
        return Straight{.id = "bad", .more = content}.text();
    };
    // Coefficients that are fine one by one grow beyond all measure along the road.
    expect_left_out(with(road, "a=\"3.5\" b=\"0\" c=\"0\"", "a=\"3.5\" b=\"0\" c=\"9000\""),
                    "road.unusable");
    expect_left_out(
        more(R"(<elevationProfile><elevation s="0" a="0" b="0" c="0" d="10"/></elevationProfile>)"),
        "road.unusable");
    expect_left_out(with(road, "<line/>", R"(<arc curvature="5000"/>)"), "road.unusable");
    expect_left_out(with(road, "<line/>", R"(<spiral curvStart="0" curvEnd="1"/>)"),
                    "road.unusable");
    expect_left_out(with(road, "<line/>", R"(<spiral curvStart="0" curvEnd="1e300"/>)"),
                    "number.absurd");
    expect_left_out(
        with(road, "<line/>", R"(<paramPoly3 aU="0" bU="1e8" cU="1e8" dU="1e8" aV="0" bV="0"
 cV="0" dV="0" pRange="normalized"/>)"),
        "road.unusable");
    // Banking beyond the upright is left out alone.
    const Reading banked = read_beside(more(
        R"(<lateralProfile><superelevation s="0" a="0" b="0.5" c="0" d="0"/></lateralProfile>)"));
    EXPECT_TRUE(has(banked.findings, "road.superelevation.absurd"));
    EXPECT_TRUE(banked.model.roads.at(1).superelevation.empty());
}

TEST(BadInput, WhatWouldMultiplyWithoutEndIsLeftOut) {
    const Reading reading = read_beside(Straight{
        .id = "bad",
        .lanes = R"(<lanes><laneSection s="0"><center><lane id="0" type="none"><roadMark
 sOffset="0" type="broken" color="white"><type name="x" width="0.1"><line length="1e-9" space="1e-9"
 tOffset="0" sOffset="0"/></type></roadMark></lane></center><right><lane id="-100000"
 type="driving"/><lane id="-1" type="driving"><link><successor id="-99999999"/></link></lane></right>
</laneSection></lanes>)",
        .more = R"(<objects><object id="o" s="0" t="0" zOffset="0"><repeat s="0" length="1e5"
 distance="1e-6" tStart="0" tEnd="0" zOffsetStart="0" zOffsetEnd="0" heightStart="0"
 heightEnd="0"/></object></objects>)"}
                                            .text());
    EXPECT_TRUE(has(reading.findings, "mark.line.absurd"));
    EXPECT_TRUE(has(reading.findings, "lane.id.absurd"));
    EXPECT_TRUE(has(reading.findings, "object.repeat.absurd"));
    const auto& road = reading.model.roads.at(1);
    EXPECT_EQ(road.sections[0].lanes.size(), 2U);
    EXPECT_TRUE(road.objects[0].repeats.empty());
}

TEST(BadInput, LinksToNothingAreNamed) {
    const Reading reading = read_beside(
        Straight{.id = "a",
                 .link = R"(<predecessor elementType="road" elementId="x" contactPoint="end"/>
<successor elementType="junction" elementId="y"/>)",
                 .junction = "z"}
            .text() +
        R"(<junction id="j"><connection id="0" incomingRoad="p" connectingRoad="q"
 contactPoint="start"/></junction>)");
    EXPECT_TRUE(has(reading.findings, "road.link.unknown"));
    EXPECT_TRUE(has(reading.findings, "road.junction.unknown"));
    EXPECT_TRUE(has(reading.findings, "junction.road.unknown"));
    check(reading);
}

TEST(BadInput, SecondRoadsOfAnIdAreNamed) {
    const Reading reading = read_beside(Straight{.id = "good"}.text());
    EXPECT_TRUE(has(reading.findings, "road.id.duplicate"));
    EXPECT_EQ(reading.model.roads.size(), 2U);
    expect_left_out(with(Straight{.id = "x"}.text(), "id=\"x\"", ""), "road.id.missing");
}

TEST(BadInput, TextsAreCleanedForXml) {
    const Reading reading = read_beside(
        with(Straight{.id = "b"}.text(), "<road ", "<road name=\"a\xFF&#1;&#xD800;\xC3\xA4\" "));
    EXPECT_TRUE(has(reading.findings, "text.encoding"));
    const auto again = parse(write(reading.model), "again");
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(again->model.roads.at(1).name, reading.model.roads.at(1).name);
    EXPECT_NE(reading.model.roads[1].name.find("\xC3\xA4"), std::string::npos);
}

TEST(BadInput, FindingsOfOneRuleAreCounted) {
    std::string roads;
    for (int i = 0; i < 1000; ++i)
        roads += with(Straight{.id = std::to_string(i)}.text(), "type=\"driving\"", "type=\"x\"");
    const Reading reading = read_beside(roads);
    EXPECT_LT(reading.findings.size(), 300U);
    EXPECT_TRUE(has(reading.findings, "lane.type.unknown"));
    EXPECT_EQ(reading.findings.back().message, "and 800 more findings of this rule");
}

TEST(BadInput, DeepNestingIsReadWithoutRecursion) {
    constexpr int kDepth = 300000;
    std::string deep;
    for (int i = 0; i < kDepth; ++i) deep += "<x>";
    for (int i = 0; i < kDepth; ++i) deep += "</x>";
    EXPECT_TRUE(parse(document(deep + Straight{}.text()), "x").ok());
    std::string prefixed = "<o:OpenDRIVE>" + deep + "</o:OpenDRIVE>";
    EXPECT_FALSE(parse(prefixed, "x").ok());
}

TEST(BadInput, TooLargeFilesAreRefusedUnread) {
    expect_refused(std::string(kMaxFileBytes + 1, ' '), "expected at most 200 MB");
}

TEST(BadInput, MapsBeyondAllMeasureAreRefused) {
    std::string roads;
    for (int i = 0; i < 30; ++i) roads += Straight{.id = std::to_string(i), .length = 1e6}.text();
    expect_refused(document(roads), "holds 30000 km of roads");
}

TEST(BadInput, MissingFilesAreNamed) {
    const auto reading = read("/nowhere/map.xodr");
    ASSERT_FALSE(reading.ok());
    EXPECT_NE(reading.error().text().find("/nowhere/map.xodr"), std::string::npos);
    EXPECT_FALSE(read("/tmp").ok());
}

// A grid of linked roads with lanes, marks and profiles, of about the given size.
std::string large_map(std::size_t bytes) {
    std::string body;
    body.reserve(bytes + 4096);
    for (int i = 0; body.size() < bytes; ++i) {
        Straight road{.id = std::to_string(i), .x = 100.0 * i};
        if (i > 0)
            road.link = fmt::format(
                "<predecessor elementType=\"road\" elementId=\"{}\" contactPoint=\"end\"/>", i - 1);
        road.more = R"(<elevationProfile><elevation s="0" a="1.25" b="0.001" c="1e-5" d="-1e-7"/>
</elevationProfile><lateralProfile><superelevation s="0" a="0.01" b="0" c="0" d="0"/></lateralProfile>)";
        body += road.text();
    }
    return document(body);
}

TEST(BadInput, FiftyMegabytesAreReadInSeconds) {
    std::string text = large_map(std::size_t{50} << 20);
    const auto start = std::chrono::steady_clock::now();
    const auto reading = parse(std::move(text), "large.xodr");
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    ASSERT_TRUE(reading.ok()) << reading.error().text();
    EXPECT_GT(reading->model.roads.size(), 40000U);
    std::printf("50 MB, %zu roads: %.2f s\n", reading->model.roads.size(), seconds);
    EXPECT_LT(seconds, 60);  // a hang, not a slow machine
}

class Damage : public testing::TestWithParam<std::string> {
  protected:
    void SetUp() override {
        const auto path = interop_folder() / (GetParam() + ".xodr");
        if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is not at hand";
        text_ = engine::core::read_file(path).value();
    }
    // Whatever was read must be fit for all that follows.
    static void expect_sound(const std::string& text) {
        const auto reading = parse(text, "damaged");
        if (!reading.ok()) {
            EXPECT_FALSE(reading.error().message.empty());
            return;
        }
        check(*reading);
        const std::string written = write(reading->model);
        const auto again = parse(written, "written");
        ASSERT_TRUE(again.ok()) << again.error().text();
        EXPECT_EQ(write(again->model), written);
    }
    std::string text_;
};

TEST_P(Damage, TruncationAnywhereIsRefusedOrRead) {
    constexpr std::size_t kCuts = 150;
    for (std::size_t i = 0; i < kCuts; ++i) expect_sound(text_.substr(0, text_.size() * i / kCuts));
}

TEST_P(Damage, FlippedBytesDoNoHarm) {
    const Key key = Key(20250).with(GetParam());
    for (std::uint64_t round = 0; round < 150; ++round) {
        std::string text = text_;
        const Key flips = key.with(round);
        const std::uint64_t count = 1 + flips.index(12, 999);
        for (std::uint64_t i = 0; i < count; ++i)
            text[flips.index(text.size(), 2 * i)] = static_cast<char>(flips.bits(2 * i + 1));
        expect_sound(text);
    }
}

TEST_P(Damage, SwappedDigitsDoNoHarm) {
    // Digits only: the XML stays well-formed, and the reader itself has to cope.
    const Key key = Key(77).with(GetParam());
    for (std::uint64_t round = 0; round < 150; ++round) {
        std::string text = text_;
        const Key flips = key.with(round);
        const std::uint64_t count = 1 + flips.index(40, 999);
        for (std::uint64_t i = 0; i < count; ++i) {
            char& c = text[flips.index(text.size(), 2 * i)];
            if (c >= '0' && c <= '9') c = "0123456789-e."[flips.index(13, 2 * i + 1)];
        }
        expect_sound(text);
    }
}
INSTANTIATE_TEST_SUITE_P(Maps, Damage,
                         testing::Values("fabriksgatan_traffic_lights", "curves_elevation",
                                         "simple_4way_intersection", "velodrome"),
                         [](const auto& instance) { return instance.param; });

}  // namespace
}  // namespace huntsman::scenarios::opendrive
