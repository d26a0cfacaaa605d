// huntsman bench agents: the cost of road users that think and move.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>

#include "engine/core/result.h"

namespace huntsman::apps {

// A row for each number of agents of the bench's town (bench_town.h), of which all, the ego too,
// are driven by the traffic: milliseconds of processor time of a think tick (every 50 ms) and of a
// physics step (every 5 ms) on one core, minimum and median of `repeats` pieces of a second of one
// run, after three seconds.
engine::core::Result<nlohmann::ordered_json> bench_agents(std::span<const int> counts, int repeats);

}  // namespace huntsman::apps
