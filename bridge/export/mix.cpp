#include "bridge/export/mix.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/core/files.h"
#include "engine/core/json_file.h"
#include "engine/core/random.h"

namespace huntsman::bridge::exporting {

using engine::core::JsonFile;
using engine::core::JsonNode;
using engine::core::Key;
using engine::core::Result;
using engine::math::kPi;
using scenarios::model::Scenario;

namespace {

struct Field {
    const char* name;
    double low, high;
    bool whole = false;
};
constexpr Field kLight[] = {
    {"sun_elevation_deg", -90, 90}, {"sun_azimuth_deg", -360, 360}, {"hour", 0, 24}};
constexpr Field kWeather[] = {{"cloud_cover", 0, 1}, {"turbidity", 1.7, 10}, {"fog_per_m", 0, 1},
                              {"rain_mm_h", 0, 200}, {"wetness", 0, 1},      {"puddles", 0, 1},
                              {"snow_cover", 0, 1}};
constexpr Field kTraffic[] = {
    {"vehicles", 0, 200, true}, {"pedestrians", 0, 500, true}, {"parked_share", 0, 1}};
constexpr Field kPlaces[] = {
    {"size_m", 500, 3000},   {"route_m", 100, 3000},   {"density", 0, 1},
    {"age", 0, 1},           {"block_m", 60, 300},     {"hilliness", 0, 1},
    {"one_way_share", 0, 1}, {"dead_end_share", 0, 1}, {"roundabout_share", 0, 1},
    {"cycle_share", 0, 1},   {"works_share", 0, 1}};

template <std::size_t N>
const Field* find_field(const Field (&fields)[N], const std::string& name) {
    for (const Field& field : fields) {
        if (name == field.name) return &field;
    }
    return nullptr;
}

// The day of a light that is given by hours.
engine::world::SunClock read_clock(const JsonNode& node) {
    engine::world::SunClock clock;
    clock.latitude_rad = node.number_or("latitude_deg", 50, -90, 90) * kPi / 180;
    const std::string date = node.text_or("date", "2024-06-21");
    char rest = 0;
    const bool read = std::sscanf(date.c_str(), "%4d-%2d-%2d%c", &clock.year, &clock.month,
                                  &clock.day, &rest) == 3;
    if (!read || clock.year < 1950 || clock.year > 2050 || clock.month < 1 || clock.month > 12 ||
        clock.day < 1 || clock.day > 31) {
        node.fail("has the date " + date + ", expected YYYY-MM-DD from 1950 to 2050");
        clock = {};
    }
    return clock;
}

template <std::size_t N>
void read_section(const JsonNode& root, const char* section, const Field (&fields)[N],
                  const FindScenario& find, std::vector<Choice>& choices) {
    if (!root.has(section)) return;
    const bool places = section == std::string("places"), light = section == std::string("light");
    double sum = 0;
    std::set<std::string> names;
    for (const JsonNode& node : root.array(section)) {
        // Keys that no field has are found by counting on: `only` wants them all at once.
        if (places) {
            node.only({"name", "weight", "scenario", "size_m", "route_m", "density", "age",
                       "block_m", "hilliness", "one_way_share", "dead_end_share",
                       "roundabout_share", "cycle_share", "works_share"});
        } else if (light) {
            node.only({"name", "weight", "sun_elevation_deg", "sun_azimuth_deg", "hour",
                       "latitude_deg", "date"});
        } else if (section == std::string("weather")) {
            node.only({"name", "weight", "cloud_cover", "turbidity", "fog_per_m", "rain_mm_h",
                       "wetness", "puddles", "snow_cover"});
        } else {
            node.only({"name", "weight", "vehicles", "pedestrians", "parked_share"});
        }
        Choice choice;
        choice.name = node.text("name");
        if (!names.insert(choice.name).second) {
            node.fail("repeats the name " + choice.name + ", expected names that differ");
        }
        choice.weight = node.number_or("weight", 1, 0, 1e9);
        sum += choice.weight;
        for (const Field& field : fields) {
            if (!node.has(field.name)) continue;
            const auto range = node.numbers(field.name, 2, field.low, field.high);
            if (range[0] > range[1]) {
                node.fail(fmt::format("has {} from {} to {}, expected the lower end first",
                                      field.name, range[0], range[1]));
            }
            if (field.whole &&
                (range[0] != std::floor(range[0]) || range[1] != std::floor(range[1]))) {
                node.fail(fmt::format("has {} that are not whole", field.name));
            }
            choice.ranges.push_back({field.name, range[0], range[1]});
        }
        if (light) {
            const bool hours = node.has("hour"), elevation = node.has("sun_elevation_deg");
            if (hours == elevation) {
                node.fail("has no one place of the sun, expected sun_elevation_deg or hour");
            }
            if (hours) choice.clock = read_clock(node);
        }
        if (places && node.has("scenario")) {
            if (!choice.ranges.empty()) {
                node.fail("has a scenario and ranges of a town, expected one of them");
            }
            auto scenario = find(node.text("scenario"));
            if (scenario) {
                choice.scenario = std::move(*scenario);
            } else {
                node.fail("has a scenario that cannot be had: " + scenario.error().text());
            }
        }
        choices.push_back(std::move(choice));
    }
    if (choices.empty() || sum <= 0) {
        root.fail(fmt::format("has no {} with a weight above 0", section));
    }
}

const Choice& choose(const std::vector<Choice>& choices, const Key& key) {
    double sum = 0;
    for (const Choice& choice : choices) sum += choice.weight;
    double left = sum * key.uniform();
    const Choice* last = nullptr;
    for (const Choice& choice : choices) {
        if (choice.weight <= 0) continue;
        last = &choice;
        left -= choice.weight;
        if (left < 0) break;
    }
    return *last;
}

// Draws a section and says each value to `take`.
template <std::size_t N>
const Choice* draw_section(const std::vector<Choice>& choices, const char* section,
                           const Field (&fields)[N], const Key& key, Drawn& drawn,
                           const std::function<void(const std::string&, double)>& take) {
    if (choices.empty()) return nullptr;
    const Choice& choice = choose(choices, key.with(section));
    drawn.conditions[section] = choice.name;
    for (const Range& range : choice.ranges) {
        const double share = key.with(section).with(range.field).uniform();
        double value = range.low + (range.high - range.low) * share;
        if (find_field(fields, range.field)->whole) {
            value =
                std::min(range.high, range.low + std::floor((range.high - range.low + 1) * share));
            drawn.conditions[range.field] = static_cast<std::int64_t>(value);
        } else {
            drawn.conditions[range.field] = value;
        }
        take(range.field, value);
    }
    return &choice;
}

}  // namespace

Result<Mix> load_mix(const std::filesystem::path& path, const FindScenario& find) {
    auto file = JsonFile::read(path);
    if (!file) return file.error();
    const JsonNode root = (*file)->root();
    root.only({"schema_version", "name", "description", "light", "weather", "traffic", "places"});
    root.integer("schema_version", 1, 1);
    Mix mix;
    mix.name = root.text("name");
    read_section(root, "light", kLight, find, mix.light);
    read_section(root, "weather", kWeather, find, mix.weather);
    read_section(root, "traffic", kTraffic, find, mix.traffic);
    read_section(root, "places", kPlaces, find, mix.places);
    if (auto status = (*file)->status(); !status) return status.error();
    auto text = engine::core::read_file(path);
    if (!text) return text.error();
    mix.declared = nlohmann::ordered_json::parse(*text).dump(
        -1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    return mix;
}

Drawn draw(const Mix& mix, const Scenario& base, std::uint64_t seed) {
    const Key key = Key(seed).with("mix");
    Drawn drawn{.scenario = base, .conditions = {}};
    Scenario& scenario = drawn.scenario;

    // The place first: a scenario brings everything with it but what is drawn after it.
    std::map<std::string, double> town_values;
    const Choice* place =
        draw_section(mix.places, "places", kPlaces, key, drawn,
                     [&](const std::string& field, double value) { town_values[field] = value; });
    if (place != nullptr && place->scenario) {
        const double duration_s = scenario.duration_s;
        scenario = *place->scenario;
        scenario.duration_s = duration_s;
    }
    scenario.town.seed = seed;
    auto& town = scenario.town;
    for (const auto& [field, value] : town_values) {
        if (field == "size_m") town.size_m = value;
        if (field == "route_m") town.route_m = value;
        const std::pair<const char*, std::optional<double>*> shares[] = {
            {"density", &town.density},
            {"age", &town.age},
            {"block_m", &town.block_m},
            {"hilliness", &town.hilliness},
            {"one_way_share", &town.one_way_share},
            {"dead_end_share", &town.dead_end_share},
            {"roundabout_share", &town.roundabout_share},
            {"cycle_share", &town.cycle_share},
            {"works_share", &town.works_share}};
        for (const auto& [name, share] : shares) {
            if (field == name) *share = value;
        }
    }
    draw_section(mix.traffic, "traffic", kTraffic, key, drawn,
                 [&](const std::string& field, double value) {
                     if (field == "vehicles") town.vehicles = static_cast<int>(value);
                     if (field == "pedestrians") town.pedestrians = static_cast<int>(value);
                     if (field == "parked_share") town.parked_share = value;
                 });

    // Sun, either directly or from the hour.
    auto& environment = scenario.environment;
    double hour = -1;
    const Choice* light = draw_section(mix.light, "light", kLight, key, drawn,
                                       [&](const std::string& field, double value) {
                                           if (field == "sun_elevation_deg")
                                               environment.sun_elevation_rad = value * kPi / 180;
                                           if (field == "sun_azimuth_deg")
                                               environment.sun_azimuth_rad = value * kPi / 180;
                                           if (field == "hour") hour = value;
                                       });
    if (light != nullptr) {
        scenario.weather.sun.reset();
        environment.light = light->name;
        if (light->clock) {
            engine::world::SunClock clock = *light->clock;
            clock.hour = hour;
            const auto sun = engine::world::sun_position(clock, 0);
            environment.sun_elevation_rad = sun.elevation_rad;
            environment.sun_azimuth_rad = sun.azimuth_rad;
            drawn.conditions["sun_elevation_deg"] = sun.elevation_rad * 180 / kPi;
        }
    }

    // Weather, with the road's grip that follows from it.
    engine::world::WeatherState weather;
    const Choice* kind = draw_section(mix.weather, "weather", kWeather, key, drawn,
                                      [&](const std::string& field, double value) {
                                          if (field == "cloud_cover") weather.cloud_cover = value;
                                          if (field == "turbidity") weather.turbidity = value;
                                          if (field == "fog_per_m") weather.fog_per_m = value;
                                          if (field == "rain_mm_h") weather.rain_mm_h = value;
                                          if (field == "wetness") weather.wetness = value;
                                          if (field == "puddles") weather.puddles = value;
                                          if (field == "snow_cover") weather.snow_cover = value;
                                      });
    if (kind != nullptr) {
        scenario.weather.states.clear();
        environment.weather = kind->name;
        environment.cloud_cover = weather.cloud_cover;
        environment.turbidity = weather.turbidity;
        environment.fog_per_m = weather.fog_per_m;
        environment.rain_mm_h = weather.rain_mm_h;
        environment.wetness = weather.wetness;
        environment.puddles = weather.puddles;
        environment.snow_cover = weather.snow_cover;
        environment.friction = engine::world::friction_of(weather);
    }
    return drawn;
}

}  // namespace huntsman::bridge::exporting
