// huntsman evaluate: several drivers over several worlds, compared in one table.
//
// Each run is a cell. Cells are made by worker processes, which are this program with the same
// command line and --as-worker.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <thread>

#include "apps/huntsman/common.h"
#include "apps/huntsman/numbers.h"
#include "apps/huntsman/run_options.h"
#include "bridge/run/runner.h"
#include "bridge/suite/cell.h"
#include "bridge/suite/comparison.h"
#include "engine/core/files.h"
#include "engine/core/folder_lock.h"
#include "engine/core/json_file.h"
#include "engine/core/workers.h"
#include "sensors/rig/rig.h"

namespace huntsman::apps {

using bridge::loop::RunOptions;
using engine::core::Error;
using engine::core::JobEnd;
using engine::core::JobOutcome;
using engine::core::Result;
using engine::core::Status;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kMostCells = 100'000;

struct EvaluateArguments {
    RunFlags flags;
    std::string drivers = "network,oracle,none", seeds = "2001..2010", cells, out, worker_folder;
    double minimum_score = -1, stall_limit_s = 300;
    std::int64_t jobs = 1;
    bool json = false, retry = false;
};

// The options of a cell whose driver is known.
RunOptions cell_of(RunOptions options, const std::string& driver) {
    options.driver = driver;
    // Drivers that look at no image need none for their score.
    if (driver == "oracle" || driver == "none") options.images = false;
    return options;
}

// Every driver with every seed.
Result<std::vector<RunOptions>> all_combinations(const EvaluateArguments& arguments) {
    const auto seeds = parse_seeds(arguments.seeds, kMostCells);
    if (!seeds) return seeds.error();
    auto options = to_options(arguments.flags);
    if (!options) return options.error();
    std::vector<RunOptions> cells;
    std::istringstream list(arguments.drivers);
    for (std::string name; std::getline(list, name, ',');) {
        HM_TRY(check_driver("--drivers holds", name));
        for (std::uint64_t seed = seeds->first; seed <= seeds->second; ++seed) {
            cells.push_back(cell_of(*options, name));
            cells.back().scenario.town.seed = seed;
        }
    }
    if (cells.empty()) {
        return Error{.message = "--drivers is empty, expected names with commas between"};
    }
    return cells;
}

// {"schema_version": 1, "cells": [{"driver": "oracle", "seed": 7, "scenario": "demonstration",
// "map": "town.xodr"}, ...]}; what a cell leaves out is as the other flags say.
Result<std::vector<RunOptions>> listed(const EvaluateArguments& arguments) {
    auto file = engine::core::JsonFile::read(arguments.cells);
    if (!file) return file.error();
    const auto root = (*file)->root();
    root.integer("schema_version", 1, 1);
    root.only({"schema_version", "cells"});
    std::vector<RunFlags> all;
    for (const auto& node : root.array("cells")) {
        RunFlags& flags = all.emplace_back(arguments.flags);
        flags.driver = node.text_or("driver", flags.driver);
        flags.scenario = node.text_or("scenario", flags.scenario);
        flags.map = node.text_or("map", flags.map);
        if (node.has("seed")) flags.seed = node.integer("seed", 0, INT64_MAX);
        node.only({"driver", "seed", "scenario", "map"});
    }
    HM_TRY((*file)->status());
    if (all.empty() || all.size() > kMostCells) {
        return Error{
            .message = fmt::format("holds {} cells, expected 1 to {}", all.size(), kMostCells),
            .file = arguments.cells};
    }
    std::vector<RunOptions> cells;
    for (const RunFlags& flags : all) {
        HM_TRY(check_driver("driver is", flags.driver));
        auto options = to_options(flags);
        if (!options) return options.error();
        cells.push_back(cell_of(std::move(*options), flags.driver));
    }
    return cells;
}

// What would fail in every cell of a driver shows before the first.
Status check_files(const std::vector<RunOptions>& cells) {
    std::set<std::string> files;
    for (const RunOptions& cell : cells) {
        std::string network;
        if (cell.driver == "network") network = cell.network.string();
        if (cell.driver.starts_with("torch:")) network = cell.driver.substr(6);
        if (network.empty() || !files.insert(network).second) continue;
        if (!cell.images) {
            return Error{.message = "--no-images is given, but the driver " + cell.driver +
                                    " needs images"};
        }
        if (auto content = engine::core::read_file(network); !content) return content.error();
    }
    const RunOptions& first = cells.front();
    const auto rig = sensors::rig::load(first.rig, first.width, first.height);
    return rig ? Status() : Status(rig.error());
}

int work(const std::vector<RunOptions>& cells, const EvaluateArguments& arguments) {
    const int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    const int threads =
        arguments.flags.threads > 0 ? static_cast<int>(arguments.flags.threads) : cores;
    bridge::run::Runner runner(std::max(1, threads / static_cast<int>(arguments.jobs)));
    return engine::core::serve_jobs(
        [&](const std::string& job, const auto& progress) -> JobOutcome {
            const auto index = parse_whole(job);
            HM_CHECK(index && *index < cells.size(), "job {} of {}", job, cells.size());
            bridge::run::RunCallbacks callbacks;
            callbacks.progress = progress;
            const auto result = runner.run(cells[*index], callbacks);
            if (!result) {
                const bool halt = result.error().kind == engine::core::ErrorKind::kMachine;
                return {.error = result.error(), .halt = halt, .result = {}};
            }
            const auto written = bridge::suite::write_cell(arguments.worker_folder, *result);
            if (!written) return {.error = written.error(), .halt = true, .result = {}};
            return {};
        });
}

// Where results are kept: in --out, or in a folder of its own until the program ends.
class Results {
  public:
    static Result<Results> open(const std::string& out) {
        Results results;
        if (out.empty()) {
            std::string name = (fs::temp_directory_path() / "huntsman-evaluate-XXXXXX").string();
            if (::mkdtemp(name.data()) == nullptr) {
                return Error{.message = "cannot be created as a folder", .file = name};
            }
            results.temporary_ = name;
            results.cells_ = name;
            return results;
        }
        results.cells_ = fs::path(out) / "cells";
        HM_TRY(engine::core::make_writable_folder(results.cells_));
        auto lock = engine::core::FolderLock::take(results.cells_, "another evaluate");
        if (!lock) return lock.error();
        results.lock_.emplace(std::move(*lock));
        HM_TRY(engine::core::remove_temporaries(results.cells_));
        return results;
    }
    Results(Results&& other) noexcept
        : cells_(std::move(other.cells_)),
          temporary_(std::exchange(other.temporary_, {})),
          lock_(std::move(other.lock_)) {}
    ~Results() {
        std::error_code ignored;
        if (!temporary_.empty()) fs::remove_all(temporary_, ignored);
    }
    const fs::path& cells() const { return cells_; }

