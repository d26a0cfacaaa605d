// The cells of a suite run by worker processes into a results file.
//
//   suite::SuiteSettings settings{.suite = "smoke", .drivers = "oracle", .out = "results.sqlite"};
//   HM_TAKE(const suite::SuiteRun run, suite::to_suite_run(settings));
//   HM_TAKE(const suite::SuiteOutcome outcome, suite::run_suite(run, callbacks));
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "bridge/suite/run_items.h"
#include "bridge/suite/suite.h"
#include "engine/core/result.h"

namespace huntsman::bridge::suite {

// What is run, in words; errors name these settings as the command line does.
struct SuiteSettings {
    std::string suite;               // a file, or the name of a shipped one
    std::string drivers = "oracle";  // with commas between
    std::string network;             // of the network driver; empty: the shipped one
    std::string out;                 // results file
    bool retry = false;              // makes those cells again that failed
    std::int64_t jobs = 1;           // runs made at once
    std::int64_t threads = 0;        // of all of them together; 0: all cores
    double stall_limit_s = 300;
    std::int64_t shards = 1, shard = 0;  // only this part of the cells
};

struct SuiteRun {
    Suite suite;
    std::vector<std::string> drivers;
    std::vector<Item> items;  // of this shard: every driver with every cell; they point into suite
    ItemRuns runs;            // where to, and by how many
    bool retry = false;
    bool only_these = false;  // other cells of the suite leave the file; their runs stay

    SuiteRun() = default;
    SuiteRun(SuiteRun&&) = default;  // the cells stay where they are
    SuiteRun& operator=(SuiteRun&&) = default;
};

// Checks every setting and the files of the drivers. The shards of one suite are parts of nearly
// equal size, each of neighbours in the suite, so that a place is built by few of them.
engine::core::Result<SuiteRun> to_suite_run(const SuiteSettings& settings);
// The same of a suite that is at hand.
engine::core::Result<SuiteRun> to_suite_run(Suite suite, const SuiteSettings& settings);

// A part of `to_suite_run` for runs that are put together otherwise: checks the files that the
// items need, and fills in their provenance and keys.
engine::core::Status find_keys(SuiteRun& run);

struct SuiteOutcome {
    int cells = 0;   // of this shard, for all drivers together
    int kept = 0;    // that the file held already
    int failed = 0;  // that have no result, kept ones among them
};

// Runs what `out` does not hold, of the items for which `part` is true where it is given. A cell
// that cannot be built, hangs, crashes or takes more than its limits is a failed cell with its
// reason. Errors: `out` cannot be written; the machine lacks something that every cell needs;
// `stop` was set (what is finished stays).
engine::core::Result<SuiteOutcome> run_suite(const SuiteRun& run, const RunsCallbacks& callbacks,
                                             const std::function<bool(const Item&)>& part = {});

}  // namespace huntsman::bridge::suite
