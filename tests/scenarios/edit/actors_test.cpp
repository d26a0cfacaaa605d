#include <gmock/gmock.h>

#include <algorithm>

#include "engine/math/geometry.h"
#include "scenarios/edit/commands.h"
#include "scenarios/edit/elements.h"
#include "scenarios/edit/outline.h"
#include "scenarios/model/story_world.h"
#include "scenarios/story/expression.h"
#include "tests/scenarios/edit/samples.h"

namespace huntsman::scenarios::edit {
namespace {

using engine::math::kPi;
using testing::HasSubstr;

StoryPose pose(const Draft& draft, const std::string& actor) {
    const auto* begin = find_private(root_of(draft), actor);
    EXPECT_NE(begin, nullptr) << actor;
    const auto* action = begin != nullptr ? action_in(*begin, "TeleportAction") : nullptr;
    EXPECT_NE(action, nullptr) << actor;
    const auto written =
        action != nullptr ? written_pose(*action->child("Position")) : std::nullopt;
    EXPECT_TRUE(written) << actor;
    return written.value_or(StoryPose{});
}

std::string speed(const Draft& draft, const std::string& actor) {
    const auto* action = action_in(*find_private(root_of(draft), actor), "SpeedAction");
    return *action->child("SpeedActionTarget")->child("AbsoluteTargetSpeed")->attribute("value");
}

TEST(AddActor, BeginsAStoryWithTheEgo) {
    const Draft draft = after(town_draft(), {{"do", "add_actor"},
                                             {"kind", "child"},
                                             {"x", 3},
                                             {"y", 4},
                                             {"heading_deg", 90},
                                             {"speed", 1.5}});
    ASSERT_TRUE(draft.story);
    EXPECT_EQ(entity_names(root_of(draft)), (std::vector<std::string>{"Ego", "Child"}));
    EXPECT_EQ(pose(draft, "Child").p, Vec2(3, 4));
    EXPECT_NEAR(*pose(draft, "Child").heading_rad, kPi / 2, 1e-12);
    EXPECT_EQ(speed(draft, "Child"), "1.5");
    // Counts are those of the town before.
    EXPECT_EQ(draft.scenario.town.vehicles, 8);
    EXPECT_EQ(draft.scenario.duration_s, 20);
    const auto reading = compile(draft);
    EXPECT_TRUE(std::ranges::none_of(reading.findings, [](const auto& finding) {
        return finding.severity != engine::core::Severity::kNote;
    }));
    EXPECT_EQ(reading.story.entities[reading.story.ego].name, "Ego");
    EXPECT_EQ(reading.story.entities[1].kind, story::EntityKind::kPedestrian);
}

// The world of a story that only adds somebody far away is the plain one's.
TEST(AddActor, LeavesTheEgoAndItsRouteAsTheyWere) {
    const auto& plain = town().place->world;
    const Draft draft =
        after(town_draft(), {{"do", "add_actor"}, {"kind", "cone"}, {"x", 900}, {"y", 900}});
    const auto folder = std::filesystem::temp_directory_path() / "huntsman_edit_same_route";
    std::filesystem::create_directories(folder);
    const auto file = folder / "town.json";
    ASSERT_TRUE(save(draft, file));
    const auto scenario = model::load(file);
    ASSERT_TRUE(scenario) << scenario.error().text();
    const auto built = model::build(*scenario);
    ASSERT_TRUE(built) << built.error().text();
    const auto& world = built->world;
    const auto& ego = world.spawns.front();
    const auto& before = plain.spawns.front();
    EXPECT_EQ(world.ego_route, plain.ego_route);
    EXPECT_NEAR(world.ego_goal_s_m, plain.ego_goal_s_m, 1e-6);
    EXPECT_EQ(ego.lane, before.lane);
    EXPECT_NEAR(ego.lane_s_m, before.lane_s_m, 1e-6);
    EXPECT_EQ(ego.archetype, before.archetype);
    EXPECT_EQ(ego.tint, before.tint);
    EXPECT_EQ(ego.speed_mps, before.speed_mps);
    EXPECT_NEAR(glm::length(ego.X_WB.p - before.X_WB.p), 0, 1e-6);
    EXPECT_NEAR(ego.X_WB.yaw_rad(), before.X_WB.yaw_rad(), 1e-9);
    EXPECT_EQ(world.spawns.size(), plain.spawns.size());
    EXPECT_EQ(scenario->duration_s, 20);
    std::filesystem::remove_all(folder);
}

TEST(AddActor, GivesFreeNames) {
    Draft draft = town_draft();
    for (int i = 0; i < 3; ++i) {
        draft = after(draft, {{"do", "add_actor"}, {"kind", "police_car"}, {"x", i}, {"y", 0}});
    }
    EXPECT_EQ(entity_names(root_of(draft)),
              (std::vector<std::string>{"Ego", "PoliceCar", "PoliceCar_2", "PoliceCar_3"}));
    EXPECT_THAT(
        refusal(draft,
                {{"do", "add_actor"}, {"kind", "car"}, {"x", 0}, {"y", 0}, {"name", "PoliceCar"}}),
        HasSubstr("already"));
    EXPECT_THAT(refusal(draft, {{"do", "add_actor"}, {"kind", "dragon"}, {"x", 0}, {"y", 0}}),
                HasSubstr("expected one of car"));
    EXPECT_THAT(refusal(draft, {{"do", "add_actor"}, {"kind", "car"}, {"x", "0"}, {"y", 0}}),
                HasSubstr("\"x\" is \"0\", expected a number"));
}

TEST(AddActor, EveryKindOfThePaletteIsThereInTheWorld) {
    Draft draft = town_draft();
    double x = 0;
    for (const auto& kind : actor_kinds()) {
        draft = after(draft, {{"do", "add_actor"}, {"kind", kind.name}, {"x", x}, {"y", 700}});
        x += 20;
    }
    EXPECT_GT(actor_kinds().size(), 25U);
    const auto reading = compile(draft);
    EXPECT_EQ(reading.story.entities.size(), actor_kinds().size() + 1);
    engine::world::World world = town().place->world;
    const auto added = model::add_story(reading, world);
    EXPECT_TRUE(added) << added.error().text();
}

TEST(Move, PlacesAnActor) {
    Draft draft = crossing();
    draft = after(draft, {{"do", "move"}, {"actor", "Car"}, {"x", 30}, {"y", -40}});
    EXPECT_EQ(pose(draft, "Car").p, Vec2(30, -40));
    EXPECT_NEAR(*pose(draft, "Car").heading_rad, kPi / 2, 1e-9);  // kept
    draft = after(draft,
                  {{"do", "move"}, {"actor", "Car"}, {"x", 30}, {"y", -40}, {"heading_deg", -45}});
    EXPECT_NEAR(*pose(draft, "Car").heading_rad, -kPi / 4, 1e-12);
    EXPECT_THAT(refusal(draft, {{"do", "move"}, {"actor", "Bus"}, {"x", 0}, {"y", 0}}),
                HasSubstr("expected one of Ego, Car, Child"));
    EXPECT_THAT(refusal(draft, {{"do", "move"}, {"actor", "Car"}, {"x", 0}}),
                HasSubstr("expected actor, x and y"));
}

TEST(Move, ShiftsSeveralWithTheirPaths) {
    Draft draft = crossing();
    draft = after(
        draft,
        {{"do", "draw_trajectory"}, {"actor", "Child"}, {"points", {{-4, 6}, {0, 6}, {8, 7}}}});
    draft = after(
        draft,
        {{"do", "move"}, {"actors", {"Car", "Child"}}, {"dx", 2}, {"dy", -1}, {"with_path", true}});
    EXPECT_EQ(pose(draft, "Car").p, Vec2(12, 19));
    EXPECT_EQ(pose(draft, "Child").p, Vec2(-2, 5));
    std::vector<Vec2> line;
    for_each_element(root_of(draft), [&](const story::Element& each) {
        if (each.name == "Vertex") line.push_back(written_pose(*each.child("Position"))->p);
    });
    EXPECT_EQ(line, (std::vector{Vec2(-2, 5), Vec2(2, 5), Vec2(10, 6)}));
}

std::vector<const OutlineActor*> of_name(const Outline& shown, const std::string& name) {
    std::vector<const OutlineActor*> found;
    for (const auto& actor : shown.actors) {
        if (actor.name == name) found.push_back(&actor);
    }
    return found;
}

TEST(Points, OfATrajectoryAreMovedInsertedAndRemoved) {
    Draft draft = after(crossing(), {{"do", "draw_trajectory"},
                                     {"actor", "Child"},
                                     {"points", {{0, -4, 6}, {2, 0, 6}, {3, 8, 7}}}});
    const auto shown = [&] {
        const Outline all = outline(draft, town());
        const auto found = of_name(all, "Child");
        EXPECT_EQ(found.size(), 1U);
        EXPECT_EQ(found.front()->trajectories.size(), 1U);
        return found.front()->trajectories.front();
    };
    ASSERT_TRUE(shown().polyline);
    ASSERT_EQ(shown().points.size(), 3U);
    draft = after(draft, {{"do", "move_point"}, {"path", shown().points[1]}, {"x", 1}, {"y", 5}});
    EXPECT_NEAR(shown().points_W[1].x, 1, 1e-9);
    EXPECT_NEAR(shown().points_W[1].y, 5, 1e-9);
    EXPECT_EQ(shown().times_s[1], 2);
    draft = after(draft, {{"do", "insert_point"}, {"path", shown().points[1]}, {"x", 4}, {"y", 4}});
    draft = after(draft, {{"do", "insert_point"}, {"path", shown().points[3]}, {"x", 9}, {"y", 9}});
    EXPECT_EQ(shown().times_s, (std::vector<std::optional<double>>{0, 2, 2.5, 3, 3.5}));
    EXPECT_NEAR(shown().points_W[2].x, 4, 1e-9);
    EXPECT_NEAR(shown().points_W[4].y, 9, 1e-9);
    for (int i = 0; i < 3; ++i) {
        draft = after(draft, {{"do", "remove_point"}, {"path", shown().points[1]}});
    }
    EXPECT_EQ(shown().times_s, (std::vector<std::optional<double>>{0, 3.5}));
    EXPECT_THAT(refusal(draft, {{"do", "remove_point"}, {"path", shown().points[1]}}),
                HasSubstr("two points at least"));
    EXPECT_THAT(
        refusal(draft, {{"do", "insert_point"}, {"path", "Storyboard"}, {"x", 0}, {"y", 0}}),
        HasSubstr("no position at"));
    EXPECT_THAT(refusal(draft, {{"do", "move_point"}, {"path", "Entities"}, {"x", 0}, {"y", 0}}),
                HasSubstr("no position at"));
}

TEST(Points, OfARouteAndOfATriggerAreMoved) {
    Draft draft = after(crossing(),
                        {{"do", "draw_route"}, {"actor", "Car"}, {"points", {{10, 20}, {40, 20}}}});
    draft = after(
        draft, {{"do", "add_event"},
                {"actor", "Car"},
                {"name", "brakes"},
                {"action", {{"kind", "speed"}, {"mps", 0}}},
                {"trigger", {{"kind", "reach_position"}, {"x", 30}, {"y", 20}, {"radius_m", 3}}}});
    Outline shown = outline(draft, town());
    const auto car = of_name(shown, "Car");
    ASSERT_EQ(car.front()->route_points.size(), 2U);
    draft =
        after(draft,
              {{"do", "move_point"}, {"path", car.front()->route_points[1]}, {"x", 44}, {"y", 21}});
    ASSERT_EQ(shown.events.size(), 1U);
    const OutlineEvent event = shown.events.front();
    draft =
        after(draft, {{"do", "move_point"}, {"path", event.position_path}, {"x", 33}, {"y", 19}});
    ASSERT_FALSE(event.radius_path.empty());
    draft = after(draft, {{"do", "set_attribute"},
                          {"path", event.radius_path},
                          {"attribute", event.radius_attribute},
                          {"value", 7}});
    shown = outline(draft, town());
    EXPECT_NEAR(of_name(shown, "Car").front()->route_W[1].x, 44, 1e-9);
    EXPECT_NEAR(shown.events.front().p_W->x, 33, 1e-9);
    EXPECT_EQ(shown.events.front().radius_m, 7);
}

TEST(Parameters, AreDeclaredAndBoundAtOnce) {
    Draft draft = after(crossing(), {{"do", "set_speed"}, {"actor", "Car"}, {"mps", 12}});
    const std::string path = of_name(outline(draft, town()), "Car").front()->speed_path;
    ASSERT_FALSE(path.empty());
    draft = after(draft, {{"do", "add_parameter"},
                          {"name", "carSpeed"},
                          {"value", 12},
                          {"low", 8},
                          {"high", 16},
                          {"distribution", "uniform"},
                          {"path", path},
                          {"attribute", "value"}});
    EXPECT_EQ(speed(draft, "Car"), "$carSpeed");
    const auto parameters = outline(draft, town()).parameters;
    ASSERT_EQ(parameters.size(), 1U);
    EXPECT_EQ(parameters.front().bound_to, (std::vector<std::string>{path + "@value"}));
    EXPECT_THAT(
        refusal(draft, {{"do", "add_parameter"}, {"name", "b"}, {"value", 1}, {"path", path}}),
        HasSubstr("only one of path and attribute"));
}

TEST(Move, GivesTheEgoAPlaceInTheWorld) {
    Draft draft = crossing();
    const auto before = pose(draft, "Ego");
    draft = after(draft, {{"do", "move"}, {"actors", {"Ego"}}, {"dx", 1}, {"dy", 0}});
    EXPECT_NEAR(pose(draft, "Ego").p.x, before.p.x + 1, 1e-9);
}

TEST(SetSpeed, TakesThePlaceOfTheFirstOne) {
    const Draft draft = after(crossing(), {{"do", "set_speed"}, {"actor", "Car"}, {"mps", 12.5}});
    EXPECT_EQ(speed(draft, "Car"), "12.5");
    int actions = 0;
    for (const auto& each : find_private(root_of(draft), "Car")->children) {
        actions += action_in(each, "SpeedAction") != nullptr;
    }
    EXPECT_EQ(actions, 1);
    EXPECT_THAT(refusal(draft, {{"do", "set_speed"}, {"actor", "Car"}, {"mps", 1e4}}),
                HasSubstr("from -100 to 100"));
}

TEST(Rename, FollowsAllReferences) {
    Draft draft = crossing();
    draft = after(draft,
                  {{"do", "add_event"},
                   {"actor", "Child"},
                   {"name", "runs"},
                   {"action", {{"kind", "walk"}, {"points", {{0, 0}, {1, 1}}}}},
                   {"trigger", {{"kind", "distance_to_ego"}, {"distance_m", 20}, {"who", "Car"}}}});
    draft =
        after(draft, {{"do", "add_criterion"},
                      {"criterion", {{"kind", "min_gap"}, {"entity", "Car"}, {"at_least_m", 1}}}});
    draft = after(draft, {{"do", "set"}, {"field", "without"}, {"value", {"Car"}}});
    draft = after(draft, {{"do", "rename"}, {"actor", "Car"}, {"name", "Taxi"}});
    const std::string text = *to_text(draft, "/draft.json");
    EXPECT_EQ(text.find("\"Car\""), std::string::npos) << text;
    EXPECT_THAT(draft.scenario.story.without, testing::ElementsAre("Taxi"));
    EXPECT_THAT(refusal(draft, {{"do", "rename"}, {"actor", "Taxi"}, {"name", "Child"}}),
                HasSubstr("already"));
}

TEST(Rename, TheEgoStaysTheEgo) {
    Draft draft = crossing();
    draft = after(draft, {{"do", "rename"}, {"actor", "Ego"}, {"name", "Hero"}});
    EXPECT_EQ(draft.scenario.story.ego, "Hero");
    draft = after(draft, {{"do", "rename"}, {"actor", "Car"}, {"name", "Ego"}});
    const auto reading = compile(draft);
    EXPECT_EQ(reading.story.entities[reading.story.ego].name, "Hero");
    draft = after(draft, {{"do", "rename"}, {"actor", "Ego"}, {"name", "Car"}});
    draft = after(draft, {{"do", "rename"}, {"actor", "Hero"}, {"name", "Ego"}});
    EXPECT_TRUE(same(draft, crossing()));
}

TEST(Remove, TakesWhatRefersToIt) {
    const Draft before = crossing();
    Draft draft = before;
    draft = after(draft,
                  {{"do", "add_event"},
                   {"actor", "Child"},
                   {"name", "runs"},
                   {"action", {{"kind", "speed"}, {"mps", 2}}},
                   {"trigger", {{"kind", "distance_to_ego"}, {"distance_m", 20}, {"who", "Car"}}}});
    draft = after(draft, {{"do", "add_event"},
                          {"actor", "Child"},
                          {"name", "stops"},
                          {"action", {{"kind", "stop"}}},
                          {"trigger", {{"kind", "after_event"}, {"event", "runs"}}}});
    draft = after(draft, {{"do", "add_criterion"},
                          {"criterion", {{"kind", "no_collision"}, {"entity", "Car"}}}});
    draft = after(draft, {{"do", "remove"}, {"actors", {"Car"}}});
    EXPECT_EQ(entity_names(root_of(draft)), (std::vector<std::string>{"Ego", "Child"}));
    EXPECT_TRUE(draft.scenario.criteria.empty());
    // The event could not start any more, nor could the one that waits for it.
    EXPECT_EQ(root_of(draft).child("Storyboard")->child("Story"), nullptr);
    const Draft alone = after(before, {{"do", "remove"}, {"actors", {"Car"}}});
    EXPECT_TRUE(same(draft, alone));
    EXPECT_THAT(refusal(draft, {{"do", "remove"}, {"actors", {"Ego"}}}), HasSubstr("the ego"));
}

TEST(Remove, RefusesWhereAnotherStandsRelativeToIt) {
    Draft draft = crossing();
    draft = after(draft, {{"do", "replace_element"},
                          {"path",
                           "Storyboard/Init/Actions/Private[3]/PrivateAction[1]/"
                           "TeleportAction/Position/WorldPosition"},
                          {"element", "RelativeObjectPosition"}});
    draft = after(draft, {{"do", "set_attribute"},
                          {"path",
                           "Storyboard/Init/Actions/Private[3]/PrivateAction[1]/"
                           "TeleportAction/Position/RelativeObjectPosition"},
                          {"attribute", "entityRef"},
                          {"value", "Car"}});
    EXPECT_THAT(refusal(draft, {{"do", "remove"}, {"actors", {"Car"}}}),
                HasSubstr("\"Child\" stands relative to \"Car\""));
}

TEST(Duplicate, CopiesEventsUnderNewNames) {
    Draft draft = crossing();
    draft = after(draft, {{"do", "add_event"},
                          {"actor", "Child"},
                          {"name", "runs"},
                          {"action", {{"kind", "walk"}, {"points", {{-4, 6}, {8, 6}}}}},
                          {"trigger", {{"kind", "distance_to_ego"}, {"distance_m", 15}}}});
    draft = after(draft, {{"do", "duplicate"}, {"actors", {"Child"}}, {"dx", 0}, {"dy", 3}});
    EXPECT_EQ(pose(draft, "Child_2").p, Vec2(-4, 9));
    const auto reading = compile(draft);
    for (const auto& finding : reading.findings) ADD_FAILURE() << finding.message;
    std::vector<std::string> events;
    std::vector<Vec2> line;
    for_each_element(root_of(draft), [&](const story::Element& each) {
        if (each.name == "Event") events.push_back(*each.attribute("name"));
        if (each.name == "Vertex") line.push_back(written_pose(*each.child("Position"))->p);
    });
    EXPECT_EQ(events, (std::vector<std::string>{"runs", "runs_2"}));
    EXPECT_EQ(line, (std::vector{Vec2(-4, 6), Vec2(8, 6), Vec2(-4, 9), Vec2(8, 9)}));
}

TEST(Paste, BringsActorsIntoAnotherDraft) {
    const auto text = copy_text(crossing(), {"Child", "Car"});
    ASSERT_TRUE(text);
    Draft draft = after(town_draft(), {{"do", "paste"}, {"text", *text}, {"x", 50}, {"y", 60}});
    EXPECT_NEAR(pose(draft, "Child").p.x, 50, 1e-9);
    EXPECT_NEAR(pose(draft, "Child").p.y, 60, 1e-9);
    // The other one as far from it as before.
    EXPECT_NEAR(pose(draft, "Car").p.x, 64, 1e-9);
    EXPECT_NEAR(pose(draft, "Car").p.y, 74, 1e-9);
    EXPECT_FALSE(copy_text(crossing(), {"Bus"}));
    for (const char* bad : {"x", "{}", "{\"huntsman_actors\": 1, \"actors\": [{}]}",
                            "{\"huntsman_actors\": 1, \"actors\": [{\"object\": 3}]}"}) {
        EXPECT_THAT(refusal(draft, {{"do", "paste"}, {"text", bad}}),
                    HasSubstr("not what copying gives"));
    }
}

TEST(TakeOver, MakesAGeneratedVehicleTheStorys) {
    const auto& world = town().place->world;
    const auto spawn = std::ranges::find_if(world.spawns, [&](const auto& each) {
        return each.id != engine::world::kEgo &&
               engine::world::is_vehicle(world.archetype_of(each).semantic);
    });
    ASSERT_NE(spawn, world.spawns.end());
    const Draft draft = after(town_draft(), {{"do", "take_over"}, {"id", spawn->id}});
    EXPECT_EQ(draft.scenario.removed, std::vector{spawn->id});
    const std::string name = "Traffic" + std::to_string(spawn->id);
    EXPECT_NEAR(glm::length(pose(draft, name).p - engine::math::xy(spawn->X_WB.p)), 0, 1e-9);
    EXPECT_NEAR(*pose(draft, name).heading_rad, spawn->X_WB.yaw_rad(), 1e-9);
    EXPECT_EQ(speed(draft, name), story::to_text(spawn->speed_mps));
    // It looks as before.
    engine::world::World built = world;
    const auto reading = compile(draft);
    ASSERT_TRUE(model::add_story(reading, built));
    const auto index = reading.story.entity(name);
    EXPECT_EQ(built.story_roles[index].archetype, spawn->archetype);
    EXPECT_THAT(refusal(draft, {{"do", "take_over"}, {"id", spawn->id}}), HasSubstr("already"));
    EXPECT_THAT(refusal(draft, {{"do", "take_over"}, {"id", engine::world::kEgo}}),
                HasSubstr("the ego"));
}

TEST(TakeOver, AlongAPathOfItsOwn) {
    const auto& world = town().place->world;
    const auto parked =
        std::ranges::find_if(world.objects, [](const auto& each) { return each.labelled; });
    ASSERT_NE(parked, world.objects.end());
    const Draft draft = after(town_draft(), {{"do", "take_over"},
                                             {"id", parked->id},
                                             {"path", {{0, 1, 2, 10}, {1, 3, 2, 10}}},
                                             {"name", "Mover"}});
    EXPECT_EQ(pose(draft, "Mover").p, Vec2(1, 2));
    const auto reading = compile(draft);
    const auto at = std::ranges::find_if(reading.story.elements, [](const auto& each) {
        return std::holds_alternative<story::FollowTrajectoryAction>(each.action);
    });
    ASSERT_NE(at, reading.story.elements.end());
    EXPECT_TRUE(std::get<story::FollowTrajectoryAction>(at->action).timed);
}

TEST(RemoveGenerated, ListsTheId) {
    const auto id = town().place->world.spawns.back().id;
    const Draft draft = after(town_draft(), {{"do", "remove_generated"}, {"id", id}});
    EXPECT_EQ(draft.scenario.removed, std::vector{id});
    EXPECT_FALSE(draft.story);
    EXPECT_THAT(refusal(draft, {{"do", "remove_generated"}, {"id", 999999}}),
                HasSubstr("nobody here"));
    // Ids hold for this town only.
    const Draft other = after(draft, {{"do", "set"}, {"field", "town.seed"}, {"value", 8}});
    EXPECT_TRUE(other.scenario.removed.empty());
}

}  // namespace
}  // namespace huntsman::scenarios::edit
