// huntsman bench senses: the cost of what road users see.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "engine/core/result.h"

namespace huntsman::apps {

// A row for each number of agents, half of them drivers and half on foot, at drawn places of the
// fixed town's lanes and walkways, within an area that grows with their number: milliseconds of a
// think tick on one core in which the bodies are taken and each agent looks once, minimum and
// median of `repeats` runs of 20 ticks; mean numbers of neighbours and of detections per agent.
engine::core::Result<nlohmann::ordered_json> bench_senses(int repeats);

}  // namespace huntsman::apps
