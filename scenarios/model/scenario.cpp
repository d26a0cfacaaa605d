#include "scenarios/model/scenario.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "engine/core/describe_json.h"
#include "engine/core/describe_numbers.h"
#include "engine/core/files.h"
#include "scenarios/map/map.h"
#include "scenarios/model/removal.h"
#include "scenarios/model/scenario_fields.h"
#include "scenarios/model/story_world.h"
#include "scenarios/opendrive/opendrive.h"

// A programme's object holds its states and, where the sun moves, the keys of its clock.
namespace huntsman::engine::world {

void read_json(const core::JsonNode& parent, const char* key, WeatherProgramme& programme) {
    const core::JsonNode node = parent.object(key);
    SunClock clock;
    read_fields(node, clock, {"date", "states"});
    if (node.has("date")) {
        scenarios::model::read_date(node, clock);
        for (const char* needed : {"latitude_deg", "longitude_deg"}) {
            if (!node.has(needed)) {
                node.fail(fmt::format("has a date, expected {} beside it", needed));
            }
        }
        programme.sun = clock;
    }
    if (!node.has("states")) return;
    for (const core::JsonNode& item : node.array("states")) {
        WeatherState state;
        read_fields(item, state);
        if (!programme.states.empty() && state.time_s <= programme.states.back().time_s) {
            item.fail("time_s is not after that of the state before");
        }
        programme.states.push_back(state);
    }
}

void write_json(nlohmann::ordered_json& parent, const char* key,
                const WeatherProgramme& programme) {
    if (programme.constant()) return;
    auto& json = parent[key] = nlohmann::ordered_json::object();
    if (const auto& clock = programme.sun) {
        json["date"] = fmt::format("{:04}-{:02}-{:02}", clock->year, clock->month, clock->day);
        core::write_fields(*clock, json);
    }
    json["states"] = nlohmann::ordered_json::array();
    for (const WeatherState& state : programme.states) {
        core::write_fields(state, json["states"].emplace_back());
    }
}

}  // namespace huntsman::engine::world

