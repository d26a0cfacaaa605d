// `huntsman scenario` as a user meets it, on a scenario without a map.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "tests/apps/huntsman/program.h"

namespace {

using huntsman::tests::call;
using huntsman::tests::call_folder;
using huntsman::tests::expect_sentence;
using huntsman::tests::Outcome;
using huntsman::tests::text_of;

// A car that starts at the origin and drives along x.
void write_scenario(const char* name, const std::string& speed) {
    std::ofstream(call_folder() / name) << R"(<?xml version="1.0"?>
<OpenSCENARIO>
<FileHeader revMajor="1" revMinor="2" date="2026-01-01T00:00:00" description="drive" author="a"/>
<ParameterDeclarations>
<ParameterDeclaration name="Speed" parameterType="double" value="10"/>
</ParameterDeclarations>
<CatalogLocations/><RoadNetwork/>
<Entities><ScenarioObject name="Ego"><Vehicle name="car" vehicleCategory="car">
<BoundingBox><Center x="1.4" y="0" z="0.7"/><Dimensions width="2" length="5" height="1.5"/>
</BoundingBox><Performance maxSpeed="70" maxAcceleration="5" maxDeceleration="10"/>
<Axles><FrontAxle maxSteering="0.5" wheelDiameter="0.7" trackWidth="1.7" positionX="2.8"
 positionZ="0.35"/><RearAxle maxSteering="0" wheelDiameter="0.7" trackWidth="1.7" positionX="0"
 positionZ="0.35"/></Axles></Vehicle></ScenarioObject></Entities>
<Storyboard><Init><Actions><Private entityRef="Ego"><PrivateAction><LongitudinalAction>
<SpeedAction><SpeedActionDynamics dynamicsShape="step" dynamicsDimension="time" value="0"/>
<SpeedActionTarget><AbsoluteTargetSpeed value=")"
                                        << speed << R"("/></SpeedActionTarget></SpeedAction>
</LongitudinalAction></PrivateAction></Private></Actions></Init>
<StopTrigger><ConditionGroup><Condition name="end" delay="0" conditionEdge="none">
<ByValueCondition><SimulationTimeCondition value="5" rule="greaterThan"/></ByValueCondition>
</Condition></ConditionGroup></StopTrigger></Storyboard>
</OpenSCENARIO>
)";
}

TEST(ScenarioCommand, PlaysUntilTheStopTrigger) {
    write_scenario("drive.xosc", "$Speed");
    const Outcome run = call("scenario run drive.xosc --every 1");
    EXPECT_EQ(run.code, 0) << run.err;
    EXPECT_TRUE(run.out.starts_with("time,id,name,x,y,z,h,p,r,speed,wheel_angle,wheel_rot\n"));
    EXPECT_NE(run.out.find("\n5.000,0,Ego,50.000,0.000,0.000,"), std::string::npos) << run.out;
    EXPECT_EQ(run.out.find("\n6.000"), std::string::npos) << run.out;
    const Outcome faster = call("scenario run drive.xosc --every 1 --parameter Speed=20");
    EXPECT_NE(faster.out.find("\n5.000,0,Ego,100.000,"), std::string::npos) << faster.out;
}

TEST(ScenarioCommand, ConvertsToJsonAndBack) {
    write_scenario("drive.xosc", "$Speed");
    EXPECT_EQ(call("scenario convert drive.xosc drive.json").code, 0);
    EXPECT_EQ(call("scenario convert drive.json again.xosc").code, 0);
    EXPECT_EQ(call("scenario convert again.xosc again.json").code, 0);
    EXPECT_EQ(text_of(call_folder() / "again.json"), text_of(call_folder() / "drive.json"));
    EXPECT_EQ(call("scenario run drive.json --every 1").out,
              call("scenario run drive.xosc --every 1").out);
    const Outcome info = call("scenario info drive.json --json");
    EXPECT_NE(info.out.find("\"ego\": \"Ego\""), std::string::npos) << info.out;
}

