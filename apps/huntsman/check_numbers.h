// Whether the numbers on the command line are what they seem.
#pragma once

#include <CLI/CLI.hpp>

#include "engine/core/result.h"

namespace huntsman::apps {

// Whether what was given for every option of a number's type is a number that fits it; the parser
// takes the closest one that does instead.
engine::core::Status check_numbers(const CLI::App& app);

}  // namespace huntsman::apps
