// huntsman suite: runs whole lists of cells into a results file, shows and merges such files.
#include "apps/huntsman/suite_command.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "bridge/run/driver_spec.h"
#include "bridge/suite/table.h"

namespace huntsman::apps {

using bridge::suite::Item;
using bridge::suite::ItemRuns;
using bridge::suite::RunsCallbacks;
using bridge::suite::Store;
using bridge::suite::SuiteSettings;
using engine::core::Result;
using engine::core::Status;
using nlohmann::ordered_json;

constexpr const char* kWorker = "run-worker";

RunsCallbacks runs_callbacks(Progress& bar) {
    RunsCallbacks callbacks;
    callbacks.progress = [&bar](double share, const Item& item) {
        bar.show(share, item.driver + " " + item.cell->name);
    };
    callbacks.printed = [&bar](const std::string& line) { bar.print(line); };
    callbacks.stop = &stop_flag();
    callbacks.worker_command = [](const ItemRuns& runs) -> std::vector<std::string> {
        return {"/proc/self/exe",  // also where the program's file was replaced meanwhile
                kWorker,
                "--out",
                runs.out.string(),
                "--jobs",
                std::to_string(runs.jobs),
                "--threads",
                std::to_string(runs.threads)};
    };
    return callbacks;
}

void add_run_worker(CLI::App& app, Body& chosen) {
    auto runs = std::make_shared<ItemRuns>();
    CLI::App* command = app.add_subcommand(kWorker)->group("");
    command->add_option("--out", runs->out)->required();
    command->add_option("--jobs", runs->jobs)->required();
    command->add_option("--threads", runs->threads)->required();
    command->callback(
        [runs, &chosen] { chosen = [runs] { return bridge::suite::serve_items(*runs); }; });
}

namespace {

struct SuiteArguments {
    SuiteSettings settings;
    std::string name, suite;
    std::vector<std::string> files;
    bool json = false;
};

int list(const SuiteArguments& arguments) {
    ordered_json rows = ordered_json::array();
    for (const std::string& name : bridge::suite::shipped_suites()) {
        const auto suite = bridge::suite::load_suite(name);
        if (!suite) return fail(suite.error());
        rows.push_back(
            {{"name", name}, {"cells", suite->cells.size()}, {"summary", suite->summary}});
        if (arguments.json) continue;
        std::printf("%-12s %5zu cells  %s\n", name.c_str(), suite->cells.size(),
                    suite->summary.c_str());
    }
    if (arguments.json) {
        std::printf("%s\n", ordered_json{{"schema_version", 1}, {"suites", rows}}.dump(2).c_str());
    }
    return 0;
}

int cells(const SuiteArguments& arguments) {
    const auto suite = bridge::suite::load_suite(arguments.name);
    if (!suite) return fail(suite.error());
    ordered_json rows = ordered_json::array();
    for (const auto& cell : suite->cells) {
        if (!arguments.json) {
            std::printf("%-52s %s\n", cell.name.c_str(),
                        fmt::format("{}", fmt::join(cell.tags, ", ")).c_str());
            continue;
        }
        rows.push_back({{"cell", cell.name},
                        {"situation", cell.situation},
                        {"place", cell.place},
                        {"condition", cell.condition},
                        {"variant", cell.variant},
                        {"cluster", cell.cluster()},
                        {"seconds", cell.options.scenario.duration_s},
                        {"tags", cell.tags}});
    }
    if (arguments.json) {
        std::printf("%s\n", ordered_json{{"schema_version", 1}, {"cells", rows}}.dump(2).c_str());
    }
    return 0;
}

int print(const bridge::suite::Table& table, bool json) {
    const std::string answer = json ? to_json(table).dump(2) + "\n" : bridge::suite::text(table);
    std::fputs(answer.c_str(), stdout);
    return 0;
}

int run(const SuiteArguments& arguments) {
    const auto run = bridge::suite::to_suite_run(arguments.settings);
    if (!run) return fail(run.error());
    Result<bridge::suite::SuiteOutcome> outcome = engine::core::Error{};
    {
        Progress bar("suite " + run->suite.name);
        outcome = bridge::suite::run_suite(*run, runs_callbacks(bar));
    }
    if (!outcome) return fail(outcome.error());
    const auto store = Store::open(run->runs.out, bridge::database::Access::kReadOnly);
    if (!store) return fail(store.error());
    const auto table = bridge::suite::tabulate(*store, run->suite.name, run->drivers);
    if (!table) return fail(table.error());
    print(*table, arguments.json);
    std::fprintf(stderr, "%d cells, %d of them kept from before, %d failed; results in %s\n",
                 outcome->cells, outcome->kept, outcome->failed, run->runs.out.c_str());
    return outcome->failed == 0 ? 0 : 1;
}

int show(const SuiteArguments& arguments) {
    const auto store = Store::open(arguments.name, bridge::database::Access::kReadOnly);
    if (!store) return fail(store.error());
    const auto suites = store->suites();
    if (!suites) return fail(suites.error());
    std::string suite = arguments.suite;
    if (suite.empty() && suites->size() == 1) suite = suites->front();
    if (std::ranges::find(*suites, suite) == suites->end()) {
        return fail(
            {.message = fmt::format("holds the suites {}, expected one of them as --suite",
                                    suites->empty() ? std::string("(none)")
                                                    : fmt::format("{}", fmt::join(*suites, ", "))),
             .file = arguments.name});
    }
    const auto table = bridge::suite::tabulate(*store, suite);
    if (!table) return fail(table.error());
    return print(*table, arguments.json);
}

int merge(const SuiteArguments& arguments) {
    // All of them, before anything is written.
    for (const std::string& file : arguments.files) {
        const auto part = Store::open(file, bridge::database::Access::kReadOnly);
        if (!part) return fail(part.error());
    }
    const auto store = Store::open(arguments.settings.out, bridge::database::Access::kCreate);
    if (!store) return fail(store.error());
    for (const std::string& file : arguments.files) {
        const auto taken = store->merge(file);
        if (!taken) return fail(taken.error());
        std::printf("%s: %d runs\n", file.c_str(), *taken);
    }
    return 0;
}

void add_suite_run(CLI::App& suite, Body& chosen) {
    auto arguments = std::make_shared<SuiteArguments>();
    CLI::App* command = suite.add_subcommand(
        "run",
        "Run the cells of a suite into a results file; what the file holds already is not run "
        "again.\nA cell that fails is a result with its reason; exits 1 then.\n"
        "Example: huntsman suite run regression --drivers oracle --out results.sqlite --jobs 2");
    SuiteSettings& settings = arguments->settings;
    command->add_option("SUITE", settings.suite, "A shipped suite (see list), or a file of one")
        ->required();
    command
        ->add_option("--drivers,--driver", settings.drivers,
                     "Drivers, with commas between: " + bridge::run::driver_help())
        ->capture_default_str();
    command->add_option("--network", settings.network,
                        "Network file of the network driver (default: the shipped one)");
    command->add_option("--out", settings.out, "Results file (SQLite)")
        ->default_val("results.sqlite");
    command->add_flag("--retry", settings.retry, "Run those cells again that failed");
    command->add_option("--jobs", settings.jobs, "Runs made at once")->capture_default_str();
    command->add_option("--threads", settings.threads, "Of all runs together; 0 takes all cores")
        ->capture_default_str();
    command
        ->add_option("--stall-limit", settings.stall_limit_s,
                     "A run without progress for so long has failed [s of wall time]")
        ->capture_default_str();
    command->add_option("--shards", settings.shards, "Parts that the cells are split into")
        ->capture_default_str();
    command->add_option("--shard", settings.shard, "Which part to run, from 0")
        ->capture_default_str();
    command->add_flag("--json", arguments->json, "Print one JSON document on stdout");
    command->callback([arguments, &chosen] { chosen = [arguments] { return run(*arguments); }; });
}

}  // namespace

void add_suite(CLI::App& app, Body& chosen) {
    CLI::App* suite = app.add_subcommand(
        "suite", "Suites of runs that drivers are judged by: list, cells, run, show, merge.");
    suite->require_subcommand(1);
    add_suite_run(*suite, chosen);
    auto arguments = std::make_shared<SuiteArguments>();
    const auto with_json = [&](CLI::App* command) {
        command->add_flag("--json", arguments->json, "Print one JSON document on stdout");
        return command;
    };
    CLI::App* list_command =
        with_json(suite->add_subcommand("list", "The suites that are shipped."));
    list_command->callback(
        [arguments, &chosen] { chosen = [arguments] { return list(*arguments); }; });
    CLI::App* cells_command =
        with_json(suite->add_subcommand("cells", "The cells of a suite and their tags."));
    cells_command->add_option("SUITE", arguments->name, "A shipped suite, or a file of one")
        ->required();
    cells_command->callback(
        [arguments, &chosen] { chosen = [arguments] { return cells(*arguments); }; });
    CLI::App* show_command =
        with_json(suite->add_subcommand("show", "What a results file says of its drivers."));
    show_command->add_option("FILE", arguments->name, "Results file")->required();
    show_command->add_option("--suite", arguments->suite, "Which suite, where it holds several");
    show_command->callback(
        [arguments, &chosen] { chosen = [arguments] { return show(*arguments); }; });
    CLI::App* merge_command = suite->add_subcommand(
        "merge",
        "Take the runs of results files over into one, as of the shards of a suite.\n"
        "Example: huntsman suite merge --out all.sqlite shard_0.sqlite shard_1.sqlite");
    merge_command->add_option("--out", arguments->settings.out, "Results file to take them over")
        ->required();
    merge_command->add_option("FILES", arguments->files, "Results files")->required();
    merge_command->callback(
        [arguments, &chosen] { chosen = [arguments] { return merge(*arguments); }; });
}

}  // namespace huntsman::apps