TEST(ScenarioCommand, SaysWhatIsWrongByLine) {
    write_scenario("good.xosc", "$Speed");
    const Outcome good = call("scenario check good.xosc");
    EXPECT_EQ(good.code, 0) << good.out;
    EXPECT_EQ(good.out, "good.xosc: 0 findings, 0 of them refuse it\n");
    write_scenario("bad.xosc", "fast");
    const Outcome bad = call("scenario check bad.xosc");
    EXPECT_EQ(bad.code, 1);
    EXPECT_NE(bad.out.find("bad.xosc:16: error: <AbsoluteTargetSpeed>: \"value\" is \"fast\", "
                           "expected a number"),
              std::string::npos)
        << bad.out;
    EXPECT_NE(bad.out.find("bad.xosc: 1 findings, 1 of them"), std::string::npos) << bad.out;
    expect_sentence(call("scenario run bad.xosc"), 2, "bad.xosc:16: <AbsoluteTargetSpeed>");
    expect_sentence(call("scenario run good.xosc --parameter Speed"), 2, "expected NAME=VALUE");
    expect_sentence(call("scenario run good.xosc --parameter Sped=3"), 2,
                    "parameter \"Sped\" was given a value but is not declared");
    expect_sentence(call("scenario run none.xosc"), 2, "none.xosc: cannot be read");
    expect_sentence(call("scenario convert good.xosc good.txt"), 2, "ends in .xosc or .json");
    expect_sentence(call("scenario variants good.xosc"), 2, "there is nothing to vary");
}

TEST(ScenarioCommand, DrawsThePaths) {
    write_scenario("drive.xosc", "$Speed");
    EXPECT_EQ(call("scenario plot drive.xosc drive.svg").code, 0);
    const std::string svg = text_of(call_folder() / "drive.svg");
    EXPECT_NE(svg.find(">Ego<"), std::string::npos);
    EXPECT_NE(svg.find("drive.xosc, 5.0 s"), std::string::npos);
    expect_sentence(call("scenario plot drive.xosc drive.gif"), 2, "ends in .svg or .png");
}

TEST(ScenarioCommand, PlacesASituationOnATown) {
    const Outcome placed = call("scenario place cpnco --town 3 --set cross_speed=2 --out c.xosc");
    ASSERT_EQ(placed.code, 0) << placed.err;
    EXPECT_NE(placed.out.find("cpnco at road "), std::string::npos) << placed.out;
    EXPECT_TRUE(std::filesystem::exists(call_folder() / "c.xodr"));
    const Outcome check = call("scenario check c.xosc");
    EXPECT_EQ(check.out, "c.xosc: 0 findings, 0 of them refuse it\n");
    EXPECT_NE(call("scenario run c.xosc --every 1 --seconds 3").out.find(",Child,"),
              std::string::npos);
    // The same on the map that was written, as JSON.
    EXPECT_EQ(call("scenario place cpnco --map c.xodr --set cross_speed=2 --out on_map.json").code,
              0);
    EXPECT_EQ(call("scenario run on_map.json --every 1 --seconds 3").out,
              call("scenario run c.xosc --every 1 --seconds 3").out);
}

TEST(ScenarioCommand, SaysWhyASituationCannotBePlaced) {
    expect_sentence(call("scenario place cpnc --out a.xosc"), 2, "known are: ");
    expect_sentence(call("scenario place cpnco --out a.txt"), 2, ".xosc or .json");
    expect_sentence(call("scenario place cpnco --set cross_speed=20 --out a.xosc"), 2, "1 to 2.5");
    expect_sentence(call("scenario place cpnco --set child=2 --out a.xosc"), 2, "cross_speed");
    expect_sentence(call("scenario place cpnco --set cross_speed=x --out a.xosc"), 2,
                    "NAME=NUMBER");
    expect_sentence(call("scenario place cpnco --map no.xodr --out a.xosc"), 2, "no.xodr");
    EXPECT_FALSE(std::filesystem::exists(call_folder() / "a.xosc"));
}

TEST(ScenarioCommand, VariantsOfASituationAreTheSameWhateverTheCount) {
    const Outcome few = call("scenario variants cpnco --count 2 --seed 5");
    const Outcome many = call("scenario variants cpnco --count 4 --seed 5");
    EXPECT_EQ(few.code, 0) << few.err;
    EXPECT_TRUE(many.out.starts_with(few.out)) << many.out;
    EXPECT_NE(few.out.find("\"cross_speed\":"), std::string::npos) << few.out;
    EXPECT_NE(call("scenario variants cpnco --count 2 --seed 6").out, few.out);
    const Outcome list = call("scenario list --json");
    EXPECT_NE(list.out.find("\"name\": \"cpnco\""), std::string::npos);
}

}  // namespace
