#include "bridge/export/mix.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "agents/profiles/profile.h"
#include "engine/core/describe_numbers.h"
#include "engine/core/files.h"
#include "engine/core/json_file.h"
#include "engine/core/random.h"
#include "scenarios/model/scenario_fields.h"

namespace huntsman::bridge::exporting {

using engine::core::JsonFile;
using engine::core::JsonNode;
using engine::core::Key;
using engine::core::Result;
using engine::core::set_number;
using engine::math::kPi;
using scenarios::model::Scenario;
using scenarios::town::TownParameters;

namespace {

using engine::core::NumberField;

// What a section may give ranges of: numbers of the lists that describe the scenario.
using Fields = std::vector<NumberField>;
const NumberField* find_field(const Fields& fields, const std::string& key) {
    const auto at = std::find_if(fields.begin(), fields.end(),
                                 [&](const NumberField& field) { return field.key == key; });
    return at == fields.end() ? nullptr : &*at;
}
bool among(const std::string& key, std::initializer_list<const char*> keys) {
    return std::find(keys.begin(), keys.end(), key) != keys.end();
}
constexpr const char* kHour = "hour";
constexpr auto kTrafficKeys = {"vehicles", "pedestrians", "parked_share"};

Fields light_fields() {
    Fields fields = engine::core::number_fields<engine::world::Environment>();
    std::erase_if(fields, [](const NumberField& f) { return !f.key.starts_with("sun_"); });
    fields.push_back({kHour, 0, 24});
    return fields;
}
Fields weather_fields() {
    Fields fields = engine::core::number_fields<engine::world::WeatherState>();
    std::erase_if(fields, [](const NumberField& f) { return f.key == "time_s"; });
    return fields;
}
Fields traffic_fields() {
    Fields fields = engine::core::number_fields<TownParameters>();
    std::erase_if(fields, [](const NumberField& f) { return !among(f.key, kTrafficKeys); });
    return fields;
}
Fields place_fields() {
    Fields fields = engine::core::number_fields<TownParameters>();
    std::erase_if(
        fields, [](const NumberField& f) { return f.key == "seed" || among(f.key, kTrafficKeys); });
    return fields;
}

// The day of a light that is given by hours.
engine::world::SunClock read_clock(const JsonNode& node) {
    engine::world::SunClock clock;
    clock.latitude_rad = node.number_or("latitude_deg", 50, -90, 90) * kPi / 180;
    if (node.has("date")) scenarios::model::read_date(node, clock);
    return clock;
}

void read_section(const JsonNode& root, const char* section, const Fields& fields,
                  const FindScenario& find, std::vector<Choice>& choices) {
    if (!root.has(section)) return;
    const bool places = section == std::string("places"), light = section == std::string("light"),
               traffic = section == std::string("traffic");
    double sum = 0;
    std::set<std::string> names;
    for (const JsonNode& node : root.array(section)) {
        std::vector<const char*> keys = {"name", "weight"};
        if (places) keys.push_back("scenario");
        if (light) keys.insert(keys.end(), {"latitude_deg", "date"});
        if (traffic) keys.push_back("minds");
        for (const NumberField& field : fields) keys.push_back(field.key.c_str());
        node.only(keys);
        Choice choice;
        choice.name = node.text("name");
        if (!names.insert(choice.name).second) {
            node.fail("repeats the name " + choice.name + ", expected names that differ");
        }
        choice.weight = node.number_or("weight", 1, 0, 1e9);
        sum += choice.weight;
        for (const NumberField& field : fields) {
            if (!node.has(field.key)) continue;
            const auto range = node.numbers(field.key, 2, field.low, field.high);
            if (range[0] > range[1]) {
                node.fail(fmt::format("has {} from {} to {}, expected the lower end first",
                                      field.key, range[0], range[1]));
            }
            if (field.whole &&
                (range[0] != std::floor(range[0]) || range[1] != std::floor(range[1]))) {
                node.fail(fmt::format("has {} that are not whole", field.key));
            }
            choice.ranges.push_back({field.key, range[0], range[1]});
        }
        if (light) {
            const bool hours = node.has("hour"), elevation = node.has("sun_elevation_deg");
            if (hours == elevation) {
                node.fail("has no one place of the sun, expected sun_elevation_deg or hour");
            }
            if (hours) choice.clock = read_clock(node);
        }
        if (traffic && node.has("minds")) {
            choice.minds = node.text("minds");
            const auto cast = agents::profiles::load_cast(choice.minds);
            if (!cast) node.fail("has minds that cannot be had: " + cast.error().text());
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
const Choice* draw_section(const std::vector<Choice>& choices, const char* section,
                           const Fields& fields, const Key& key, Drawn& drawn,
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
    HM_TAKE(auto file, JsonFile::read(path));
    const JsonNode root = file->root();
    root.only({"schema_version", "name", "description", "light", "weather", "traffic", "places"});
    root.integer("schema_version", 1, 1);
    Mix mix;
    mix.name = root.text("name");
    read_section(root, "light", light_fields(), find, mix.light);
    read_section(root, "weather", weather_fields(), find, mix.weather);
    read_section(root, "traffic", traffic_fields(), find, mix.traffic);
    read_section(root, "places", place_fields(), find, mix.places);
    HM_TRY(file->status());
    HM_TAKE(auto text, engine::core::read_file(path));
    mix.declared = nlohmann::ordered_json::parse(text).dump(
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
        draw_section(mix.places, "places", place_fields(), key, drawn,
                     [&](const std::string& field, double value) { town_values[field] = value; });
    if (place != nullptr && place->scenario) {
        const double duration_s = scenario.duration_s;
        scenario = *place->scenario;
        scenario.duration_s = duration_s;
    }
    scenario.town.seed = seed;
    auto& town = scenario.town;
    for (const auto& [key_of_value, value] : town_values) set_number(town, key_of_value, value);
    const Choice* traffic = draw_section(
        mix.traffic, "traffic", traffic_fields(), key, drawn,
        [&](const std::string& field, double value) { set_number(town, field, value); });
    if (traffic != nullptr && !traffic->minds.empty()) scenario.minds = traffic->minds;

    // Sun, either directly or from the hour.
    auto& environment = scenario.environment;
    using engine::world::Environment;
    double hour = -1;
    const Choice* light =
        draw_section(mix.light, "light", light_fields(), key, drawn,
                     [&](const std::string& field, double value) {
                         if (field == "sun_elevation_deg")
                             environment.set(&Environment::sun_elevation_rad, value * kPi / 180);
                         if (field == "sun_azimuth_deg")
                             environment.set(&Environment::sun_azimuth_rad, value * kPi / 180);
                         if (field == kHour) hour = value;
                     });
    if (light != nullptr) {
        scenario.weather.sun.reset();
        environment.set(&Environment::light, light->name);
        if (light->clock) {
            engine::world::SunClock clock = *light->clock;
            clock.hour = hour;
            const auto sun = engine::world::sun_position(clock, 0);
            environment.set(&Environment::sun_elevation_rad, sun.elevation_rad);
            environment.set(&Environment::sun_azimuth_rad, sun.azimuth_rad);
            drawn.conditions["sun_elevation_deg"] = sun.elevation_rad * 180 / kPi;
        }
    }

    // Weather, with the road's grip that follows from it.
    engine::world::WeatherState weather;
    const Choice* kind = draw_section(
        mix.weather, "weather", weather_fields(), key, drawn,
        [&](const std::string& field, double value) { set_number(weather, field, value); });
    if (kind != nullptr) {
        scenario.weather.states.clear();
        copy_common(weather, environment);
        environment.set(&Environment::weather, kind->name);
        environment.set(&Environment::friction, engine::world::friction_of(weather));
    }
    return drawn;
}

}  // namespace huntsman::bridge::exporting
