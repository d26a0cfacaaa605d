// Other worlds for a run: one thing changed that may have been needed for its failure.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "bridge/loop/run.h"
#include "engine/core/result.h"

namespace huntsman::bridge::hunt {

struct Counterfactual {
    std::string change;  // in words: "by day", "without van"
    loop::RunOptions options;
};

// Changes that make a difference to this run: of the light where it is not day, of the weather
// where it is not dry, of other traffic and parked vehicles where there are any, of clothes where
// pictures are looked at, and each of the story's actors left out. `run_json` tells light and
// weather. Errors: the story cannot be read.
engine::core::Result<std::vector<Counterfactual>> counterfactuals(const loop::RunOptions& options,
                                                                  const std::string& run_json);

// Names of those who take part in the scenario's story, without its ego.
engine::core::Result<std::vector<std::string>> story_actors(
    const scenarios::model::Scenario& scenario);

}  // namespace huntsman::bridge::hunt
