#include "scenarios/model/scenario.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "engine/core/describe_json.h"
#include "engine/core/describe_numbers.h"
#include "engine/core/files.h"
#include "scenarios/map/map.h"
#include "scenarios/model/scenario_fields.h"
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

Result<Scenario> load(const std::filesystem::path& path) {
    HM_TAKE(const std::string text, engine::core::read_file(path));
    HM_TAKE(Scenario scenario, parse(text, path.string()));
    // A map is looked for beside the scenario first.
    if (!scenario.map.empty() && std::filesystem::path(scenario.map).is_relative()) {
        const auto beside = path.parent_path() / scenario.map;
        std::error_code ignored;
        if (std::filesystem::exists(beside, ignored)) scenario.map = beside.string();
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

Scenario read(const JsonNode& root) {
    Scenario scenario;
    read_fields(root, scenario, {"schema_version", "ego"});
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

Result<engine::world::World> build(const Scenario& scenario, std::vector<std::string>* left_out) {
    auto world =
        scenario.map.empty() ? town::generate(scenario.town) : build_map(scenario, left_out);
    if (!world) return world;
    world->scenario = scenario.name;
    scenario.environment.apply_to(world->environment);
    world->weather = scenario.weather;
    world->environment = engine::world::environment_at(*world, 0);
    return world;
}

}  // namespace huntsman::scenarios::model
