// Events as commands make them.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "scenarios/edit/request.h"

namespace huntsman::scenarios::edit {

// Adds an event to the act of an actor, which is made where there is none; of nobody where `actor`
// is empty. Its name must be free.
void add_event(story::Element& root, const std::string& actor, const std::string& name,
               std::vector<story::Element> actions, story::Element condition, double delay_s);

// [x, y], [t, x, y] or [t, x, y, heading_deg] in the story's coordinates. Error: mixed lengths,
// times that do not rise.
Result<std::vector<PathPoint>> path_points(const nlohmann::json& list, const Vec2& origin);

// The elements of an action {"kind": ..., ...}: <PrivateAction> or <GlobalAction>.
Result<std::vector<story::Element>> actions_of(const Request& request, const nlohmann::json& action,
                                               const std::string& actor);
struct TriggerParts {
    story::Element condition;  // <ByValueCondition> or <ByEntityCondition>
    double delay_s = 0;
};
Result<TriggerParts> trigger_of(const Request& request, const nlohmann::json& trigger,
                                const std::string& actor);

}  // namespace huntsman::scenarios::edit
