#include "scenarios/model/scenario.h"

#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "engine/core/files.h"
#include "engine/core/json_file.h"
#include "engine/math/vec.h"
#include "scenarios/map/map.h"
#include "scenarios/opendrive/opendrive.h"

namespace huntsman::scenarios::model {

using engine::core::JsonFile;
using engine::core::JsonNode;
using engine::core::Result;

namespace {

constexpr double kDegree = engine::math::kPi / 180;
constexpr double kMostDuration_s = 24 * 3600;

}  // namespace

Result<Scenario> load(const std::filesystem::path& path) {
    auto text = engine::core::read_file(path);
    if (!text) return text.error();
    auto scenario = parse(*text, path.string());
    // A map is looked for beside the scenario first.
    if (scenario && !scenario->map.empty() && std::filesystem::path(scenario->map).is_relative()) {
        const auto beside = path.parent_path() / scenario->map;
        std::error_code ignored;
        if (std::filesystem::exists(beside, ignored)) scenario->map = beside.string();
    }
    return scenario;
}

namespace {

using Share = std::pair<const char*, std::optional<double>*>;
std::vector<Share> shares_of(town::TownParameters& t) {
    return {{"density", &t.density},
            {"age", &t.age},
            {"block_m", &t.block_m},
            {"hilliness", &t.hilliness},
            {"one_way_share", &t.one_way_share},
            {"dead_end_share", &t.dead_end_share},
            {"roundabout_share", &t.roundabout_share},
            {"cycle_share", &t.cycle_share},
            {"works_share", &t.works_share}};
}
using Switch = std::pair<const char*, std::optional<bool>*>;
std::vector<Switch> switches_of(town::TownParameters& t) {
    return {{"motorway", &t.motorway}, {"railway", &t.railway}, {"left_hand", &t.left_hand}};
}

// Fields of a weather state with their ranges.
struct WeatherField {
    const char* key;
    double engine::world::WeatherState::*value;
    double low, high;
};
constexpr WeatherField kWeatherFields[] = {
    {"cloud_cover", &engine::world::WeatherState::cloud_cover, 0, 1},
    {"turbidity", &engine::world::WeatherState::turbidity, 1.7, 10},
    {"fog_per_m", &engine::world::WeatherState::fog_per_m, 0, 1},
    {"rain_mm_h", &engine::world::WeatherState::rain_mm_h, 0, 200},
    {"wetness", &engine::world::WeatherState::wetness, 0, 1},
    {"puddles", &engine::world::WeatherState::puddles, 0, 1},
    {"snow_cover", &engine::world::WeatherState::snow_cover, 0, 1}};

engine::world::WeatherProgramme read_weather(const JsonNode& node) {
    engine::world::WeatherProgramme programme;
    node.only({"latitude_deg", "longitude_deg", "date", "hour_utc", "clock_speed", "states"});
    if (node.has("date")) {
        engine::world::SunClock clock;
        clock.latitude_rad = node.number("latitude_deg", -90, 90) * kDegree;
        clock.longitude_rad = node.number("longitude_deg", -180, 180) * kDegree;
        const std::string date = node.text("date");
        char rest = 0;
        const bool read = std::sscanf(date.c_str(), "%4d-%2d-%2d%c", &clock.year, &clock.month,
                                      &clock.day, &rest) == 3;
        if (!read || clock.year < 1950 || clock.year > 2050 || clock.month < 1 ||
            clock.month > 12 || clock.day < 1 || clock.day > 31) {
            node.fail("date is " + date + ", expected YYYY-MM-DD from 1950 to 2050");
        }
        clock.hour = node.number_or("hour_utc", clock.hour, 0, 24);
        clock.speed = node.number_or("clock_speed", clock.speed, 0, 1e5);
        programme.sun = clock;
    }
    double before = -1;
    if (node.has("states")) {
        for (const JsonNode& item : node.array("states")) {
            item.only({"time_s", "cloud_cover", "turbidity", "fog_per_m", "rain_mm_h", "wetness",
                       "puddles", "snow_cover"});
            engine::world::WeatherState state;
            state.time_s = item.number("time_s", 0, 1e6);
            if (state.time_s <= before) {
                item.fail("time_s is not after that of the state before");
            }
            before = state.time_s;
            for (const WeatherField& field : kWeatherFields) {
                state.*field.value =
                    item.number_or(field.key, state.*field.value, field.low, field.high);
            }
            programme.states.push_back(state);
        }
    }
    return programme;
}

nlohmann::ordered_json weather_json(const engine::world::WeatherProgramme& programme) {
    nlohmann::ordered_json json = nlohmann::ordered_json::object();
    if (programme.sun) {
        const auto& clock = *programme.sun;
        json["latitude_deg"] = clock.latitude_rad / kDegree;
        json["longitude_deg"] = clock.longitude_rad / kDegree;
        json["date"] = fmt::format("{:04}-{:02}-{:02}", clock.year, clock.month, clock.day);
        json["hour_utc"] = clock.hour;
        json["clock_speed"] = clock.speed;
    }
    json["states"] = nlohmann::ordered_json::array();
    for (const auto& state : programme.states) {
        nlohmann::ordered_json item = {{"time_s", state.time_s}};
        for (const WeatherField& field : kWeatherFields) item[field.key] = state.*field.value;
        json["states"].push_back(item);
    }
    return json;
}

}  // namespace

Result<Scenario> parse(const std::string& text, const std::string& name) {
    auto file = JsonFile::parse(text, name);
    if (!file) return file.error();
    const JsonNode root = (*file)->root();
    root.only(
        {"schema_version", "name", "town", "map", "environment", "weather", "duration_s", "ego"});
    root.integer("schema_version", 1, 1);
    Scenario scenario;
    scenario.name = root.text("name");
    scenario.duration_s = root.number_or("duration_s", scenario.duration_s, 0.1, kMostDuration_s);
    if (root.has("map")) scenario.map = root.text("map");
    if (root.has("town")) {
        const JsonNode node = root.object("town");
        node.only({"seed", "size_m", "vehicles", "pedestrians", "parked_share", "route_m",
                   "density", "age", "block_m", "hilliness", "one_way_share", "dead_end_share",
                   "roundabout_share", "cycle_share", "works_share", "motorway", "railway",
                   "left_hand", "country"});
        auto& town = scenario.town;
        constexpr std::int64_t kMostSeed = std::numeric_limits<std::int64_t>::max();
        town.seed = static_cast<std::uint64_t>(
            node.integer_or("seed", static_cast<std::int64_t>(town.seed), 0, kMostSeed));
        // Ranges of size, counts and shares are the town's own; it names what is out of range.
        town.size_m = node.number_or("size_m", town.size_m, 0, 1e5);
        town.vehicles = static_cast<int>(node.integer_or("vehicles", town.vehicles, 0, 100000));
        town.pedestrians =
            static_cast<int>(node.integer_or("pedestrians", town.pedestrians, 0, 100000));
        town.parked_share = node.number_or("parked_share", town.parked_share, 0, 1);
        town.route_m = node.number_or("route_m", town.route_m, 0, 1e5);
        for (const auto& [key, value] : shares_of(town)) {
            if (node.has(key)) *value = node.number(key, 0, 1e3);
        }
        for (const auto& [key, value] : switches_of(town)) {
            if (node.has(key)) *value = node.flag(key);
        }
        if (node.has("country")) town.country = node.text("country");
    }
    if (root.has("ego")) {
        const JsonNode node = root.object("ego");
        node.only({"from", "via", "to"});
        auto& way = scenario.town.way;
        way.from = node.text_or("from", "");
        way.to = node.text_or("to", "");
        way.via = journey::places_of(node.text_or("via", ""));
        if (!way.via.empty() && (way.from.empty() || way.to.empty())) {
            node.fail("via is given, expected from and to beside it");
        }
    }
    if (root.has("environment")) {
        const JsonNode node = root.object("environment");
        node.only({"sun_azimuth_deg", "sun_elevation_deg", "turbidity", "cloud_cover", "fog_per_m",
                   "rain_mm_h", "wetness", "puddles", "snow_cover", "friction", "light",
                   "weather"});
        auto& e = scenario.environment;
        const auto read = [&](const char* key, double low, double high, double unit,
                              std::optional<double>& to) {
            if (node.has(key)) to = node.number(key, low, high) * unit;
        };
        read("sun_azimuth_deg", -360, 360, kDegree, e.sun_azimuth_rad);
        read("sun_elevation_deg", -90, 90, kDegree, e.sun_elevation_rad);
        read("turbidity", 1.7, 10, 1, e.turbidity);
        read("cloud_cover", 0, 1, 1, e.cloud_cover);
        read("fog_per_m", 0, 1, 1, e.fog_per_m);
        read("rain_mm_h", 0, 200, 1, e.rain_mm_h);
        read("wetness", 0, 1, 1, e.wetness);
        read("puddles", 0, 1, 1, e.puddles);
        read("snow_cover", 0, 1, 1, e.snow_cover);
        read("friction", 0.05, 1.2, 1, e.friction);
        if (node.has("light")) e.light = node.text("light");
        if (node.has("weather")) e.weather = node.text("weather");
    }
    if (root.has("weather")) scenario.weather = read_weather(root.object("weather"));
    if (auto status = (*file)->status(); !status) return status.error();
    return scenario;
}

std::string to_json(const Scenario& scenario) {
    nlohmann::ordered_json json;
    json["schema_version"] = 1;
    json["name"] = scenario.name;
    const auto& town = scenario.town;
    json["town"] = {{"seed", town.seed},
                    {"size_m", town.size_m},
                    {"vehicles", town.vehicles},
                    {"pedestrians", town.pedestrians},
                    {"parked_share", town.parked_share},
                    {"route_m", town.route_m}};
    auto town_copy = town;
    for (const auto& [key, value] : shares_of(town_copy)) {
        if (*value) json["town"][key] = **value;
    }
    for (const auto& [key, value] : switches_of(town_copy)) {
        if (*value) json["town"][key] = **value;
    }
    if (town.country) json["town"]["country"] = *town.country;
    if (!scenario.map.empty()) json["map"] = scenario.map;
    if (const auto& way = town.way; way.given()) {
        json["ego"] = nlohmann::ordered_json::object();
        if (!way.from.empty()) json["ego"]["from"] = way.from;
        if (!way.via.empty()) json["ego"]["via"] = fmt::format("{}", fmt::join(way.via, ";"));
        if (!way.to.empty()) json["ego"]["to"] = way.to;
    }
    if (!scenario.weather.constant()) json["weather"] = weather_json(scenario.weather);
    const auto& e = scenario.environment;
    nlohmann::ordered_json environment = nlohmann::ordered_json::object();
    const auto write = [&](const char* key, const std::optional<double>& value, double unit) {
        if (value) environment[key] = *value / unit;
    };
    write("sun_azimuth_deg", e.sun_azimuth_rad, kDegree);
    write("sun_elevation_deg", e.sun_elevation_rad, kDegree);
    write("turbidity", e.turbidity, 1);
    write("cloud_cover", e.cloud_cover, 1);
    write("fog_per_m", e.fog_per_m, 1);
    write("rain_mm_h", e.rain_mm_h, 1);
    write("wetness", e.wetness, 1);
    write("puddles", e.puddles, 1);
    write("snow_cover", e.snow_cover, 1);
    write("friction", e.friction, 1);
    if (e.light) environment["light"] = *e.light;
    if (e.weather) environment["weather"] = *e.weather;
    json["environment"] = environment;
    json["duration_s"] = scenario.duration_s;
    return json.dump(1);
}

namespace {

Result<engine::world::World> build_map(const Scenario& scenario,
                                       std::vector<std::string>* left_out) {
    auto reading = opendrive::read(scenario.map);
    if (!reading) return reading.error();
    auto world = map::build(
        std::move(reading->model),
        {scenario.town.seed, scenario.town.vehicles, scenario.town.pedestrians,
         scenario.town.route_m, scenario.town.parked_share, scenario.town.density.value_or(0.45),
         scenario.town.age.value_or(0.5), scenario.town.way},
        left_out);
    if (!world) {
        auto error = world.error();
        error.file = scenario.map;
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
    const auto& from = scenario.environment;
    auto& to = world->environment;
    const auto take = [](const auto& value, auto& target) {
        if (value) target = *value;
    };
    take(from.sun_azimuth_rad, to.sun_azimuth_rad);
    take(from.sun_elevation_rad, to.sun_elevation_rad);
    take(from.turbidity, to.turbidity);
    take(from.cloud_cover, to.cloud_cover);
    take(from.fog_per_m, to.fog_per_m);
    take(from.rain_mm_h, to.rain_mm_h);
    take(from.wetness, to.wetness);
    take(from.puddles, to.puddles);
    take(from.snow_cover, to.snow_cover);
    take(from.friction, to.friction);
    take(from.light, to.light);
    take(from.weather, to.weather);
    world->weather = scenario.weather;
    world->environment = engine::world::environment_at(*world, 0);
    return world;
}

}  // namespace huntsman::scenarios::model
