// Runs made by worker processes into a results file: what suites and comparisons stand on.
//
// A worker is told all of a run (its options, key and provenance) in one line, and so needs to know
// nothing of what the runs are for.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "bridge/run/runner.h"
#include "bridge/suite/store.h"
#include "engine/core/result.h"
#include "engine/core/workers.h"

namespace huntsman::bridge::suite {

struct ItemRuns {
    std::filesystem::path out;   // results file
    int jobs = 1, threads = 0;   // threads of all jobs together; 0: all cores
    double stall_limit_s = 300;  // of wall time without progress
    // Keeps workers from one call of `run_items` to the next, with their worlds; null: each call
    // starts its own.
    std::shared_ptr<engine::core::IdleWorkers> idle = {};
};

// Checks --jobs, --threads and --stall-limit.
engine::core::Result<ItemRuns> to_item_runs(const std::filesystem::path& out, std::int64_t jobs,
                                            std::int64_t threads, double stall_limit_s);

struct RunsCallbacks {
    // Of all items that were asked for, and the one that has come on.
    std::function<void(double share, const Item& item)> progress;
    std::function<void(const std::string& line)> printed;  // by a worker
    const std::atomic<bool>* stop = nullptr;
    // The command of a worker: a program that calls `serve_items` with the same settings. Without
    // it items are run in this process, one after the other: no limits hold then, and what crashes
    // takes all with it.
    std::function<std::vector<std::string>(const ItemRuns& runs)> worker_command;
    run::MakeDriver make_driver = run::make_driver;  // of items run in this process
    // Runs the items of this process and keeps their places from one call to the next; null: each
    // call has one of its own.
    run::Runner* runner = nullptr;
};

// Runs those items whose runs `store` does not hold, in their order, each key once; with `retry`
// those that failed, too. Their cells have the limits. A run that cannot be made, hangs, crashes or
// takes more than its limits is kept as failed with its reason. Returns how many were there
// already. Errors: `out` cannot be written; the machine lacks something that every run needs;
// `stop` was set (what is finished stays).
engine::core::Result<int> run_items(std::span<const Item* const> items, const Store& store,
                                    const ItemRuns& runs, bool retry,
                                    const RunsCallbacks& callbacks);

// The worker's side: runs what it is told until there is no more; the process's exit code.
int serve_items(const ItemRuns& runs);

}  // namespace huntsman::bridge::suite
