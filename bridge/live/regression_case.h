// A scenario kept as a test: its file with criteria, and its entry in a suite.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "bridge/loop/run.h"
#include "engine/core/result.h"

namespace huntsman::bridge::live {

struct RegressionCase {
    std::string name;          // of the scenario, and of its file
    std::string scenario;      // its text (JSON) with paths relative to `folder`, or absolute
    loop::RunOptions options;  // of the run: size, rig, latency, faults; the driver is left out
    std::vector<scenarios::story::Criterion> criteria;  // that make it pass; none: the scenario's
    std::vector<std::string> tags;
    std::filesystem::path folder;  // where the scenario's file goes
    std::filesystem::path suite;   // file; made where there is none
};

// Writes both files, each whole or not at all. An entry of the same scenario is replaced. Errors:
// the scenario cannot be read, the suite file is none, or cannot be written.
engine::core::Result<std::filesystem::path> save(const RegressionCase& regression);

// Criteria that a run broke; where it broke none, no collision and, after a near miss, a time to
// collision of half a second. None where it broke one of its story's own, which are in the
// scenario.
std::vector<scenarios::story::Criterion> criteria_of(const loop::RunResult& result);

}  // namespace huntsman::bridge::live
