// What the commands that run suites have in common.
#pragma once

#include "apps/huntsman/common.h"
#include "bridge/suite/run_suite.h"

namespace huntsman::apps {

// Shows progress and what workers print, ends at an interrupt, and starts workers: this program
// with the command `run-worker`, which help does not list.
bridge::suite::RunsCallbacks runs_callbacks(Progress& bar);

}  // namespace huntsman::apps
