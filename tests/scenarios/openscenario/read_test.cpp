#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <optional>

#include "engine/core/files.h"
#include "interop.h"
#include "scenarios/openscenario/openscenario.h"

namespace huntsman::scenarios::openscenario {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

// A folder of its own for each test.
class ReadScenarios : public testing::Test {
  protected:
    void SetUp() override {
        const auto* info = testing::UnitTest::GetInstance()->current_test_info();
        folder_ = fs::temp_directory_path() /
                  fmt::format("huntsman_story_{}_{}", info->name(), ::getpid());
        fs::create_directories(folder_);
    }
    void TearDown() override { fs::remove_all(folder_); }

    // What a scenario with these parts gives: findings, one a line.
    std::string findings(const std::string& parameters, const std::string& init,
                         const std::string& acts, const ReadOptions& options = {}) {
        const std::string text = fmt::format(
            R"(<OpenSCENARIO>
<FileHeader revMajor="1" revMinor="3" date="2026-01-01T00:00:00" description="" author=""/>
<ParameterDeclarations>{}</ParameterDeclarations>
<CatalogLocations><RouteCatalog><Directory path="routes"/></RouteCatalog></CatalogLocations>
<RoadNetwork/>
<Entities><ScenarioObject name="Ego">{}</ScenarioObject>
<ScenarioObject name="Other">{}</ScenarioObject></Entities>
<Storyboard><Init><Actions>{}</Actions></Init>
<Story name="s">{}</Story></Storyboard>
</OpenSCENARIO>)",
            parameters, kCar, kCar, init, acts);
        return read_text(text, options);
    }
    std::string read_text(const std::string& text, const ReadOptions& options = {}) {
        EXPECT_TRUE(engine::core::write_file(folder_ / "a.xosc", text).ok());
        reading_ = read(folder_ / "a.xosc", options);
        if (!*reading_) return (*reading_).error().text();
        std::string all;
        for (const auto& finding : (*reading_)->findings) {
            all += text_of(finding, (*reading_)->document) + "\n";
        }
        return all;
    }
    static std::string act(const std::string& action, const std::string& condition) {
        return fmt::format(
            R"(<Act name="a"><ManeuverGroup name="g" maximumExecutionCount="1">
<Actors selectTriggeringEntities="false"><EntityRef entityRef="Ego"/></Actors>
<Maneuver name="m"><Event name="e" priority="override"><Action name="b">{}</Action>
<StartTrigger><ConditionGroup><Condition name="c" delay="0" conditionEdge="none">{}</Condition>
</ConditionGroup></StartTrigger></Event></Maneuver></ManeuverGroup></Act>)",
            action, condition);
    }
    static std::string polyline(const std::string& vertices) {
        return fmt::format(
            R"(<PrivateAction><RoutingAction><FollowTrajectoryAction><TrajectoryRef>
<Trajectory name="t" closed="false"><Shape><Polyline>{}</Polyline></Shape></Trajectory>
</TrajectoryRef><TimeReference><None/></TimeReference>
<TrajectoryFollowingMode followingMode="position"/></FollowTrajectoryAction></RoutingAction>
</PrivateAction>)",
            vertices);
    }

    static constexpr const char* kCar =
        R"(<Vehicle name="car" vehicleCategory="car"><BoundingBox><Center x="1.4" y="0" z="0.7"/>
<Dimensions width="2" length="5" height="1.5"/></BoundingBox>
<Performance maxSpeed="70" maxAcceleration="5" maxDeceleration="10"/>
<Axles><FrontAxle maxSteering="0.5" wheelDiameter="0.7" trackWidth="1.7" positionX="2.8"
 positionZ="0.35"/><RearAxle maxSteering="0" wheelDiameter="0.7" trackWidth="1.7" positionX="0"
 positionZ="0.35"/></Axles></Vehicle>)";
    static constexpr const char* kLater =
        R"(<ByValueCondition><SimulationTimeCondition value="1" rule="greaterThan"/>
</ByValueCondition>)";
    static constexpr const char* kNothing =
        R"(<UserDefinedAction><CustomCommandAction type="x"/></UserDefinedAction>)";

    fs::path folder_;
    std::optional<engine::core::Result<StoryFile>> reading_;
};

TEST_F(ReadScenarios, SoundOnesHaveNoFindings) {
    EXPECT_EQ(findings("", "", act(kNothing, kLater)), "");
    const story::Story& story = (*reading_)->story;
    ASSERT_EQ(story.entities.size(), 2U);
    EXPECT_EQ(story.ego, 0U);
    EXPECT_EQ(story.entities[0].box.length_m, 5);
    EXPECT_EQ(story.elements.size(), 6U);
}

TEST_F(ReadScenarios, TheEgoIsChosen) {
    EXPECT_EQ(findings("", "", act(kNothing, kLater), {.ego = "Other"}), "");
    EXPECT_EQ((*reading_)->story.ego, 1U);
    EXPECT_THAT(findings("", "", act(kNothing, kLater), {.ego = "Nobody"}),
                HasSubstr("there is no entity \"Nobody\" to be the ego"));
}

