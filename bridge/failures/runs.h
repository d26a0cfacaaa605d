// Runs of results files, as lists of failures look at them.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "bridge/hunt/facts.h"
#include "bridge/suite/store.h"
#include "engine/core/result.h"

namespace huntsman::bridge::failures {

// A run with what it tells of a failure.
struct JudgedRun {
    std::filesystem::path file;  // results file
    std::string key, suite, driver, situation, place;
    hunt::Facts facts;
    std::uint64_t seed = 0;
    std::vector<std::string> tags;  // of its cell
    std::string light, weather;     // in words
    std::string state_hash;
    double sim_time_s = 0;
    bool confirmation = false;  // of a hunt: driven by the driver itself, not by a stand-in
    bool asked_for = true;      // the filter lets its failure pass
    // In a way that is asked for.
    bool failed() const { return asked_for && facts.evaluation.valid && facts.evaluation.failed; }
};

// What is empty holds for all.
struct RunFilter {
    std::vector<std::string> drivers;
    std::string situation;
    std::string kind;       // of the signature, as "no_collision"
    std::string signature;  // a part of its text, as "pedestrian, from the right"
};

// The runs with a result of all files, each key once, sorted by driver, suite and cell. Runs that
// were made to find out about another one (suites "shrink KEY" and "blame KEY") are left out. Runs
// that fail otherwise than the filter's kind and signature say stay, as runs that did not fail in
// the way that is asked for. Errors: a file is not there, is no results file, or is of another
// version.
engine::core::Result<std::vector<JudgedRun>> judged_runs(
    std::span<const std::filesystem::path> files, const RunFilter& filter);

}  // namespace huntsman::bridge::failures
