// Blame: which part of a stack a failure is due to, and what of the world it takes.
//
// The failing run is made again with one part in an ideal form at a time (bridge/parts), with two
// where no single one helps, and with all combinations of those that help, at most four. Shares are
// their Shapley values. The run is also made again with one thing of the world changed at a time:
// by day, dry, without an actor.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "bridge/hunt/facts.h"
#include "bridge/loop/run.h"
#include "bridge/parts/part.h"
#include "bridge/suite/run_items.h"
#include "engine/core/result.h"

namespace huntsman::bridge::hunt {

struct BlameSettings {
    std::string results;   // file that holds the failing run
    std::string run;       // its key, or the beginning of it that no other has
    std::string pictures;  // folder for pictures of what was perceived; empty: none
    std::int64_t jobs = 1, threads = 0;
    double stall_limit_s = 300;
};

// A run with these parts ideal, or with this change of the world.
struct Substitution {
    std::vector<parts::Part> parts;
    std::string change;
    bool valid = false;   // it has a result
    bool passes = false;  // no criterion is broken
    double severity = 0;  // see hunt::facts_of
    std::string reason;   // of what is still broken
    std::string key;
};
struct PartShare {
    parts::Part part;
    double share = 0;    // 0..1; all add up to 1
    bool alone = false;  // the run passes with this part alone
};

struct Blame {
    std::string key;  // of the failing run
    mine::Signature signature;
    std::string reason;
    double severity = 0, failed_at_s = 0;
    std::vector<Substitution> single, pairs, world;
    std::vector<PartShare> shares;  // the largest first; empty where no part or pair mends it
    std::vector<std::string> pictures;
    int runs = 0;  // that this took, kept ones among them
};

// Parts that can be put in the place of those of this run: of black boxes cameras, latency, map and
// actions, and planning. Those that would change nothing are left out.
engine::core::Result<std::vector<parts::Part>> candidate_parts(const loop::RunOptions& options);

// Shapley values of a game of `players`: value[S] is that of the players whose bits are in S.
// Precondition: 2^players values. [Shapley 1953]
std::vector<double> shapley(std::size_t players, const std::vector<double>& value);

// Errors: no such run, or several; one that did not fail, or does not fail any more; those of
// suite::run_items.
engine::core::Result<Blame> blame(const BlameSettings& settings,
                                  const suite::RunsCallbacks& callbacks);

// One sentence: the part with the largest share, the others, and what of the world mends it.
std::string sentence(const Blame& blame);
std::string text(const Blame& blame);
nlohmann::ordered_json to_json(const Blame& blame);

// [Shapley 1953] L. S. Shapley, A Value for n-Person Games, Contributions to the Theory of Games 2.
}  // namespace huntsman::bridge::hunt
