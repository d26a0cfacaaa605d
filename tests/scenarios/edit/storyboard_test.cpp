// Commands on events, elements and parameters.
#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>

#include "scenarios/edit/elements.h"
#include "scenarios/edit/outline.h"
#include "scenarios/edit/parameters.h"
#include "scenarios/edit/start.h"
#include "scenarios/edit/variations.h"
#include "scenarios/openscenario/variants.h"
#include "tests/scenarios/edit/samples.h"

namespace huntsman::scenarios::edit {
namespace {

using nlohmann::json;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

void expect_no_errors(const Draft& draft) {
    for (const auto& finding : compile(draft).findings) {
        EXPECT_NE(finding.severity, engine::core::Severity::kError) << finding.message;
    }
}

// Values that fit every parameter of a kind.
json filled(const CommandInfo& info) {
    json values = {{"kind", info.name}};
    for (const ParameterInfo& parameter : info.parameters) {
        const std::string name = parameter.name;
        if (parameter.optional) continue;
        if (name == "points")
            values[name] = {{0, 0}, {5, 5}};
        else if (name == "to" || name == "who")
            values[name] = "Car";
        else if (name == "light")
            values[name] = "indicatorLeft";
        else if (name == "mode")
            values[name] = "flashing";
        else if (name == "part")
            values[name] = "doorFrontLeft";
        else if (name == "event")
            values[name] = "first";
        else if (name == "signal")
            values[name] = "1";
        else if (name == "state")
            values[name] = "red";
        else
            values[name] = 1;
    }
    return values;
}

TEST(AddEvent, EveryActionAndTriggerIsAStory) {
    Draft draft = after(crossing(), {{"do", "add_event"},
                                     {"actor", "Child"},
                                     {"name", "first"},
                                     {"action", {{"kind", "stop"}}}});
    for (const CommandInfo& info : action_kinds()) {
        json action = filled(info);
        if (std::string_view(info.name) == "keep_distance") action["distance_m"] = 5;
        const bool nobody = std::string_view(info.group) == "world";
        json command = {{"do", "add_event"}, {"action", action}};
        if (!nobody) command["actor"] = "Child";
        draft = after(draft, command);
        if (!nobody) {
            EXPECT_THAT(refusal(draft, {{"do", "add_event"}, {"action", action}}),
                        HasSubstr("nobody could do"));
        }
    }
    for (const CommandInfo& info : trigger_kinds()) {
        draft = after(draft, {{"do", "add_event"},
                              {"actor", "Child"},
                              {"action", {{"kind", "stop"}}},
                              {"trigger", filled(info)}});
    }
    expect_no_errors(draft);
    const auto shown = outline(draft, town());
    EXPECT_EQ(shown.events.size(), 1 + action_kinds().size() + trigger_kinds().size());
    for (const OutlineEvent& event : shown.events) {
        ASSERT_EQ(event.actions.size(), 1U) << event.name;
        EXPECT_EQ(event.actions[0].find('?'), std::string::npos) << event.actions[0];
        EXPECT_EQ(event.trigger.find('?'), std::string::npos) << event.trigger;
    }
}

TEST(AddEvent, TheOutlineSaysItInWords) {
    Draft draft =
        after(crossing(),
              {{"do", "add_event"},
               {"actor", "Child"},
               {"name", "runs"},
               {"action", {{"kind", "speed"}, {"mps", 2.5}, {"over_s", 1}}},
               {"trigger", {{"kind", "distance_to_ego"}, {"distance_m", 20}, {"delay_s", 0.5}}}});
    draft = after(draft,
                  {{"do", "add_event"},
                   {"actor", "Car"},
                   {"action", {{"kind", "lane_change"}, {"lanes", -1}}},
                   {"trigger", {{"kind", "reach_position"}, {"x", 4}, {"y", 5}, {"radius_m", 3}}}});
    draft = after(draft, {{"do", "add_event"},
                          {"actor", "Car"},
                          {"action", {{"kind", "stop"}}},
                          {"trigger", {{"kind", "time"}, {"time_s", 7}}}});
    const auto events = outline(draft, {}).events;
    ASSERT_EQ(events.size(), 3U);
    EXPECT_EQ(events[0].name, "runs");
    EXPECT_THAT(events[0].actors, ElementsAre("Child"));
    EXPECT_THAT(events[0].actions, ElementsAre("go at 2.5 m/s within 1 s"));
    EXPECT_EQ(events[0].trigger, "Ego is below 20 m from Child, 0.5 s later");
    EXPECT_FALSE(events[0].start_s);
    EXPECT_THAT(events[1].actions, ElementsAre("change 1 lane to the right within 3 s"));
    EXPECT_EQ(events[1].trigger, "Ego is within 3 m of (4, 5)");
    EXPECT_EQ(*events[1].p_W, Vec3(4, 5, 0));
    EXPECT_EQ(events[1].radius_m, 3);
    EXPECT_EQ(find_element(root_of(draft), events[1].position_path)->name, "Position");
    EXPECT_EQ(events[2].trigger, "at 7 s");
    EXPECT_EQ(events[2].start_s, 7);
    draft = after(draft, {{"do", "move_event"}, {"event", events[2].name}, {"time_s", 9}});
    EXPECT_EQ(outline(draft, {}).events[2].start_s, 9);
    EXPECT_THAT(refusal(draft, {{"do", "move_event"}, {"event", "runs"}, {"time_s", 9}}),
                HasSubstr("does not start by time"));
}

TEST(Events, AreChangedRenamedAndRemoved) {
    Draft draft = after(crossing(), {{"do", "add_event"},
                                     {"actor", "Child"},
                                     {"name", "runs"},
                                     {"action", {{"kind", "stop"}}}});
    draft = after(draft, {{"do", "add_event"},
                          {"actor", "Child"},
                          {"name", "then"},
                          {"action", {{"kind", "stop"}}},
                          {"trigger", {{"kind", "after_event"}, {"event", "runs"}}}});
    draft = after(draft, {{"do", "rename_event"}, {"event", "runs"}, {"name", "walks"}});
    EXPECT_EQ(outline(draft, {}).events[1].trigger, "after walks");
    draft =
        after(draft, {{"do", "set_action"},
                      {"event", "walks"},
                      {"action", {{"kind", "walk"}, {"points", {{0, 0}, {1, 0}}}, {"mps", 2}}}});
    EXPECT_THAT(outline(draft, {}).events[0].actions,
                ElementsAre("follow a trajectory", "go at 2 m/s"));
    draft = after(draft, {{"do", "set_trigger"},
                          {"event", "walks"},
                          {"trigger", {{"kind", "time_to_collision"}, {"time_s", 2}}}});
    EXPECT_EQ(outline(draft, {}).events[0].trigger, "Ego's time to Child is below 2 s");
    expect_no_errors(draft);
    // The second waits for the first.
    EXPECT_TRUE(same(after(draft, {{"do", "remove_event"}, {"event", "walks"}}), crossing()));
    EXPECT_EQ(outline(after(draft, {{"do", "remove_event"}, {"event", "then"}}), {}).events.size(),
              1U);
    EXPECT_THAT(refusal(draft, {{"do", "remove_event"}, {"event", "flies"}}),
                HasSubstr("expected one of walks, then"));
    EXPECT_THAT(refusal(draft, {{"do", "add_event"},
                                {"actor", "Child"},
                                {"name", "then"},
                                {"action", {{"kind", "stop"}}}}),
                HasSubstr("already"));
    EXPECT_THAT(
        refusal(draft, {{"do", "add_event"}, {"actor", "Child"}, {"action", {{"kind", "speed"}}}}),
        HasSubstr("lacks \"mps\""));
}

// What is drawn is where the actor goes, at the times that are given.
TEST(DrawTrajectory, IsFollowedByTime) {
    const Draft draft = after(crossing(), {{"do", "draw_trajectory"},
                                           {"actor", "Child"},
                                           {"points", {{0, -4, 6}, {2, 0, 6}, {4, 8, 6}}}});
    const auto start = start_of(draft, town());
    ASSERT_NE(start, nullptr);
    auto state = start->state();
    const auto child = start->story().entity("Child");
    for (int i = 0; i < 300; ++i) start->player().step(state, 10'000);
    EXPECT_NEAR(state.entities[child].p_W.x, 4, 0.2);  // half way at 3 s
    EXPECT_NEAR(state.entities[child].p_W.y, 6, 0.05);
    const auto& actor = outline(draft, town()).actors[2];
    ASSERT_EQ(actor.trajectories.size(), 1U);
    EXPECT_EQ(actor.trajectories[0].points_W.size(), 3U);
    EXPECT_EQ(*actor.trajectories[0].times_s[2], 4);
    // Drawn again it takes the first one's place.
    const Draft again = after(
        draft, {{"do", "draw_trajectory"}, {"actor", "Child"}, {"points", {{-4, 6}, {3, 6}}}});
    EXPECT_EQ(outline(again, {}).events.size(), 1U);
    EXPECT_THAT(refusal(draft, {{"do", "draw_trajectory"},
                                {"actor", "Child"},
                                {"points", {{0, -4, 6}, {0, 0, 6}}}}),
                HasSubstr("do not rise"));
    EXPECT_THAT(
        refusal(draft,
                {{"do", "draw_trajectory"}, {"actor", "Child"}, {"points", {{0, 1}, {0, 1, 2}}}}),
        HasSubstr("different lengths"));
    EXPECT_THAT(
        refusal(draft, {{"do", "draw_trajectory"}, {"actor", "Child"}, {"points", {{0, 1}}}}),
        HasSubstr("at least 2 points"));
}

TEST(DrawRoute, TakesThePlaceOfTheFirst) {
    const Draft draft =
        after(crossing(),
              {{"do", "draw_route"}, {"actor", "Ego"}, {"points", {{0, 0}, {50, 0}, {80, 9}}}});
    const auto actors = outline(draft, {}).actors;
    EXPECT_EQ(actors[0].route_W, (std::vector{Vec3(0, 0, 0), Vec3(50, 0, 0), Vec3(80, 9, 0)}));
    EXPECT_EQ(find_element(root_of(draft), actors[0].route_path)->name, "Route");
    expect_no_errors(draft);
}

// ---- Elements

const char* kVehicle = "Entities/ScenarioObject[Car]/Vehicle";

TEST(Elements, AreFoundByNumberAndName) {
    const Draft draft = crossing();
    const auto& root = root_of(draft);
    const auto* vehicle = find_element(root, kVehicle);
    ASSERT_NE(vehicle, nullptr);
    EXPECT_EQ(path_of(root, vehicle), "Entities/ScenarioObject[2]/Vehicle");
    EXPECT_EQ(find_element(root, "Entities/ScenarioObject[2]/Vehicle"), vehicle);
    EXPECT_EQ(find_element(root, "Entities/ScenarioObject[9]"), nullptr);
    EXPECT_EQ(find_element(root, ""), &root);
    EXPECT_EQ(type_at("Storyboard/StopTrigger"), "Trigger");
    EXPECT_EQ(type_at("Storyboard/Nothing"), "");
    std::size_t count = 0;
    for_each_element(root, [&](const story::Element& each) {
        ++count;
        const std::string path = path_of(root, &each);
        EXPECT_EQ(find_element(root, path), &each) << path;
        EXPECT_FALSE(type_at(path).empty()) << path;
    });
    EXPECT_GT(count, 50U);
}

TEST(Elements, AttributesAreCheckedAgainstTheStandard) {
    Draft draft = after(crossing(), {{"do", "set_attribute"},
                                     {"path", kVehicle},
                                     {"attribute", "vehicleCategory"},
                                     {"value", "bus"}});
    EXPECT_EQ(*find_element(root_of(draft), kVehicle)->attribute("vehicleCategory"), "bus");
    const auto refuse = [&](const char* attribute, const json& value) {
        return refusal(draft, {{"do", "set_attribute"},
                               {"path", kVehicle},
                               {"attribute", attribute},
                               {"value", value}});
    };
    EXPECT_THAT(refuse("vehicleCategory", "boat"), HasSubstr("expected one of bicycle, bus"));
    EXPECT_THAT(refuse("mass", "heavy"), HasSubstr("expected a number"));
    EXPECT_THAT(refuse("wings", 2), HasSubstr("expected one of name"));
    EXPECT_THAT(refuse("mass", json::array()), HasSubstr("list or object"));
    EXPECT_THAT(refusal(draft, {{"do", "set_attribute"},
                                {"path", "Entities/ScenarioObject[2]"},
                                {"attribute", "name"},
                                {"value", "X"}}),
                HasSubstr("expected the command rename"));
    EXPECT_THAT(
        refusal(draft, {{"do", "remove_attribute"}, {"path", kVehicle}, {"attribute", "name"}}),
        HasSubstr("needs"));
    draft = after(draft, {{"do", "remove_attribute"}, {"path", kVehicle}, {"attribute", "mass"}});
    EXPECT_EQ(find_element(root_of(draft), kVehicle)->attribute("mass"), nullptr);
    EXPECT_NE(refusal(town_draft(),
                      {{"do", "set_attribute"}, {"path", ""}, {"attribute", "x"}, {"value", 1}}),
              "");
}

TEST(Elements, AreInsertedWithWhatTheStandardNeeds) {
    const Draft draft = crossing();
    // Every element that may be inserted anywhere is valid, and can be removed again.
    std::vector<std::string> paths;
    for_each_element(root_of(draft), [&](const story::Element& each) {
        paths.push_back(path_of(root_of(draft), &each));
    });
    std::size_t inserted = 0;
    for (const std::string& path : paths) {
        const auto described = describe_element(draft, path);
        ASSERT_TRUE(described) << described.error().text();
        for (const std::string& name : described->insertable) {
            json command = {{"do", "insert_element"}, {"element", name}};
            if (!path.empty()) command["path"] = path;
            const Draft more = after(draft, command);
            ++inserted;
            engine::core::Findings findings;
            const auto status = check_element(root_of(more), "OpenScenario");
            EXPECT_TRUE(status) << path << " " << name << ": " << status.error().message;
        }
        for (const std::string& name : described->replaceable_by) {
            const Draft other =
                after(draft, {{"do", "replace_element"}, {"path", path}, {"element", name}});
            EXPECT_TRUE(check_element(root_of(other), "OpenScenario")) << path << " " << name;
        }
        if (described->removable && described->name != "ScenarioObject") {
            after(draft, {{"do", "remove_element"}, {"path", path}});
        }
    }
    EXPECT_GT(inserted, 40U);
    EXPECT_THAT(
        refusal(draft, {{"do", "insert_element"}, {"path", kVehicle}, {"element", "Axles"}}),
        HasSubstr("expected one"));
    EXPECT_THAT(refusal(draft, {{"do", "insert_element"}, {"path", kVehicle}, {"element", "Wing"}}),
                HasSubstr("cannot hold"));
    EXPECT_THAT(
        refusal(draft, {{"do", "remove_element"}, {"path", std::string(kVehicle) + "/Axles"}}),
        HasSubstr("lacks <Axles>"));
}

TEST(Elements, DescribeTheirProperties) {
    const Draft draft = crossing();
    const auto vehicle = describe_element(draft, kVehicle);
    ASSERT_TRUE(vehicle);
    EXPECT_EQ(vehicle->label, "Vehicle car");
    const auto find = [](const ElementDescription& element, const std::string& name) {
        return *std::ranges::find(element.properties, name, &PropertyDescription::name);
    };
    const auto category = find(*vehicle, "vehicleCategory");
    EXPECT_EQ(category.label, "Vehicle category");
    EXPECT_EQ(category.type, "choice");
    EXPECT_TRUE(category.required);
    EXPECT_EQ(*category.value, "car");
    EXPECT_THAT(category.choices, Contains("truck"));
    EXPECT_EQ(find(*vehicle, "mass").unit, "kg");
    EXPECT_FALSE(find(*vehicle, "model3d").value);
    EXPECT_THAT(vehicle->insertable, Contains("Properties"));
    EXPECT_FALSE(vehicle->removable);
    const auto fields = describe_fields(draft);
    const auto rain = std::ranges::find_if(
        fields, [](const auto& field) { return field.property.name == "environment.rain_mm_h"; });
    ASSERT_NE(rain, fields.end());
    EXPECT_EQ(rain->property.unit, "mm/h");
    EXPECT_EQ(rain->property.label, "Rain");
    EXPECT_EQ(*rain->property.high, 200);
    // Each can be set to what it is.
    for (const auto& field : fields) {
        if (!field.property.value) continue;
        const auto value = json::parse(*field.property.value, nullptr, false);
        after(draft,
              {{"do", "set"},
               {"field", field.property.name},
               {"value", field.property.type == "text" ? json(*field.property.value) : value}});
    }
}

TEST(Elements, ChangeTheirOrder) {
    Draft draft =
        after(crossing(),
              {{"do", "draw_route"}, {"actor", "Ego"}, {"points", {{0, 0}, {50, 0}, {80, 9}}}});
    const std::string route = outline(draft, {}).actors[0].route_path;
    draft = after(draft, {{"do", "move_element"}, {"path", route + "/Waypoint[3]"}, {"at", 1}});
    EXPECT_EQ(outline(draft, {}).actors[0].route_W.front(), Vec3(80, 9, 0));
}

// ---- Parameters

TEST(Parameters, StandForAttributes) {
    const std::string path = "Entities/ScenarioObject[Car]/Vehicle/Performance";
    Draft draft = after(crossing(), {{"do", "add_parameter"},
                                     {"name", "top"},
                                     {"value", 40},
                                     {"low", 20},
                                     {"high", 60},
                                     {"distribution", "uniform"}});
    draft = after(
        draft, {{"do", "bind"}, {"path", path}, {"attribute", "maxSpeed"}, {"parameter", "top"}});
    expect_no_errors(draft);
    auto shown = outline(draft, {}).parameters;
    ASSERT_EQ(shown.size(), 1U);
    EXPECT_EQ(shown[0].low, 20);
    EXPECT_EQ(shown[0].high, 60);
    EXPECT_EQ(shown[0].distribution, "uniform");
    EXPECT_THAT(shown[0].bound_to,
                ElementsAre("Entities/ScenarioObject[2]/Vehicle/Performance@maxSpeed"));
    const auto top = [&](const Draft& d) {
        return compile(d).story.entities[1].performance.max_speed_mps;
    };
    EXPECT_EQ(top(draft), 40);
    const Draft given = after(draft, {{"do", "set"}, {"field", "parameters.top"}, {"value", 55}});
    EXPECT_EQ(top(given), 55);
    EXPECT_THAT(refusal(draft, {{"do", "set"}, {"field", "parameters.bottom"}, {"value", 1}}),
                HasSubstr("expected one of top"));
    const Draft loose = after(given, {{"do", "unbind"}, {"path", path}, {"attribute", "maxSpeed"}});
    EXPECT_EQ(*find_element(root_of(loose), path)->attribute("maxSpeed"), "55");
    EXPECT_THAT(refusal(draft, {{"do", "set_parameter"}, {"parameter", "top"}, {"value", 99}}),
                HasSubstr("within its range"));
    draft = after(draft, {{"do", "set_parameter"},
                          {"parameter", "top"},
                          {"value", 99},
                          {"high", nullptr},
                          {"low", nullptr},
                          {"distribution", "none"}});
    EXPECT_EQ(top(draft), 99);
    draft = after(draft, {{"do", "remove_parameter"}, {"parameter", "top"}});
    EXPECT_EQ(top(draft), 99);
    EXPECT_TRUE(outline(draft, {}).parameters.empty());
    EXPECT_THAT(refusal(draft, {{"do", "add_parameter"}, {"name", "9x"}, {"value", 1}}),
                HasSubstr("letters"));
    EXPECT_THAT(refusal(draft, {{"do", "add_parameter"}, {"name", "x"}, {"value", "a"}}),
                HasSubstr("expected a number"));
}

TEST(Parameters, AreDrawnFromTheirDistributions) {
    const auto folder = std::filesystem::temp_directory_path() /
                        ("huntsman_variations_" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    Draft draft = after(crossing(), {{"do", "add_parameter"},
                                     {"name", "gap"},
                                     {"value", 4},
                                     {"low", 2},
                                     {"high", 6},
                                     {"distribution", "uniform"}});
    draft = after(draft, {{"do", "add_parameter"},
                          {"name", "v"},
                          {"value", 10},
                          {"low", 8},
                          {"high", 12},
                          {"distribution", "normal"}});
    draft = after(draft, {{"do", "add_parameter"}, {"name", "fixed"}, {"value", 1}});
    ASSERT_TRUE(save_variations(draft, folder / "s.xosc", folder / "v.xosc", 50, 3));
    const auto variants = openscenario::read_variants(folder / "v.xosc", 0, 1);
    ASSERT_TRUE(variants) << variants.error().text();
    EXPECT_EQ(folder / variants->scenario, folder / "s.xosc");
    ASSERT_EQ(variants->values.size(), 50U);
    for (const auto& values : variants->values) {
        EXPECT_EQ(values.size(), 2U);
        const double gap = std::stod(values.at("gap")), v = std::stod(values.at("v"));
        EXPECT_TRUE(gap >= 2 && gap <= 6 && v >= 8 && v <= 12) << gap << " " << v;
    }
    EXPECT_FALSE(save_variations(crossing(), folder / "s.xosc", folder / "v.xosc", 50, 3));
    std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace huntsman::scenarios::edit
