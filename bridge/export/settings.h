// What is asked of an export, in words and numbers as people give it, before it is checked.
#pragma once

#include <string>

#include "bridge/export/export.h"
#include "bridge/run/settings.h"
#include "engine/core/result.h"

namespace huntsman::bridge::exporting {

// Errors call a setting as the command line does.
struct ExportSettings {
    run::RunSettings run;  // world, cameras, `seconds` of each scene (20 unless given)
    std::string format, seeds, out;
    // A file, or the name of a shipped mix. Empty: `default`, or none where `run` gives a scenario
    // or a map, which are then taken as they are.
    std::string mix;
    sensors::dataset::Options content;
    double warm_up_s = 5, rate_hz = 2;
    std::int64_t workers = 1;
    bool own_times = false;
    bool dry_run = false;  // only `plan` is wanted, which needs neither `format` nor `out`
};

// "nuscenes, kitti, ...".
std::string format_list();

// Checks which settings are missing and which exclude each other; `export_dataset` checks their
// ranges.
engine::core::Result<ExportOptions> to_options(const ExportSettings& settings);

}  // namespace huntsman::bridge::exporting
