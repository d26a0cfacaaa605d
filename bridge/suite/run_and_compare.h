// Runs what a comparison lacks and compares, with early stopping if wanted.
#pragma once

#include "bridge/suite/compare.h"
#include "bridge/suite/run_suite.h"
#include "engine/core/result.h"

namespace huntsman::bridge::suite {

struct RunAndCompareSettings {
    // With `results`, both drivers are run into it. Otherwise `driver_b` is run into the file `b`,
    // and `a` is taken as it is: it may come from another program.
    CompareSettings compare;
    // Which suite, by how many jobs; its drivers and results file follow from `compare`.
    SuiteSettings run;
    // Looks at the results when a quarter, half and three quarters of the clusters have run, in
    // random order, and stops where the verdict is clear; see gate/sequential.h.
    bool sequential = false;
};

// The runs of both drivers, or of the second one. Errors: of the settings, of the files that the
// drivers need.
engine::core::Result<SuiteRun> runs_to_compare(const RunAndCompareSettings& settings);

// Errors: those of run_suite and compare.
engine::core::Result<Compared> run_and_compare(const RunAndCompareSettings& settings,
                                               const SuiteRun& run, const RunsCallbacks& callbacks);

}  // namespace huntsman::bridge::suite
