#include "scenarios/openscenario/xml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "interop.h"
#include "scenarios/openscenario/standard.h"

namespace huntsman::scenarios::openscenario {
namespace {

using engine::core::Findings;
using engine::core::Severity;
using story::Element;

std::string errors_of(const Element& root) {
    Findings findings;
    check(root, Standard::kRootType, findings);
    std::string text;
    for (const auto& finding : findings.take()) {
        if (finding.severity != Severity::kError) continue;
        text += fmt::format("{}: {}\n", finding.line, finding.message);
    }
    return text;
}

TEST(OpenScenarioXml, FilesOfOthersAreReadAndWrittenEqual) {
    const auto files = interop_files();
    if (files.empty()) GTEST_SKIP() << "no scenarios of others";
    for (const auto& path : files) {
        auto root = read_xml(path);
        ASSERT_TRUE(root.ok()) << root.error().text();
        EXPECT_EQ(errors_of(*root), "") << path;
        const std::string written = write_xml(*root);
        auto again = parse_xml(written, "again");
        ASSERT_TRUE(again.ok()) << again.error().text();
        canonicalise(*root, Standard::kRootType);
        EXPECT_EQ(*again, *root) << path;
        EXPECT_EQ(write_xml(*again), written);
    }
}

TEST(OpenScenarioXml, LinesAreThoseOfTheFile) {
    const auto root = parse_xml(
        "<?xml version=\"1.0\"?>\n<OpenSCENARIO>\n\n <Catalog name=\"c\"/>\n"
        "</OpenSCENARIO>",
        "a.xosc");
    ASSERT_TRUE(root.ok());
    EXPECT_EQ(root->origin.line, 2);
    EXPECT_EQ(root->children.at(0).origin.line, 4);
}

TEST(OpenScenarioXml, WhatIsNotAScenarioIsRefused) {
    const auto message = [](const std::string& text) {
        const auto root = parse_xml(text, "a.xosc");
        return root ? "read" : root.error().text();
    };
    EXPECT_THAT(message("<OpenSCENARIO>\n<a>"), testing::HasSubstr("a.xosc:2: is not well-formed"));
    EXPECT_THAT(message(""), testing::HasSubstr("is not well-formed"));
    EXPECT_THAT(message("<OpenDRIVE/>"), testing::HasSubstr("begins with <OpenDRIVE>"));
    EXPECT_THAT(message("<!DOCTYPE a [<!ENTITY b \"c\">]>\n<OpenSCENARIO/>"),
                testing::HasSubstr("declares a document type"));
    std::string deep = "<OpenSCENARIO>";
    for (int i = 0; i < 5000; ++i) deep += "<a>";
    for (int i = 0; i < 5000; ++i) deep += "</a>";
    EXPECT_THAT(message(deep + "</OpenSCENARIO>"), testing::HasSubstr("nest more than"));
}

TEST(OpenScenarioCheck, NamesWhatTheStandardDoesNotAllow) {
    const auto root = parse_xml(R"(<OpenSCENARIO>
<FileHeader revMajor="1" revMinor="x" date="2026-01-01T00:00:00" description=""/>
<CatalogLocations/><RoadNetwork/><Entities><ScenarioObject name="a"/></Entities>
<Storyboard><Init><Actions/></Init>
<Story name="s"><Act name="a"><ManeuverGroup name="g" maximumExecutionCount="-1">
<Actors selectTriggeringEntities="perhaps"/><Maneuver name="m"><Event name="e" priority="first">
<Action name="b"><GlobalAction/><UserDefinedAction><CustomCommandAction type="t"/>
</UserDefinedAction></Action></Event></Maneuver></ManeuverGroup></Act></Story></Storyboard>
</OpenSCENARIO>)",
                                "a.xosc");
    ASSERT_TRUE(root.ok()) << root.error().text();
    const std::string errors = errors_of(*root);
    for (const char* expected :
         {"2: <FileHeader> lacks \"author\"",
          "2: <FileHeader>: \"revMinor\" is \"x\", expected a whole number from 0",
          "3: <ScenarioObject> lacks <CatalogReference> or <Vehicle>",
          "5: <ManeuverGroup>: \"maximumExecutionCount\" is \"-1\", expected a whole number from 0",
          "6: <Actors>: \"selectTriggeringEntities\" is \"perhaps\", expected true or false",
          "6: <Event>: \"priority\" is \"first\", expected one of overwrite, override, parallel",
          "7: <Action> has both <GlobalAction> and <UserDefinedAction>, expected one of them",
          "7: <GlobalAction> lacks <EnvironmentAction> or"}) {
        EXPECT_THAT(errors, testing::HasSubstr(expected));
    }
}

}  // namespace
}  // namespace huntsman::scenarios::openscenario
