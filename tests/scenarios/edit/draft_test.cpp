#include "scenarios/edit/draft.h"

#include <gmock/gmock.h>
#include <sys/resource.h>

#include <csignal>
#include <fstream>

#include "scenarios/edit/canonical.h"
#include "scenarios/model/story_world.h"
#include "scenarios/openscenario/xml.h"
#include "tests/scenarios/edit/samples.h"

namespace huntsman::scenarios::edit {
namespace {

using testing::Contains;
using testing::HasSubstr;

class Drafts : public testing::Test {
  protected:
    void SetUp() override {
        folder_ = std::filesystem::temp_directory_path() /
                  ("huntsman_drafts_" + std::to_string(::getpid()));
        std::filesystem::create_directories(folder_ / "maps");
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }
    std::filesystem::path write(const std::string& name, const std::string& text) const {
        std::ofstream(folder_ / name) << text;
        return folder_ / name;
    }
    std::string read(const std::string& name) const {
        return *engine::core::read_file(folder_ / name);
    }
    std::filesystem::path folder_;
};

std::vector<std::string> fields_of(const std::vector<Problem>& problems) {
    std::vector<std::string> fields;
    for (const Problem& problem : problems) fields.push_back(problem.field);
    return fields;
}

TEST_F(Drafts, SavedAndOpenedIsTheSame) {
    Draft draft = crossing();
    draft =
        after(draft, {{"do", "set"}, {"field", "environment.sun_elevation_deg"}, {"value", 31.7}});
    draft = after(draft, {{"do", "add_criterion"}, {"criterion", {{"kind", "no_red_light"}}}});
    ASSERT_TRUE(save(draft, folder_ / "a.json"));
    std::vector<Problem> problems;
    const auto opened = open(folder_ / "a.json", &problems);
    ASSERT_TRUE(opened) << opened.error().text();
    EXPECT_TRUE(problems.empty());
    EXPECT_TRUE(same(*opened, draft));
    ASSERT_TRUE(save(*opened, folder_ / "b.json"));
    EXPECT_EQ(read("a.json"), read("b.json"));
}

TEST_F(Drafts, PathsAreRelativeInFilesAndAbsoluteInDrafts) {
    write("maps/m.xodr", "<OpenDRIVE/>");
    Draft draft = new_town(1);
    draft.scenario.map = (folder_ / "maps/m.xodr").string();
    draft.scenario.minds = (folder_ / "minds.json").string();
    ASSERT_TRUE(save(draft, folder_ / "a.json"));
    EXPECT_THAT(read("a.json"), HasSubstr("\"map\": \"maps/m.xodr\""));
    EXPECT_THAT(read("a.json"), HasSubstr("\"minds\": \"minds.json\""));
    ASSERT_TRUE(save(draft, folder_ / "maps" / "b.json"));
    EXPECT_THAT(read("maps/b.json"), HasSubstr("\"map\": \"m.xodr\""));
    EXPECT_THAT(read("maps/b.json"), HasSubstr("\"minds\": \"../minds.json\""));
    const auto opened = open(folder_ / "maps/b.json");
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->scenario.map, draft.scenario.map);
    EXPECT_EQ(opened->scenario.minds, draft.scenario.minds);
}

TEST_F(Drafts, AScenarioWithErrorsOpensWithAllOfThemListed) {
    const auto file = write("bad.json", R"({
        "schema_version": 1, "name": "bad", "colour": 3,
        "town": {"seed": 5, "vehicles": 900, "hilliness": 0.2, "wings": 1},
        "environment": {"rain_mm_h": -1, "wetness": 0.5},
        "criteria": [{"kind": "no_collision"}, {"kind": "dance"}],
        "duration_s": "long"})");
    std::vector<Problem> problems;
    const auto draft = open(file, &problems);
    ASSERT_TRUE(draft) << draft.error().text();
    EXPECT_THAT(fields_of(problems), testing::UnorderedElementsAre(
                                         "colour", "town.vehicles", "town.wings",
                                         "environment.rain_mm_h", "criteria[1]", "duration_s"));
    EXPECT_EQ(draft->scenario.town.seed, 5U);
    EXPECT_EQ(draft->scenario.town.vehicles, 20);
    EXPECT_EQ(draft->scenario.town.hilliness, 0.2);
    EXPECT_EQ(draft->scenario.criteria.size(), 1U);
    EXPECT_EQ(draft->scenario.duration_s, 20);
}

