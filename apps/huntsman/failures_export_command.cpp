// huntsman failures export: datasets of mined failures.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "apps/huntsman/export_flags.h"
#include "apps/huntsman/failures_command.h"
#include "bridge/failures/dataset.h"

namespace huntsman::apps {

using bridge::exporting::ExportProgress;
using bridge::exporting::ExportResult;
using bridge::failures::DatasetSettings;
using bridge::failures::PlannedDataset;
using nlohmann::ordered_json;

namespace {

struct FailuresExportArguments {
    DatasetSettings settings;
    bool json = false;
};

void print_result(const FailuresExportArguments& arguments, const PlannedDataset& planned,
                  const ExportResult& result) {
    const std::string& out = arguments.settings.out;
    if (!arguments.json) {
        std::printf("%s: %llu of %zu scenes written, %llu were there; %llu pictures in %.0f s\n",
                    out.c_str(), static_cast<unsigned long long>(result.scenes),
                    planned.scenes.size(), static_cast<unsigned long long>(result.skipped),
                    static_cast<unsigned long long>(result.times.frames), result.wall_s);
        return;
    }
    ordered_json failed = ordered_json::array();
    for (const auto& one : result.failed) {
        failed.push_back({{"scene", one.name}, {"reason", one.reason}});
    }
    const ordered_json document = {{"dataset", out},
                                   {"scenes", planned.scenes.size()},
                                   {"scenes_written", result.scenes},
                                   {"scenes_there", result.skipped},
                                   {"pictures", result.times.frames},
                                   {"objects_audited", result.times.objects},
                                   {"wall_s", result.wall_s},
                                   {"left_out", planned.left_out},
                                   {"failed", std::move(failed)},
                                   {"incomplete", result.incomplete}};
    std::printf("%s\n", document.dump(1).c_str());
}

int export_failures(const FailuresExportArguments& arguments) {
    const auto planned = bridge::failures::plan_dataset(arguments.settings, HUNTSMAN_VERSION);
    if (!planned) return fail(planned.error());
    for (const std::string& why : planned->left_out) {
        std::fprintf(stderr, "huntsman: left out: %s\n", why.c_str());
    }
    print_caveats(planned->options);
    engine::core::Result<ExportResult> result = engine::core::Error{};
    {
        Progress bar("failures export");
        result = bridge::exporting::export_dataset(
            planned->options,
            [&](const ExportProgress& p) {
                bar.show(share_of(p), fmt::format("{} of {} scenes", p.scenes, p.scenes_total));
            },
            stop_flag());
    }
    if (!result) return fail(result.error());
    print_result(arguments, *planned, *result);
    const bool all = report_end(*result) && planned->left_out.empty();
    return all ? 0 : 1;
}

}  // namespace

void add_failures_export(CLI::App& command, Body& chosen) {
    auto arguments = std::make_shared<FailuresExportArguments>();
    DatasetSettings& s = arguments->settings;
    CLI::App* sub = command.add_subcommand(
        "export",
        "Make a dataset of the frames around failures, of the failing runs and of runs like them:\n"
        "other places, light, weather and traffic, parameters slightly off. Stopped or killed, "
        "the\n"
        "same command goes on where it was.\n"
        "Example: huntsman failures export --results hunt.sqlite --format nuscenes --out failures");
    add_run_filter(*sub, s.files, s.filter);
    sub->add_option("--format", s.format, "One of " + bridge::exporting::format_list())
        ->capture_default_str();
    sub->add_option("--out", s.out, "Folder of the dataset")->required();
    sub->add_option("--failures", s.failures,
                    "So many failing runs, the most severe; 0: one of each distinct failure")
        ->capture_default_str();
    sub->add_option("--neighbours", s.neighbours, "Runs like each failing one")
        ->capture_default_str();
    sub->add_option("--per-failure", s.per_failure,
                    "Samples of each run, the last one right after the failure")
        ->capture_default_str();
    sub->add_option("--compare", s.compare,
                    "random, uncertainty: a set of the same size from runs that were not chosen "
                    "for failing");
    sub->add_option("--rate", s.rate_hz, "Samples of all cameras a second [Hz]")
        ->capture_default_str();
    sub->add_option("--rig", s.rig,
                    "Rig file, or the name of one in assets/rigs (default: eight_cameras)");
    sub->add_option("--size", s.size, "Picture of cameras without a size of their own")
        ->capture_default_str();
    sub->add_option("--quality", s.quality, "fast, standard or high")->capture_default_str();
    sub->add_option("--workers", s.workers, "Scenes made at once")->capture_default_str();
    sub->add_option("--threads", s.threads, "Of all workers together; 0: all cores")
        ->capture_default_str();
    sub->add_flag("--json", arguments->json, "Print one JSON document on stdout");
    add_content_flags(*sub, s.content);
    sub->callback(
        [arguments, &chosen] { chosen = [arguments] { return export_failures(*arguments); }; });
}

}  // namespace huntsman::apps
