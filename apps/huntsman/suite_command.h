// What the commands that run suites have in common.
#pragma once

#include "apps/huntsman/common.h"
#include "bridge/suite/run_suite.h"

namespace huntsman::apps {

// Shows progress and what workers print, ends at an interrupt, and starts workers: this program
// with the same command line and --as-worker FILE. `words`: of the command, "evaluate" or "suite
// run".
bridge::suite::SuiteCallbacks suite_callbacks(Progress& bar, int words);

}  // namespace huntsman::apps
