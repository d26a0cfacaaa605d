// huntsman bench road: reading, compiling and asking a map.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>

#include "engine/core/result.h"

namespace huntsman::apps {

// One row: milliseconds of load, compile and index; nanoseconds of a query for the nearest lane and
// the surface, on the road and beside it, and microseconds of a route. Minimum and median of
// `repeats`.
engine::core::Result<nlohmann::ordered_json> bench_road(const std::filesystem::path& file,
                                                        int repeats);

}  // namespace huntsman::apps
