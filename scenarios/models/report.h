// What a model is made of, as text for people who write its description.
#pragma once

#include <string>

#include "scenarios/models/build.h"

namespace huntsman::scenarios::models {

// Materials with colours and areas, objects, and the largest pieces with their boxes in M.
std::string parts_report(const OpenedModel& opened, std::size_t most_pieces = 60);

// Measures, wheels and triangles of a built model.
std::string build_report(const BuiltModel& built);

}  // namespace huntsman::scenarios::models
