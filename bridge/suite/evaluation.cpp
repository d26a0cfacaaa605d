#include "bridge/suite/evaluation.h"

#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <thread>

#include "bridge/run/numbers.h"
#include "bridge/suite/cell.h"
#include "engine/core/describe_json.h"
#include "engine/core/files.h"
#include "engine/core/folder_lock.h"
#include "engine/core/workers.h"
#include "sensors/rig/rig.h"

namespace huntsman::bridge::suite {

using engine::core::Error;
using engine::core::ErrorKind;
using engine::core::JobEnd;
using engine::core::JobOutcome;
using engine::core::Result;
using engine::core::Status;
using loop::RunOptions;
using run::RunSettings;
namespace fs = std::filesystem;

// What a file of cells says of one.
struct ListedCell {
    std::string driver, scenario, map;
    std::optional<std::int64_t> seed;
};
constexpr void describe(engine::core::Of<ListedCell>, auto&& field) {
    field("driver", &ListedCell::driver);
    field("scenario", &ListedCell::scenario);
    field("map", &ListedCell::map);
    field("seed", &ListedCell::seed, {.low = 0});
}

namespace {

constexpr std::uint64_t kMostCells = 100'000;

// The options of a cell whose driver is known; `what` begins an error about it.
Result<RunOptions> cell_of(RunOptions options, const std::string& what, const std::string& driver) {
    HM_TAKE(const run::DriverKind* kind, run::find_driver(what, driver));
    options.driver = driver;
    // Drivers that look at no image need none for their score.
    if (!kind->needs_images) options.images = false;
    return options;
}

// Every driver with every seed.
Result<std::vector<RunOptions>> all_combinations(const EvaluationSettings& settings) {
    HM_TAKE(const auto seeds, run::parse_seeds(settings.seeds, kMostCells));
    HM_TAKE(const RunOptions options, run::to_options(settings.run));
    std::vector<RunOptions> cells;
    std::istringstream list(settings.drivers);
    for (std::string driver; std::getline(list, driver, ',');) {
        HM_TAKE(const RunOptions cell, cell_of(options, "--drivers holds", driver));
        for (std::uint64_t seed = seeds.first; seed <= seeds.second; ++seed) {
            cells.push_back(cell);
            cells.back().scenario.town.seed = seed;
        }
    }
    if (cells.empty()) {
        return Error{.message = "--drivers is empty, expected names with commas between"};
    }
    return cells;
}

Result<std::vector<RunOptions>> listed_cells(const EvaluationSettings& settings) {
    HM_TAKE(const auto file, engine::core::JsonFile::read(settings.cells));
    const auto root = file->root();
    root.integer("schema_version", 1, 1);
    root.only({"schema_version", "cells"});
    std::vector<ListedCell> listed;
    for (const auto& node : root.array("cells")) {
        listed.push_back({.driver = settings.run.driver,
                          .scenario = settings.run.scenario,
                          .map = settings.run.map,
                          .seed = settings.run.seed});
        read_fields(node, listed.back());
    }
    HM_TRY(file->status());
    if (listed.empty() || listed.size() > kMostCells) {
        return Error{
            .message = fmt::format("holds {} cells, expected 1 to {}", listed.size(), kMostCells),
            .file = settings.cells};
    }
    std::vector<RunOptions> cells;
    RunSettings of_cell = settings.run;
    for (const ListedCell& one : listed) {
        of_cell.scenario = one.scenario;
        of_cell.map = one.map;
        of_cell.seed = one.seed;
        HM_TAKE(RunOptions options, run::to_options(of_cell));
        HM_TAKE(RunOptions cell, cell_of(std::move(options), "driver is", one.driver));
        cells.push_back(std::move(cell));
    }
    return cells;
}

// What would fail in every cell of a driver shows before the first.
Status check_files(const std::vector<RunOptions>& cells) {
    std::set<fs::path> files;
    for (const RunOptions& cell : cells) {
        const fs::path network = run::network_file(cell);
        if (network.empty() || !files.insert(network).second) continue;
        if (!cell.images) {
            return Error{.message = "--no-images is given, but the driver " + cell.driver +
                                    " needs images"};
        }
        HM_TRY(engine::core::read_file(network));
    }
    const RunOptions& first = cells.front();
    HM_TRY(sensors::rig::load(first.rig, first.width, first.height));
    return {};
}

// Where results are kept: in a folder of the caller's, or in one of its own until it goes.
class ResultsFolder {
  public:
    static Result<ResultsFolder> open(const fs::path& out) {
        ResultsFolder results;
        if (out.empty()) {
            std::string name = (fs::temp_directory_path() / "huntsman-evaluate-XXXXXX").string();
            if (::mkdtemp(name.data()) == nullptr) {
                return Error{.message = "cannot be created as a folder", .file = name};
            }
            results.temporary_ = name;
            results.cells_ = name;
            return results;
        }
        results.cells_ = out / "cells";
        HM_TRY(engine::core::make_writable_folder(results.cells_));
        HM_TAKE(auto lock, engine::core::FolderLock::take(results.cells_, "another evaluate"));
        results.lock_.emplace(std::move(lock));
        HM_TRY(engine::core::remove_temporaries(results.cells_));
        return results;
    }
    ResultsFolder(ResultsFolder&& other) noexcept
        : cells_(std::move(other.cells_)),
          temporary_(std::exchange(other.temporary_, {})),
          lock_(std::move(other.lock_)) {}
    ~ResultsFolder() {
        std::error_code ignored;
        if (!temporary_.empty()) fs::remove_all(temporary_, ignored);
    }
    const fs::path& cells() const { return cells_; }

