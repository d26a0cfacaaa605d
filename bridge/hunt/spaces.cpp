#include "bridge/hunt/spaces.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <sstream>

#include "bridge/hunt/hunt.h"
#include "bridge/run/driver_spec.h"
#include "bridge/run/numbers.h"
#include "bridge/run/settings.h"
#include "scenarios/openscenario/openscenario.h"
#include "scenarios/situations/situation.h"

namespace huntsman::bridge::hunt {

namespace situations = scenarios::situations;
using engine::core::Error;
using engine::core::Result;
using engine::core::Status;
using engine::world::Environment;
using mine::Dimension;
using scenarios::story::Element;

namespace {

constexpr const char* kTownDriving = "town";
constexpr const char* kTown = "town";
constexpr const char* kSun = "sun_elevation_deg";
constexpr const char* kRain = "rain_mm_h";
constexpr const char* kTraffic = "traffic";
constexpr const char* kPedestrians = "pedestrians";
// Of plain driving: so many road users the town of the demonstration has at most.
constexpr double kMostTraffic = 60, kMostPedestrians = 120;

Dimension dimension_of(const situations::Parameter& parameter) {
    using From = situations::Parameter::Distribution;
    Dimension to{.name = parameter.name,
                 .unit = parameter.unit,
                 .nominal = parameter.nominal,
                 .low = parameter.low,
                 .high = parameter.high,
                 .choices = parameter.choices};
    to.distribution = parameter.distribution == From::kChoice   ? Dimension::kChoice
                      : parameter.distribution == From::kNormal ? Dimension::kNormal
                                                                : Dimension::kUniform;
    return to;
}

Result<Dimension> towns_of(const HuntSettings& settings) {
    constexpr std::uint64_t kMostTowns = 100;
    const auto towns = run::parse_seeds(settings.towns, kMostTowns);
    if (!towns) {
        return Error{.message =
                         fmt::format("--towns is {}, expected FIRST..LAST, at most {} of them",
                                     settings.towns, kMostTowns)};
    }
    Dimension town{.name = kTown, .distribution = Dimension::kChoice};
    town.nominal = static_cast<double>(towns->first);
    for (auto seed = towns->first; seed <= towns->second; ++seed) {
        town.choices.push_back(static_cast<double>(seed));
    }
    return town;
}

// The range that a parameter's constraints leave, where it is a number and they give both ends.
std::optional<std::pair<double, double>> range_of(const Element& declaration) {
    const auto groups = declaration.all("ConstraintGroup");
    if (groups.size() != 1) return {};
    std::optional<double> low, high;
    for (const Element* constraint : groups.front()->all("ValueConstraint")) {
        const std::string* rule = constraint->attribute("rule");
        const std::string* value = constraint->attribute("value");
        if (rule == nullptr || value == nullptr) continue;
        if (rule->starts_with("greater")) low = run::parse_number<double>(*value);
        if (rule->starts_with("less")) high = run::parse_number<double>(*value);
    }
    if (!low || !high) return {};
    return std::pair(*low, *high);
}

// The parameters of an OpenSCENARIO file that are numbers within a range, uniform over it; whole
// numbers as choices. The others keep their values.
Status add_story(const std::string& file, std::vector<Dimension>& dimensions, bool& has_map) {
    HM_TAKE(const auto document, scenarios::openscenario::read_document(file));
    const Element* roads = document.root.child("RoadNetwork");
    has_map = roads != nullptr && roads->child("LogicFile") != nullptr;
    const Element* declarations = document.root.child("ParameterDeclarations");
    if (declarations == nullptr) declarations = &document.root;
    for (const Element* one : declarations->all("ParameterDeclaration")) {
        const std::string* name = one->attribute("name");
        const std::string* type = one->attribute("parameterType");
        const std::string* value = one->attribute("value");
        const auto range = range_of(*one);
        const auto nominal = value != nullptr ? run::parse_number<double>(*value) : std::nullopt;
        if (name == nullptr || type == nullptr || !nominal || !range) continue;
        Dimension d{.name = *name, .nominal = *nominal, .low = range->first, .high = range->second};
        constexpr double kMostChoices = 1000;
        if (*type != "double" && range->second - range->first < kMostChoices) {
            d.distribution = Dimension::kChoice;
            for (double i = std::ceil(range->first); i <= range->second; ++i) {
                d.choices.push_back(i);
            }
        }
        dimensions.push_back(std::move(d));
    }
    if (dimensions.empty()) {
        return Error{.message =
                         "declares no parameter that is a number with a range: expected a "
                         "ConstraintGroup with greaterOrEqual and lessOrEqual",
                     .file = file};
    }
    return {};
}

// `name` is a situation's name or file, an OpenSCENARIO file, or "town".
Result<Ground> ground_of(const HuntSettings& settings, const std::string& name) {
    std::vector<Dimension> dimensions;
    std::string called = kTownDriving, file;
    bool has_map = false;
    if (name.ends_with(".xosc")) {
        HM_TRY(add_story(name, dimensions, has_map));
        called = std::filesystem::path(name).stem().string();
        file = std::filesystem::absolute(name).string();
    } else if (name == kTownDriving) {
        dimensions.push_back({.name = kTraffic, .nominal = 20, .low = 0, .high = kMostTraffic});
        dimensions.push_back(
            {.name = kPedestrians, .nominal = 60, .low = 0, .high = kMostPedestrians});
    } else {
        HM_TAKE(const auto situation, situations::load(name));
        for (const auto& parameter : situation.parameters) {
            dimensions.push_back(dimension_of(parameter));
        }
        called = situation.name;
        // Scenarios that are saved elsewhere name a file from the root; a shipped one by its name.
        file = name.ends_with(".json") ? std::filesystem::absolute(name).string() : name;
    }
    HM_TAKE(Dimension towns, towns_of(settings));
    if (!has_map) dimensions.push_back(std::move(towns));
    if (settings.weather == "on") {
        dimensions.push_back({.name = kSun, .unit = "deg", .nominal = 35, .low = -20, .high = 60});
        dimensions.push_back({.name = kRain, .unit = "mm/h", .nominal = 0, .low = 0, .high = 15});
    } else if (settings.weather != "off") {
        return Error{.message =
                         fmt::format("--weather is {}, expected on or off", settings.weather)};
    }
    const bool varies = std::ranges::any_of(dimensions, [](const Dimension& d) {
        return d.distribution != Dimension::kChoice || d.choices.size() > 1;
    });
    if (!varies) {
        return Error{.message = fmt::format("{} has no parameter to search; expected one that "
                                            "varies, several --towns or --weather on",
                                            called)};
    }
    auto space = mine::Space::create(std::move(dimensions));
    if (!space) return Error{.message = fmt::format("{}: {}", called, space.error().message)};
    return Ground{.name = called, .scenario = file, .space = std::move(*space)};
}

// "all", "tag:TAG" and what stands for itself, as lists of names.
Result<std::vector<std::string>> names_of(const std::string& word) {
    constexpr std::string_view kTag = "tag:";
    if (word == "all") return situations::shipped();
    if (!word.starts_with(kTag)) return std::vector{word};
    const std::string tag = word.substr(kTag.size());
    std::vector<std::string> names;
    for (const std::string& name : situations::shipped()) {
        const auto situation = situations::load(name);
        if (situation && std::ranges::find(situation->tags, tag) != situation->tags.end()) {
            names.push_back(name);
        }
    }
    if (names.empty()) {
        return Error{.message = fmt::format("no shipped situation has the tag {}", tag)};
    }
    return names;
}

// Rain wets the road, which takes up to 35 % of its friction; clouds come with it.
void set_weather(const std::string& name, double value, scenarios::model::Scenario& scenario) {
    auto& environment = scenario.environment;
    if (name == kSun) {
        environment.set(&Environment::sun_elevation_rad, value * engine::core::kRadiansInDegree);
        environment.set(&Environment::light, value < -6 ? "night" : "day");
    } else if (name == kRain) {
        const double wet = std::min(1.0, value / 5);
        environment.set(&Environment::rain_mm_h, value);
        environment.set(&Environment::wetness, wet);
        environment.set(&Environment::cloud_cover, 0.2 + 0.75 * wet);
        environment.set(&Environment::friction, 1 - 0.35 * wet);
        environment.set(&Environment::weather, value > 0.5 ? "rain" : "clear");
    }
}

}  // namespace

Result<std::vector<Ground>> grounds_of(const HuntSettings& settings) {
    std::vector<std::string> names;
    std::istringstream words(settings.spaces);
    for (std::string word; std::getline(words, word, ',');) {
        HM_TAKE(const auto found, names_of(word));
        for (const std::string& name : found) {
            if (std::ranges::find(names, name) == names.end()) names.push_back(name);
        }
    }
    if (names.empty()) {
        return Error{.message =
                         "no space to search is given, expected situations, tag:TAG, all "
                         "or town"};
    }
    std::vector<Ground> grounds;
    for (const std::string& name : names) {
        HM_TAKE(Ground ground, ground_of(settings, name));
        const bool twice = std::ranges::any_of(
            grounds, [&](const Ground& other) { return other.name == ground.name; });
        if (twice) {
            return Error{.message = fmt::format("two of the spaces are called {}", ground.name)};
        }
        grounds.push_back(std::move(ground));
    }
    return grounds;
}

Result<loop::RunOptions> options_of(const HuntSettings& s, const Ground& ground,
                                    const std::vector<double>& values, const std::string& driver) {
    run::RunSettings settings{.scenario = ground.scenario,
                              .driver = driver,
                              .network = s.network,
                              .size = s.size,
                              .quality = s.quality,
                              .seconds = s.seconds,
                              .faults = s.faults};
    HM_TAKE(const run::DriverKind* kind, run::find_driver("--driver is", driver));
    settings.no_images = !kind->needs_images;
    std::vector<std::pair<std::string, double>> weather;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::string& name = ground.space.dimensions()[i].name;
        if (name == kTown) {
            settings.seed = static_cast<std::int64_t>(values[i]);
        } else if (name == kSun || name == kRain) {
            weather.emplace_back(name, values[i]);
        } else if (ground.scenario.empty()) {
            auto& count = name == kTraffic ? settings.traffic : settings.pedestrians;
            count = static_cast<std::int64_t>(values[i] + 0.5);
        } else {
            settings.parameters.push_back(fmt::format("{}={}", name, values[i]));
        }
    }
    HM_TAKE(auto options, run::to_options(settings));
    for (const auto& [name, value] : weather) set_weather(name, value, options.scenario);
    return options;
}

}  // namespace huntsman::bridge::hunt
