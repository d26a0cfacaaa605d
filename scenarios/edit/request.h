// How commands are written: a table row and a function; see commands.h.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "scenarios/edit/commands.h"
#include "scenarios/edit/parts.h"
#include "scenarios/openscenario/standard.h"

namespace huntsman::scenarios::edit {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;

// What a command is given. Its arguments have passed the check against its table.
struct Request {
    const Draft& draft;
    const Context& context;
    const nlohmann::json& command;

    bool has(const char* key) const { return command.contains(key); }
    double number(const char* key) const { return command.at(key).get<double>(); }
    double number_or(const char* key, double fallback) const {
        return has(key) ? number(key) : fallback;
    }
    std::string text(const char* key) const { return command.at(key).get<std::string>(); }
    std::string text_or(const char* key, const std::string& fallback) const {
        return has(key) ? text(key) : fallback;
    }
    bool flag(const char* key) const { return has(key) && command.at(key).get<bool>(); }
    std::vector<std::string> texts(const char* key) const {
        return command.at(key).get<std::vector<std::string>>();
    }
};

using Handler = Result<Draft> (*)(const Request&);
struct Command {
    CommandInfo info;
    Handler run = nullptr;
};
std::vector<Command> scenario_commands();
std::vector<Command> actor_commands();
std::vector<Command> path_commands();
std::vector<Command> point_commands();
std::vector<Command> storyboard_commands();
std::vector<Command> element_commands();
std::vector<Command> parameter_commands();
std::vector<Command> criterion_commands();
std::vector<Command> signal_commands();
std::vector<Command> situation_commands();

// Whether an object has what a table asks for, and nothing else but `others`.
Status check_arguments(const nlohmann::json& object, const std::vector<ParameterInfo>& wanted,
                       const std::string& what, const std::vector<std::string>& others);

inline Error sentence(std::string message) { return {.message = std::move(message)}; }

// Rows of tables.
inline ParameterInfo number(const char* name, const char* doc, double low, double high) {
    return {name, ParameterType::kNumber, doc, false, low, high};
}
inline ParameterInfo coordinate(const char* name) {
    return {name, ParameterType::kNumber, "m, of the world", false, -1e6, 1e6};
}
inline ParameterInfo text_of(const char* name, const char* doc) {
    return {name, ParameterType::kText, doc};
}
inline ParameterInfo optional(ParameterInfo info) {
    info.optional = true;
    return info;
}
inline ParameterInfo heading() {
    return {"heading_deg", ParameterType::kNumber, "from east to north", true, -360, 360};
}

// ---- What the draft stands on

// Where the story's coordinates begin in the world. Error: the draft has a map that is still built.
Result<Vec2> story_origin(const Request& request);

// The story of a draft, to be changed.
story::Element& edit_story(Draft& draft);

// The draft with a story of its own: a plain town or map gets one with its ego, a placed situation
// is turned into one.
Result<Draft> with_own_story(const Request& request);
// A town's people as the place has them, since beside a story a missing number means none.
Status fix_people(const Request& request, Draft& draft);

// A placed situation as a story.
Result<Draft> expanded(const Request& request);

// An entity of the draft's story. Error: there is none of this name; it names those there are.
Result<const story::Element*> entity_object(const Draft& draft, const std::string& name);

// An element of the draft's own story with its rule in the standard.
struct ElementPlace {
    const story::Element* element = nullptr;
    const openscenario::TypeRule* rule = nullptr;
};
// Error: no such element, or one that the standard does not know.
Result<ElementPlace> element_place(const Draft& draft, const std::string& path);
// A value as elements hold it. Error: a list or an object.
Result<std::string> attribute_text(const nlohmann::json& value);

// Finds an event by name or path. Error: none, or several.
Result<std::string> event_path(const Draft& draft, const std::string& name_or_path);

}  // namespace huntsman::scenarios::edit