namespace huntsman::scenarios::model {

using engine::core::JsonFile;
using engine::core::JsonNode;
using engine::core::Result;
using engine::core::write_fields;
using nlohmann::ordered_json;

namespace {

constexpr const char* kInline = "(in the scenario)";  // a story that stands in the scenario's file
constexpr double kStoryTime_s = 60;                   // unless it ends itself before

// Nobody takes part but those whom the story names.
Scenario scenario_of_story(const std::filesystem::path& path) {
    Scenario scenario;
    scenario.name = path.stem().string();
    scenario.town.vehicles = 0;
    scenario.town.pedestrians = 0;
    scenario.town.parked_share = 0;
    scenario.duration_s = kStoryTime_s;
    return scenario;
}

bool is_situation(const JsonNode& root) { return root.has("needs") && root.has("actors"); }

}  // namespace

Result<Scenario> load(const std::filesystem::path& path) {
    if (path.extension() == ".xosc") {
        Scenario scenario = scenario_of_story(path);
        scenario.story.file = path.string();
        return scenario;
    }
    HM_TAKE(const std::string text, engine::core::read_file(path));
    HM_TAKE(const auto json, JsonFile::parse(text, path.string()));
    if (is_situation(json->root())) {
        Scenario scenario = scenario_of_story(path);
        scenario.story.situation = path.string();
        return scenario;
    }
    HM_TAKE(Scenario scenario, parse(text, path.string()));
    if (scenario.story.file == kInline) scenario.story.file = path.string();
    if (!json->root().has("name")) scenario.name = path.stem().string();
    // Other files are looked for beside the scenario first.
    for (std::string* file :
         {&scenario.map, &scenario.minds, &scenario.story.file, &scenario.story.situation}) {
        if (file->empty() || !std::filesystem::path(*file).is_relative()) continue;
        const auto beside = path.parent_path() / *file;
        std::error_code ignored;
        if (std::filesystem::exists(beside, ignored)) *file = beside.string();
    }
    return scenario;
}

namespace {

journey::Way read_way(const JsonNode& node) {
    node.only(engine::core::keys_of<journey::Way>());
    journey::Way way;
    way.from = node.text_or("from", "");
    way.to = node.text_or("to", "");
    way.via = journey::places_of(node.text_or("via", ""));
    if (!way.via.empty() && (way.from.empty() || way.to.empty())) {
        node.fail("via is given, expected from and to beside it");
    }
    return way;
}

ordered_json way_json(const journey::Way& way) {
    ordered_json json = ordered_json::object();
    if (!way.from.empty()) json["from"] = way.from;
    if (!way.via.empty()) json["via"] = fmt::format("{}", fmt::join(way.via, ";"));
    if (!way.to.empty()) json["to"] = way.to;
    return json;
}

}  // namespace

void read_date(const JsonNode& node, engine::world::SunClock& clock) {
    const std::string date = node.text("date");
    char rest = 0;
    const bool read = std::sscanf(date.c_str(), "%4d-%2d-%2d%c", &clock.year, &clock.month,
                                  &clock.day, &rest) == 3;
    if (read && engine::core::check_ranges(clock).ok()) return;
    node.fail("has the date " + date + ", expected YYYY-MM-DD from 1950 to 2050");
    clock = {};
}

namespace {

StorySource read_story_source(const JsonNode& root) {
    StorySource story;
    if (root.has("story")) {
        story.file = root.value().at("story").is_object() ? kInline : root.text("story");
    }
    story.situation = root.text_or("situation", "");
    if (!story.file.empty() && !story.situation.empty()) {
        root.fail("has a story and a situation, expected one of them");
    }
    story.at = root.text_or("at", "");
    if (root.has("at") && story.situation.empty()) {
        root.fail("has at, expected a situation beside it");
    } else if (root.has("at") && !point_of(story.at)) {
        root.fail(fmt::format("has at {}, expected X,Y in metres", story.at));
    }
    if (root.has("parameters")) {
        for (const auto& [name, node] : root.object("parameters").members()) {
            if (node.value().is_string()) {
                story.parameters[name] = node.value().get<std::string>();
            } else if (node.value().is_number() || node.value().is_boolean()) {
                story.parameters[name] = node.value().dump();
            } else {
                node.fail("is the value of a parameter, expected a text, a number, true or false");
            }
        }
    }
    story.ego = root.text_or("ego_entity", "");
    for (const auto& [key, list] : root.members()) {
        if (key != "without") continue;
        for (const JsonNode& name : list.items()) {
            if (name.value().is_string()) {
                story.without.push_back(name.value().get<std::string>());
            } else {
                name.fail("is the name of an entity, expected a text");
            }
        }
    }
    if (root.has("physical")) story.physical = root.flag("physical");
    return story;
}

void write_story_source(const StorySource& story, ordered_json& json) {
    if (!story.file.empty()) json["story"] = story.file;
    if (!story.situation.empty()) json["situation"] = story.situation;
    if (!story.at.empty()) json["at"] = story.at;
    if (!story.parameters.empty()) json["parameters"] = story.parameters;
    if (!story.ego.empty()) json["ego_entity"] = story.ego;
    if (!story.without.empty()) json["without"] = story.without;
    if (story.physical) json["physical"] = true;
}

}  // namespace

namespace {

std::vector<engine::world::ActorId> read_removed(const JsonNode& root) {
    std::vector<engine::world::ActorId> removed;
    for (const auto& [key, list] : root.members()) {
        if (key != "removed") continue;
        for (const JsonNode& item : list.items()) {
            const auto& value = item.value();
            // Reals that have no fraction are not ids either.
            if (!value.is_number_unsigned() || value.get<std::uint64_t>() < engine::world::kEgo ||
                value.get<std::uint64_t>() > engine::world::kLastId) {
                item.fail("is the id of a road user or parked vehicle, expected a whole number");
                continue;
            }
            removed.push_back(value.get<engine::world::ActorId>());
        }
    }
    return removed;
}

}  // namespace

Scenario read(const JsonNode& root) {
    Scenario scenario;
    if (root.has("story") || root.has("situation")) {
        scenario = scenario_of_story("story");
        scenario.story = read_story_source(root);
    } else {
        root.text("name");
        for (const char* key : {"at", "parameters", "ego_entity", "without", "physical"}) {
            if (root.has(key)) root.fail(fmt::format("has {}, expected a story beside it", key));
        }
    }
    read_fields(root, scenario,
                {"schema_version", "ego", "story", "situation", "at", "parameters", "ego_entity",
                 "without", "physical", "removed", "criteria"});
    if (root.has("criteria")) {
        for (const JsonNode& node : root.array("criteria")) {
            scenario.criteria.push_back(story::read_criterion(node));
        }
    }
    if (root.has("removed")) scenario.removed = read_removed(root);
    root.integer("schema_version", 1, 1);
    if (root.has("ego")) scenario.town.way = read_way(root.object("ego"));
    return scenario;
}

Result<Scenario> parse(const std::string& text, const std::string& name) {
    HM_TAKE(const auto file, JsonFile::parse(text, name));
    Scenario scenario = read(file->root());
    HM_TRY(file->status());
    return scenario;
}

std::string to_json(const Scenario& scenario) {
    ordered_json json;
    json["schema_version"] = 1;
    write_fields(scenario, json);
    if (scenario.town.way.given()) json["ego"] = way_json(scenario.town.way);
    if (scenario.story.given()) write_story_source(scenario.story, json);
    if (!scenario.removed.empty()) json["removed"] = scenario.removed;
    for (const story::Criterion& criterion : scenario.criteria) {
        json["criteria"].push_back(ordered_json::parse(story::text_of(criterion)));
    }
    return json.dump(1);
}

namespace {

Result<engine::world::World> build_map(const Scenario& scenario,
                                       std::vector<std::string>* left_out) {
    HM_TAKE(opendrive::Reading reading, opendrive::read(scenario.map));
    auto world = map::build(
        std::move(reading.model),
        {scenario.town.seed, scenario.town.vehicles, scenario.town.pedestrians,
         scenario.town.route_m, scenario.town.parked_share, scenario.town.density.value_or(0.45),
         scenario.town.age.value_or(0.5), scenario.town.way},
        left_out);
    if (!world) {
        auto error = world.error();
        if (error.file.empty()) error.file = scenario.map;
        return error;
    }
    return world;
}

}  // namespace

engine::core::Status take_story_map(Scenario& scenario) {
    if (scenario.story.file.empty() || !scenario.map.empty()) return {};
    HM_TAKE(const auto reading, read_story(scenario));
    std::filesystem::path map = reading.story.map;
    if (map.empty()) return {};
    if (map.is_relative()) map = std::filesystem::path(scenario.story.file).parent_path() / map;
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(map, ignored)) {
        return engine::core::Error{
            .message = fmt::format("names the map {}, which is not a file", map.string()),
            .file = scenario.story.file};
    }
    scenario.map = map.string();
    return {};
}

