// huntsman export: datasets from runs.
#include <algorithm>
#include <cstdio>
#include <sstream>

#include "apps/huntsman/common.h"
#include "apps/huntsman/export_flags.h"
#include "bridge/export/export.h"
#include "bridge/export/settings.h"
#include "bridge/run/numbers.h"
#include "engine/core/workers.h"
#include "sensors/dataset/sample_json.h"

namespace huntsman::apps {

using bridge::exporting::ExportOptions;
using bridge::exporting::ExportProgress;
using engine::core::Status;
using sensors::dataset::Json;

namespace {

struct ExportArguments {
    bridge::exporting::ExportSettings settings;
    double stall_limit_s = 300;
    bool json = false, as_worker = false;
};

// What each seed would draw: a line each, or one JSON document.
int print_plan(const ExportOptions& options, bool as_json) {
    const auto scenes = bridge::exporting::plan(options);
    if (!scenes) return fail(scenes.error());
    if (as_json) {
        Json list = Json::array();
        for (const auto& scene : *scenes) {
            list.push_back({{"name", scene.name},
                            {"seed", scene.scenario.town.seed},
                            {"scenario", scene.scenario.name},
                            {"description", scene.description},
                            {"conditions", sensors::dataset::to_json(scene.conditions)}});
        }
        std::printf("%s\n", Json{{"scenes", std::move(list)}}.dump(1).c_str());
        return 0;
    }
    for (const auto& scene : *scenes) {
        std::string numbers;
        for (const auto& [name, value] : scene.conditions) {
            if (const auto* number = std::get_if<double>(&value)) {
                numbers += fmt::format("  {} {:.3g}", name, *number);
            }
        }
        std::printf("%s  %s%s\n", scene.name.c_str(), scene.description.c_str(), numbers.c_str());
    }
    return 0;
}

// The worker's side of `make_in_processes`.
int work(const ExportOptions& options) {
    const auto source = bridge::exporting::SceneSource::create(options);
    if (!source) return fail(source.error());
    const auto frames = bridge::exporting::frames_a_scene(options);
    if (!frames) return fail(frames.error());
    return engine::core::serve_jobs([&](const std::string& job,
                                        const auto& progress) -> engine::core::JobOutcome {
        const auto seed = bridge::run::parse_whole(job);
        HM_CHECK(seed, "job {}", job);
        std::uint64_t done = 0;
        const auto made = (*source)->make(
            *seed, [] { return false; },
            [&] { progress(static_cast<double>(++done) / static_cast<double>(*frames)); });
        if (!made) {
            return {.error = made.error(), .halt = (*source)->hopeless(made.error()), .result = {}};
        }
        const auto& [times, bytes] = **made;
        return {.error = {},
                .halt = false,
                .result = fmt::format("{} {} {}", times.frames, times.objects, bytes)};
    });
}

// Scenes made by worker processes, which are this program with the same command line and
// --as-worker.
Status make_in_processes(const ExportArguments& args, const ExportOptions& options,
                         const bridge::exporting::Job& job,
                         const bridge::exporting::SceneNews& news, Progress& bar) {
    std::vector<std::string> jobs;
    for (const std::uint64_t seed : job.seeds) jobs.push_back(std::to_string(seed));
    engine::core::JobWatch watch;
    watch.progress = [&](std::size_t at, double share) {
        const double frames = share * static_cast<double>(job.frames_a_scene);
        news.frames(job.seeds[at], static_cast<std::uint64_t>(frames + 0.5));
    };
    watch.printed = [&](const std::string& line) { bar.print(line); };
    watch.ended = [&](const engine::core::JobEnd& end) -> Status {
        const std::uint64_t seed = job.seeds[end.job];
        if (end.failure) {
            news.failed(seed, *end.failure);
            return {};
        }
        bridge::exporting::Made made;
        std::istringstream(end.result) >> made.times.frames >> made.times.objects >> made.bytes;
        news.frames(seed, made.times.frames);
        news.made(seed, made);
        return {};
    };
    return engine::core::run_jobs({.command = worker_command({"--as-worker"}),
                                   .workers = options.workers,
                                   .stall_limit_s = args.stall_limit_s},
                                  jobs, watch, stop_flag());
}

Json failed_json(const bridge::exporting::ExportResult& result) {
    Json list = Json::array();
    for (const auto& failure : result.failed) {
        list.push_back({{"scene", failure.name}, {"reason", failure.reason}});
    }
    return list;
}

void print_result(const ExportArguments& args, const bridge::exporting::ExportResult& result) {
    const double wall_s = std::max(1e-3, result.wall_s);
    const double frames_per_s = static_cast<double>(result.times.frames) / wall_s;
    if (args.json) {
        std::printf("%s\n", Json{{"dataset", args.settings.out},
                                 {"scenes_written", result.scenes},
                                 {"scenes_there", result.skipped},
                                 {"pictures", result.times.frames},
                                 {"objects_audited", result.times.objects},
                                 {"bytes", result.bytes},
                                 {"wall_s", result.wall_s},
                                 {"frames_per_s", frames_per_s},
                                 {"failed", failed_json(result)},
                                 {"incomplete", result.incomplete}}
                                .dump(1)
                                .c_str());
        return;
    }
    std::string made;
    if (result.times.frames > 0) {
        made = fmt::format("; {} pictures, {:.1f} frames/s, {:.1f} MB", result.times.frames,
                           frames_per_s, 1e-6 * static_cast<double>(result.bytes));
    }
    std::printf("%s: %llu scene%s written, %llu were there%s\n", args.settings.out.c_str(),
                static_cast<unsigned long long>(result.scenes), result.scenes == 1 ? "" : "s",
                static_cast<unsigned long long>(result.skipped), made.c_str());
}

int export_scenes(const ExportArguments& args) {
    auto options = bridge::exporting::to_options(args.settings);
    if (!options) return fail(options.error());
    options->version = HUNTSMAN_VERSION;
    if (args.settings.dry_run) return print_plan(*options, args.json);
    if (!(args.stall_limit_s >= 1 && args.stall_limit_s <= 86400)) {
        return fail({.message = fmt::format("--stall-limit is {:g}, expected 1 to 86400 seconds",
                                            args.stall_limit_s)});
    }
    if (args.as_worker) return work(*options);
    print_caveats(*options);
    Progress bar("export");
    const auto result = bridge::exporting::export_dataset(
        *options,
        [&](const ExportProgress& p) {
            std::string detail = fmt::format("{} of {} scenes, {:.1f} frames/s", p.scenes,
                                             p.scenes_total, p.frames_per_s);
            // Bytes are those of whole scenes: none before the first.
            if (p.mb_per_s > 0) detail += fmt::format(", {:.1f} MB/s", p.mb_per_s);
            bar.show(share_of(p), detail);
        },
        stop_flag(),
        [&](const bridge::exporting::Job& job, const bridge::exporting::SceneNews& news) {
            return make_in_processes(args, *options, job, news, bar);
        });
    if (!result) return fail(result.error());
    print_result(args, *result);
    return report_end(*result) ? 0 : 1;
}

}  // namespace

void add_export(CLI::App& app, Body& chosen) {
    auto args = std::make_shared<ExportArguments>();
    auto& settings = args->settings;
    auto* command = app.add_subcommand(
        "export",
        "Make a dataset: one scene a seed, with conditions drawn from a mix, labelled and "
        "audited.\n"
        "Stopped or killed, the same command goes on where it was.\nExample: huntsman export "
        "--format nuscenes --seeds 1..20 --out dataset");
    command->add_option("--format", settings.format, "One of " + bridge::exporting::format_list());
    command->add_option("--seeds", settings.seeds, "A..B, one scene each")->required();
    command->add_option("--out", settings.out, "Folder of the dataset");
    command->add_flag("--dry-run", settings.dry_run,
                      "Only say what each seed would draw; needs --seeds alone");
    command->add_flag("--json", args->json, "Print what was made, or would be drawn, as JSON");
    command->add_option("--rate", settings.rate_hz, "Samples of all cameras a second [Hz]")
        ->capture_default_str();
    command->add_flag("--own-times", settings.own_times,
                      "Each camera at its rate and phase of the rig, instead of --rate");
    command->add_option("--mix", settings.mix,
                        "Distribution of conditions: a file, or the name of one in assets/mixes "
                        "(default without a scenario)");
    command->add_option("--workers", settings.workers, "Scenes made at once")
        ->capture_default_str();
    command
        ->add_option("--stall-limit", args->stall_limit_s,
                     "A scene without progress for so long has failed [s of wall time]")
        ->capture_default_str();
    command->add_flag("--as-worker", args->as_worker)->group("");
    auto& content = settings.content;
    add_content_flags(*command, content);
    command->add_flag("--raw", content.raw, "Also the sensors' mosaics; webdataset only");
    command->add_flag("--linear", content.linear,
                      "Also radiance before the sensor; webdataset only");
    auto& run = settings.run;
    command->add_option("SCENARIO,--scenario", run.scenario,
                        "Scenario file, or the name of one in assets/scenarios");
    command->add_option("--map", run.map, "OpenDRIVE file to drive on");
    command->add_option("--seconds", run.seconds, "Length of each scene [s] (default: 20)");
    command
        ->add_option("--warm-up", settings.warm_up_s,
                     "Before each scene, for traffic to get under way [s]")
        ->capture_default_str();
    command->add_option("--traffic", run.traffic, "Vehicles besides the ego");
    command->add_option("--pedestrians", run.pedestrians, "People");
    command->add_option("--minds", run.minds, "Mix of profiles of the others (default: everyday)");
    command->add_option("--rig", run.rig, "Rig file, or the name of one in assets/rigs");
    command->add_option("--size", run.size, "Picture of cameras without a size of their own")
        ->capture_default_str();
    command->add_option("--quality", run.quality, "fast, standard or high")->capture_default_str();
    command->add_option("--threads", run.threads, "Of all workers together (default: all cores)");
    command->callback([args, &chosen] { chosen = [args] { return export_scenes(*args); }; });
}

}  // namespace huntsman::apps
