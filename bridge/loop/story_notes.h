// What a run tells of its story besides the verdict.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/world/story_state.h"
#include "scenarios/openscenario/openscenario.h"

namespace huntsman::bridge::loop {

// Adds a note for each of the first ten warnings: what the run does not honour of its story.
void note_warnings(const scenarios::openscenario::StoryFile& reading,
                   std::vector<std::string>& notes);

// Adds a note that names events that have never begun, where there are any.
void note_waiting_events(const scenarios::story::Story& story,
                         const engine::world::StoryState& state, std::vector<std::string>& notes);

// Values of a story's parameters, or of the situation's that was placed.
std::vector<std::pair<std::string, std::string>> story_values(
    const scenarios::openscenario::StoryFile& reading);

}  // namespace huntsman::bridge::loop
