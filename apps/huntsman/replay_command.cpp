// huntsman replay: a recording computed again, verified, or looked at.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "apps/huntsman/common.h"
#include "apps/huntsman/run_flags.h"
#include "bridge/loop/session.h"
#include "bridge/report/output.h"
#include "bridge/report/run_json.h"
#include "engine/core/files.h"
#include "engine/core/hash.h"

namespace huntsman::apps {

using engine::sim::Difference;

namespace {

struct ReplayArguments {
    std::string folder, picture;
    bool verify = false, json = false;
    std::optional<std::int64_t> show_tick;
    bridge::trace::TraceFiles traces;
};

nlohmann::ordered_json to_json(const std::filesystem::path& file,
                               const engine::sim::Recording& recording,
                               const bridge::loop::RunResult& result, bool altered,
                               const std::optional<Difference>& difference) {
    nlohmann::ordered_json document = {{"schema_version", 1},
                                       {"recording", file.string()},
                                       {"links", recording.chain.size()},
                                       {"state_hash", engine::core::hex(result.state_hash)},
                                       {"altered", altered},
                                       {"identical", !difference.has_value()}};
    if (difference) {
        document["first_difference"] = {{"tick", difference->tick},
                                        {"phase", engine::sim::name(difference->phase)}};
    }
    if (is_measured(result.options.latency)) {
        document["latency"] = bridge::report::latency_json(result);
    }
    if (result.driver_faults.frames > 0) {
        document["frames_without_answer"] = result.driver_faults.frames;
    }
    return document;
}

void print(std::size_t links, const bridge::loop::RunResult& result,
           const std::optional<Difference>& difference) {
    if (difference) {
        std::printf("differs first at tick %lld (%.3f s) in phase %s\n",
                    static_cast<long long>(difference->tick),
                    0.005 * static_cast<double>(difference->tick),
                    engine::sim::name(difference->phase));
    } else {
        std::printf("identical: %zu links of the chain, state hash %s\n", links,
                    engine::core::hex(result.state_hash).c_str());
    }
    if (is_measured(result.options.latency)) {
        std::printf("recorded latency: %s\n", bridge::report::latency_line(result).c_str());
    }
    if (result.driver_faults.frames > 0) {
        std::printf("recorded: %llu frames to which the driver gave no answer\n",
                    static_cast<unsigned long long>(result.driver_faults.frames));
    }
}

int replay(const ReplayArguments& arguments) {
    const std::filesystem::path folder = arguments.folder;
    const auto file =
        std::filesystem::is_directory(folder) ? folder / engine::sim::kRecordingFile : folder;
    bool altered = false;
    auto recording = engine::sim::read_recording(file, &altered);
    if (!recording) return fail(recording.error());
    if (altered) {
        std::fprintf(stderr, "huntsman: %s: the checksum does not match: the file was altered\n",
                     file.c_str());
    }

    bridge::loop::Resources resources(0);
    auto traces = bridge::trace::Traces::create(arguments.traces, &resources.pool());
    if (!traces) return fail(traces.error());
    std::vector<bridge::loop::Observer> observers;
    if (arguments.traces.any()) observers.push_back(traces->observer());
    std::optional<std::int64_t> until;
    if (arguments.show_tick) {
        const std::int64_t last = recording->chain.empty() ? -1 : recording->chain.back().tick;
        if (*arguments.show_tick < 0 || *arguments.show_tick > last) {
            return fail({.message = fmt::format("--show-tick is {}, expected 0 to {}",
                                                *arguments.show_tick, last),
                         .file = file.string()});
        }
        until = *arguments.show_tick;
    }
    const std::filesystem::path picture =
        !arguments.picture.empty()
            ? std::filesystem::path(arguments.picture)
            : file.parent_path() / fmt::format("tick_{}.jpg", until.value_or(0));
    engine::core::Result<std::unique_ptr<bridge::loop::Session>> session = engine::core::Error{};
    {
        Progress progress("replay");
        session = bridge::loop::replay(
            resources, *recording, until, [&](double share) { progress.show(share); },
            std::move(observers));
    }
    if (!session) return fail(session.error());
    if (until) {
        auto options = bridge::loop::options_from_json(recording->inputs, "inputs");
        if (!options) return fail(options.error());
        const auto sheet = bridge::report::session_sheet(resources, **session, options->quality);
        if (!sheet) return fail(sheet.error());
        const auto written = engine::core::write_file(picture, *sheet);
        if (!written) return fail(written.error());
        std::printf("%s\n", picture.c_str());
        return 0;
    }

    // A recording that was taken at a moment ends within that moment's tick.
    std::span<const engine::sim::ChainLink> computed = (*session)->chain();
    const auto& recorded = recording->chain;
    const bool within = !recorded.empty() && computed.size() > recorded.size() &&
                        computed[recorded.size()].tick == recorded.back().tick;
    if (within) computed = computed.first(recorded.size());
    const auto difference = engine::sim::first_difference(recorded, computed);
    const std::size_t links = computed.size();
    const auto result = (*session)->finish();
    if (!result) return fail(result.error());
    if (arguments.json) {
        const auto document = to_json(file, *recording, *result, altered, difference);
        std::printf("%s\n", document.dump(2).c_str());
    } else {
        print(links, *result, difference);
    }
    return arguments.verify && (difference || altered) ? 1 : 0;
}

}  // namespace

void add_replay(CLI::App& app, Body& chosen) {
    auto arguments = std::make_shared<ReplayArguments>();
    CLI::App* command =
        app.add_subcommand("replay",
                           "Compute a recorded run again without its driver.\n"
                           "Example: huntsman replay --verify runs/demonstration-1001-network");
    command->add_option("DIR", arguments->folder, "Folder of the run, or its recording")
        ->required();
    command->add_flag("--verify", arguments->verify,
                      "Compare the hash of every phase; exit 1 at the first difference");
    auto* show = command->add_option("--show-tick", arguments->show_tick,
                                     "Render the cameras as they stood at this tick instead");
    command->add_option("--picture", arguments->picture,
                        "Where --show-tick writes (default: DIR/tick_N.jpg)");
    add_trace_flags(*command, arguments->traces);
    for (const char* trace : {"--trace-osi", "--mcap"}) show->excludes(command->get_option(trace));
    command->add_flag("--json", arguments->json, "Print one JSON document on stdout");
    command->callback(
        [arguments, &chosen] { chosen = [arguments] { return replay(*arguments); }; });
}

}  // namespace huntsman::apps
