#include "bridge/suite/evaluation.h"

#include <unistd.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "bridge/run/driver_spec.h"
#include "bridge/run/numbers.h"
#include "engine/core/describe_json.h"
#include "engine/core/files.h"
#include "engine/core/folder_lock.h"

namespace huntsman::bridge::suite {

namespace fs = std::filesystem;
using engine::core::Error;
using engine::core::Result;
using engine::core::Status;
using loop::RunOptions;
using run::RunSettings;

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
constexpr const char *kName = "evaluation", *kFile = "results.sqlite";

// A driver and the options that it drives with.
struct Wanted {
    std::string driver;
    RunOptions options;
};

Result<Wanted> wanted(RunOptions options, const RunSettings& settings, const std::string& what,
                      const std::string& driver) {
    HM_TAKE(const run::DriverKind* kind, run::find_driver(what, driver));
    const bool says_itself = kind->network == run::NetworkFile::kRemote;
    if (kind->needs_images && settings.no_images && !says_itself) {
        return Error{.message = "--no-images is given, but the driver " + driver + " needs images"};
    }
    options.driver = driver;
    // Drivers that look at no image need none for their score.
    options.images = kind->needs_images && !settings.no_images;
    return Wanted{driver, std::move(options)};
}

// Every driver with every seed.
Result<std::vector<Wanted>> all_combinations(const EvaluationSettings& settings) {
    HM_TAKE(const auto seeds, run::parse_seeds(settings.seeds, kMostCells));
    HM_TAKE(const RunOptions options, run::to_options(settings.run));
    std::vector<Wanted> cells;
    std::istringstream list(settings.drivers);
    for (std::string driver; std::getline(list, driver, ',');) {
        HM_TAKE(const Wanted cell, wanted(options, settings.run, "--drivers holds", driver));
        for (std::uint64_t seed = seeds.first; seed <= seeds.second; ++seed) {
            cells.push_back(cell);
            cells.back().options.scenario.town.seed = seed;
        }
    }
    if (cells.empty()) {
        return Error{.message = "--drivers is empty, expected names with commas between"};
    }
    return cells;
}

Result<std::vector<Wanted>> listed_cells(const EvaluationSettings& settings) {
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
    std::vector<Wanted> cells;
    RunSettings of_cell = settings.run;
    for (const ListedCell& one : listed) {
        of_cell.scenario = one.scenario;
        of_cell.map = one.map;
        of_cell.seed = one.seed;
        HM_TAKE(RunOptions options, run::to_options(of_cell));
        HM_TAKE(Wanted cell, wanted(std::move(options), settings.run, "driver is", one.driver));
        cells.push_back(std::move(cell));
    }
    return cells;
}

// The cell that the options are a run of, whoever drives: one for equal options.
std::size_t cell_of(const RunOptions& options, Suite& suite,
                    std::map<std::string, std::size_t>& known) {
    RunOptions nobodys = options;
    nobodys.driver.clear();
    nobodys.images = false;
    const auto [at, fresh] = known.try_emplace(to_json(nobodys), suite.cells.size());
    if (!fresh) return at->second;
    const auto& scenario = options.scenario;
    Cell cell{.situation = scenario.name,
              .place = scenario.map.empty()
                           ? fmt::format("town_{}", scenario.town.seed)
                           : fmt::format("{}_{}", fs::path(scenario.map).stem().string(),
                                         scenario.town.seed),
              .condition = "as_is",
              .options = nobodys,
              .limits = {.wall_s = 0, .memory_mb = 0}};
    cell.name = cell.situation + "/" + cell.place;
    const auto same = [&](const Cell& other) {
        return other.name == cell.name || other.name.starts_with(cell.name + "/");
    };
    if (const auto count = std::ranges::count_if(suite.cells, same); count > 0) {
        cell.name += fmt::format("/{}", count + 1);
    }
    suite.cells.push_back(std::move(cell));
    return at->second;
}

}  // namespace

