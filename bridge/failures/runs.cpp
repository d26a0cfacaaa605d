#include "bridge/failures/runs.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

namespace huntsman::bridge::failures {

using engine::core::Result;
using engine::core::Status;
using nlohmann::ordered_json;

namespace {

// Light and weather in words, as run.json has them.
void read_conditions(const std::string& run_json, JudgedRun& run) {
    const auto json = ordered_json::parse(run_json, nullptr, false);
    if (!json.is_object() || !json.contains("environment")) return;
    const auto& environment = json.at("environment");
    run.light = environment.value("light", "");
    run.weather = environment.value("weather", "");
}

bool asked_for(const RunFilter& filter, const suite::CellRun& cell) {
    const auto& drivers = filter.drivers;
    return (drivers.empty() || std::ranges::find(drivers, cell.driver) != drivers.end()) &&
           (filter.situation.empty() || filter.situation == cell.situation);
}

bool asked_for(const RunFilter& filter, const mine::Signature& signature) {
    return (filter.kind.empty() || filter.kind == signature.kind) &&
           (filter.signature.empty() ||
            mine::text(signature).find(filter.signature) != std::string::npos);
}

// Adds the runs of one file, but for keys that are there.
Status add_runs(const std::filesystem::path& file, const RunFilter& filter,
                std::map<std::string, std::size_t>& places, std::vector<JudgedRun>& runs) {
    HM_TAKE(const auto store, suite::Store::open(file, database::Access::kReadOnly));
    HM_TAKE(const auto cells, store.runs());
    for (const suite::CellRun& cell : cells) {
        if (cell.failed || !asked_for(filter, cell)) continue;
        if (cell.suite.starts_with("shrink ") || cell.suite.starts_with("blame ")) continue;
        const bool confirmation = cell.cell.starts_with("confirm_");
        const auto [at, fresh] = places.try_emplace(cell.key, runs.size());
        if (!fresh) {
            runs[at->second].confirmation = runs[at->second].confirmation || confirmation;
            continue;
        }
        HM_TAKE(const std::string run_json, store.run_json(cell.key));
        JudgedRun run{.file = file,
                      .key = cell.key,
                      .suite = cell.suite,
                      .driver = cell.driver,
                      .situation = cell.situation,
                      .place = cell.place,
                      .facts = hunt::facts_of(run_json),
                      .seed = cell.seed,
                      .tags = cell.tags,
                      .state_hash = cell.state_hash,
                      .sim_time_s = cell.sim_time_s,
                      .confirmation = confirmation};
        read_conditions(run_json, run);
        runs.push_back(std::move(run));
    }
    return {};
}

}  // namespace

Result<std::vector<JudgedRun>> judged_runs(std::span<const std::filesystem::path> files,
                                           const RunFilter& filter) {
    std::map<std::string, std::size_t> places;
    std::vector<JudgedRun> runs;
    for (const auto& file : files) HM_TRY(add_runs(file, filter, places, runs));
    std::erase_if(runs, [](const JudgedRun& run) { return !run.facts.evaluation.valid; });
    for (JudgedRun& run : runs) run.asked_for = asked_for(filter, run.facts.signature);
    std::ranges::stable_sort(runs, {}, &JudgedRun::driver);
    return runs;
}

}  // namespace huntsman::bridge::failures
