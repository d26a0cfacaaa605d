#include "bridge/suite/table.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

namespace huntsman::bridge::suite {

using engine::core::Result;
using nlohmann::ordered_json;
using score::PerceivedClass;

namespace {

constexpr const char *kDrivingScore = "carla_2_1.driving_score",
                     *kNuplan = "nuplan_closed_loop.score";

// How far the oracle has come, by cell.
using Ways = std::map<std::string, double>;

double score_of(const CellRun& run, const char* metric) {
    const auto found = run.scores.find(metric);
    return found == run.scores.end() ? 0.0 : found->second;
}

Row row_of(const std::string& driver, const std::vector<CellRun>& runs, const Ways& oracle_m) {
    Row row{.driver = driver};
    double own_m = 0, oracle_sum_m = 0, sim_s = 0, wall_s = 0;
    for (const CellRun& run : runs) {
        if (run.driver != driver) continue;
        ++row.runs;
        // A note's figures differ from run to run; the first of a driver's runs is enough.
        if (row.notes.empty()) row.notes.insert(run.notes.begin(), run.notes.end());
        if (run.failed) {
            ++row.failed;
            continue;
        }
        const double progress_m = score_of(run, "progress_m");
        row.passed += score_of(run, "passed") > 0 ? 1 : 0;
        row.collisions += static_cast<int>(score_of(run, "collisions"));
        row.red_lights += static_cast<int>(score_of(run, "red_lights"));
        row.completed += run.reason == "route completed" ? 1 : 0;
        row.progress_m += progress_m;
        row.driving_score += score_of(run, kDrivingScore);
        row.nuplan += score_of(run, kNuplan);
        sim_s += run.sim_time_s;
        wall_s += run.wall_time_s;
        if (const auto same = oracle_m.find(run.cell); same != oracle_m.end()) {
            own_m += progress_m;
            oracle_sum_m += same->second;
        }
    }
    const double scored = std::max(1, row.runs - row.failed);
    row.driving_score /= scored;
    row.nuplan /= scored;
    row.share_of_oracle = oracle_sum_m > 0 ? own_m / oracle_sum_m : 0;
    row.real_time_factor = wall_s > 0 ? sim_s / wall_s : 0;
    return row;
}

std::string ap_text(double ap) { return std::isfinite(ap) ? fmt::format("{:.3f}", ap) : "-"; }

}  // namespace

Result<Table> tabulate(const Store& store, const std::string& suite,
                       std::vector<std::string> drivers) {
    Table table;
    HM_TAKE(table.runs, store.runs(suite));
    if (drivers.empty()) {
        for (const CellRun& run : table.runs) drivers.push_back(run.driver);
        drivers.erase(std::ranges::unique(drivers).begin(), drivers.end());
    } else {
        std::erase_if(table.runs, [&](const CellRun& run) {
            return std::ranges::find(drivers, run.driver) == drivers.end();
        });
    }
    Ways oracle_m;
    for (const CellRun& run : table.runs) {
        if (run.driver == "oracle" && !run.failed) oracle_m[run.cell] = score_of(run, "progress_m");
    }
    for (const std::string& driver : drivers) {
        Row row = row_of(driver, table.runs, oracle_m);
        HM_TAKE(const auto perception, store.perception(suite, driver));
        row.ap_vehicle = perception.average_precision(PerceivedClass::kVehicle, 2.0, 30.0);
        row.ap_pedestrian = perception.average_precision(PerceivedClass::kPedestrian, 2.0, 30.0);
        table.rows.push_back(std::move(row));
    }
    return table;
}

std::string text(const Table& table) {
    std::string text =
        "| driver | runs | failed | passed | progress [m] | share of oracle | driving score | "
        "nuPlan | collisions | red lights | AP vehicle | AP person |\n"
        "|---|---|---|---|---|---|---|---|---|---|---|---|\n";
    for (const Row& row : table.rows) {
        text += fmt::format(
            "| {} | {} | {} | {} | {:.0f} | {:.0f} % | {:.1f} | {:.3f} | {} | {} | {} | {} |\n",
            row.driver, row.runs, row.failed, row.passed, row.progress_m, 100 * row.share_of_oracle,
            row.driving_score, row.nuplan, row.collisions, row.red_lights, ap_text(row.ap_vehicle),
            ap_text(row.ap_pedestrian));
    }
    for (const Row& row : table.rows) {
        for (const std::string& note : row.notes) text += "\nnote: " + note;
    }
    for (const CellRun& run : table.runs) {
        if (!run.failed) continue;
        text += fmt::format("\nfailed: {}, {}, at {:.1f} s: {}", run.driver, run.cell,
                            run.sim_time_s, run.reason);
    }
    if (!text.ends_with('\n')) text += "\n";
    return text;
}

ordered_json to_json(const Table& table) {
    ordered_json drivers = ordered_json::array(), runs = ordered_json::array(),
                 failed = ordered_json::array();
    for (const Row& row : table.rows) {
        drivers.push_back({{"driver", row.driver},
                           {"runs", row.runs},
                           {"invalid", row.failed},
                           {"passed", row.passed},
                           {"progress_m", row.progress_m},
                           {"share_of_oracle", row.share_of_oracle},
                           {"driving_score", row.driving_score},
                           {"nuplan", row.nuplan},
                           {"collisions", row.collisions},
                           {"red_lights", row.red_lights},
                           {"completed", row.completed},
                           {"ap_vehicle_2m_30m", row.ap_vehicle},
                           {"ap_pedestrian_2m_30m", row.ap_pedestrian},
                           {"real_time_factor", row.real_time_factor},
                           {"notes", row.notes}});
    }
    for (const CellRun& run : table.runs) {
        ordered_json scores = ordered_json::object();
        for (const auto& [metric, value] : run.scores) scores[metric] = value;
        const auto value = [&](const char* metric) {
            return run.failed ? ordered_json(nullptr) : ordered_json(score_of(run, metric));
        };
        runs.push_back(
            {{"driver", run.driver},
             {"cell", run.cell},
             {"scenario", run.situation},
             {"seed", run.seed},
             {"progress_m", score_of(run, "progress_m")},
             {"driving_score", value(kDrivingScore)},
             {"nuplan", value(kNuplan)},
             {"valid", !run.failed},
             {"sim_time_s", run.sim_time_s},
             {"end_reason", run.reason},
             {"scores", std::move(scores)},
             {"failures", run.infractions},
             {"broken_criteria", run.broken_criteria},
             {"real_time_factor", run.wall_time_s > 0 ? run.sim_time_s / run.wall_time_s : 0.0}});
        if (!run.failed) continue;
        failed.push_back({{"driver", run.driver},
                          {"cell", run.cell},
                          {"scenario", run.situation},
                          {"seed", run.seed},
                          {"time_s", run.sim_time_s},
                          {"reason", run.reason}});
    }
    return {{"schema_version", 1},
            {"drivers", std::move(drivers)},
            {"runs", std::move(runs)},
            {"failed", std::move(failed)}};
}

}  // namespace huntsman::bridge::suite