Result<Evaluation> to_evaluation(const EvaluationSettings& settings) {
    if (settings.run.latency == "measured") {
        return Error{.message =
                         "--latency is measured, expected declared: what is evaluated must follow "
                         "from its inputs alone"};
    }
    if (settings.jobs < 1 || settings.jobs > 64) {
        return Error{.message = fmt::format("--jobs is {}, expected 1 to 64", settings.jobs)};
    }
    HM_TAKE(const auto cells,
            settings.cells.empty() ? all_combinations(settings) : listed_cells(settings));
    Evaluation evaluation;
    evaluation.minimum_score = settings.minimum_score;
    SuiteRun& run = evaluation.run;
    run.suite.name = kName;
    run.only_these = true;
    std::map<std::string, std::size_t> known;
    std::vector<std::size_t> cell_of_item;
    for (const Wanted& one : cells) {
        cell_of_item.push_back(cell_of(one.options, run.suite, known));
        if (std::ranges::find(run.drivers, one.driver) == run.drivers.end()) {
            run.drivers.push_back(one.driver);
        }
    }
    std::set<std::pair<std::string, std::size_t>> taken;  // a cell may come twice
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (!taken.emplace(cells[i].driver, cell_of_item[i]).second) continue;
        run.items.push_back(
            {&run.suite.cells[cell_of_item[i]], kName, cells[i].driver, cells[i].options, {}, {}});
    }
    run.retry = settings.retry;
    HM_TAKE(run.runs,
            to_item_runs(settings.out.empty() ? fs::path() : fs::path(settings.out) / kFile,
                         settings.jobs, settings.run.threads, settings.stall_limit_s));
    HM_TRY(find_keys(run));
    return evaluation;
}

bool passes(const Table& table, double minimum_score) {
    const bool none_failed = std::all_of(table.rows.begin(), table.rows.end(),
                                         [](const Row& row) { return row.failed == 0; });
    return none_failed && (minimum_score < 0 || table.rows.front().driving_score >= minimum_score);
}

namespace {

// A folder of its own, until it goes, where nothing is to be kept.
class TemporaryFolder {
  public:
    static Result<TemporaryFolder> make() {
        std::string name = (fs::temp_directory_path() / "huntsman-evaluate-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) {
            return Error{.message = "cannot be created as a folder", .file = name};
        }
        return TemporaryFolder(name);
    }
    TemporaryFolder(TemporaryFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
    ~TemporaryFolder() {
        std::error_code ignored;
        if (!path_.empty()) fs::remove_all(path_, ignored);
    }
    const fs::path& path() const { return path_; }

  private:
    explicit TemporaryFolder(fs::path path) : path_(std::move(path)) {}
    fs::path path_;
};

}  // namespace

Result<Verdict> evaluate(Evaluation evaluation, const RunsCallbacks& callbacks) {
    SuiteRun& run = evaluation.run;
    const bool kept = !run.runs.out.empty();
    std::optional<TemporaryFolder> temporary;
    std::optional<engine::core::FolderLock> lock;
    if (kept) {
        const fs::path folder = run.runs.out.parent_path();
        HM_TRY(engine::core::make_writable_folder(folder));
        HM_TAKE(auto held, engine::core::FolderLock::take(folder, "another evaluate"));
        lock.emplace(std::move(held));
    } else {
        HM_TAKE(auto made, TemporaryFolder::make());
        temporary.emplace(std::move(made));
        run.runs.out = temporary->path() / kFile;
    }
    if (auto outcome = run_suite(run, callbacks); !outcome) {
        Error error = outcome.error();
        if (!kept && error.kind == engine::core::ErrorKind::kInvalid) {
            error.message = "interrupted; --out would have kept what was finished";
        }
        return error;
    }
    HM_TAKE(const Store store, Store::open(run.runs.out, database::Access::kReadOnly));
    Verdict verdict;
    HM_TAKE(verdict.table, tabulate(store, kName, run.drivers));
    // In the order in which they were asked for.
    std::map<std::pair<std::string, std::string>, std::size_t> places;
    for (const Item& item : run.items) {
        places.emplace(std::pair(item.driver, item.cell->name), places.size());
    }
    std::ranges::sort(verdict.table.runs, {}, [&](const CellRun& one) {
        return places.at({one.driver, one.cell});
    });
    verdict.passed = passes(verdict.table, evaluation.minimum_score);
    if (kept) {
        const fs::path folder = run.runs.out.parent_path();
        HM_TRY(
            engine::core::write_file(folder / "evaluation.json", to_json(verdict).dump(2) + "\n"));
        HM_TRY(engine::core::write_file(folder / "table.md", text(verdict.table)));
    }
    return verdict;
}

nlohmann::ordered_json to_json(const Verdict& verdict) {
    auto json = to_json(verdict.table);
    json["passed"] = verdict.passed;
    return json;
}

}  // namespace huntsman::bridge::suite
