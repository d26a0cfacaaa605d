// A scenario's environment as an action of a story's start.
#pragma once

#include <string>
#include <vector>

#include "engine/core/describe.h"
#include "engine/world/weather_fields.h"
#include "scenarios/story/element.h"

namespace huntsman::scenarios::edit {

using GivenEnvironment = engine::core::Partial<engine::world::Environment>;

// Adds a global action to Init with all that is given and that OpenSCENARIO has; none where nothing
// is.
void add_environment_action(const GivenEnvironment& given, story::Element& root);
// The fields that are given and that OpenSCENARIO has not, in words.
std::vector<std::string> lost_of_environment(const GivenEnvironment& given);

}  // namespace huntsman::scenarios::edit
