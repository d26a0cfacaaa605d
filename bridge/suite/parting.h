// Where two runs of one cell part, with pictures: both are driven once more, and replayed to the
// moments that tell.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "bridge/suite/compare.h"
#include "engine/core/result.h"

namespace huntsman::bridge::suite {

struct PartingCallbacks {
    std::function<void(double share, const std::string& cell)> progress;  // 0..1 of all
    const std::atomic<bool>* stop = nullptr;
};

// Fills in `compared.partings` for the first `most` of the worst regressions. What cannot be shown
// of one cell is said there. Errors: no device to make pictures with; the results files cannot be
// read any more; `stop` was set.
engine::core::Status add_partings(Compared& compared, std::size_t most,
                                  const PartingCallbacks& callbacks = {});

}  // namespace huntsman::bridge::suite