  private:
    ResultsFolder() = default;
    fs::path cells_, temporary_;
    std::optional<engine::core::FolderLock> lock_;
};

// The cells that have no result yet, each once.
Result<std::vector<std::size_t>> missing_cells(const std::vector<RunOptions>& cells,
                                               const fs::path& folder, bool retry) {
    std::vector<std::size_t> result;
    std::set<std::string> seen;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const std::string name = file_name(cells[i]);
        if (!seen.insert(name).second) continue;
        std::error_code ignored;
        bool there = fs::exists(folder / name, ignored);
        if (there && retry) {
            HM_TAKE(const CellResult cell, read_cell(folder / name));
            there = cell.valid;
        }
        if (!there) result.push_back(i);
    }
    return result;
}

// Whether every further cell would fail likewise.
bool fails_everywhere(const Error& error) { return error.kind == ErrorKind::kMachine; }

// How far the cells have come, as the caller's callback is told.
class CellProgress {
  public:
    CellProgress(const Evaluation& evaluation, const std::vector<std::size_t>& wanted,
                 const EvaluationCallbacks& callbacks)
        : cells_(evaluation.cells),
          wanted_(wanted),
          callback_(callbacks.progress),
          shares_(wanted.size(), 0.0) {}
    // `share` of the job, which is a place in `wanted`.
    void set(std::size_t job, double share) {
        sum_ += share - std::exchange(shares_[job], share);
        if (!callback_) return;
        const auto there = static_cast<double>(cells_.size() - wanted_.size());
        callback_((there + sum_) / static_cast<double>(cells_.size()), cells_[wanted_[job]]);
    }

  private:
    const std::vector<RunOptions>& cells_;
    const std::vector<std::size_t>& wanted_;
    const std::function<void(double, const RunOptions&)>& callback_;
    std::vector<double> shares_;
    double sum_ = 0;
};

bool stopped(const EvaluationCallbacks& callbacks) {
    return callbacks.stop != nullptr && callbacks.stop->load();
}

Status make_here(const Evaluation& evaluation, const std::vector<std::size_t>& wanted,
                 const fs::path& folder, const EvaluationCallbacks& callbacks) {
    run::Runner runner(evaluation.threads);
    CellProgress progress(evaluation, wanted, callbacks);
    for (std::size_t job = 0; job < wanted.size(); ++job) {
        const RunOptions& cell = evaluation.cells[wanted[job]];
        double share = 0;
        run::RunCallbacks of_run;
        of_run.progress = [&](double now) { progress.set(job, share = now); };
        of_run.stop = callbacks.stop;
        of_run.make_driver = callbacks.make_driver;
        const auto result = runner.run(cell, of_run);
        if (stopped(callbacks)) return {};  // an incomplete run is not kept
        if (!result && fails_everywhere(result.error())) return result.error();
        HM_TRY(write_cell(folder, result ? *result
                                         : loop::failed_run(cell, result.error().text(),
                                                            share * cell.scenario.duration_s)));
        progress.set(job, 1);
    }
    return {};
}

Status make_by_workers(const Evaluation& evaluation, const std::vector<std::size_t>& wanted,
                       const fs::path& folder, const EvaluationCallbacks& callbacks) {
    CellProgress progress(evaluation, wanted, callbacks);
    std::vector<std::string> jobs;
    for (const std::size_t i : wanted) jobs.push_back(std::to_string(i));
    engine::core::JobWatch watch;
    watch.progress = [&](std::size_t job, double share) { progress.set(job, share); };
    watch.printed = callbacks.printed;
    watch.ended = [&](const JobEnd& end) -> Status {
        progress.set(end.job, 1);
        if (!end.failure) return {};
        const RunOptions& cell = evaluation.cells[wanted[end.job]];
        return write_cell(
            folder, loop::failed_run(cell, *end.failure, end.progress * cell.scenario.duration_s));
    };
    const std::atomic<bool> never{false};
    return engine::core::run_jobs({.command = callbacks.worker_command(folder),
                                   .workers = evaluation.jobs,
                                   .stall_limit_s = evaluation.stall_limit_s},
                                  jobs, watch, callbacks.stop != nullptr ? *callbacks.stop : never);
}

}  // namespace

