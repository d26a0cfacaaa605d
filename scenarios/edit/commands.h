// Edits: every change of a draft is a command in JSON, the same from menus, drags, scripts and
// tests: {"do": "move", "actor": "Child", "x": 3, "y": 4, "heading_deg": 90}.
//
// Positions are of the world (W) that the place shows. All commands are checked against the table
// that `commands` gives; a command that fails leaves the draft as it is, and its error is one
// sentence.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "scenarios/edit/draft.h"

namespace huntsman::scenarios::edit {

struct Context {
    // Roads and generated actors of the draft's place; null while it is built. Commands that need
    // it say so.
    std::shared_ptr<const model::Place> place;
};

enum class ParameterType : std::uint8_t {
    kNumber,
    kWhole,
    kText,
    kFlag,
    kTexts,
    kObject,
    kPoints,
    kAny
};
const char* name(ParameterType type);

struct ParameterInfo {
    const char* name = "";
    ParameterType type = ParameterType::kText;
    const char* doc = "";
    bool optional = false;
    double low = -std::numeric_limits<double>::infinity();  // of numbers; of lists: how many
    double high = std::numeric_limits<double>::infinity();
};
struct CommandInfo {
    const char* name = "";
    const char* group = "";  // "scenario", "actors", "storyboard", "elements", "situations"
    const char* label = "";  // for histories and menus: "Move"
    const char* doc = "";    // one line
    std::vector<ParameterInfo> parameters;
};
std::span<const CommandInfo> commands();  // sorted by name
const CommandInfo* command_named(std::string_view name);

// Kinds of the actions and triggers that events take, {"kind": "speed", "mps": 8}, in the order of
// a menu. The group of an action that nobody has to do is "world".
std::span<const CommandInfo> action_kinds();
std::span<const CommandInfo> trigger_kinds();

engine::core::Result<Draft> apply(const Draft& draft, const Context& context,
                                  const nlohmann::json& command);

// What a history shows: "Move Child". Any JSON gives a label.
std::string label_of(const nlohmann::json& command);
// Equal for commands that a drag or slider repeats: same command, same thing. Empty: each is a step
// of its own.
std::string merge_key_of(const nlohmann::json& command);

// Entities of the story as JSON text that `paste` takes: with poses, speeds and events of their
// own. Errors: no such entity.
engine::core::Result<std::string> copy_text(const Draft& draft,
                                            const std::vector<std::string>& names);

// The name of the controller that `take_signals` makes.
std::string junction_controller(std::uint32_t junction);

// Kinds of actors that `add_actor` knows, in the order of a palette.
struct ActorKindInfo {
    std::string name;   // "car", "child", ...
    std::string group;  // "vehicles", "people", "things"
    std::string label;  // "Police car"
    double length_m = 0, width_m = 0, height_m = 0;
    double speed_mps = 0;  // that it gets without one
};
const std::vector<ActorKindInfo>& actor_kinds();

}  // namespace huntsman::scenarios::edit
