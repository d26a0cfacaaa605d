// Commands on the scenario's own fields.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "scenarios/edit/canonical.h"
#include "scenarios/edit/presets.h"
#include "scenarios/edit/request.h"
#include "scenarios/situations/situation.h"
#include "scenarios/story/expression.h"

namespace huntsman::scenarios::edit {

using nlohmann::json;
using nlohmann::ordered_json;
using story::Element;

namespace {

// "weather.states[0].time_s" in steps.
std::vector<std::string> steps_of(const std::string& field) {
    std::vector<std::string> steps(1);
    for (const char c : field) {
        if (c == '.' || c == '[') {
            if (!steps.back().empty()) steps.emplace_back();
        } else if (c != ']') {
            steps.back() += c;
        }
    }
    if (steps.back().empty()) steps.pop_back();
    return steps;
}

Result<std::vector<std::string>> checked_steps(const std::string& field) {
    auto steps = steps_of(field);
    if (steps.empty()) return sentence("the field is empty, expected one as \"town.vehicles\"");
    constexpr std::pair<const char*, const char*> kOwn[] = {
        {"story", "add_actor"},     {"situation", "place_situation"},   {"map", "map"},
        {"schema_version", "none"}, {"removed", "take_over or remove"}, {"at", "place_situation"}};
    for (const auto& [key, command] : kOwn) {
        if (steps.front() != key) continue;
        return sentence(
            fmt::format("\"{}\" is not set as a field, expected the command {}", key, command));
    }
    return steps;
}

// The index of a step in a list; at most `most`.
Result<std::size_t> index_of(const std::string& step, const std::string& field, std::size_t most) {
    std::size_t index = 0;
    const auto read = std::from_chars(step.data(), step.data() + step.size(), index);
    if (read.ec != std::errc() || read.ptr != step.data() + step.size() || index > most) {
        return sentence(fmt::format("{} has no entry \"{}\", expected a number from 0 to {}", field,
                                    step, most));
    }
    return index;
}

// A value of a parameter is one that the situation or story takes.
Status check_parameter(const Request& request, const std::string& name, const json& value) {
    if (!value.is_string() && !value.is_number() && !value.is_boolean()) {
        return sentence(fmt::format("parameter {} is {}, expected a number, a text, true or false",
                                    name, value.dump()));
    }
    const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
    const model::Scenario& scenario = request.draft.scenario;
    if (!scenario.story.situation.empty()) {
        const auto situation = situations::load(scenario.story.situation);
        if (!situation) return situation.error();
        const auto number = story::to_number(text);
        if (!number) {
            return sentence(fmt::format("parameter {} is {}, expected a number", name, text));
        }
        const auto values = situations::with_values(*situation, {{name, *number}});
        return values ? Status() : sentence(values.error().message);
    }
    if (!request.draft.story) {
        return sentence(
            fmt::format("there is no story or situation that has the parameter {}", name));
    }
    std::vector<std::string> known;
    if (const Element* list = request.draft.story->root.child("ParameterDeclarations")) {
        for (const Element& each : list->children) {
            if (const auto* own = each.attribute("name")) known.push_back(*own);
        }
    }
    if (std::ranges::find(known, name) != known.end()) return {};
    return sentence(fmt::format(
        "the story has no parameter {}, expected one of {}", name,
        known.empty() ? "those that are added first" : fmt::format("{}", fmt::join(known, ", "))));
}

Result<Draft> reset(const Request& request) {
    const std::string field = request.text("field");
    HM_TAKE(const auto steps, checked_steps(field));
    ordered_json json = scenario_json(request.draft);
    ordered_json* at = &json;
    for (std::size_t i = 0; i + 1 < steps.size(); ++i) {
        if (at->is_array()) {
            const auto index = index_of(steps[i], field, at->size());
            if (!index || *index == at->size()) return request.draft;
            at = &(*at)[*index];
        } else {
            if (!at->is_object() || !at->contains(steps[i])) return request.draft;
            at = &(*at)[steps[i]];
        }
    }
    if (at->is_array()) {
        const auto index = index_of(steps.back(), field, at->size());
        if (!index || *index == at->size()) return request.draft;
        at->erase(*index);
    } else if (at->is_object()) {
        at->erase(steps.back());
    }
    if (steps.front() == "name" && steps.size() == 1) json["name"] = model::Scenario().name;
    Draft next = request.draft;
    HM_TRY(set_scenario_json(json, next));
    return next;
}

Result<Draft> set(const Request& request) {
    const json& value = request.command.at("value");
    if (value.is_null()) return reset(request);
    const std::string field = request.text("field");
    HM_TAKE(const auto steps, checked_steps(field));
    if (steps.front() == "parameters") {
        if (steps.size() != 2) return sentence("expected the name of a parameter: parameters.NAME");
        HM_TRY(check_parameter(request, steps[1], value));
    }
    ordered_json json = scenario_json(request.draft);
    ordered_json* at = &json;
    for (const std::string& step : steps) {
        // What is not there yet is a list where a number stands.
        const bool number = step.find_first_not_of("0123456789") == std::string::npos;
        if (at->is_null() && number) *at = ordered_json::array();
        if (at->is_array()) {
            HM_TAKE(const std::size_t index, index_of(step, field, at->size()));
            at = &(*at)[index];
        } else if (at->is_object() || at->is_null()) {
            at = &(*at)[step];
        } else {
            return sentence(fmt::format("{} is a single value, it has no \"{}\"", field, step));
        }
    }
    *at = ordered_json::parse(value.dump());
    Draft next = request.draft;
    HM_TRY(set_scenario_json(json, next));
    return next;
}

// ---- Weather

Result<Draft> weather(const Request& request) {
    const std::string wanted = request.text("preset");
    const auto& presets = weather_presets();
    const auto preset = std::ranges::find(
        presets, wanted, [](const WeatherPreset& each) { return std::string(each.name); });
    if (preset == presets.end()) {
        std::vector<std::string> names;
        for (const WeatherPreset& each : presets) names.emplace_back(each.name);
        return sentence(fmt::format("there is no weather \"{}\", expected one of {}", wanted,
                                    fmt::join(names, ", ")));
    }
    Draft next = request.draft;
    // A programme would take the place of what is set here.
    if (preset->sky) {
        next.scenario.weather.states.clear();
    } else {
        next.scenario.weather.sun.reset();
    }
    ordered_json json = scenario_json(next);
    for (const auto& [key, value] : preset->environment.items()) json["environment"][key] = value;
    HM_TRY(set_scenario_json(json, next));
    return next;
}

// ---- Where it plays

Result<Draft> town(const Request& request) {
    return new_town(request.command.at("seed").get<std::uint64_t>());
}

Result<Draft> map(const Request& request) {
    Draft next = request.draft;
    next.scenario.map.clear();
    if (request.has("file")) {
        const std::filesystem::path file = std::filesystem::absolute(request.text("file"));
        std::error_code ignored;
        if (!std::filesystem::is_regular_file(file, ignored)) {
            return sentence(
                fmt::format("{} is not a file, expected an OpenDRIVE map", file.string()));
        }
        next.scenario.map = file.lexically_normal().generic_string();
    }
    if (next.story) {
        Element& roads = child_of(edit_story(next), "RoadNetwork");
        std::erase_if(roads.children, [](const Element& e) { return e.name == "LogicFile"; });
        if (!next.scenario.map.empty()) {
            child_of(roads, "LogicFile").set("filepath", next.scenario.map);
        }
    }
    return next;
}

Result<Draft> remove_story(const Request& request) {
    Draft next = request.draft;
    next.story.reset();
    next.scenario.story = {};
    // Criteria may speak of entities.
    std::erase_if(next.scenario.criteria, [](const story::Criterion& criterion) {
        return !story::entity_of(criterion.rule).empty() ||
               std::holds_alternative<story::MonitorIs>(criterion.rule) ||
               std::holds_alternative<story::StopCondition>(criterion.rule);
    });
    return next;
}

}  // namespace

const std::vector<WeatherPreset>& weather_presets() {
    const auto sky = [](const char* name, const char* word, double cloud, double turbidity,
                        double fog, double rain, double wetness, double puddles, double snow,
                        double friction) {
        return WeatherPreset{name,
                             true,
                             {{"cloud_cover", cloud},
                              {"turbidity", turbidity},
                              {"fog_per_m", fog},
                              {"rain_mm_h", rain},
                              {"wetness", wetness},
                              {"puddles", puddles},
                              {"snow_cover", snow},
                              {"friction", friction},
                              {"weather", word}}};
    };
    const auto light = [](const char* name, double elevation_deg) {
        return WeatherPreset{name, false, {{"sun_elevation_deg", elevation_deg}, {"light", name}}};
    };
    static const std::vector<WeatherPreset> kPresets{
        sky("clear", "clear", 0.1, 2.5, 0, 0, 0, 0, 0, 1),
        sky("overcast", "cloudy", 1, 4, 0, 0, 0, 0, 0, 1),
        sky("rain", "rain", 0.95, 4, 0.0005, 4, 0.9, 0.2, 0, 0.7),
        sky("heavy rain", "rain", 1, 5, 0.002, 25, 1, 0.7, 0, 0.55),
        sky("fog", "fog", 0.8, 6, 0.03, 0, 0.2, 0, 0, 0.9),
        sky("snow", "snow", 0.9, 3, 0.0005, 1.5, 0.5, 0, 0.85, 0.3),
        light("day", 40),
        light("low sun", 12),
        light("dusk", -2),
        light("night", -25)};
    return kPresets;
}

std::vector<Command> scenario_commands() {
    constexpr const char* kGroup = "scenario";
    const ParameterInfo field = text_of("field", "as \"environment.rain_mm_h\"");
    return {
        {{"set",
          kGroup,
          "Set",
          "sets a field of the scenario",
          {field, {"value", ParameterType::kAny, "as in scenario files; null resets"}}},
         set},
        {{"reset", kGroup, "Reset", "gives a field its default back", {field}}, reset},
        {{"weather",
          kGroup,
          "Weather",
          "light and weather by a word",
          {text_of("preset",
                   "clear, overcast, rain, heavy rain, fog, snow, day, low sun, dusk, "
                   "night")}},
         weather},
        {{"new_town",
          kGroup,
          "New town",
          "a new scenario in the town of a seed",
          {{"seed", ParameterType::kWhole, "of the town", false, 0, 9e15}}},
         town},
        {{"map",
          kGroup,
          "Map",
          "plays on an OpenDRIVE map, or without one in the town",
          {optional(text_of("file", "a path"))}},
         map},
        {{"remove_story", kGroup, "Remove story", "leaves the town or map with its traffic", {}},
         remove_story},
    };
}

}  // namespace huntsman::scenarios::edit
