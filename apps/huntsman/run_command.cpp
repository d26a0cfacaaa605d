// huntsman run: one closed-loop run and all it leaves behind.
#include <cstdio>
#include <memory>
#include <optional>

#include "apps/huntsman/common.h"
#include "apps/huntsman/run_flags.h"
#include "bridge/failures/catalogue.h"
#include "bridge/report/output.h"
#include "bridge/report/run_json.h"
#include "bridge/run/runner.h"
#include "engine/core/files.h"

namespace huntsman::apps {

using bridge::failures::Catalogue;

namespace {

struct RunArguments {
    bridge::run::RunSettings flags;
    std::string out, trace, catalogue;
    bridge::trace::TraceFiles traces;
    bool save_frames = false, json = false, no_video = false, show_minds = false;
};

void say_not_collected(const engine::core::Error& why) {
    std::fprintf(stderr, "huntsman: note: failures are not collected, since %s (see --catalogue)\n",
                 why.text().c_str());
}

// Where failures are collected: the file that was asked for, or one beside the run's folder, which
// a run can do without.
engine::core::Result<std::unique_ptr<Catalogue>> open_catalogue(const RunArguments& arguments,
                                                                const std::filesystem::path& out) {
    if (!arguments.catalogue.empty()) return Catalogue::open(arguments.catalogue);
    namespace fs = std::filesystem;
    const fs::path folder = (fs::absolute(out) / "").lexically_normal().parent_path();
    auto beside = Catalogue::open(
        (folder.parent_path() / "failures.db").lexically_proximate(fs::current_path()));
    if (beside) return beside;
    say_not_collected(beside.error());
    return std::unique_ptr<Catalogue>();
}

int run(const RunArguments& arguments) {
    auto options = bridge::run::to_options(arguments.flags);
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

    auto catalogue = open_catalogue(arguments, out);
    if (!catalogue) return fail(catalogue.error());

    bridge::run::Runner runner(options->threads);
    auto traces = bridge::trace::Traces::create(arguments.traces, &runner.pool());
    if (!traces) return fail(traces.error());
    bridge::report::Output output(out,
                                  {.frames = arguments.save_frames,
                                   .video = !arguments.no_video,
                                   .minds = arguments.show_minds,
                                   .trace = trace ? &*trace : nullptr},
                                  &runner.pool());
    if (auto status = output.begin(*options); !status) return fail(status.error());
    const std::string command = command_to_repeat();
    const auto collect = [&](bridge::loop::RunResult& result) -> engine::core::Status {
        auto status = (*catalogue)->store(result, out, program_word(), command);
        if (status || !arguments.catalogue.empty()) return status;
        say_not_collected(status.error());
        return {};
    };
    engine::core::Result<bridge::loop::RunResult> result = engine::core::Error{};
    {
        Progress progress("run");
        bridge::run::RunCallbacks callbacks;
        callbacks.progress = [&](double share) { progress.show(share); };
        callbacks.stop = &stop_flag();
        callbacks.observers.push_back(output.observer(command));
        if (arguments.traces.any()) callbacks.observers.push_back(traces->observer());
        if (*catalogue != nullptr) callbacks.observers.push_back({.finished = collect});
        callbacks.trace = trace ? &*trace : nullptr;
        result = runner.run(*options, callbacks);
    }
    if (!result) {
        const auto status = output.fail(*options, result.error());
        return fail(status ? result.error() : status.error());
    }
    if (trace) {
        if (auto status = trace->write(arguments.trace); !status) return fail(status.error());
    }

    if (arguments.json) {
        std::fputs(bridge::report::run_json(*result).c_str(), stdout);
    } else {
        std::printf("%s\n  %-30s%s\n", bridge::report::summary_table(*result).c_str(), "report",
                    (out / "report.html").c_str());
    }
    for (const std::string& note : result->notes) {
        std::fprintf(stderr, "huntsman: note: %s\n", note.c_str());
    }
    if (!result->valid) {
        std::fprintf(stderr, "huntsman: the run is invalid: %s\n", result->end_reason.c_str());
        return 1;
    }
    // A town without criteria of its own is driven to see how well it goes.
    const auto& scenario = result->options.scenario;
    const bool judged = scenario.story.given() || !scenario.criteria.empty();
    return judged && !result->verdict.passed ? 1 : 0;
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
    add_story_flags(*command, arguments->flags);
    command->add_option("--out", arguments->out,
                        "Folder for everything the run leaves (default: runs/NAME-SEED-DRIVER)");
    command->add_option("--catalogue", arguments->catalogue,
                        "SQLite file that collects failures (default: failures.db beside the "
                        "run's folder)");
    command->add_flag("--save-frames", arguments->save_frames, "Keep every picture as JPEG");
    command->add_flag("--show-minds", arguments->show_minds,
                      "In the report's view from above, draw where road users look, whether they "
                      "have seen the ego, what they believe wrongly and intend");
    command->add_flag("--no-video", arguments->no_video, "Write no run.mp4");
    command->add_option("--trace", arguments->trace,
                        "File for a timing trace of stages and device passes (Chrome format); "
                        "rendering is slower meanwhile");
    add_trace_flags(*command, arguments->traces);
    command->add_flag("--json", arguments->json, "Print run.json on stdout");
    command->callback([arguments, &chosen] { chosen = [arguments] { return run(*arguments); }; });
}

}  // namespace huntsman::apps
