#include "scenarios/edit/problems.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "scenarios/edit/elements.h"
#include "scenarios/edit/outline.h"
#include "scenarios/model/story_world.h"
#include "scenarios/situations/situation.h"
#include "tests/scenarios/edit/samples.h"

namespace huntsman::scenarios::edit {
namespace {

using engine::core::Severity;
using testing::HasSubstr;

// The first problem of a rule.
Problem problem_of(const std::vector<Problem>& problems, const std::string& rule) {
    const auto at = std::ranges::find(problems, rule, &Problem::rule);
    if (at != problems.end()) return *at;
    std::string all;
    for (const Problem& each : problems) all += each.rule + ": " + each.message + "\n";
    ADD_FAILURE() << "no problem " << rule << " in\n" << all;
    return {};
}

TEST(Problems, APlainTownHasNone) {
    const auto problems = check(town_draft(), town());
    EXPECT_TRUE(can_run(problems));
    for (const Problem& each : problems) EXPECT_EQ(each.severity, Severity::kNote) << each.message;
}

TEST(Problems, FindingsLeadToTheirElement) {
    Draft draft = crossing();
    auto document = std::make_shared<story::Document>(*draft.story);
    find_element(document->root, "Entities/ScenarioObject[2]/Vehicle")->set("mass", "heavy");
    draft.story = document;
    const auto problems = check(draft, town());
    EXPECT_FALSE(can_run(problems));
    const Problem found = problem_of(problems, "attribute.value");
    EXPECT_EQ(found.element, "Entities/ScenarioObject[2]/Vehicle");
    EXPECT_EQ(found.actor, "Car");
    EXPECT_THAT(found.message, HasSubstr("heavy"));
}

TEST(Problems, NameWhatTheRoadsDoNotHave) {
    Draft draft = crossing();
    const std::string at =
        "Storyboard/Init/Actions/Private[2]/PrivateAction[1]/TeleportAction/Position";
    draft = after(
        draft,
        {{"do", "replace_element"}, {"path", at + "/WorldPosition"}, {"element", "LanePosition"}});
    draft = after(draft, {{"do", "set_attribute"},
                          {"path", at + "/LanePosition"},
                          {"attribute", "roadId"},
                          {"value", "nowhere"}});
    EXPECT_TRUE(can_run(check(draft, Context{})));  // as far as is known without the roads
    const auto problems = check(draft, town());
    EXPECT_FALSE(can_run(problems));
    EXPECT_EQ(problem_of(problems, "place.unknown").actor, "Car");
}

TEST(Problems, ARouteThatCannotBeDriven) {
    const Draft draft = after(
        crossing(), {{"do", "draw_route"}, {"actor", "Ego"}, {"points", {{0, 0}, {5000, 5000}}}});
    const Problem found = problem_of(check(draft, town()), "story.world");
    EXPECT_EQ(found.severity, Severity::kError);
    EXPECT_EQ(found.actor, "Ego");
    EXPECT_THAT(found.message, HasSubstr("waypoint"));
}

TEST(Problems, ActorsOffTheRoadAndInsideEachOther) {
    Draft draft = after(crossing(), {{"do", "move"}, {"actor", "Car"}, {"x", 2000}, {"y", 2000}});
    const Problem off = problem_of(check(draft, town()), "actor.off_road");
    EXPECT_EQ(off.severity, Severity::kWarning);
    EXPECT_EQ(off.actor, "Car");
    EXPECT_EQ(*off.p_W, Vec2(2000, 2000));
    draft = after(draft, {{"do", "move"}, {"actor", "Child"}, {"x", 2000}, {"y", 2000}});
    EXPECT_EQ(problem_of(check(draft, town()), "actor.overlap").actor, "Child");
}

TEST(Problems, OfTheScenario) {
    Draft draft = town_draft();
    draft.scenario.map = "/none.xodr";
    EXPECT_EQ(problem_of(check(draft, Context{}), "map.file").field, "map");
    draft = town_draft();
    draft.scenario.removed = {999999};
    EXPECT_EQ(problem_of(check(draft, town()), "removed.unknown").field, "removed");
    draft = crossing();
    draft.scenario.criteria.push_back(
        {.name = "gap", .rule = story::MinGap{.entity = "Bus", .at_least_m = 1}});
    EXPECT_EQ(problem_of(check(draft, town()), "criterion.unknown").field, "criteria[0]");
    draft = crossing();
    draft.scenario.story.without = {"Ego"};
    EXPECT_FALSE(can_run(check(draft, town())));
    draft.scenario.story.without = {"Nobody"};
    EXPECT_EQ(problem_of(check(draft, town()), "without.unknown").field, "without");
    draft = crossing();
    draft.scenario.story.ego = "Child";
    EXPECT_EQ(problem_of(check(draft, town()), "ego.kind").actor, "Child");
}

TEST(Problems, ASituationThatFitsNowhere) {
    Draft draft = after(town_draft(), {{"do", "place_situation"}, {"name", "cpnco"}});
    EXPECT_TRUE(can_run(check(draft, town())));
    draft.scenario.story.parameters.clear();
    std::size_t refused = 0;
    for (const std::string& name : situations::shipped()) {
        draft.scenario.story.situation = name;
        engine::world::World world;
        if (model::place_situation(draft.scenario, *town().place->sites, world)) continue;
        EXPECT_EQ(problem_of(check(draft, town()), "situation.place").field, "situation") << name;
        if (++refused == 2) break;
    }
    EXPECT_GT(refused, 0U);
}

// What has no problem runs, and what has one does not.
TEST(Problems, AgreeWithTheBuilder) {
    const auto folder = std::filesystem::temp_directory_path() /
                        ("huntsman_problems_" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    std::vector<Draft> drafts{town_draft(), crossing()};
    drafts.push_back(after(
        crossing(), {{"do", "draw_route"}, {"actor", "Ego"}, {"points", {{0, 0}, {5000, 5000}}}}));
    drafts.push_back(after(town_draft(), {{"do", "place_situation"}, {"name", "cpnco"}}));
    drafts.push_back(crossing());
    drafts.back().scenario.removed = {999999};
    drafts.push_back(after(crossing(), {{"do", "set_attribute"},
                                        {"path",
                                         "Entities/ScenarioObject[2]/Vehicle/BoundingBox/"
                                         "Dimensions"},
                                        {"attribute", "length"},
                                        {"value", 4000}}));
    for (std::size_t i = 0; i < drafts.size(); ++i) {
        const auto file = folder / "draft.json";
        ASSERT_TRUE(save(drafts[i], file));
        const auto scenario = model::load(file);
        ASSERT_TRUE(scenario) << scenario.error().text();
        const auto built = model::build_on(*town().place, *scenario);
        const auto problems = check(drafts[i], town());
        EXPECT_EQ(can_run(problems), built.ok()) << i << (built ? "" : built.error().text());
    }
    std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace huntsman::scenarios::edit