namespace {

// Criteria speak of entities and monitors that the story has.
engine::core::Status check_names(const BuiltScenario& built) {
    const auto fail = [](const story::Criterion& criterion, const char* what, std::string_view of) {
        return engine::core::Error{
            .message = fmt::format("criterion \"{}\" refers to the {} \"{}\", which the story does "
                                   "not have",
                                   criterion.name, what, of)};
    };
    for (const story::Criterion& criterion : built.criteria) {
        const std::string_view entity = story::entity_of(criterion.rule);
        const bool known = built.story && built.story->story.entity(entity) != story::kNoIndex;
        if (!entity.empty() && !known) return fail(criterion, "entity", entity);
        const auto* monitor = std::get_if<story::MonitorIs>(&criterion.rule);
        if (monitor == nullptr) continue;
        const auto named = [&](const story::Monitor& m) { return m.name == monitor->monitor; };
        if (!built.story || std::ranges::none_of(built.story->story.monitors, named)) {
            return fail(criterion, "monitor", monitor->monitor);
        }
    }
    return {};
}

}  // namespace

std::string place_key(const Scenario& scenario) {
    Scenario place;
    place.town = scenario.town;
    place.map = scenario.map;
    return to_json(place);
}

Result<Place> build_place(const Scenario& scenario) {
    Place place;
    auto world =
        scenario.map.empty() ? town::generate(scenario.town) : build_map(scenario, &place.left_out);
    if (!world) return world.error();
    place.world = std::move(*world);
    place.sites = std::make_shared<Sites>(place.world.road_model);
    return place;
}

namespace {

void brighten_clothes(engine::world::World& world) {
    constexpr std::array<float, 3> kYellow{0.62F, 0.80F, 0.06F};  // linear
    for (auto& spawn : world.spawns) {
        if (is_person(world.archetype_of(spawn).semantic)) spawn.tint = kYellow;
    }
    for (auto& role : world.story_roles) {
        if (is_person(world.archetypes[role.archetype].semantic)) role.tint = kYellow;
    }
}

}  // namespace

Result<BuiltScenario> build_on(Place place, const Scenario& scenario) {
    engine::world::World& world = place.world;
    // First, so that the story's entities may stand where they did.
    HM_TRY(remove_actors(scenario.removed, world));
    std::optional<openscenario::StoryFile> story;
    if (!scenario.story.file.empty()) {
        HM_TAKE(story, read_story(scenario));
    } else if (!scenario.story.situation.empty()) {
        HM_TAKE(story, place_situation(scenario, *place.sites, world));
    }
    if (story) HM_TRY(add_story(*story, world));
    if (scenario.bright_clothes) brighten_clothes(world);
    world.scenario = scenario.name;
    scenario.environment.apply_to(world.environment);
    world.weather = scenario.weather;
    if (!scenario.minds.empty()) world.minds = scenario.minds;
    world.environment = engine::world::environment_at(world, 0);
    BuiltScenario built{std::move(world), std::move(story), scenario.criteria};
    if (built.criteria.empty() && built.story) built.criteria = built.story->story.criteria;
    HM_TRY(check_names(built));
    return built;
}

Result<BuiltScenario> build(const Scenario& scenario, std::vector<std::string>* left_out) {
    // What is wrong with a story shows before the place is built.
    if (!scenario.story.file.empty()) HM_TRY(read_story(scenario));
    HM_TAKE(Place place, build_place(scenario));
    if (left_out != nullptr) *left_out = place.left_out;
    return build_on(std::move(place), scenario);
}

}  // namespace huntsman::scenarios::model
