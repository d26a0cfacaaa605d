// Hunting: searching a situation's parameters for the distinct ways in which a driver fails.
//
//   HM_TAKE(const hunt::Hunt hunt, hunt::to_hunt({.situation = "cpnco", .driver = "oracle"}));
//   HM_TAKE(const hunt::HuntResult result, hunt::run(hunt, callbacks));
//
// The search is a pure function of its settings and of the results of runs, and runs are kept in a
// results file under their keys: the same command again, after a kill or with a larger budget,
// makes only those runs that are not there yet.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "bridge/mine/search.h"
#include "bridge/mine/signature.h"
#include "bridge/mine/space.h"
#include "bridge/run/settings.h"
#include "bridge/suite/run_items.h"
#include "engine/core/result.h"

namespace huntsman::bridge::hunt {

// In words; errors name these settings as the command line does.
struct HuntSettings {
    std::string situation;        // the space: a shipped situation or a file of one
    std::string towns = "2001";   // FIRST..LAST: the place is one more parameter
    std::string weather = "off";  // on: sun and rain are parameters too
    std::string driver = "oracle";
    // Drives in the place of `driver` while searching, without pictures: errors:FILE.json. Empty:
    // the driver itself.
    std::string stand_in;
    std::string network;  // of the network driver; empty: the shipped one
    std::string method = "cross_entropy";
    std::int64_t budget = 200;  // runs of the search
    std::int64_t seed = 1;
    // Points chosen together, before the result of any is known, which is as many as jobs can
    // share; 0: the method's own number. Unlike `jobs` it changes the search.
    std::int64_t generation = 0;
    std::int64_t confirm = 1;  // of each distinct failure, so many are driven by `driver`
    double seconds = 15;
    std::string size = "320x200", quality = "fast";
    std::vector<std::string> faults;
    std::string out;   // results file
    std::string save;  // folder for a scenario file of each distinct failure; empty: none
    std::int64_t jobs = 1, threads = 0;
    double stall_limit_s = 300;
};

struct Hunt {
    HuntSettings settings;
    mine::Space space;
    mine::Method method = mine::Method::kCrossEntropy;
    std::string name;  // of its suite in the results file
};

// Checks every setting. Errors name it.
engine::core::Result<Hunt> to_hunt(const HuntSettings& settings);

// What became of a run of the search, or of a confirmation.
struct HuntRun {
    std::string key;             // of its run
    std::vector<double> values;  // in the order of the space
    mine::Evaluation evaluation;
    mine::Signature signature;  // empty where it did not fail
    double plausibility = 0;
    std::string reason;  // the broken criterion in a sentence
};

struct Failure {
    mine::Distinct distinct;
    std::vector<std::size_t> members;  // places in HuntResult::runs, the highest-ranked first, by
                                       // severity × plausibility
    std::vector<HuntRun> confirmed;    // the first members, driven by the driver itself
    bool confirms() const;             // whether one of them failed with this signature
};

struct HuntResult {
    std::vector<HuntRun> runs;      // of the search, in its order
    std::vector<Failure> failures;  // the highest-ranked first, by severity × plausibility
    int kept = 0;                   // runs that were there already
};

struct HuntCallbacks {
    suite::RunsCallbacks runs;
    // After each batch, with what there is.
    std::function<void(const HuntResult& so_far)> batch;
};

// Errors: those of suite::run_items; an interrupt, after which what is finished stays.
engine::core::Result<HuntResult> run(const Hunt& hunt, const HuntCallbacks& callbacks);

// For a terminal, as JSON, and as one page, which loads itself anew every ten seconds while `live`.
std::string text(const Hunt& hunt, const HuntResult& result);
nlohmann::ordered_json to_json(const Hunt& hunt, const HuntResult& result);
std::string html(const Hunt& hunt, const HuntResult& result, bool live);

// Writes the scenario of each distinct failure's highest-ranked run: DIR/1.json for the first one.
engine::core::Status save_scenarios(const Hunt& hunt, const HuntResult& result);

}  // namespace huntsman::bridge::hunt
