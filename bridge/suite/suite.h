// Suites: files that say which runs a driver is judged by.
//
// {
//   "schema_version": 1,
//   "summary": "what it is for",
//   "gate": {"metric": "passed", "margin": 0.02},
//   "conditions": {"night": {"environment": {"sun_elevation_deg": -25, "light": "night"}}},
//   "defaults": {"seconds": 20, "size": "640x400", "limits": {"wall_s": 600, "memory_mb": 6000}},
//   "groups": [
//     {"situations": ["cpnco", "tag:euro_ncap"], "towns": ["2001..2003"], "variants": 2,
//      "conditions": ["as_is", "night"], "tags": ["vru"]},
//     {"scenarios": ["demonstration"], "towns": ["2001"], "pictures": "always"},
//     {"scenarios": ["cut_in.xosc"], "seeds": ["1..3"], "parameters": {"speed": "12"}}
//   ]
// }
//
// A group stands for cells: every situation or scenario, at every place (`towns`: seeds of
// generated towns; `maps`: OpenDRIVE files; neither: where the scenario itself has it), with every
// of its `seeds`, `variants` and `conditions`. docs/suites.md has all keys.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "bridge/loop/run.h"
#include "engine/core/result.h"

namespace huntsman::bridge::suite {

struct Limits {
    double wall_s = 900;      // from a cell's begin to its end
    double memory_mb = 8000;  // of its worker
};

// One run of a suite, whoever drives.
struct Cell {
    std::string name;               // unique in its suite: "cpnco/town_2001/variant_1/night"
    std::string situation;          // or scenario
    std::string place;              // "town_2001", or a map's name
    std::string condition;          // "as_is": as the scenario says
    int variant = -1;               // of a situation's parameters; -1: nominal values
    std::vector<std::string> tags;  // sorted
    bool always_pictures = false;   // also for drivers that look at none
    loop::RunOptions options;       // without the driver
    Limits limits;

    // Cells of one cluster are not independent of each other.
    std::string cluster() const { return situation + " at " + place; }
};

// What a regression gate compares.
struct GateMetric {
    std::string metric = "carla_2_1.driving_score";
    double margin = 2;  // a loss that is still accepted, in the metric's unit
};

struct Suite {
    std::string name;
    std::string summary;
    GateMetric gate;
    std::vector<Cell> cells;
};

// A shipped suite by its name, or a file. Errors name file, line and what was expected.
engine::core::Result<Suite> load_suite(const std::string& name_or_path);
// The same from a text; `file` stands for it in messages and is where relative paths begin.
engine::core::Result<Suite> parse_suite(const std::string& text, const std::filesystem::path& file);

// Names of the suites that are shipped, sorted.
std::vector<std::string> shipped_suites();

// The cell's options with this driver: pictures only where it needs them or the cell always has
// them.
engine::core::Result<loop::RunOptions> with_driver(const Cell& cell, const std::string& driver,
                                                   const std::string& network);

}  // namespace huntsman::bridge::suite
