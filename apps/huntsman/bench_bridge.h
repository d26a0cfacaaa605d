// bench bridge: what it costs per camera tick that a driver is in another process.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "bridge/loop/run.h"
#include "engine/core/result.h"

namespace huntsman::apps {

// A driver that looks at no pixel is asked in this process, through shared memory and through
// messages over loopback; and the options' driver, where that is in another process. Pictures of
// the options' rig and size. Rows with the times of a tick [ms].
engine::core::Result<nlohmann::ordered_json> bench_bridge(const bridge::loop::RunOptions& options,
                                                          int repeats);

}  // namespace huntsman::apps