  private:
    Results() = default;
    fs::path cells_, temporary_;
    std::optional<engine::core::FolderLock> lock_;
};

// The cells that have no result yet, each once.
Result<std::vector<std::size_t>> missing(const std::vector<RunOptions>& cells,
                                         const fs::path& folder, bool retry) {
    std::vector<std::size_t> result;
    std::set<std::string> seen;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const std::string name = bridge::suite::file_name(cells[i]);
        if (!seen.insert(name).second) continue;
        std::error_code ignored;
        bool there = fs::exists(folder / name, ignored);
        if (there && retry) {
            const auto cell = bridge::suite::read_cell(folder / name);
            if (!cell) return cell.error();
            there = cell->valid;
        }
        if (!there) result.push_back(i);
    }
    return result;
}

// Makes these cells; what fails becomes a result that says so.
Status make(const std::vector<RunOptions>& cells, const std::vector<std::size_t>& wanted,
            const fs::path& folder, const EvaluateArguments& arguments) {
    std::vector<std::string> jobs;
    for (const std::size_t i : wanted) jobs.push_back(std::to_string(i));
    Progress bar("evaluate");
    std::vector<double> shares(wanted.size(), 0.0);
    double sum = static_cast<double>(cells.size() - wanted.size());
    const auto show = [&](std::size_t job, double share) {
        sum += share - std::exchange(shares[job], share);
        const RunOptions& cell = cells[wanted[job]];
        bar.show(sum / static_cast<double>(cells.size()),
                 fmt::format("{} seed {}", cell.driver, cell.scenario.town.seed));
    };
    engine::core::JobWatch watch;
    watch.progress = show;
    watch.printed = [&](const std::string& line) { bar.print(line); };
    watch.ended = [&](const JobEnd& end) -> Status {
        show(end.job, 1);
        if (!end.failure) return {};
        const RunOptions& cell = cells[wanted[end.job]];
        return bridge::suite::write_cell(
            folder,
            bridge::loop::failed_run(cell, *end.failure, end.progress * cell.scenario.duration_s));
    };
    return engine::core::run_jobs({.command = worker_command({"--as-worker", folder.string()}),
                                   .workers = static_cast<int>(arguments.jobs),
                                   .stall_limit_s = arguments.stall_limit_s},
                                  jobs, watch, stop_flag());
}

