// huntsman compare: whether a driver has become worse than another over the same cells.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "apps/huntsman/common.h"
#include "apps/huntsman/suite_command.h"
#include "bridge/suite/parting.h"
#include "bridge/suite/run_and_compare.h"
#include "engine/core/files.h"

namespace huntsman::apps {

using bridge::suite::Compared;
using bridge::suite::RunAndCompareSettings;
using engine::core::Result;

namespace {

struct CompareArguments {
    bridge::suite::RunAndCompareSettings settings;
    std::string html, junit, markdown;
    std::int64_t pictures = 0;
    bool json = false, strict = false;
};

// Runs first what --run asks for.
Result<Compared> compared_of(const RunAndCompareSettings& settings) {
    if (settings.run.suite.empty()) return bridge::suite::compare(settings.compare);
    HM_TAKE(const auto run, bridge::suite::runs_to_compare(settings));
    Progress bar("suite " + run.suite.name);
    return bridge::suite::run_and_compare(settings, run, runs_callbacks(bar));
}

int compare(const CompareArguments& arguments) {
    if (arguments.settings.sequential && arguments.settings.run.suite.empty()) {
        return fail({.message = "--sequential needs --run, the suite that is run"});
    }
    if (arguments.pictures < 0 || arguments.pictures > arguments.settings.compare.worst) {
        return fail(
            {.message = fmt::format("--pictures is {}, expected 0 to {}, which --worst lists",
                                    arguments.pictures, arguments.settings.compare.worst)});
    }
    if (arguments.pictures > 0 && arguments.html.empty()) {
        return fail({.message = "--pictures needs --html, the page that shows them"});
    }
    auto compared = compared_of(arguments.settings);
    if (!compared) return fail(compared.error());
    if (arguments.pictures > 0) {
        Progress bar("pictures");
        const auto added = bridge::suite::add_partings(
            *compared, static_cast<std::size_t>(arguments.pictures),
            {.progress = [&](double share, const std::string& cell) { bar.show(share, cell); },
             .stop = &stop_flag()});
        if (!added) return fail(added.error());
    }
    const std::pair<const std::string*, std::string (*)(const bridge::suite::Compared&)> files[] = {
        {&arguments.html, bridge::suite::html},
        {&arguments.junit, bridge::suite::junit},
        {&arguments.markdown, bridge::suite::markdown}};
    for (const auto& [file, write] : files) {
        if (file->empty()) continue;
        const auto written = engine::core::write_file(*file, write(*compared));
        if (!written) return fail(written.error());
    }
    const std::string answer =
        arguments.json ? to_json(*compared).dump(2) + "\n" : bridge::suite::text(*compared);
    std::fputs(answer.c_str(), stdout);
    const bool open = compared->report.verdict == bridge::gate::Verdict::kInconclusive;
    return compared->passed() && !(arguments.strict && open) ? 0 : 1;
}

}  // namespace

void add_compare(CLI::App& app, Body& chosen) {
    auto arguments = std::make_shared<CompareArguments>();
    CLI::App* command = app.add_subcommand(
        "compare",
        "Whether driver B is worse than driver A over the same cells: worse, not worse or\n"
        "inconclusive, with what the cells could have shown. Exits 1 where it is worse.\n"
        "Example: huntsman compare main.sqlite change.sqlite --html report.html\n"
        "Example: huntsman compare oracle network --results results.sqlite");
    auto& settings = arguments->settings.compare;
    command->add_option("A", settings.a, "Results file, or a driver in --results")->required();
    command->add_option("B", settings.b, "The same of the new one")->required();
    command->add_option("--results", settings.results, "Results file that holds both drivers");
    command->add_option("--driver-a", settings.driver_a, "Which driver of A, where it has several");
    command->add_option("--driver-b", settings.driver_b, "Which driver of B, where it has several");
    command->add_option("--suite", settings.suite, "Which suite, where files hold several");
    command->add_option("--metric", settings.metric,
                        "Metric that gates (default: the suite's), by its place in run.json's "
                        "scores, or passed, collisions, red_lights, progress_m");
    command->add_option("--margin", settings.margin,
                        "Loss that is tolerated, in the metric's unit (default: the suite's)");
    auto& run = arguments->settings.run;
    command->add_option("--run", run.suite,
                        "Run this suite first: both drivers into --results, or --driver-b into the "
                        "file B; what is there already is not run again");
    command->add_flag("--sequential", arguments->settings.sequential,
                      "With --run: look at the results at each quarter of the suite, in random "
                      "order, and stop where the verdict is clear");
    command->add_option("--network", run.network, "With --run: file of the network driver");
    command->add_option("--jobs", run.jobs, "With --run: runs made at once")->capture_default_str();
    command->add_option("--threads", run.threads, "With --run: of all runs together; 0: all cores")
        ->capture_default_str();
    command->add_option("--confidence", settings.confidence, "Of the intervals")
        ->capture_default_str();
    command->add_option("--worst", settings.worst, "Regressions listed")->capture_default_str();
    command->add_option("--pictures", arguments->pictures,
                        "Drive so many of the worst regressions again and show in --html where "
                        "both runs part");
    command->add_flag("--strict", arguments->strict, "Exit 1 also where it is inconclusive");
    command->add_option("--html", arguments->html, "Page to write");
    command->add_option("--junit", arguments->junit, "JUnit XML file to write");
    command->add_option("--markdown", arguments->markdown, "Text for a pull request to write");
    command->add_flag("--json", arguments->json, "Print one JSON document on stdout");
    command->callback(
        [arguments, &chosen] { chosen = [arguments] { return compare(*arguments); }; });
}

}  // namespace huntsman::apps
