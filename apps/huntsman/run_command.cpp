// huntsman run: one closed-loop run and all it leaves behind.
#include <cstdio>
#include <optional>
#include <sstream>

#include "apps/huntsman/common.h"
#include "apps/huntsman/run_options.h"
#include "bridge/failures/catalogue.h"
#include "bridge/report/output.h"
#include "bridge/report/run_json.h"
#include "engine/core/files.h"

namespace huntsman::apps {

using bridge::loop::RunOptions;
using engine::core::Status;

namespace {

struct RunArguments {
    RunFlags flags;
    std::string out, trace, catalogue = "runs/failures.db";
    bool save_frames = false, json = false, no_video = false;
};

// The line that does this run once more.
std::string command_line(const RunArguments& arguments, const RunOptions& options,
                         const std::filesystem::path& out) {
    using bridge::failures::shell_word;
    std::ostringstream line;
    line << "./huntsman run";
    if (!arguments.flags.scenario.empty()) line << " " << shell_word(arguments.flags.scenario);
    if (!arguments.flags.map.empty()) line << " --map " << shell_word(arguments.flags.map);
    line << " --seed " << options.scenario.town.seed << " --seconds "
         << fmt::format("{}", options.scenario.duration_s) << " --driver "
         << shell_word(options.driver) << " --size " << options.width << "x" << options.height
         << " --quality "
         << (options.quality == engine::render::Quality::kFast ? "fast" : "standard")
         << " --traffic " << options.scenario.town.vehicles << " --pedestrians "
         << options.scenario.town.pedestrians << " --latency-ms " << options.latency_ms;
    if (!arguments.flags.rig.empty()) line << " --rig " << shell_word(arguments.flags.rig);
    if (!arguments.flags.network.empty()) {
        line << " --network " << shell_word(arguments.flags.network);
    }
    const auto& flags = arguments.flags;
    if (!flags.from.empty()) line << " --from " << shell_word(flags.from);
    if (!flags.to.empty()) line << " --to " << shell_word(flags.to);
    if (!flags.route.empty()) line << " --route " << shell_word(flags.route);
    if (options.endless) line << " --endless";
    if (!options.images) line << " --no-images";
    line << " --out " << shell_word(out.string());
    return line.str();
}

int run(const RunArguments& arguments) {
    auto options = to_options(arguments.flags);
    if (!options) return fail(options.error());
    const std::filesystem::path out =
        arguments.out.empty()
            ? std::filesystem::path("runs") /
                  fmt::format("{}-{}-{}", options->scenario.name, options->scenario.town.seed,
                              options->driver.substr(0, options->driver.find(':')))
            : std::filesystem::path(arguments.out);
    if (auto status = engine::core::make_writable_folder(out); !status) return fail(status.error());

    // A trace that could not be written shows before the run, not after it.
    std::optional<engine::core::Trace> trace;
    if (!arguments.trace.empty()) {
        trace.emplace();
        if (auto status = trace->write(arguments.trace); !status) return fail(status.error());
    }

    auto catalogue = bridge::failures::Catalogue::open(arguments.catalogue);
    if (!catalogue) return fail(catalogue.error());

    bridge::loop::Runner runner(options->threads);
    bridge::report::Output output(out,
                                  {.frames = arguments.save_frames,
                                   .video = !arguments.no_video,
                                   .trace = trace ? &*trace : nullptr},
                                  &runner.pool());
    engine::core::Result<bridge::loop::RunResult> result = engine::core::Error{};
    {
        Progress progress("run");
        bridge::loop::RunCallbacks callbacks;
        callbacks.progress = [&](double share) { progress.show(share); };
        callbacks.stop = &stop_flag();
        callbacks.sink = [&](const bridge::loop::FrameView& view) { return output.frame(view); };
        callbacks.trace = trace ? &*trace : nullptr;
        result = runner.run(*options, callbacks);
    }
    if (!result) return fail(result.error());
    const std::string command = command_line(arguments, *options, out);
    if (auto status = output.finish(*result, command); !status) return fail(status.error());
    if (trace) {
        if (auto status = trace->write(arguments.trace); !status) return fail(status.error());
    }
    if (auto status = (*catalogue)->store(*result, out, command); !status) {
        return fail(status.error());
    }

    if (arguments.json) {
        std::fputs(bridge::report::run_json(*result).c_str(), stdout);
    } else {
        std::printf("%s\n  %-26s%s\n", bridge::report::summary_table(*result).c_str(), "report",
                    (out / "report.html").c_str());
    }
    if (!result->valid) {
        std::fprintf(stderr, "huntsman: the run is invalid: %s\n", result->end_reason.c_str());
        return 1;
    }
    return 0;
}

}  // namespace

void add_run(CLI::App& app, Body& chosen) {
    auto arguments = std::make_shared<RunArguments>();
    CLI::App* command = app.add_subcommand(
        "run",
        "Drive through a town in a closed loop and say how well it went.\n"
        "Example: huntsman run --seed 1003 --seconds 30 --driver oracle --out runs/first");
    add_run_flags(*command, arguments->flags);
    add_way_flags(*command, arguments->flags);
    command->add_option("--out", arguments->out,
                        "Folder for everything the run leaves (default: runs/NAME-SEED-DRIVER)");
    command->add_option("--catalogue", arguments->catalogue, "SQLite file that collects failures")
        ->capture_default_str();
    command->add_flag("--save-frames", arguments->save_frames, "Keep every picture as JPEG");
    command->add_flag("--no-video", arguments->no_video, "Write no run.mp4");
    command->add_option("--trace", arguments->trace,
                        "File for a timing trace of stages and device passes (Chrome format); "
                        "rendering is slower meanwhile");
    command->add_flag("--json", arguments->json, "Print run.json on stdout");
    command->callback([arguments, &chosen] { chosen = [arguments] { return run(*arguments); }; });
}

}  // namespace huntsman::apps
