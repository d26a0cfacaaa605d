// huntsman bench export: pictures alone against pictures with all labels.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "bridge/loop/run.h"
#include "engine/core/result.h"

namespace huntsman::apps {

// Three rows: pictures alone as JPEG, a WebDataset with every label, and the ratio of their times a
// picture. Each is one scene of the run's scenario and duration at ten samples a second; the
// fastest of `repeats`. Times of a stage are of its thread, so that their sum may exceed the
// wall's.
engine::core::Result<nlohmann::ordered_json> bench_export(const bridge::loop::RunOptions& options,
                                                          int repeats);

}  // namespace huntsman::apps
