// huntsman bench senses: the cost of what road users see.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>

#include "engine/core/result.h"

namespace huntsman::apps {

// A row for each number of agents of the bench's town (bench_town.h) at their first places:
// milliseconds of a think tick on one core in which the bodies are taken and each agent looks once,
// minimum and median of `repeats` runs of 20 ticks; mean numbers of neighbours and of detections
// per agent.
engine::core::Result<nlohmann::ordered_json> bench_senses(std::span<const int> counts, int repeats);

}  // namespace huntsman::apps
