// huntsman bench editor: how fluid the scenario editor's interface is.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "engine/core/result.h"

namespace huntsman::apps {

// A row for each driver: times between frames of the interface (1600×900, offscreen) while the
// demonstration plays and its eight cameras are shown, over `repeats` runs of 20 s.
engine::core::Result<nlohmann::ordered_json> bench_editor(int repeats);

}  // namespace huntsman::apps
