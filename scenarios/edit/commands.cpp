#include "scenarios/edit/commands.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "scenarios/edit/canonical.h"
#include "scenarios/edit/elements.h"
#include "scenarios/edit/request.h"

namespace huntsman::scenarios::edit {

using nlohmann::json;

namespace {

// All commands, sorted by name; made once, never changed.
const std::vector<Command>& table() {
    static const std::vector<Command> kTable = [] {
        std::vector<Command> all;
        for (auto group : {scenario_commands(), actor_commands(), path_commands(), point_commands(),
                           storyboard_commands(), element_commands(), parameter_commands(),
                           criterion_commands(), signal_commands(), situation_commands()}) {
            std::ranges::move(group, std::back_inserter(all));
        }
        std::ranges::sort(all, {}, [](const Command& c) { return std::string_view(c.info.name); });
        return all;
    }();
    return kTable;
}

const Command* find_command(std::string_view name) {
    const auto at = std::ranges::find(
        table(), name, [](const Command& c) { return std::string_view(c.info.name); });
    return at == table().end() ? nullptr : &*at;
}

std::string shown(const json& value) {
    constexpr std::size_t kMost = 40;
    std::string text = value.dump(-1, ' ', false, json::error_handler_t::replace);
    return text.size() <= kMost ? text : text.substr(0, kMost - 3) + "...";
}

bool is_number_in(const json& value, double low, double high) {
    if (!value.is_number()) return false;
    const double number = value.get<double>();
    return std::isfinite(number) && number >= low && number <= high;
}
bool is_text(const json& value) {
    return value.is_string() && !value.get_ref<const std::string&>().empty();
}
bool is_point(const json& value) {
    constexpr std::size_t kLeast = 2, kMost = 4;
    constexpr double kFar = 1e6;
    return value.is_array() && value.size() >= kLeast && value.size() <= kMost &&
           std::ranges::all_of(value,
                               [](const json& each) { return is_number_in(each, -kFar, kFar); });
}

template <typename Fits>
bool is_list_of(const json& value, const ParameterInfo& info, Fits fits) {
    if (!value.is_array()) return false;
    const auto count = static_cast<double>(value.size());
    if (count < info.low || count > info.high) return false;
    return std::all_of(value.begin(), value.end(), fits);
}

bool fits(const json& value, const ParameterInfo& info) {
    switch (info.type) {
        case ParameterType::kNumber:
            return is_number_in(value, info.low, info.high);
        case ParameterType::kWhole:
            return value.is_number_integer() && is_number_in(value, info.low, info.high);
        case ParameterType::kText:
            return is_text(value);
        case ParameterType::kFlag:
            return value.is_boolean();
        case ParameterType::kTexts:
            return is_list_of(value, info, is_text);
        case ParameterType::kObject:
            return value.is_object();
        case ParameterType::kPoints:
            return is_list_of(value, info, is_point);
        case ParameterType::kAny:
            return true;
    }
    return false;
}

std::string expectation(const ParameterInfo& info) {
    const bool bounded = std::isfinite(info.low) || std::isfinite(info.high);
    switch (info.type) {
        case ParameterType::kNumber:
            return bounded ? fmt::format("a number from {} to {}", info.low, info.high)
                           : "a number";
        case ParameterType::kWhole:
            return bounded ? fmt::format("a whole number from {} to {}", info.low, info.high)
                           : "a whole number";
        case ParameterType::kText:
            return "a text that is not empty";
        case ParameterType::kFlag:
            return "true or false";
        case ParameterType::kTexts:
            return "a list of texts that is not empty";
        case ParameterType::kObject:
            return "an object {...}";
        case ParameterType::kPoints:
            return fmt::format("a list of at least {} points [x, y]", info.low);
        case ParameterType::kAny:
            break;
    }
    return "a value";
}

}  // namespace

const char* name(ParameterType type) {
    constexpr const char* kNames[] = {"number", "whole number", "text",   "flag",
                                      "texts",  "object",       "points", "any"};
    return kNames[static_cast<int>(type)];
}

std::span<const CommandInfo> commands() {
    static const std::vector<CommandInfo> kInfos = [] {
        std::vector<CommandInfo> infos;
        for (const Command& command : table()) infos.push_back(command.info);
        return infos;
    }();
    return kInfos;
}

const CommandInfo* command_named(std::string_view name) {
    for (const CommandInfo& info : commands()) {
        if (name == info.name) return &info;
    }
    return nullptr;
}

Status check_arguments(const json& object, const std::vector<ParameterInfo>& wanted,
                       const std::string& what, const std::vector<std::string>& others) {
    for (const auto& [key, value] : object.items()) {
        if (std::ranges::find(others, key) != others.end()) continue;
        const auto at = std::ranges::find(wanted, std::string_view(key), [](const auto& info) {
            return std::string_view(info.name);
        });
        if (at == wanted.end()) {
            std::vector<std::string> known;
            for (const ParameterInfo& info : wanted) known.emplace_back(info.name);
            return sentence(fmt::format("{} does not know \"{}\"; it knows: {}", what, key,
                                        fmt::join(known, ", ")));
        }
        if (!fits(value, *at)) {
            return sentence(fmt::format("{}: \"{}\" is {}, expected {}", what, key, shown(value),
                                        expectation(*at)));
        }
    }
    for (const ParameterInfo& info : wanted) {
        if (info.optional || object.contains(info.name)) continue;
        return sentence(
            fmt::format("{} lacks \"{}\", expected {}", what, info.name, expectation(info)));
    }
    return {};
}

Result<Draft> apply(const Draft& draft, const Context& context, const json& command) {
    if (!command.is_object() || !command.contains("do") || !command.at("do").is_string()) {
        return sentence(fmt::format("is {}, expected a command {{\"do\": ...}}", shown(command)));
    }
    // All texts are UTF-8.
    try {
        static_cast<void>(command.dump());
    } catch (const json::exception&) {
        return sentence("holds a text that is not UTF-8, expected one that is");
    }
    const std::string name = command.at("do");
    const Command* found = find_command(name);
    if (found == nullptr) {
        return sentence(fmt::format("there is no command \"{}\"; `commands` lists them", name));
    }
    HM_TRY(check_arguments(command, found->info.parameters, name, {"do"}));
    HM_TAKE(Draft next, found->run({draft, context, command}));
    // Ids hold for one place only.
    if (!draft.scenario.removed.empty() &&
        model::place_key(next.scenario) != model::place_key(draft.scenario)) {
        next.scenario.removed.clear();
    }
    HM_TRY(settle(next));
    return next;
}

namespace {

std::string subject_of(const json& command) {
    for (const char* key :
         {"actor", "event", "criterion", "signal", "parameter", "id", "name", "kind", "preset",
          "field", "attribute", "element", "seed", "file", "controller", "junction", "path"}) {
        if (!command.contains(key)) continue;
        const json& value = command.at(key);
        if (value.is_string() && key == std::string_view("path")) {
            // The element that it leads to; of positions whose they are.
            std::string path = value.get<std::string>();
            if (path.ends_with("/Position")) path.resize(path.rfind('/'));
            path = path.substr(path.rfind('/') + 1);
            return label_of_name(path.substr(0, path.find('[')));
        }
        if (value.is_string()) return value.get<std::string>();
        if (value.is_number()) return value.dump();
    }
    if (command.contains("actors") && command.at("actors").is_array()) {
        const json& actors = command.at("actors");
        if (actors.size() == 1 && actors[0].is_string()) return actors[0].get<std::string>();
        return fmt::format("{} actors", actors.size());
    }
    return {};
}

}  // namespace

std::string label_of(const json& command) {
    if (!command.is_object() || !command.contains("do") || !command.at("do").is_string()) {
        return "Edit";
    }
    const std::string name = command.at("do");
    const Command* found = find_command(name);
    std::string label =
        found != nullptr && *found->info.label != '\0' ? found->info.label : label_of_name(name);
    const std::string subject = subject_of(command);
    if (!subject.empty()) label += " " + subject;
    return label;
}

std::string merge_key_of(const json& command) {
    if (!command.is_object() || !command.contains("do") || !command.at("do").is_string()) return {};
    const std::string name = command.at("do");
    // A point that is dragged out of a path is moved from then on.
    if (name == "insert_point" && command.contains("path") && command.at("path").is_string()) {
        return merge_key_of({{"do", "move_point"}, {"path", path_after(command.at("path"))}});
    }
    for (const char* repeated :
         {"set", "move", "set_speed", "set_attribute", "move_event", "draw_trajectory",
          "draw_route", "move_point", "set_parameter", "set_signal", "set_controller"}) {
        if (name != repeated) continue;
        json key = {{"do", name}};
        for (const char* part : {"actor", "actors", "field", "path", "attribute", "event",
                                 "parameter", "signal", "controller"}) {
            if (command.contains(part)) key[part] = command.at(part);
        }
        return key.dump(-1, ' ', false, json::error_handler_t::replace);
    }
    return {};
}

}  // namespace huntsman::scenarios::edit
