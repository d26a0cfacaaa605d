// The scenario of a run as a file that `huntsman run` drives again, and the command that does so.
#pragma once

#include <filesystem>
#include <string>

#include "bridge/loop/run.h"
#include "engine/core/result.h"

namespace huntsman::bridge::hunt {

// A .json file holds all of the scenario. A .xosc file is OpenSCENARIO 1.3: the story with what the
// scenario says of sun, rain, fog and the road; of a town the roads are written beside it as .xodr,
// without houses, parked vehicles and other traffic. Errors: a .xosc of a scenario without a story;
// what the story's place lacks; a file that cannot be written.
engine::core::Status save_scenario(const scenarios::model::Scenario& scenario,
                                   const std::filesystem::path& path);

// Drives the scenario in this file with the driver, pictures, latency, faults and ideal parts of
// the options.
std::string run_command(const loop::RunOptions& options, const std::filesystem::path& scenario);

}  // namespace huntsman::bridge::hunt
