// The runs of several drivers compared: a row a driver, as a table and as JSON.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "bridge/suite/cell.h"

namespace huntsman::bridge::suite {

// Sums over the valid runs of one driver.
struct Row {
    std::string driver;
    int runs = 0, failed = 0;  // failed ones count in `runs` and nowhere else
    int collisions = 0, red_lights = 0, completed = 0;
    double progress_m = 0;
    // Of the oracle's way, over the worlds that both have driven; 0 where there are none.
    double share_of_oracle = 0;
    double driving_score = 0, nuplan = 0;      // means
    double ap_vehicle = 0, ap_pedestrian = 0;  // at 2 m, to 30 m; NaN where none was to be seen
    double real_time_factor = 0;
    std::set<std::string> notes;  // of its runs, each once
};

struct Comparison {
    std::vector<Row> rows;          // in the order in which drivers first come
    std::vector<CellResult> cells;  // in the order given
};

Comparison compare(std::vector<CellResult> cells);

// Markdown, with a line for each note and each failed run below the table.
std::string table(const Comparison& comparison);
nlohmann::ordered_json to_json(const Comparison& comparison, bool passed);

}  // namespace huntsman::bridge::suite
