// A run's result as `run.json` and as the table at a run's end.
#pragma once

#include <string>

#include "bridge/loop/run.h"

namespace huntsman::bridge::report {

// All figures of the run; NaN becomes null.
std::string run_json(const loop::RunResult& result);

// A few lines for a terminal of 80 columns.
std::string summary_table(const loop::RunResult& result);

}  // namespace huntsman::bridge::report
