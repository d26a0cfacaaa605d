// How often a driver fails on a space under its declared distribution, where that is rare: subset
// simulation and importance sampling over runs (bridge/mine/rare.h), with an interval from
// independent repeats. Runs are kept as those of hunts, and found there again.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "bridge/hunt/hunt.h"
#include "bridge/mine/rare.h"

namespace huntsman::bridge::hunt {

struct RateSettings {
    // Which space, driver and results file. One space; method, budget, searches, confirmations and
    // shards mean nothing. A stand-in drives all runs, and so the rate is its own.
    HuntSettings hunt;
    std::int64_t per_level = 100;   // points of each level in each repeat
    std::int64_t importance = 100;  // points of importance sampling in each; 0: none
    std::int64_t repeats = 10;
};

struct Rate {
    mine::RareEstimate estimate;
    std::size_t failed = 0;  // of the evaluations
    int kept = 0;            // runs that were there already
};

// Errors: those of to_hunt and run_items; settings out of their ranges; more spaces than one.
engine::core::Result<Rate> rate(const RateSettings& settings,
                                const suite::RunsCallbacks& callbacks);

std::string text(const RateSettings& settings, const Rate& rate);
nlohmann::ordered_json to_json(const RateSettings& settings, const Rate& rate);

}  // namespace huntsman::bridge::hunt
