// Drivers evaluated over worlds: runs ("cells") made in this process or by workers, kept in a
// folder, found there again, compared, and judged.
//
//   suite::EvaluationSettings settings;
//   settings.drivers = "oracle,none";
//   settings.seeds = "2001..2003";
//   HM_TAKE(const suite::Evaluation evaluation, suite::to_evaluation(settings));
//   HM_TAKE(const suite::Verdict verdict, suite::evaluate(evaluation, {}));
//   std::puts(suite::table(verdict.comparison).c_str());
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "bridge/loop/run.h"
#include "bridge/run/runner.h"
#include "bridge/run/settings.h"
#include "bridge/suite/comparison.h"
#include "engine/core/result.h"

namespace huntsman::bridge::suite {

// What is compared, in words; errors name these settings as the command line does.
struct EvaluationSettings {
    run::RunSettings run;                         // world, rig and limits of every cell
    std::string drivers = "network,oracle,none";  // each with every seed
    std::string seeds = "2001..2010";
    // A file that lists the cells, in the place of drivers and seeds:
    // {"schema_version": 1, "cells": [{"driver": "oracle", "seed": 7, "scenario": "rain",
    // "map": "town.xodr"}, ...]}; what a cell leaves out is as `run` says.
    std::string cells;
    std::string out;     // folder that keeps the results; empty: none does
    bool retry = false;  // makes those cells again that failed in `out`
    std::int64_t jobs = 1;
    double stall_limit_s = 300;
    double minimum_score = -1;
};

struct Evaluation {
    std::vector<loop::RunOptions> cells;  // a cell may come twice; it is made once
    std::filesystem::path out;            // empty: nothing is kept
    bool retry = false;
    int jobs = 1;                // made at once, by workers
    int threads = 0;             // of all of them together; 0: all cores
    double stall_limit_s = 300;  // a worker's run without progress for so long has failed
    // Mean CARLA driving score that the first driver must reach; negative: none.
    double minimum_score = -1;
};

// Checks every setting.
engine::core::Result<Evaluation> to_evaluation(const EvaluationSettings& settings);

struct EvaluationCallbacks {
    std::function<void(double share, const loop::RunOptions& cell)> progress;
    std::function<void(const std::string& line)> printed;  // by a worker
    const std::atomic<bool>* stop = nullptr;
    // The command of a worker, a program that calls `serve_cells` with the same evaluation and this
    // folder. Without it cells are made in this process, one after the other: what crashes or hangs
    // then takes the evaluation with it.
    std::function<std::vector<std::string>(const std::filesystem::path& folder)> worker_command;
    // Of cells made in this process; for drivers of one's own.
    run::MakeDriver make_driver = run::make_driver;
};

struct Verdict {
    Comparison comparison;
    // No run has failed, and the first driver has reached the minimum score.
    bool passed = false;
};

// Makes the cells that `out` does not hold yet, and compares all. A cell that fails is a result
// that says why. `out` gets cells/, evaluation.json and table.md. Errors: the file of a driver's
// network or of the rig cannot be read, as every cell would fail then; `out` cannot be written or
// another evaluation holds it; the machine lacks something; `stop` was set (what is finished
// stays).
engine::core::Result<Verdict> evaluate(const Evaluation& evaluation,
                                       const EvaluationCallbacks& callbacks);

// The worker's side: makes cells into the folder as it is told, until there are no more; the
// process's exit code.
int serve_cells(const Evaluation& evaluation, const std::filesystem::path& folder);

// Whether a comparison passes; see Verdict.
bool passes(const Comparison& comparison, double minimum_score);

}  // namespace huntsman::bridge::suite
