// huntsman scenario list, place, and variants of situations.
#pragma once

#include <cstdint>
#include <string>

#include "apps/huntsman/common.h"

namespace huntsman::apps {

// Adds `list` and `place` to the command `scenario`.
void add_situation_commands(CLI::App& scenario, Body& chosen);

// Whether a word names a shipped situation or a file of one.
bool is_situation(const std::string& name_or_path);

// A line of JSON for each draw of a situation's parameters.
int print_situation_variants(const std::string& name_or_path, std::int64_t count,
                             std::int64_t seed);

}  // namespace huntsman::apps
