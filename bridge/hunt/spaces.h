// What a hunt searches: situations, scenarios with a story, and plain driving in towns, each with
// the space of its parameters.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bridge/loop/run.h"
#include "bridge/mine/space.h"
#include "engine/core/result.h"

namespace huntsman::bridge::hunt {

struct HuntSettings;

// One situation or scenario, or town driving; the place and the weather are among its parameters.
struct Ground {
    std::string name;      // of the situation or the scenario's file; "town"
    std::string scenario;  // name or file; empty: plain driving
    mine::Space space;
};

// The grounds that `settings.spaces` names, each once, in the order named. Errors name the setting
// or the file; a ground without anything to vary is one.
engine::core::Result<std::vector<Ground>> grounds_of(const HuntSettings& settings);

// The run of these values of the ground's space by a driver. Errors: as of run::to_options.
engine::core::Result<loop::RunOptions> options_of(const HuntSettings& settings,
                                                  const Ground& ground,
                                                  const std::vector<double>& values,
                                                  const std::string& driver);

}  // namespace huntsman::bridge::hunt
