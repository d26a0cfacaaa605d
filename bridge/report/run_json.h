// A run's result as `run.json` and as the table at a run's end.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "bridge/loop/run.h"

namespace huntsman::bridge::report {

// All figures of the run; NaN becomes null.
std::string run_json(const loop::RunResult& result);

// How long the driver took, as run.json has it: {"kind": "normal", "mean_ms": 60.2, ...}.
nlohmann::ordered_json latency_json(const loop::RunResult& result);
// Where the driver gave no answer: {"frames": 3, "on_driver_fault": "hold", "reasons": [...]}, or
// null.
nlohmann::ordered_json driver_faults_json(const loop::RunResult& result);
// Whether another run of the same options has the same result.
bool is_comparable(const loop::RunResult& result);
// How long the driver took, in a line for people.
std::string latency_line(const loop::RunResult& result);

// A few lines for a terminal of 80 columns.
std::string summary_table(const loop::RunResult& result);

}  // namespace huntsman::bridge::report
