// huntsman export: datasets from runs.
#include <algorithm>
#include <cstdio>
#include <limits>
#include <sstream>

#include "apps/huntsman/common.h"
#include "apps/huntsman/numbers.h"
#include "apps/huntsman/run_options.h"
#include "bridge/export/export.h"
#include "engine/core/workers.h"
#include "sensors/dataset/sample_json.h"

namespace huntsman::apps {

using bridge::exporting::ExportOptions;
using bridge::exporting::ExportProgress;
using engine::core::Error;
using engine::core::Result;
using engine::core::Status;
using sensors::dataset::Json;

namespace {

struct ExportArguments {
    RunFlags run;
    std::string format, seeds, out, mix;
    double rate_hz = 2, warm_up_s = 5, stall_limit_s = 300;
    std::int64_t workers = 1, jpeg_quality = 95;
    bool lossless = false, without_depth = false, without_normals = false, without_flow = false,
         without_birds_eye = false, without_keypoints = false, without_lidar = false, raw = false,
         linear = false, own_times = false, dry_run = false, json = false, as_worker = false;
};

std::string all_formats() {
    std::string formats;
    for (const char* name : sensors::dataset::format_names()) {
        formats += (formats.empty() ? "" : ", ") + std::string(name);
    }
    return formats;
}

Result<ExportOptions> to_export_options(const ExportArguments& args) {
    auto run = to_options(args.run);
    if (!run) return run.error();
    ExportOptions options;
    // A dry run writes nothing, in no format.
    if (args.out.empty() && !args.dry_run) {
        return Error{.message = "--out is missing, expected a folder"};
    }
    if (args.format.empty() && !args.dry_run) {
        return Error{.message = "--format is missing, expected one of " + all_formats()};
    }
    options.format = args.format;
    options.run = std::move(*run);
    options.content = {.jpeg_quality = static_cast<int>(args.jpeg_quality),
                       .lossless_images = args.lossless,
                       .depth = !args.without_depth,
                       .normals = !args.without_normals,
                       .flow = !args.without_flow,
                       .birds_eye = !args.without_birds_eye,
                       .keypoints = !args.without_keypoints,
                       .lidar = !args.without_lidar,
                       .raw = args.raw,
                       .linear = args.linear};
    auto seeds = parse_seeds(args.seeds, bridge::exporting::kMostScenes);
    if (!seeds) return seeds.error();
    std::tie(options.first_seed, options.last_seed) = *seeds;
    options.seconds = args.run.seconds.value_or(20);
    options.warm_up_s = args.warm_up_s;
    options.rate_hz = args.rate_hz;
    options.own_times = args.own_times;
    options.workers = static_cast<int>(std::clamp<std::int64_t>(
        args.workers, std::numeric_limits<int>::min(), std::numeric_limits<int>::max()));
    options.threads = options.run.threads;
    options.out = args.out;
    options.version = HUNTSMAN_VERSION;

    // A scenario of one's own is taken as it is, unless a mix is asked for too.
    const bool own = !args.run.scenario.empty() || !args.run.map.empty();
    if (own && args.mix.empty()) return options;
    const auto file = find_asset(args.mix.empty() ? "default" : args.mix, "mixes", "mix");
    if (!file) return file.error();
    auto mix = bridge::exporting::load_mix(*file, find_scenario);
    if (!mix) return mix.error();
    if (own && !mix->places.empty()) {
        return Error{.message = "the scenario and --map say where, and so does the mix " +
                                mix->name + "; expected a mix without places"};
    }
    if (args.run.traffic || args.run.pedestrians) {
        if (!mix->traffic.empty()) {
            return Error{.message =
                             "--traffic and --pedestrians say how many, and so does the mix " +
                             mix->name + "; expected a mix without traffic"};
        }
    }
    options.mix = std::move(*mix);
    return options;
}

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
        const auto seed = parse_whole(job);
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
        std::printf("%s\n", Json{{"dataset", args.out},
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
    std::printf("%s: %llu scene%s written, %llu were there%s\n", args.out.c_str(),
                static_cast<unsigned long long>(result.scenes), result.scenes == 1 ? "" : "s",
                static_cast<unsigned long long>(result.skipped), made.c_str());
}

int export_scenes(const ExportArguments& args) {
    const auto options = to_export_options(args);
    if (!options) return fail(options.error());
    if (args.dry_run) return print_plan(*options, args.json);
    if (!(args.stall_limit_s >= 1 && args.stall_limit_s <= 86400)) {
        return fail({.message = fmt::format("--stall-limit is {:g}, expected 1 to 86400 seconds",
                                            args.stall_limit_s)});
    }
    if (args.as_worker) return work(*options);
    for (const std::string& caveat : bridge::exporting::caveats(*options)) {
        std::fprintf(stderr, "huntsman: note: %s\n", caveat.c_str());
    }
    Progress bar("export");
    const auto result = bridge::exporting::export_dataset(
        *options,
        [&](const ExportProgress& p) {
            // The share of this call: its time left follows from it.
            const auto left = static_cast<double>(p.frames_total - p.frames);
            const auto made = static_cast<double>(p.frames_made);
            std::string detail = fmt::format("{} of {} scenes, {:.1f} frames/s", p.scenes,
                                             p.scenes_total, p.frames_per_s);
            // Bytes are those of whole scenes: none before the first.
            if (p.mb_per_s > 0) detail += fmt::format(", {:.1f} MB/s", p.mb_per_s);
            bar.show(made / std::max(1.0, made + left), detail);
        },
        stop_flag(),
        [&](const bridge::exporting::Job& job, const bridge::exporting::SceneNews& news) {
            return make_in_processes(args, *options, job, news, bar);
        });
    if (!result) return fail(result.error());
    print_result(args, *result);
    for (const auto& failure : result->failed) {
        std::fprintf(stderr, "huntsman: %s failed: %s\n", failure.name.c_str(),
                     failure.reason.c_str());
    }
    if (result->incomplete) {
        std::fprintf(stderr,
                     "huntsman: interrupted; what is finished stays, and the same command goes on "
                     "from there\n");
    }
    return result->incomplete || !result->failed.empty() ? 1 : 0;
}

}  // namespace

void add_export(CLI::App& app, Body& chosen) {
    auto args = std::make_shared<ExportArguments>();
    auto* command = app.add_subcommand(
        "export",
        "Make a dataset: one scene a seed, with conditions drawn from a mix, labelled and "
        "audited.\n"
        "Stopped or killed, the same command goes on where it was.\nExample: huntsman export "
        "--format nuscenes --seeds 1..20 --out dataset");
    command->add_option("--format", args->format, "One of " + all_formats());
    command->add_option("--seeds", args->seeds, "A..B, one scene each")->required();
    command->add_option("--out", args->out, "Folder of the dataset");
    command->add_flag("--dry-run", args->dry_run,
                      "Only say what each seed would draw; needs --seeds alone");
    command->add_flag("--json", args->json, "Print what was made, or would be drawn, as JSON");
    command->add_option("--rate", args->rate_hz, "Samples of all cameras a second [Hz]")
        ->capture_default_str();
    command->add_flag("--own-times", args->own_times,
                      "Each camera at its rate and phase of the rig, instead of --rate");
    command->add_option("--mix", args->mix,
                        "Distribution of conditions: a file, or the name of one in assets/mixes "
                        "(default without a scenario)");
    command->add_option("--workers", args->workers, "Scenes made at once")->capture_default_str();
    command
        ->add_option("--stall-limit", args->stall_limit_s,
                     "A scene without progress for so long has failed [s of wall time]")
        ->capture_default_str();
    command->add_flag("--as-worker", args->as_worker)->group("");
    command->add_option("--jpeg-quality", args->jpeg_quality, "1 to 100")->capture_default_str();
    command->add_flag("--lossless", args->lossless, "PNG instead of JPEG; not for video");
    command->add_flag("--no-depth", args->without_depth, "Leave out depth");
    command->add_flag("--no-normals", args->without_normals, "Leave out normals");
    command->add_flag("--no-flow", args->without_flow, "Leave out optical flow");
    command->add_flag("--no-birds-eye", args->without_birds_eye, "Leave out the grid from above");
    command->add_flag("--no-keypoints", args->without_keypoints, "Leave out people's key points");
    command->add_flag("--no-lidar", args->without_lidar, "Leave out lidar sweeps");
    command->add_flag("--raw", args->raw, "Also the sensors' mosaics; webdataset only");
    command->add_flag("--linear", args->linear, "Also radiance before the sensor; webdataset only");
    auto& run = args->run;
    command->add_option("SCENARIO,--scenario", run.scenario,
                        "Scenario file, or the name of one in assets/scenarios");
    command->add_option("--map", run.map, "OpenDRIVE file to drive on");
    command->add_option("--seconds", run.seconds, "Length of each scene [s] (default: 20)");
    command
        ->add_option("--warm-up", args->warm_up_s,
                     "Before each scene, for traffic to get under way [s]")
        ->capture_default_str();
    command->add_option("--traffic", run.traffic, "Vehicles besides the ego");
    command->add_option("--pedestrians", run.pedestrians, "People");
    command->add_option("--rig", run.rig, "Rig file, or the name of one in assets/rigs");
    command->add_option("--size", run.size, "Picture of cameras without a size of their own")
        ->capture_default_str();
    command->add_option("--quality", run.quality, "fast, standard or high")->capture_default_str();
    command->add_option("--threads", run.threads, "Of all workers together (default: all cores)");
    command->callback([args, &chosen] { chosen = [args] { return export_scenes(*args); }; });
}

}  // namespace huntsman::apps
