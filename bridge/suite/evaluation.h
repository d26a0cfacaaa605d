// Drivers evaluated over worlds without a suite's file: a short form of a suite.
//
//   suite::EvaluationSettings settings;
//   settings.drivers = "oracle,none";
//   settings.seeds = "2001..2003";
//   HM_TAKE(const suite::Evaluation evaluation, suite::to_evaluation(settings));
//   HM_TAKE(const suite::Verdict verdict, suite::evaluate(evaluation, {}));
//   std::puts(suite::text(verdict.table).c_str());
#pragma once

#include <string>

#include "bridge/run/settings.h"
#include "bridge/suite/run_suite.h"
#include "bridge/suite/table.h"
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
    SuiteRun run;  // its `out` is empty where nothing is kept
    // Mean CARLA driving score that the first driver must reach; negative: none.
    double minimum_score = -1;
};

// Checks every setting.
engine::core::Result<Evaluation> to_evaluation(const EvaluationSettings& settings);

struct Verdict {
    Table table;
    // No run has failed, and the first driver has reached the minimum score.
    bool passed = false;
};

// Makes the cells that the results file does not hold yet, and compares all; errors as run_suite
// has them. `out` gets results.sqlite, evaluation.json and table.md.
engine::core::Result<Verdict> evaluate(Evaluation evaluation, const RunsCallbacks& callbacks);

// Whether a table passes; see Verdict.
bool passes(const Table& table, double minimum_score);

nlohmann::ordered_json to_json(const Verdict& verdict);

}  // namespace huntsman::bridge::suite
