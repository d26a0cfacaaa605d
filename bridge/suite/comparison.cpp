#include "bridge/suite/comparison.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

namespace huntsman::bridge::suite {

using nlohmann::ordered_json;
using score::PerceivedClass;

namespace {

using WorldKey = std::pair<std::string, std::uint64_t>;  // scenario, seed

Row row_of(const std::string& driver, const std::vector<CellResult>& cells,
           const std::map<WorldKey, double>& oracle_m) {
    Row row{.driver = driver};
    score::PerceptionJudge perception;
    double own_m = 0, oracle_sum_m = 0, sim_s = 0, wall_s = 0;
    for (const CellResult& cell : cells) {
        if (cell.driver != driver) continue;
        ++row.runs;
        // A note's figures differ from run to run; the first of a driver's runs is enough.
        if (row.notes.empty()) row.notes.insert(cell.notes.begin(), cell.notes.end());
        if (!cell.valid) {
            ++row.failed;
            continue;
        }
        row.collisions += cell.collisions;
        row.red_lights += cell.red_lights;
        row.completed += cell.end_reason == "route completed";
        row.progress_m += cell.progress_m;
        row.driving_score += cell.driving_score;
        row.nuplan += cell.nuplan;
        sim_s += cell.sim_time_s;
        wall_s += cell.wall_time_s;
        perception.append(cell.perception);
        if (const auto same = oracle_m.find({cell.scenario, cell.seed}); same != oracle_m.end()) {
            own_m += cell.progress_m;
            oracle_sum_m += same->second;
        }
    }
    const double scored = std::max(1, row.runs - row.failed);
    row.driving_score /= scored;
    row.nuplan /= scored;
    row.share_of_oracle = oracle_sum_m > 0 ? own_m / oracle_sum_m : 0;
    row.real_time_factor = wall_s > 0 ? sim_s / wall_s : 0;
    row.ap_vehicle = perception.average_precision(PerceivedClass::kVehicle, 2.0, 30.0);
    row.ap_pedestrian = perception.average_precision(PerceivedClass::kPedestrian, 2.0, 30.0);
    return row;
}

ordered_json number(double value) {
    return std::isfinite(value) ? ordered_json(value) : ordered_json(nullptr);
}

std::string ap_text(double ap) { return std::isfinite(ap) ? fmt::format("{:.3f}", ap) : "-"; }

}  // namespace

Comparison compare(std::vector<CellResult> cells) {
    Comparison comparison{.rows = {}, .cells = std::move(cells)};
    std::map<WorldKey, double> oracle_m;
    std::vector<std::string> drivers;
    for (const CellResult& cell : comparison.cells) {
        if (std::find(drivers.begin(), drivers.end(), cell.driver) == drivers.end()) {
            drivers.push_back(cell.driver);
        }
        if (cell.driver == "oracle" && cell.valid) {
            oracle_m[{cell.scenario, cell.seed}] = cell.progress_m;
        }
    }
    for (const std::string& driver : drivers) {
        comparison.rows.push_back(row_of(driver, comparison.cells, oracle_m));
    }
    return comparison;
}

std::string table(const Comparison& comparison) {
    std::string text =
        "| driver | runs | failed | progress [m] | share of oracle | driving score | nuPlan | "
        "collisions | red lights | AP vehicle | AP person |\n"
        "|---|---|---|---|---|---|---|---|---|---|---|\n";
    for (const Row& row : comparison.rows) {
        text += fmt::format(
            "| {} | {} | {} | {:.0f} | {:.0f} % | {:.1f} | {:.3f} | {} | {} | {} | "
            "{} |\n",
            row.driver, row.runs, row.failed, row.progress_m, 100 * row.share_of_oracle,
            row.driving_score, row.nuplan, row.collisions, row.red_lights, ap_text(row.ap_vehicle),
            ap_text(row.ap_pedestrian));
    }
    for (const Row& row : comparison.rows) {
        for (const std::string& note : row.notes) text += "\nnote: " + note;
    }
    for (const CellResult& cell : comparison.cells) {
        if (cell.valid) continue;
        text += fmt::format("\nfailed: {}, {} seed {}, at {:.1f} s: {}", cell.driver, cell.scenario,
                            cell.seed, cell.sim_time_s, cell.end_reason);
    }
    if (!text.ends_with('\n')) text += "\n";
    return text;
}

ordered_json to_json(const Comparison& comparison, bool passed) {
    ordered_json drivers = ordered_json::array(), runs = ordered_json::array(),
                 failed = ordered_json::array();
    for (const Row& row : comparison.rows) {
        drivers.push_back({{"driver", row.driver},
                           {"runs", row.runs},
                           {"invalid", row.failed},
                           {"progress_m", row.progress_m},
                           {"share_of_oracle", row.share_of_oracle},
                           {"driving_score", row.driving_score},
                           {"nuplan", row.nuplan},
                           {"collisions", row.collisions},
                           {"red_lights", row.red_lights},
                           {"completed", row.completed},
                           {"ap_vehicle_2m_30m", number(row.ap_vehicle)},
                           {"ap_pedestrian_2m_30m", number(row.ap_pedestrian)},
                           {"real_time_factor", row.real_time_factor},
                           {"notes", row.notes}});
    }
    for (const CellResult& cell : comparison.cells) {
        const bool scored = cell.valid;
        runs.push_back({{"driver", cell.driver},
                        {"scenario", cell.scenario},
                        {"seed", cell.seed},
                        {"progress_m", cell.progress_m},
                        {"driving_score", scored ? ordered_json(cell.driving_score) : nullptr},
                        {"nuplan", scored ? ordered_json(cell.nuplan) : nullptr},
                        {"valid", cell.valid},
                        {"sim_time_s", cell.sim_time_s},
                        {"end_reason", cell.end_reason},
                        {"failures", cell.failures},
                        {"real_time_factor",
                         cell.wall_time_s > 0 ? cell.sim_time_s / cell.wall_time_s : 0.0}});
        if (scored) continue;
        failed.push_back({{"driver", cell.driver},
                          {"scenario", cell.scenario},
                          {"seed", cell.seed},
                          {"time_s", cell.sim_time_s},
                          {"reason", cell.end_reason}});
    }
    return {{"schema_version", 1},
            {"drivers", std::move(drivers)},
            {"runs", std::move(runs)},
            {"failed", std::move(failed)},
            {"passed", passed}};
}

}  // namespace huntsman::bridge::suite
