// Datasets of mined failures: labelled frames around each failure, of the failing run itself and of
// its neighbourhood, driven by the driver that failed.
//
// For an honest comparison of what such data is worth, sets of the same size can be made from runs
// that were not chosen for failing: at random, or where the driver's perception was least sure.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "bridge/export/export.h"
#include "bridge/export/settings.h"
#include "bridge/failures/runs.h"
#include "engine/core/result.h"

namespace huntsman::bridge::failures {

// Which frames; see docs/failures.md.
enum class Selection : std::uint8_t { kFailures, kRandom, kUncertainty };

struct DatasetSettings {
    std::vector<std::filesystem::path> files;  // results files
    RunFilter filter;
    std::int64_t failures = 0;     // so many failing runs; 0: one of each distinct failure
    std::int64_t neighbours = 4;   // of each failing run
    std::int64_t per_failure = 8;  // samples of each run, the last one right after the failure
    std::string compare;           // "": failures; else "random" or "uncertainty"
    std::string format = "nuscenes", out;
    std::string rig, size = "640x400", quality = "standard";
    double rate_hz = 2;  // samples a second
    std::int64_t workers = 1, threads = 0;
    sensors::dataset::Options content;
};

// Part of a dataset: what its scene is made from.
struct PlannedScene {
    JudgedRun run;  // the failing run, or the one that is shown
    loop::RunOptions options;
    sensors::dataset::Values tags;
    Selection selection = Selection::kFailures;
    std::uint64_t number = 0;                  // neighbour; 0: the failing run itself
    std::optional<std::int64_t> first_sample;  // fixed beforehand; else around the failure
};

struct PlannedDataset {
    exporting::ExportOptions options;   // with the hook that makes the scenes
    std::vector<PlannedScene> scenes;   // in order of their seeds, from 1 on
    std::vector<std::string> left_out;  // failures that cannot be driven again, a sentence each
};

// Errors: settings out of range; no failure that passes the filter, or that can be driven again;
// for kUncertainty: no run has perception scores, or too few.
engine::core::Result<PlannedDataset> plan_dataset(const DatasetSettings& settings,
                                                  const std::string& version);

}  // namespace huntsman::bridge::failures
