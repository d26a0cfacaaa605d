// Commands on the scenario's fields, criteria, signals and situations.
#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "engine/road/signals.h"
#include "scenarios/edit/canonical.h"
#include "scenarios/edit/elements.h"
#include "scenarios/edit/outline.h"
#include "scenarios/edit/problems.h"
#include "scenarios/edit/start.h"
#include "scenarios/model/story_world.h"
#include "tests/scenarios/edit/samples.h"

namespace huntsman::scenarios::edit {
namespace {

using engine::world::Environment;
using testing::HasSubstr;

TEST(Set, TakesAnyFieldOfTheScenario) {
    Draft draft = town_draft();
    draft = after(draft, {{"do", "set"}, {"field", "environment.rain_mm_h"}, {"value", 12}});
    EXPECT_EQ(*draft.scenario.environment.get(&Environment::rain_mm_h), 12);
    draft = after(draft, {{"do", "set"}, {"field", "town.hilliness"}, {"value", 0.25}});
    EXPECT_EQ(draft.scenario.town.hilliness, 0.25);
    draft = after(draft, {{"do", "set"}, {"field", "duration_s"}, {"value", 33}});
    EXPECT_EQ(draft.scenario.duration_s, 33);
    draft = after(draft, {{"do", "set"}, {"field", "name"}, {"value", "mine"}});
    EXPECT_EQ(draft.scenario.name, "mine");
    draft = after(draft, {{"do", "set"}, {"field", "weather.states[0].time_s"}, {"value", 0}});
    draft = after(draft, {{"do", "set"},
                          {"field", "weather.states.1"},
                          {"value", {{"time_s", 5}, {"rain_mm_h", 3}}}});
    ASSERT_EQ(draft.scenario.weather.states.size(), 2U);
    EXPECT_EQ(draft.scenario.weather.states[1].rain_mm_h, 3);
    draft = after(draft, {{"do", "reset"}, {"field", "weather.states[0]"}});
    EXPECT_EQ(draft.scenario.weather.states.size(), 1U);
    draft = after(draft, {{"do", "reset"}, {"field", "environment.rain_mm_h"}});
    EXPECT_EQ(draft.scenario.environment.get(&Environment::rain_mm_h), nullptr);
    draft = after(draft, {{"do", "set"}, {"field", "ego.from"}, {"value", "10,20"}});
    EXPECT_EQ(draft.scenario.town.way.from, "10,20");
}

TEST(Set, RefusesAsFilesDo) {
    const Draft draft = town_draft();
    const auto refuse = [&](const char* field, const nlohmann::json& value) {
        return refusal(draft, {{"do", "set"}, {"field", field}, {"value", value}});
    };
    EXPECT_THAT(refuse("environment.rain_mm_h", 500), HasSubstr("a number from 0 to 200"));
    EXPECT_THAT(refuse("environment.colour", 1), HasSubstr("is not known here"));
    EXPECT_THAT(refuse("town.vehicles", 2.5), HasSubstr("a whole number"));
    EXPECT_THAT(refuse("story", "a.xosc"), HasSubstr("expected the command add_actor"));
    EXPECT_THAT(refuse("parameters.gap", 3), HasSubstr("no story or situation"));
    EXPECT_THAT(refuse("name.first", "x"), HasSubstr("single value"));
    EXPECT_THAT(refuse("weather.states[7]", 1), HasSubstr("from 0 to 0"));
    EXPECT_THAT(refuse(".", 1), HasSubstr("empty"));
}

TEST(Weather, PresetsSetSkyAndLightApart) {
    Draft draft = after(town_draft(), {{"do", "weather"}, {"preset", "snow"}});
    draft = after(draft, {{"do", "weather"}, {"preset", "night"}});
    const auto& environment = draft.scenario.environment;
    EXPECT_EQ(*environment.get(&Environment::snow_cover), 0.85);
    EXPECT_EQ(*environment.get(&Environment::light), "night");
    EXPECT_LT(*environment.get(&Environment::sun_elevation_rad), -0.3);
    draft = after(draft, {{"do", "weather"}, {"preset", "clear"}});
    EXPECT_EQ(*draft.scenario.environment.get(&Environment::snow_cover), 0);
    EXPECT_EQ(*draft.scenario.environment.get(&Environment::light), "night");
    EXPECT_THAT(refusal(draft, {{"do", "weather"}, {"preset", "frogs"}}),
                HasSubstr("expected one of clear, overcast, rain, heavy rain, fog, snow"));
}

TEST(NewTown, IsAPlainTown) {
    const Draft draft = after(crossing(), {{"do", "new_town"}, {"seed", 12}});
    EXPECT_TRUE(same(draft, new_town(12)));
    EXPECT_THAT(refusal(draft, {{"do", "new_town"}, {"seed", -1}}), HasSubstr("from 0"));
}

TEST(Map, HoldsForTheStoryAsWell) {
    const auto file = std::filesystem::path(HUNTSMAN_SOURCE_DIR) /
                      "tests/agents/traffic/maps/cross_uncontrolled.xodr";
    Draft draft = after(crossing(), {{"do", "map"}, {"file", file.string()}});
    EXPECT_EQ(draft.scenario.map, file.string());
    EXPECT_EQ(*find_element(root_of(draft), "RoadNetwork/LogicFile")->attribute("filepath"),
              file.string());
    draft = after(draft, {{"do", "map"}});
    EXPECT_TRUE(same(draft, crossing()));
    EXPECT_THAT(refusal(draft, {{"do", "map"}, {"file", "/none.xodr"}}), HasSubstr("not a file"));
}

TEST(RemoveStory, LeavesThePlace) {
    Draft draft = after(crossing(), {{"do", "remove_story"}});
    EXPECT_FALSE(draft.story);
    EXPECT_EQ(draft.scenario.town.vehicles, 8);
    EXPECT_EQ(*draft.scenario.town.pedestrians,
              std::ranges::count_if(town().place->world.spawns, [](const auto& spawn) {
                  return is_person(town().place->world.archetype_of(spawn).semantic);
              }));
}

TEST(Criteria, TheFirstStandsBesideTheUsualOnes) {
    Draft draft =
        after(town_draft(), {{"do", "add_criterion"}, {"criterion", {{"kind", "no_red_light"}}}});
    ASSERT_EQ(draft.scenario.criteria.size(), 2U);
    EXPECT_TRUE(std::holds_alternative<story::NoCollision>(draft.scenario.criteria[0].rule));
    draft = after(draft, {{"do", "set_criterion"},
                          {"criterion_index", 1},
                          {"criterion", {{"kind", "keep_lane"}, {"for_at_most_s", 1}}}});
    EXPECT_TRUE(std::holds_alternative<story::KeepLane>(draft.scenario.criteria[1].rule));
    draft = after(draft, {{"do", "remove_criterion"}, {"criterion_index", 0}});
    EXPECT_EQ(draft.scenario.criteria.size(), 1U);
    EXPECT_THAT(refusal(draft, {{"do", "remove_criterion"}, {"criterion_index", 1}}),
                HasSubstr("the scenario has 1"));
    EXPECT_THAT(refusal(crossing(), {{"do", "add_criterion"},
                                     {"criterion", {{"kind", "no_collision"}, {"entity", "Bus"}}}}),
                HasSubstr("no actor \"Bus\""));
    EXPECT_NE(refusal(draft, {{"do", "add_criterion"}, {"criterion", {{"kind", "dance"}}}}), "");
}

TEST(Signals, GetAProgrammeOfTheirOwn) {
    std::string id;
    for (const auto& road : town().place->world.road_model.roads) {
        for (const auto& signal : road.signals) id = signal.id;
    }
    ASSERT_FALSE(id.empty());
    const nlohmann::json phases = {{{"state", "red"}, {"duration_s", 10}},
                                   {{"state", "green"}, {"duration_s", 20}}};
    Draft draft = after(crossing(), {{"do", "set_signal"}, {"signal", id}, {"phases", phases}});
    const auto shown = outline(draft, {});
    ASSERT_EQ(shown.signals.size(), 1U);
    EXPECT_EQ(shown.signals[0].phases[1].duration_s, 20);
    EXPECT_EQ(shown.signals[0].phases[0].states[0],
              (std::pair<std::string, std::string>(id, "red")));
    EXPECT_TRUE(compile(draft).findings.empty());
    // Once more changes it.
    draft = after(draft, {{"do", "set_signal"}, {"signal", id}, {"phases", phases}});
    EXPECT_EQ(outline(draft, {}).signals.size(), 1U);
    draft = after(draft, {{"do", "remove_controller"}, {"controller", "signal " + id}});
    EXPECT_TRUE(same(draft, crossing()));
    EXPECT_THAT(refusal(draft, {{"do", "set_signal"}, {"signal", "nope"}, {"phases", phases}}),
                HasSubstr("no signal"));
    EXPECT_THAT(
        refusal(draft, {{"do", "set_signal"}, {"signal", id}, {"phases", {{{"state", "red"}}}}}),
        HasSubstr("lacks \"duration_s\""));
}

TEST(Signals, OfAJunctionAreTakenOverAsTheyAre) {
    const auto& roads = town().place->world.roads;
    ASSERT_FALSE(roads.programs.empty());
    const auto& program = roads.programs.front();
    const Draft draft = after(crossing(), {{"do", "take_signals"}, {"junction", program.junction}});
    EXPECT_TRUE(compile(draft).findings.empty());
    const auto shown = outline(draft, town()).signals;
    ASSERT_EQ(shown.size(), 1U);
    EXPECT_EQ(shown[0].controller, junction_controller(program.junction));
    // At any time of two cycles the story's states are the map's aspects.
    double cycle_s = 0;
    for (const auto& phase : shown[0].phases) cycle_s += phase.duration_s;
    std::map<std::string, engine::world::SignalGroupId> groups;
    for (const auto& head : roads.signal_heads) {
        if (head.road == engine::world::kNone) continue;
        const auto& signals = town().place->world.road_model.roads[head.road].signals;
        if (head.signal < signals.size()) groups[signals[head.signal].id] = head.group;
    }
    const std::map<engine::world::Aspect, std::string> words{
        {engine::world::Aspect::kRed, "red"},
        {engine::world::Aspect::kRedYellow, "red-yellow"},
        {engine::world::Aspect::kYellow, "yellow"},
        {engine::world::Aspect::kGreen, "green"}};
    std::vector<engine::world::Aspect> aspects;
    for (double t = 0.05; t < 2 * cycle_s; t += 0.5) {
        engine::road::signal_aspects(roads, static_cast<engine::core::TimeUs>(t * 1e6), aspects);
        double left = std::fmod(t, cycle_s);
        std::size_t at = 0;
        while (left >= shown[0].phases[at].duration_s) left -= shown[0].phases[at++].duration_s;
        ASSERT_FALSE(shown[0].phases[at].states.empty());
        for (const auto& [id, state] : shown[0].phases[at].states) {
            ASSERT_EQ(state, words.at(aspects[groups.at(id)])) << t << " s, signal " << id;
        }
    }
    EXPECT_THAT(refusal(draft, {{"do", "take_signals"}, {"junction", 99999}}),
                HasSubstr("no programme"));
}

// ---- Situations

TEST(PlaceSituation, TakesThePlaceOfTheStory) {
    Draft draft =
        after(crossing(), {{"do", "place_situation"}, {"name", "cpnco"}, {"x", 12.5}, {"y", -30}});
    EXPECT_FALSE(draft.story);
    EXPECT_EQ(draft.scenario.story.situation, "cpnco");
    EXPECT_EQ(draft.scenario.story.at, "12.5,-30");
    const auto shown = outline(draft, town());
    EXPECT_GE(shown.actors.size(), 2U);
    EXPECT_FALSE(shown.parameters.empty());
    EXPECT_TRUE(can_run(check(draft, town())));
    const auto& parameter = shown.parameters.front();
    draft = after(
        draft,
        {{"do", "set"}, {"field", "parameters." + parameter.name}, {"value", *parameter.high}});
    EXPECT_TRUE(outline(draft, town()).parameters.front().overridden);
    EXPECT_THAT(refusal(draft, {{"do", "set"},
                                {"field", "parameters." + parameter.name},
                                {"value", *parameter.high + 1}}),
                HasSubstr(parameter.name));
    EXPECT_NE(refusal(draft, {{"do", "set"}, {"field", "parameters.wings"}, {"value", 1}}), "");
    EXPECT_NE(refusal(draft, {{"do", "place_situation"}, {"name", "dragon"}}), "");
    EXPECT_THAT(refusal(town_draft(), {{"do", "place_situation"}, {"name", "cpnco"}}, Context{}),
                HasSubstr("still being built"));
}

// What is turned into a story starts and goes as what was placed.
TEST(ExpandSituation, IsTheSameStory) {
    const Draft placed = after(town_draft(), {{"do", "place_situation"}, {"name", "cpnco"}});
    const Draft own = after(placed, {{"do", "expand_situation"}});
    ASSERT_TRUE(own.story);
    EXPECT_TRUE(own.scenario.story.situation.empty());
    EXPECT_FALSE(own.scenario.criteria.empty());
    engine::world::World a = town().place->world, b = a;
    const auto one = model::place_situation(placed.scenario, *town().place->sites, a);
    ASSERT_TRUE(one);
    ASSERT_TRUE(model::add_story(*one, a));
    ASSERT_TRUE(model::add_story(compile(own), b));
    EXPECT_EQ(a.ego_route, b.ego_route);
    EXPECT_EQ(a.spawns.size(), b.spawns.size());
    EXPECT_EQ(a.spawns.front().X_WB.p, b.spawns.front().X_WB.p);
    const Start first(*one, *town().place, {0, 0}), second(compile(own), *town().place, {0, 0});
    auto now = first.state(), then = second.state();
    constexpr engine::core::TimeUs kStep_us = 50'000;
    for (int i = 0; i < 200; ++i) {
        first.player().step(now, kStep_us);
        second.player().step(then, kStep_us);
    }
    ASSERT_EQ(now.entities.size(), then.entities.size());
    for (std::size_t i = 0; i < now.entities.size(); ++i) {
        EXPECT_EQ(now.entities[i].p_W, then.entities[i].p_W) << i;
    }
    // Its actors can be edited singly: so does adding another one.
    const Draft more = after(placed, {{"do", "add_actor"}, {"kind", "dog"}, {"x", 0}, {"y", 0}});
    EXPECT_EQ(entity_names(root_of(more)).size(), now.entities.size() + 1);
    EXPECT_THAT(refusal(own, {{"do", "expand_situation"}}), HasSubstr("no placed situation"));
}

}  // namespace
}  // namespace huntsman::scenarios::edit