TEST_F(Drafts, BrokenSyntaxIsAnErrorWithItsPlace) {
    const auto json = open(write("a.json", "{\"name\": \n nope}"));
    ASSERT_FALSE(json);
    EXPECT_EQ(json.error().line, 2);
    EXPECT_FALSE(open(write("a.xosc", "<OpenSCENARIO>")));
    EXPECT_FALSE(open(folder_ / "none.json"));
    EXPECT_FALSE(open(folder_));
    EXPECT_FALSE(open(write("list.json", "[]")));
}

constexpr const char* kXosc = R"(<?xml version="1.0"?>
<OpenSCENARIO>
  <FileHeader revMajor="1" revMinor="3" date="2026-01-01T00:00:00" description="d" author="a">
    <Properties><Property name="huntsman.criterion" value='{"kind": "no_red_light"}'/></Properties>
  </FileHeader>
  <ParameterDeclarations>
    <ParameterDeclaration name="v" parameterType="double" value="8"/>
  </ParameterDeclarations>
  <CatalogLocations><VehicleCatalog><Directory path="cars"/></VehicleCatalog></CatalogLocations>
  <RoadNetwork><LogicFile filepath="maps/m.xodr"/></RoadNetwork>
  <Entities>
    <ScenarioObject name="Ego">
      <Vehicle name="e" vehicleCategory="car">
        <BoundingBox><Center x="1.4" y="0" z="0.8"/><Dimensions width="2" length="5" height="1.6"/></BoundingBox>
        <Performance maxSpeed="70" maxAcceleration="10" maxDeceleration="10"/>
        <Axles><RearAxle maxSteering="0" wheelDiameter="0.6" trackWidth="1.8" positionX="0" positionZ="0.3"/></Axles>
      </Vehicle>
    </ScenarioObject>
  </Entities>
  <Storyboard>
    <Init><Actions><Private entityRef="Ego">
      <PrivateAction><TeleportAction><Position><WorldPosition x="-0" y="2" h="0"/></Position></TeleportAction></PrivateAction>
    </Private></Actions></Init>
    <StopTrigger/>
  </Storyboard>
</OpenSCENARIO>
)";

TEST_F(Drafts, AStoryIsTakenIn) {
    const auto file = write("s.xosc", kXosc);
    const auto draft = open(file);
    ASSERT_TRUE(draft) << draft.error().text();
    ASSERT_TRUE(draft->story);
    EXPECT_TRUE(draft->scenario.story.file.empty());
    EXPECT_EQ(draft->scenario.name, "s");
    EXPECT_EQ(draft->scenario.map, (folder_ / "maps/m.xodr").string());
    EXPECT_EQ(draft->scenario.town.vehicles, 0);
    EXPECT_EQ(draft->scenario.duration_s, 60);
    ASSERT_EQ(draft->scenario.criteria.size(), 1U);
    EXPECT_TRUE(story::criterion_properties(root_of(*draft)).empty());
    // Written as JSON and as XML, elsewhere, it is the same again.
    ASSERT_TRUE(save(*draft, folder_ / "maps/s.json"));
    EXPECT_THAT(read("maps/s.json"), HasSubstr("../cars"));
    const auto json = open(folder_ / "maps/s.json");
    ASSERT_TRUE(json) << json.error().text();
    EXPECT_TRUE(same(*json, *draft));
    ASSERT_TRUE(save(*draft, folder_ / "maps/s.xosc"));
    const auto xml = open(folder_ / "maps/s.xosc");
    ASSERT_TRUE(xml) << xml.error().text();
    EXPECT_TRUE(same(*xml, *draft));
    // And a scenario that names it.
    write("n.json",
          R"({"schema_version": 1, "name": "n", "story": "s.xosc", "parameters": {"v": 9}})");
    const auto named = open(folder_ / "n.json");
    ASSERT_TRUE(named) << named.error().text();
    ASSERT_TRUE(named->story);
    EXPECT_EQ(named->story->root, draft->story->root);
    EXPECT_EQ(named->scenario.story.parameters.at("v"), "9");
}