Result<Evaluation> to_evaluation(const EvaluationSettings& settings) {
    if (settings.jobs < 1 || settings.jobs > 64) {
        return Error{.message = fmt::format("--jobs is {}, expected 1 to 64", settings.jobs)};
    }
    if (!(settings.stall_limit_s >= 1 && settings.stall_limit_s <= 86400)) {
        return Error{.message = fmt::format("--stall-limit is {:g}, expected 1 to 86400 seconds",
                                            settings.stall_limit_s)};
    }
    Evaluation evaluation;
    HM_TAKE(evaluation.cells,
            settings.cells.empty() ? all_combinations(settings) : listed_cells(settings));
    evaluation.out = settings.out;
    evaluation.retry = settings.retry;
    evaluation.jobs = static_cast<int>(settings.jobs);
    evaluation.threads = evaluation.cells.front().threads;
    evaluation.stall_limit_s = settings.stall_limit_s;
    evaluation.minimum_score = settings.minimum_score;
    return evaluation;
}

bool passes(const Comparison& comparison, double minimum_score) {
    const bool none_failed = std::all_of(comparison.rows.begin(), comparison.rows.end(),
                                         [](const Row& row) { return row.failed == 0; });
    return none_failed &&
           (minimum_score < 0 || comparison.rows.front().driving_score >= minimum_score);
}

Result<Verdict> evaluate(const Evaluation& evaluation, const EvaluationCallbacks& callbacks) {
    HM_TRY(check_files(evaluation.cells));
    HM_TAKE(const ResultsFolder results, ResultsFolder::open(evaluation.out));
    HM_TAKE(const auto wanted, missing_cells(evaluation.cells, results.cells(), evaluation.retry));
    if (!wanted.empty()) {
        const auto make = callbacks.worker_command ? make_by_workers : make_here;
        HM_TRY(make(evaluation, wanted, results.cells(), callbacks));
    }
    if (stopped(callbacks)) {
        return Error{.message = evaluation.out.empty()
                                    ? "interrupted; --out would have kept what was finished"
                                    : "interrupted; what is finished stays, and the same command "
                                      "goes on from there",
                     .kind = ErrorKind::kInvalid};
    }
    std::vector<CellResult> cells;
    for (const RunOptions& cell : evaluation.cells) {
        HM_TAKE(CellResult result, read_cell(results.cells() / file_name(cell)));
        cells.push_back(std::move(result));
    }
    Verdict verdict{.comparison = compare(std::move(cells)), .passed = false};
    verdict.passed = passes(verdict.comparison, evaluation.minimum_score);
    if (!evaluation.out.empty()) {
        HM_TRY(
            engine::core::write_file(evaluation.out / "evaluation.json",
                                     to_json(verdict.comparison, verdict.passed).dump(2) + "\n"));
        HM_TRY(engine::core::write_file(evaluation.out / "table.md", table(verdict.comparison)));
    }
    return verdict;
}

int serve_cells(const Evaluation& evaluation, const fs::path& folder) {
    const int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    const int threads = evaluation.threads > 0 ? evaluation.threads : cores;
    run::Runner runner(std::max(1, threads / evaluation.jobs));
    return engine::core::serve_jobs([&](const std::string& job,
                                        const auto& progress) -> JobOutcome {
        const auto index = run::parse_whole(job);
        HM_CHECK(index && *index < evaluation.cells.size(), "job {} of {}", job,
                 evaluation.cells.size());
        run::RunCallbacks callbacks;
        callbacks.progress = progress;
        const auto result = runner.run(evaluation.cells[*index], callbacks);
        if (!result) {
            return {
                .error = result.error(), .halt = fails_everywhere(result.error()), .result = {}};
        }
        const auto written = write_cell(folder, *result);
        if (!written) return {.error = written.error(), .halt = true, .result = {}};
        return {};
    });
}

}  // namespace huntsman::bridge::suite
