// The results of suites: one SQLite file, which many processes may write at once and others read
// meanwhile. docs/suites.md describes its tables.
//
// A run is kept under a key, the hash of everything that its result depends on, so that a run that
// is asked for a second time is there already. Which suite's cells it stands for is told apart from
// that: two cells, in one suite or in two, may have one run.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "bridge/database/database.h"
#include "bridge/error_model/fit.h"
#include "bridge/loop/run.h"
#include "bridge/suite/provenance.h"
#include "bridge/suite/suite.h"
#include "engine/core/result.h"

namespace huntsman::bridge::suite {

// A cell with a driver, and the key of its run.
struct Item {
    const Cell* cell = nullptr;
    std::string suite, driver;
    loop::RunOptions options;
    Provenance provenance;
    std::string key;
};

// How a cell went for a driver.
struct CellRun {
    std::string suite, cell, driver, situation, place, condition;
    int variant = -1;
    std::uint64_t seed = 0;
    std::vector<std::string> tags;
    std::string key;
    bool failed = false;  // no result: the reason says why
    std::string reason;   // of the failure, or why the run ended
    double sim_time_s = 0, wall_time_s = 0;
    std::string state_hash;
    std::map<std::string, double> scores;      // by metric
    std::map<std::string, int> infractions;    // of each kind
    std::vector<std::string> broken_criteria;  // each in one sentence
    std::vector<std::string> notes;

    std::string cluster() const { return situation + " at " + place; }
};

class Store {
  public:
    // kCreate makes the file where there is none.
    static engine::core::Result<Store> open(const std::filesystem::path& path,
                                            database::Access access);

    // Keeps what a suite says of itself.
    engine::core::Status declare(const Suite& suite) const;
    // What it says of its gate; nothing where it is not in the file.
    engine::core::Result<std::optional<GateMetric>> gate(const std::string& suite) const;

    // Whether the run of this key is there; a failed one counts unless `retry`.
    engine::core::Result<bool> holds(const std::string& key, bool retry) const;
    // Says that the items' cells have these runs, in place of what they had before. `only_these`:
    // other cells of their suites leave the file.
    engine::core::Status enter_all(std::span<const Item* const> items,
                                   bool only_these = false) const;
    // Keeps the run, all of it or nothing. One that is there already is replaced.
    engine::core::Status put(const Item& item, const loop::RunResult& result) const;
    engine::core::Status put_failed(const Item& item, const std::string& reason,
                                    double sim_time_s) const;

    // Names of the suites that it holds cells of, sorted.
    engine::core::Result<std::vector<std::string>> suites() const;
    // The runs of a suite's cells, of all suites where `suite` is empty, sorted by suite, driver
    // and cell. Cells without a run yet are left out.
    engine::core::Result<std::vector<CellRun>> runs(const std::string& suite = "") const;
    // Perception of each class pooled over a driver's runs.
    engine::core::Result<score::PerceptionJudge> perception(const std::string& suite,
                                                            const std::string& driver) const;
    // Perception samples of each of a driver's runs; of all suites where `suite` is empty. Error:
    // no run of the driver has any.
    engine::core::Result<std::vector<error_model::RunSamples>> run_samples(
        const std::string& driver, const std::string& suite = "") const;
    // Perception samples of a run; nothing where it has none, as all runs without pictures.
    engine::core::Result<std::optional<score::PerceptionJudge::Samples>> perception_of(
        const std::string& key) const;
    // All of a run as run.json has it; empty for a failed one.
    engine::core::Result<std::string> run_json(const std::string& key) const;
    // Why the run ended, or why it has no result; empty where there is no such run.
    engine::core::Result<std::string> reason(const std::string& key) const;
    // The key that begins with these characters. Error: no run has it, or several have.
    engine::core::Result<std::string> key_of(const std::string& beginning) const;
    // A run's options as loop::to_json wrote them; empty where there is no such run.
    engine::core::Result<std::string> inputs(const std::string& key) const;

    // Keeps what was found out about a run, as JSON, in place of a former finding of that kind:
    // "shrink" (bridge/hunt/shrink.h), "blame". The run need not be in the file.
    engine::core::Status keep_finding(const std::string& key, const std::string& kind,
                                      const std::string& json) const;
    // Empty where there is none.
    engine::core::Result<std::string> finding(const std::string& key,
                                              const std::string& kind) const;

    // Takes over all that another file has and this one lacks; returns how many runs that were.
    // Error: both have a run of one key, with different results.
    engine::core::Result<int> merge(const std::filesystem::path& other) const;

  private:
    explicit Store(database::Database file) : file_(std::move(file)) {}
    engine::core::Status enter(const Item& item) const;
    // Of the file itself ("main") or of one that is attached to it.
    engine::core::Result<bool> has_findings(const std::string& schema) const;
    engine::core::Result<std::string> of_run(const char* column, const std::string& key) const;
    engine::core::Status insert_run(const Item& item, const loop::RunResult& result) const;

    database::Database file_;
};

}  // namespace huntsman::bridge::suite