TEST_F(Drafts, AStoryThatIsNotThereIsKeptByName) {
    const auto file =
        write("n.json", R"({"schema_version": 1, "name": "n", "story": "gone.xosc"})");
    std::vector<Problem> problems;
    const auto draft = open(file, &problems);
    ASSERT_TRUE(draft) << draft.error().text();
    EXPECT_EQ(fields_of(problems), std::vector<std::string>{"story"});
    EXPECT_EQ(draft->scenario.story.file, (folder_ / "gone.xosc").string());
    EXPECT_THAT(*to_text(*draft, file), HasSubstr("\"story\": \"gone.xosc\""));
}

TEST_F(Drafts, TextsOfOtherEncodingsAreReplaced) {
    std::string text = kXosc;
    text.replace(text.find("name=\"e\""), 8, "name=\"\xe4\"");
    const auto draft = open(write("latin.xosc", text));
    ASSERT_TRUE(draft) << draft.error().text();
    ASSERT_TRUE(save(*draft, folder_ / "a.json"));
    const auto again = open(folder_ / "a.json");
    ASSERT_TRUE(again);
    EXPECT_TRUE(same(*again, *draft));
}

TEST_F(Drafts, ASituationFileIsPlaced) {
    write("own.json", R"({"needs": {}, "actors": []})");
    const auto draft = open(folder_ / "own.json");
    ASSERT_TRUE(draft) << draft.error().text();
    EXPECT_EQ(draft->scenario.story.situation, (folder_ / "own.json").string());
    EXPECT_EQ(draft->scenario.duration_s, 60);
}

TEST_F(Drafts, XoscHoldsTheWeatherAndSaysWhatItCannotHold) {
    Draft draft = crossing();
    draft = after(draft, {{"do", "weather"}, {"preset", "rain"}});
    draft = after(draft, {{"do", "weather"}, {"preset", "low sun"}});
    std::vector<std::string> notes;
    ASSERT_TRUE(save(draft, folder_ / "town.xosc", &notes));
    EXPECT_THAT(notes, Contains(HasSubstr("Generated vehicles")));
    EXPECT_THAT(notes, Contains(HasSubstr("turbidity")));
    EXPECT_TRUE(std::filesystem::exists(folder_ / "town.xodr"));
    const auto opened = open(folder_ / "town.xosc");
    ASSERT_TRUE(opened) << opened.error().text();
    EXPECT_EQ(opened->scenario.map, (folder_ / "town.xodr").string());
    const auto reading = compile(*opened);
    for (const auto& finding : reading.findings) ADD_FAILURE() << finding.message;
    const auto place = model::build_place(opened->scenario);
    ASSERT_TRUE(place) << place.error().text();
    engine::world::World world = place->world;
    ASSERT_TRUE(model::add_story(reading, world));
    EXPECT_EQ(world.environment.rain_mm_h, 4);
    EXPECT_NEAR(world.environment.sun_elevation_rad, 12 * 3.14159265358979 / 180, 1e-9);
    EXPECT_NEAR(world.environment.friction, 0.7, 1e-12);
    EXPECT_THAT(save(new_town(1), folder_ / "x.xosc").error().message, HasSubstr("no story"));
    EXPECT_THAT(save(draft, folder_ / "x.txt").error().message, HasSubstr(".json or .xosc"));
}

TEST_F(Drafts, AFullDiskLeavesTheOldFileWhole) {
    ASSERT_TRUE(save(new_town(1), folder_ / "a.json"));
    const std::string before = read("a.json");
    const Draft large = crossing();
    // No file may grow beyond this, as on a disk with so much room.
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit old{};
    getrlimit(RLIMIT_FSIZE, &old);
    const rlimit small{100, old.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
    const auto saved = save(large, folder_ / "a.json");
    setrlimit(RLIMIT_FSIZE, &old);
    ASSERT_FALSE(saved);
    EXPECT_THAT(saved.error().text(), HasSubstr("cannot be written completely"));
    EXPECT_EQ(read("a.json"), before);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 2);  // and maps
}

TEST(RelativePaths, AreAbsoluteWhereNothingIsShared) {
    EXPECT_EQ(relative_to("/a/b/c.xodr", "/a/b"), "c.xodr");
    EXPECT_EQ(relative_to("/a/x/c.xodr", "/a/b"), "../x/c.xodr");
    EXPECT_EQ(relative_to("/x/c.xodr", "/a/b"), "/x/c.xodr");
    EXPECT_EQ(relative_to("c.xodr", "/a/b"), "c.xodr");
    EXPECT_EQ(relative_to("/x/c.xodr", "/"), "x/c.xodr");
}

}  // namespace
}  // namespace huntsman::scenarios::edit