// Prints the comparison and keeps it in --out; the exit code.
int report(const std::vector<RunOptions>& cells, const fs::path& folder,
           const EvaluateArguments& arguments) {
    std::vector<bridge::suite::CellResult> results;
    for (const RunOptions& cell : cells) {
        auto result = bridge::suite::read_cell(folder / bridge::suite::file_name(cell));
        if (!result) return fail(result.error());
        results.push_back(std::move(*result));
    }
    const auto comparison = bridge::suite::compare(std::move(results));
    bool passed = arguments.minimum_score < 0 ||
                  comparison.rows.front().driving_score >= arguments.minimum_score;
    for (const auto& row : comparison.rows) passed = passed && row.failed == 0;
    const std::string document = bridge::suite::to_json(comparison, passed).dump(2) + "\n";
    const std::string table = bridge::suite::table(comparison);
    if (!arguments.out.empty()) {
        const fs::path out = arguments.out;
        for (const auto& [name, text] :
             {std::pair("evaluation.json", &document), std::pair("table.md", &table)}) {
            if (auto status = engine::core::write_file(out / name, *text); !status) {
                return fail(status.error());
            }
        }
    }
    std::fputs((arguments.json ? document : table).c_str(), stdout);
    return passed ? 0 : 1;
}

int evaluate(const EvaluateArguments& arguments) {
    if (arguments.jobs < 1 || arguments.jobs > 64) {
        return fail({.message = fmt::format("--jobs is {}, expected 1 to 64", arguments.jobs)});
    }
    if (!(arguments.stall_limit_s >= 1 && arguments.stall_limit_s <= 86400)) {
        return fail({.message = fmt::format("--stall-limit is {:g}, expected 1 to 86400 seconds",
                                            arguments.stall_limit_s)});
    }
    auto cells = arguments.cells.empty() ? all_combinations(arguments) : listed(arguments);
    if (!cells) return fail(cells.error());
    if (!arguments.worker_folder.empty()) return work(*cells, arguments);
    if (auto status = check_files(*cells); !status) return fail(status.error());

    const auto results = Results::open(arguments.out);
    if (!results) return fail(results.error());
    const auto wanted = missing(*cells, results->cells(), arguments.retry);
    if (!wanted) return fail(wanted.error());
    if (!wanted->empty()) {
        if (auto status = make(*cells, *wanted, results->cells(), arguments); !status) {
            return fail(status.error());
        }
    }
    if (stop_flag().load()) {
        return fail({.message = arguments.out.empty()
                                    ? "interrupted; --out would have kept what was finished"
                                    : "interrupted; what is finished stays, and the same command "
                                      "goes on from there",
                     .kind = engine::core::ErrorKind::kInvalid});
    }
    return report(*cells, results->cells(), arguments);
}

}  // namespace

void add_evaluate(CLI::App& app, Body& chosen) {
    auto arguments = std::make_shared<EvaluateArguments>();
    CLI::App* command = app.add_subcommand(
        "evaluate",
        "Compare drivers over many worlds. A run that fails is a result with its reason; exits 1\n"
        "then and below --minimum-score. For regression tests.\n"
        "Example: huntsman evaluate --drivers network,oracle,none --seeds 2001..2010 --seconds 30");
    add_run_flags(*command, arguments->flags);
    command->add_option("--drivers", arguments->drivers, "Drivers, with commas between")
        ->capture_default_str();
    command->add_option("--seeds", arguments->seeds, "FIRST..LAST")->capture_default_str();
    command->add_option("--cells", arguments->cells,
                        "JSON file that lists the runs, in the place of --drivers and --seeds "
                        "(see docs/using.md)");
    command->add_option("--out", arguments->out,
                        "Folder that keeps the results; the same command goes on where it was");
    command->add_flag("--retry", arguments->retry, "Make those runs again that failed in --out");
    command->add_option("--jobs", arguments->jobs, "Runs made at once")->capture_default_str();
    command
        ->add_option("--stall-limit", arguments->stall_limit_s,
                     "A run without progress for so long has failed [s of wall time]")
        ->capture_default_str();
    command->add_option("--minimum-score", arguments->minimum_score,
                        "Mean CARLA driving score that the first driver must reach");
    command->add_flag("--json", arguments->json, "Print one JSON document on stdout");
    command->add_option("--as-worker", arguments->worker_folder)->group("");
    command->callback(
        [arguments, &chosen] { chosen = [arguments] { return evaluate(*arguments); }; });
}

}  // namespace huntsman::apps
