// What a results file says of drivers: a row for each, as a table and as JSON.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <vector>

#include "bridge/suite/store.h"
#include "engine/core/result.h"

namespace huntsman::bridge::suite {

// Sums over the runs of one driver that have a result.
struct Row {
    std::string driver;
    int runs = 0, failed = 0;  // failed ones count in `runs` and nowhere else
    int passed = 0;            // by their criteria
    int collisions = 0, red_lights = 0, completed = 0;
    double progress_m = 0;
    // Of the oracle's way, over the cells that both have driven; 0 where there are none.
    double share_of_oracle = 0;
    double driving_score = 0, nuplan = 0;      // means
    double ap_vehicle = 0, ap_pedestrian = 0;  // at 2 m, to 30 m; NaN where none was to be seen
    double real_time_factor = 0;
    std::set<std::string> notes;  // of its runs, each once
};

struct Table {
    std::vector<Row> rows;      // in the order of `drivers`
    std::vector<CellRun> runs;  // by driver and cell
};

// Of one suite, and of these drivers; none: of all, in the order of their names.
engine::core::Result<Table> tabulate(const Store& store, const std::string& suite,
                                     std::vector<std::string> drivers = {});

// Markdown, with a line for each note and each failed run below the table.
std::string text(const Table& table);
nlohmann::ordered_json to_json(const Table& table);

}  // namespace huntsman::bridge::suite
