// Hunting: searching the parameters of situations for the distinct ways in which a driver fails.
//
//   HM_TAKE(const hunt::Hunt hunt, hunt::to_hunt({.spaces = "cpnco", .driver = "oracle"}));
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

#include "bridge/hunt/spaces.h"
#include "bridge/mine/search.h"
#include "bridge/mine/signature.h"
#include "bridge/suite/run_items.h"
#include "engine/core/result.h"

namespace huntsman::bridge::hunt {

// In words; errors name these settings as the command line does.
struct HuntSettings {
    // What is searched, with commas between: situations by name, files of such, tag:TAG for the
    // shipped ones with this tag, all for all of them; OpenSCENARIO files (.xosc) with parameters
    // that are numbers within a range; town for plain driving, where traffic and pedestrians are
    // parameters.
    std::string spaces;
    std::string towns = "2001";   // FIRST..LAST: the place is one more parameter
    std::string weather = "off";  // on: sun and rain are parameters too
    std::string driver = "oracle";
    // Drives in the place of `driver` while searching, without pictures: errors:FILE.json. Empty:
    // the driver itself.
    std::string stand_in;
    std::string network;  // of the network driver; empty: the shipped one
    std::string method = "cross_entropy";
    std::string budget = "200";  // of all searches together: see parse_budget
    std::int64_t seed = 1;
    // Independent searches of each space, with the seeds from `seed` on. All searches have equal
    // parts of the budget.
    std::int64_t searches = 1;
    // Points chosen together, before the result of any is known, which is as many as jobs can
    // share; 0: the method's own number. Unlike `jobs` it changes the search.
    std::int64_t generation = 0;
    std::int64_t confirm = 1;  // of each distinct failure, so many are driven by `driver`
    double seconds = 15;
    std::string size = "320x200", quality = "fast";
    std::vector<std::string> faults;
    std::int64_t shards = 1, shard = 0;  // only this part of the searches
    std::string out;                     // results file
    std::string save;  // folder for a scenario file of each distinct failure; empty: none
    std::int64_t jobs = 1, threads = 0;
    double stall_limit_s = 300;
};

// One of the two is 0.
struct Budget {
    std::int64_t runs = 0;
    double seconds = 0;  // of wall time
};
// A number of runs, or wall time as "90s", "30min" or "2h". Error: neither, or nothing.
engine::core::Result<Budget> parse_budget(const std::string& text);

// One search: of a ground, with a seed.
struct Search {
    std::size_t ground = 0;  // in Hunt::grounds
    std::uint64_t seed = 0;
    std::int64_t budget = 0;  // runs; as many as there is time for where the budget is time
};

struct Hunt {
    HuntSettings settings;
    std::vector<Ground> grounds;
    std::vector<Search> searches;  // of this shard: neighbours in the order of grounds and seeds
    mine::Method method = mine::Method::kCrossEntropy;
    Budget budget;
    std::string name;
};

// Checks every setting. Errors name it.
engine::core::Result<Hunt> to_hunt(const HuntSettings& settings);

// What became of a run of the search, or of a confirmation.
struct HuntRun {
    std::string key;             // of its run
    std::size_t ground = 0;      // in Hunt::grounds
    std::vector<double> values;  // in the order of the ground's space
    mine::Evaluation evaluation;
    mine::Signature signature;  // empty where it did not fail
    double plausibility = 0;
    std::string reason;  // the broken criterion in a sentence
};

// Failures of one signature on one ground.
struct Failure {
    std::size_t ground = 0;
    mine::Distinct distinct;           // its `worst` is a place in HuntResult::runs
    std::vector<std::size_t> members;  // places in HuntResult::runs, the highest-ranked first, by
                                       // severity × plausibility
    std::vector<HuntRun> confirmed;    // the first members, driven by the driver itself
    bool confirms() const;             // whether one of them failed with this signature
};

struct HuntResult {
    std::vector<HuntRun> runs;      // of the searches, one after the other, each in its order
    std::vector<Failure> failures;  // the highest-ranked first, by severity × plausibility
    int kept = 0;                   // runs of the searches that were there already
    double seconds = 0;             // of wall time that making the others took
};

struct HuntCallbacks {
    suite::RunsCallbacks runs;
    // After each batch, with what there is.
    std::function<void(const HuntResult& so_far)> batch;
};

// A budget of time ends each search after the batch in which its equal part of what is left is up.
// Where a stand-in drives, a fifth of the time is left for confirmations, which end likewise; kept
// runs cost none. Errors: those of suite::run_items; an interrupt, after which what is finished
// stays; no run has a result.
engine::core::Result<HuntResult> run(const Hunt& hunt, const HuntCallbacks& callbacks);

// What a reader should know beside the numbers, each a sentence: that no run failed, that nearly
// all did, that a ground has no result.
std::vector<std::string> remarks(const Hunt& hunt, const HuntResult& result);
// How far it is: runs of the budget, failed ones, distinct failures and how many of these are new.
std::string progress_text(const Hunt& hunt, const HuntResult& result);

// For a terminal, as JSON, and as one page, which loads itself anew every ten seconds while `live`.
std::string text(const Hunt& hunt, const HuntResult& result);
nlohmann::ordered_json to_json(const Hunt& hunt, const HuntResult& result);
std::string html(const Hunt& hunt, const HuntResult& result, bool live);

// Writes the scenario of each distinct failure's highest-ranked run: DIR/1.json for the first one.
engine::core::Status save_scenarios(const Hunt& hunt, const HuntResult& result);

}  // namespace huntsman::bridge::hunt
