// huntsman export: datasets from runs.
#include <algorithm>
#include <cstdio>
#include <limits>

#include "apps/huntsman/common.h"
#include "apps/huntsman/run_options.h"
#include "bridge/export/export.h"

namespace huntsman::apps {

using bridge::exporting::ExportOptions;
using bridge::exporting::ExportProgress;
using engine::core::Error;
using engine::core::Result;

namespace {

struct ExportArguments {
    RunFlags run;
    std::string format, seeds, out, mix;
    double rate_hz = 2, warm_up_s = 5;
    std::int64_t workers = 1, jpeg_quality = 95;
    bool lossless = false, without_depth = false, without_normals = false, without_flow = false,
         without_birds_eye = false, without_keypoints = false, without_lidar = false, raw = false,
         linear = false, own_times = false;
};

Result<ExportOptions> to_export_options(const ExportArguments& args) {
    auto run = to_options(args.run);
    if (!run) return run.error();
    ExportOptions options;
    if (args.out.empty()) return Error{.message = "--out is empty, expected a folder"};
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
    auto seeds = bridge::exporting::parse_seeds(args.seeds);
    if (!seeds) return seeds.error();
    std::tie(options.first_seed, options.last_seed) = *seeds;
    options.seconds = args.run.seconds.value_or(20);
    options.warm_up_s = args.warm_up_s;
    options.rate_hz = args.rate_hz;
    options.own_times = args.own_times;
    options.workers = static_cast<int>(
        std::clamp<std::int64_t>(args.workers, 0, std::numeric_limits<int>::max()));
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
        return Error{.message = "--scenario and --map say where, and so does the mix " + mix->name +
                                "; expected a mix without places"};
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

int export_scenes(const ExportArguments& args) {
    const auto options = to_export_options(args);
    if (!options) return fail(options.error());
    Progress bar("export");
    const auto result = bridge::exporting::export_dataset(
        *options,
        [&](const ExportProgress& p) {
            // The share of this call: its time left follows from it.
            const auto left = static_cast<double>(p.frames_total - p.frames);
            const auto made = static_cast<double>(p.frames_made);
            bar.show(made / std::max(1.0, made + left),
                     fmt::format("{} of {} scenes, {:.1f} frames/s, {:.1f} MB/s", p.scenes,
                                 p.scenes_total, p.frames_per_s, p.mb_per_s));
        },
        stop_flag());
    if (!result) return fail(result.error());
    const double wall_s = std::max(1e-3, result->wall_s);
    std::printf(
        "%s: %llu scene%s written, %llu were there; %llu pictures, %.1f frames/s, %.1f MB\n",
        args.out.c_str(), static_cast<unsigned long long>(result->scenes),
        result->scenes == 1 ? "" : "s", static_cast<unsigned long long>(result->skipped),
        static_cast<unsigned long long>(result->times.frames),
        static_cast<double>(result->times.frames) / wall_s,
        1e-6 * static_cast<double>(result->bytes));
    if (result->incomplete) {
        std::fprintf(stderr,
                     "huntsman: interrupted; what is finished stays, and the same command goes on "
                     "from there\n");
        return 1;
    }
    return 0;
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
    std::string formats;
    for (const char* name : sensors::dataset::format_names()) {
        formats += (formats.empty() ? "" : ", ") + std::string(name);
    }
    command->add_option("--format", args->format, "One of " + formats)->required();
    command->add_option("--seeds", args->seeds, "A..B, one scene each")->required();
    command->add_option("--out", args->out, "Folder of the dataset")->required();
    command->add_option("--rate", args->rate_hz, "Samples of all cameras a second [Hz]")
        ->capture_default_str();
    command->add_flag("--own-times", args->own_times,
                      "Each camera at its rate and phase of the rig, instead of --rate");
    command->add_option("--mix", args->mix,
                        "Distribution of conditions: a file, or the name of one in assets/mixes "
                        "(default without --scenario)");
    command->add_option("--workers", args->workers, "Scenes made at once")->capture_default_str();
    command->add_option("--jpeg-quality", args->jpeg_quality, "1 to 100")->capture_default_str();
    command->add_flag("--lossless", args->lossless, "PNG instead of JPEG");
    command->add_flag("--no-depth", args->without_depth);
    command->add_flag("--no-normals", args->without_normals);
    command->add_flag("--no-flow", args->without_flow);
    command->add_flag("--no-birds-eye", args->without_birds_eye);
    command->add_flag("--no-keypoints", args->without_keypoints);
    command->add_flag("--no-lidar", args->without_lidar);
    command->add_flag("--raw", args->raw, "Also the sensors' mosaics");
    command->add_flag("--linear", args->linear, "Also radiance before the sensor");
    auto& run = args->run;
    command->add_option("--scenario", run.scenario,
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
