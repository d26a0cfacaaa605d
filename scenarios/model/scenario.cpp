#include "scenarios/model/scenario.h"

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

Result<Scenario> parse(const std::string& text, const std::string& name) {
    auto file = JsonFile::parse(text, name);
    if (!file) return file.error();
    const JsonNode root = (*file)->root();
    root.only({"schema_version", "name", "town", "map", "environment", "duration_s"});
    root.integer("schema_version", 1, 1);
    Scenario scenario;
    scenario.name = root.text("name");
    scenario.duration_s = root.number_or("duration_s", scenario.duration_s, 0.1, kMostDuration_s);
    if (root.has("map")) scenario.map = root.text("map");
    if (root.has("town")) {
        const JsonNode node = root.object("town");
        node.only({"seed", "size_m", "vehicles", "pedestrians", "parked_share", "route_m"});
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
    }
    if (root.has("environment")) {
        const JsonNode node = root.object("environment");
        node.only({"sun_azimuth_deg", "sun_elevation_deg", "turbidity", "cloud_cover", "fog_per_m",
                   "wetness", "friction", "light", "weather"});
        auto& e = scenario.environment;
        const auto read = [&](const char* key, double low, double high, double unit,
                              std::optional<double>& to) {
            if (node.has(key)) to = node.number(key, low, high) * unit;
        };
        read("sun_azimuth_deg", -360, 360, kDegree, e.sun_azimuth_rad);
        read("sun_elevation_deg", -10, 90, kDegree, e.sun_elevation_rad);
        read("turbidity", 1.7, 10, 1, e.turbidity);
        read("cloud_cover", 0, 1, 1, e.cloud_cover);
        read("fog_per_m", 0, 1, 1, e.fog_per_m);
        read("wetness", 0, 1, 1, e.wetness);
        read("friction", 0.05, 1.2, 1, e.friction);
        if (node.has("light")) e.light = node.text("light");
        if (node.has("weather")) e.weather = node.text("weather");
    }
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
    if (!scenario.map.empty()) json["map"] = scenario.map;
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
    write("wetness", e.wetness, 1);
    write("friction", e.friction, 1);
    if (e.light) environment["light"] = *e.light;
    if (e.weather) environment["weather"] = *e.weather;
    json["environment"] = environment;
    json["duration_s"] = scenario.duration_s;
    return json.dump(1);
}

namespace {

Result<engine::world::World> build_map(const Scenario& scenario) {
    auto reading = opendrive::read(scenario.map);
    if (!reading) return reading.error();
    auto world =
        map::build(std::move(reading->model), {scenario.town.seed, scenario.town.vehicles,
                                               scenario.town.pedestrians, scenario.town.route_m});
    if (!world) {
        auto error = world.error();
        error.file = scenario.map;
        return error;
    }
    return world;
}

}  // namespace

Result<engine::world::World> build(const Scenario& scenario) {
    auto world = scenario.map.empty() ? town::generate(scenario.town) : build_map(scenario);
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
    take(from.wetness, to.wetness);
    take(from.friction, to.friction);
    take(from.light, to.light);
    take(from.weather, to.weather);
    return world;
}

}  // namespace huntsman::scenarios::model
