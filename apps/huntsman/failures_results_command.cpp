// huntsman failures clusters, trends, gallery: what results files hold of failures.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "apps/huntsman/failures_command.h"
#include "bridge/failures/clusters.h"
#include "bridge/failures/gallery.h"
#include "bridge/failures/trends.h"

namespace huntsman::apps {

using bridge::failures::GallerySettings;
using bridge::failures::judged_runs;
using bridge::failures::RunFilter;

void add_run_filter(CLI::App& command, std::vector<std::filesystem::path>& files,
                    RunFilter& filter) {
    command.add_option("--results", files, "Results file (SQLite); may be repeated")->required();
    command.add_option("--driver", filter.drivers, "Only of this driver; may be repeated");
    command.add_option("--situation", filter.situation, "Only of this situation");
    command.add_option("--kind", filter.kind, "Only failures of this kind, as no_collision");
    command.add_option("--signature", filter.signature,
                       "Only failures with this in their signature, as \"from the right\"");
}

namespace {

struct ResultsArguments {
    GallerySettings gallery;
    bool json = false;
};

// `list` has to_json and text.
template <typename List, typename... More>
int print(const ResultsArguments& arguments, const List& list, const More&... more) {
    const std::string answer = arguments.json
                                   ? bridge::failures::to_json(list, more...).dump(2) + "\n"
                                   : bridge::failures::text(list, more...);
    std::fputs(answer.c_str(), stdout);
    return 0;
}

int clusters(const ResultsArguments& arguments) {
    const auto runs = judged_runs(arguments.gallery.files, arguments.gallery.filter);
    if (!runs) return fail(runs.error());
    const std::span<const bridge::failures::JudgedRun> all(*runs);
    const auto found = bridge::failures::clusters_of(all);
    return print(arguments, std::span(found), all);
}

int trends(const ResultsArguments& arguments) {
    const auto runs = judged_runs(arguments.gallery.files, arguments.gallery.filter);
    if (!runs) return fail(runs.error());
    const auto found = bridge::failures::trends_of(*runs, arguments.gallery.filter.drivers);
    for (const auto& trend : found) {
        if (trend.runs > 0) continue;
        return fail(engine::core::Error{
            .message = fmt::format("--driver is {}, expected one that has runs in the file",
                                   trend.driver)});
    }
    return print(arguments, std::span(found));
}

int gallery(const ResultsArguments& arguments) {
    engine::core::Result<bridge::failures::Gallery> made = engine::core::Error{};
    {
        Progress bar("gallery");
        made = bridge::failures::make_gallery(
            arguments.gallery,
            {.progress = [&](double share, const std::string& what) { bar.show(share, what); },
             .stop = &stop_flag()});
    }
    if (!made) return fail(made.error());
    std::printf("%s: %zu distinct failure%s\n", arguments.gallery.html.c_str(),
                made->entries.size(), made->entries.size() == 1 ? "" : "s");
    for (const auto& entry : made->entries) {
        if (entry.trouble.empty()) continue;
        std::fprintf(stderr, "huntsman: %s\n", entry.trouble.c_str());
    }
    return 0;
}

}  // namespace

void add_failures_of_results(CLI::App& command, Body& chosen) {
    const auto add = [&](const char* name, const char* help,
                         int (*body)(const ResultsArguments&)) -> CLI::App* {
        auto arguments = std::make_shared<ResultsArguments>();
        CLI::App* sub = command.add_subcommand(name, help);
        add_run_filter(*sub, arguments->gallery.files, arguments->gallery.filter);
        if (body == gallery) {
            sub->add_option("--html", arguments->gallery.html, "Page to write")->required();
            sub->add_option("--pictures", arguments->gallery.pictures,
                            "Failures that are driven again for pictures at most; 0: none")
                ->capture_default_str();
        } else {
            sub->add_flag("--json", arguments->json, "Print one JSON document on stdout");
        }
        sub->callback([arguments, body, &chosen] {
            chosen = [arguments, body] { return body(*arguments); };
        });
        return sub;
    };
    add("clusters",
        "Failing runs of results files, grouped by what is the same about them.\n"
        "Example: huntsman failures clusters --results hunt.sqlite",
        clusters);
    add("trends",
        "Of each driver: runs, failures, and which came and went against the driver before.\n"
        "Example: huntsman failures trends --results hunt.sqlite --driver old --driver new",
        trends);
    add("gallery",
        "One page of all distinct failures: pictures, cause, what each needs, and the command\n"
        "that drives it again.\n"
        "Example: huntsman failures gallery --results hunt.sqlite --html gallery.html",
        gallery);
}

}  // namespace huntsman::apps
