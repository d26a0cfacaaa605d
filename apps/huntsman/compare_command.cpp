// huntsman compare: whether a driver has become worse than another over the same cells.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "apps/huntsman/common.h"
#include "bridge/suite/parting.h"
#include "engine/core/files.h"

namespace huntsman::apps {

namespace {

struct CompareArguments {
    bridge::suite::CompareSettings settings;
    std::string html, junit, markdown;
    std::int64_t pictures = 0;
    bool json = false, strict = false;
};

int compare(const CompareArguments& arguments) {
    if (arguments.pictures < 0 || arguments.pictures > arguments.settings.worst) {
        return fail(
            {.message = fmt::format("--pictures is {}, expected 0 to {}, which --worst lists",
                                    arguments.pictures, arguments.settings.worst)});
    }
    if (arguments.pictures > 0 && arguments.html.empty()) {
        return fail({.message = "--pictures needs --html, the page that shows them"});
    }
    auto compared = bridge::suite::compare(arguments.settings);
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
    auto& settings = arguments->settings;
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
