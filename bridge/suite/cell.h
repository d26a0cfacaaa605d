// One run of a comparison, and what is kept of it in a file.
//
// A cell's file is {"schema_version": 1, "inputs": {...}, "program": HASH, "driver_file": HASH,
// "run": as run.json, "perception_samples": {...} or null}. Its name holds a hash of the inputs, of
// the driver's file and of the program, so that a folder of cells never gives the result of another
// run.
#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "bridge/loop/run.h"
#include "engine/core/result.h"

namespace huntsman::bridge::suite {

// "oracle-demonstration-2001-0123456789abcdef.json".
std::string file_name(const loop::RunOptions& cell);

// Writes the file whole or not at all.
engine::core::Status write_cell(const std::filesystem::path& folder, const loop::RunResult& result);

// What a comparison asks of a run.
struct CellResult {
    std::string driver;  // as it was asked for
    std::string scenario;
    std::uint64_t seed = 0;
    bool valid = false;
    std::string end_reason;
    double sim_time_s = 0, wall_time_s = 0;
    double progress_m = 0, driving_score = 0, nuplan = 0;  // 0 where the run is invalid
    int collisions = 0, red_lights = 0;
    std::vector<std::string> notes;
    std::map<std::string, int> failures;  // infractions of each kind
    score::PerceptionJudge perception;
};
engine::core::Result<CellResult> read_cell(const std::filesystem::path& file);

}  // namespace huntsman::bridge::suite
