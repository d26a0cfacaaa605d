// huntsman bench start: from starting the program to its first picture.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "engine/core/result.h"

namespace huntsman::apps {

// Two rows, with warm caches of shaders and with empty ones: minimum and median of `repeats` fresh
// processes that each take one picture of the demonstration 40 m along its route.
engine::core::Result<nlohmann::ordered_json> bench_start(int repeats);

}  // namespace huntsman::apps
