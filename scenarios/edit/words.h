// Actions and triggers of a story in words.
#pragma once

#include <string>

#include "scenarios/story/element.h"

namespace huntsman::scenarios::edit {

// Of an <Action>, a <PrivateAction> or a <GlobalAction>: "go at 8 m/s".
std::string action_words(const story::Element& action);
// Of a <StartTrigger>: "Ego is within 20 m of Child"; "at the start" without conditions.
std::string trigger_words(const story::Element& trigger);

}  // namespace huntsman::scenarios::edit
