// All that is wrong with a draft, found without running it.
#pragma once

#include <span>
#include <vector>

#include "scenarios/edit/commands.h"
#include "scenarios/edit/draft.h"
#include "scenarios/edit/problem.h"

namespace huntsman::scenarios::edit {

// Findings of the scenario's values, of the story, and, where the context has the place, of the
// story on its roads: what `model::build` would refuse, each with where to go. Takes some tens of
// milliseconds on a large map; any thread may call.
std::vector<Problem> check(const Draft& draft, const Context& context);

// Whether no problem is an error.
bool can_run(std::span<const Problem> problems);

}  // namespace huntsman::scenarios::edit