TEST_F(ReadScenarios, ParametersAreSetFromOutside) {
    const std::string parameter =
        R"(<ParameterDeclaration name="v" parameterType="double" value="10"><ConstraintGroup>
<ValueConstraint rule="greaterThan" value="0"/></ConstraintGroup></ParameterDeclaration>
<ParameterDeclaration name="w" parameterType="double" value="${2 * $v}"/>)";
    EXPECT_EQ(findings(parameter, "", act(kNothing, kLater), {.parameters = {{"v", "12"}}}), "");
    EXPECT_EQ((*reading_)->story.variables[1].value, "24");
    EXPECT_THAT(findings(parameter, "", act(kNothing, kLater), {.parameters = {{"v", "-1"}}}),
                HasSubstr("parameter \"v\" is -1, expected greaterThan 0"));
    EXPECT_THAT(findings(parameter, "", act(kNothing, kLater), {.parameters = {{"z", "1"}}}),
                HasSubstr("parameter \"z\" was given a value but is not declared"));
}

TEST_F(ReadScenarios, ParametersThatReferToLaterOnesAreNamed) {
    EXPECT_THAT(findings(R"(<ParameterDeclaration name="a" parameterType="double" value="$b"/>
<ParameterDeclaration name="b" parameterType="double" value="$a"/>)",
                         "", act(kNothing, kLater)),
                HasSubstr("a.xosc:3: error: <ParameterDeclaration> value: no parameter \"b\""));
}

TEST_F(ReadScenarios, NamesThatAreNotThereAreNamed) {
    EXPECT_THAT(findings("", R"(<Private entityRef="Ghost"/>)", act(kNothing, kLater)),
                HasSubstr("refers to the entity \"Ghost\", which is not declared"));
    EXPECT_THAT(findings("", "", act(kNothing, R"(<ByValueCondition><StoryboardElementStateCondition
 storyboardElementType="event" storyboardElementRef="f" state="endTransition"/></ByValueCondition>)")),
                HasSubstr("refers to \"f\", which is not an element of that type"));
    EXPECT_THAT(findings("", "",
                         act(R"(<PrivateAction><RoutingAction><AssignRouteAction>
<CatalogReference catalogName="routes" entryName="r"/></AssignRouteAction></RoutingAction>
</PrivateAction>)",
                             kLater)),
                HasSubstr("refers to the catalogue \"routes\", which no catalogue folder holds"));
}

TEST_F(ReadScenarios, CataloguesThatReferToThemselvesAreNamed) {
    fs::create_directories(folder_ / "routes");
    const std::string route = R"(<OpenSCENARIO><FileHeader revMajor="1" revMinor="3"
 date="2026-01-01T00:00:00" description="" author=""/><Catalog name="routes">
<Route name="r" closed="false"><Waypoint routeStrategy="shortest"><Position><RoutePosition>
<RouteRef><CatalogReference catalogName="routes" entryName="r"/></RouteRef>
<InRoutePosition><FromRoadCoordinates pathS="0" t="0"/></InRoutePosition></RoutePosition>
</Position></Waypoint><Waypoint routeStrategy="shortest"><Position><WorldPosition x="0" y="0"/>
</Position></Waypoint></Route></Catalog></OpenSCENARIO>)";
    ASSERT_TRUE(engine::core::write_file(folder_ / "routes" / "routes.xosc", route).ok());
    EXPECT_THAT(findings("", "",
                         act(R"(<PrivateAction><RoutingAction><AssignRouteAction>
<CatalogReference catalogName="routes" entryName="r"/></AssignRouteAction></RoutingAction>
</PrivateAction>)",
                             kLater)),
                HasSubstr("the catalogue entry \"r\" refers to itself"));
}

TEST_F(ReadScenarios, TrajectoriesThatCannotBeFollowedAreNamed) {
    EXPECT_THAT(findings("", "",
                         act(polyline(R"(<Vertex time="2"><Position><WorldPosition x="0" y="0"/>
</Position></Vertex><Vertex time="1"><Position><WorldPosition x="1" y="0"/></Position></Vertex>)"),
                             kLater)),
                HasSubstr("the trajectory \"t\" goes back in time, from 2 s to 1 s"));
    EXPECT_THAT(findings("", "",
                         act(polyline(R"(<Vertex><Position><WorldPosition x="0" y="0"/></Position>
</Vertex>)"),
                             kLater)),
                HasSubstr("has 1 points, expected at least 2"));
}

TEST_F(ReadScenarios, NumbersThatAreNoneAreNamed) {
    for (const char* value : {"NaN", "1,5", "", "1e999"}) {
        EXPECT_THAT(findings("", "",
                             act(kNothing, fmt::format(R"(<ByValueCondition>
<SimulationTimeCondition value="{}" rule="greaterThan"/></ByValueCondition>)",
                                                       value))),
                    HasSubstr("expected a number"))
            << value;
    }
    EXPECT_THAT(findings("", "", act(kNothing, R"(<ByEntityCondition><TriggeringEntities
 triggeringEntitiesRule="any"><EntityRef entityRef="Ego"/></TriggeringEntities><EntityCondition>
<StandStillCondition duration="-3"/></EntityCondition></ByEntityCondition>)")),
                HasSubstr("\"duration\" is -3, expected a number from 0"));
}

TEST_F(ReadScenarios, FilesOfOthersAreReadWithoutErrors) {
    const auto files = interop_files();
    if (files.empty()) GTEST_SKIP() << "no scenarios of others";
    for (const auto& path : files) {
        const auto reading = read(path);
        ASSERT_TRUE(reading.ok()) << reading.error().text();
        if (reading->document.root.child("Storyboard") == nullptr) continue;
        for (const auto& finding : reading->findings) {
            EXPECT_NE(finding.severity, engine::core::Severity::kError)
                << text_of(finding, reading->document);
        }
    }
}

}  // namespace
}  // namespace huntsman::scenarios::openscenario
