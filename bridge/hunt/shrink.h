// Shrinking: what a failure needs, and what it does without.
//
// Whatever sets a failing run apart from the plain situation is taken away as long as the run still
// fails with the same signature: faults, weather, parameters (to their nominal values), actors,
// parked vehicles and traffic. What is left cannot be taken away, each thing by itself. Parameters
// that are left are then moved towards nominal, and the time is cut after the failure. [Zeller and
// Hildebrandt 2002]
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "bridge/hunt/facts.h"
#include "bridge/loop/run.h"
#include "bridge/suite/run_items.h"
#include "engine/core/result.h"

namespace huntsman::bridge::hunt {

struct ShrinkSettings {
    std::string results;  // file that holds the failing run
    std::string run;      // its key, or the beginning of it that no other has
    std::string save;     // scenario file to write, .json or .xosc; empty: none
    std::int64_t jobs = 1, threads = 0;
    double stall_limit_s = 300;
};

struct Shrunk {
    loop::RunOptions options;  // of the smallest run
    std::string key;           // of that run
    mine::Signature signature;
    std::string reason;                 // why it fails, in a sentence
    std::vector<std::string> needed;    // what is left, in words: "cross_speed 2.5 (nominal 1.39)"
    std::vector<std::string> needless;  // what was taken away
    int actors = 0;                     // who takes part, besides the ego
    int parameters = 0, off_nominal = 0;  // of the situation, and those that are not nominal
    std::string saved;                    // whether the file written fails in the same way
    int tried = 0;                        // runs that this took, kept ones among them
};

// Keeps what it found in the results file, as the finding "shrink" of the run that was asked for:
// the document of `to_json` with "scenario", the path of the saved one, and "command", which drives
// it again; both are empty where it is not saved.
// Errors: no such run, or several; one that did not fail, or does not fail any more; those of
// suite::run_items.
engine::core::Result<Shrunk> shrink(const ShrinkSettings& settings,
                                    const suite::RunsCallbacks& callbacks);

// One sentence: what the failure needs and what it does not.
std::string sentence(const Shrunk& shrunk);
std::string text(const Shrunk& shrunk, const ShrinkSettings& settings);
nlohmann::ordered_json to_json(const Shrunk& shrunk);

// [Zeller and Hildebrandt 2002] A. Zeller, R. Hildebrandt, Simplifying and Isolating
//   Failure-Inducing Input, IEEE Transactions on Software Engineering 28.
}  // namespace huntsman::bridge::hunt
