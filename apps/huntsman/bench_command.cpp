// huntsman bench: how fast, as minimum and median of N on this machine.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <thread>

#include "apps/huntsman/bench_agents.h"
#include "apps/huntsman/bench_bridge.h"
#include "apps/huntsman/bench_editor.h"
#include "apps/huntsman/bench_export.h"
#include "apps/huntsman/bench_road.h"
#include "apps/huntsman/bench_senses.h"
#include "apps/huntsman/bench_start.h"
#include "apps/huntsman/bench_story.h"
#include "apps/huntsman/common.h"
#include "apps/huntsman/run_flags.h"
#include "bridge/loop/assembly.h"
#include "bridge/run/numbers.h"
#include "bridge/run/runner.h"
#include "engine/render/bench_render.h"
#include "sensors/encode/image_file.h"

namespace huntsman::apps {

using bridge::loop::RunOptions;
using engine::core::Error;
using engine::core::Result;
using nlohmann::ordered_json;

namespace {

using Clock = std::chrono::steady_clock;
double ms_since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

// The busy street that `bench render` shows: fixed, so that figures can be compared over time.
constexpr std::uint64_t kBenchSeed = 1001;
constexpr int kBenchVehicles = 60, kBenchPeople = 80;
constexpr double kBenchWarmUp_s = 10;  // driven before the picture is taken
constexpr int kMostCameras = 16;

struct BenchArguments {
    bridge::run::RunSettings flags;
    std::string name, cameras = "1,2,4,8", agents = "60,125,250,500", trace;
    int repeats = 7;
    bool json = false;
};

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}
double minimum(const std::vector<double>& values) {
    return *std::min_element(values.begin(), values.end());
}

ordered_json machine() {
    std::string model = "unknown";
    std::ifstream cpu("/proc/cpuinfo");
    for (std::string line; std::getline(cpu, line);) {
        if (line.starts_with("model name")) {
            model = line.substr(line.find(':') + 2);
            break;
        }
    }
    return {{"processor", model}, {"cores", std::thread::hardware_concurrency()}};
}

Result<std::vector<int>> parse_counts(const char* flag, const std::string& text,
                                      std::uint64_t most) {
    std::vector<int> counts;
    std::istringstream list(text);
    for (std::string item; std::getline(list, item, ',');) {
        const auto count = bridge::run::parse_whole(item);
        if (!count || *count < 1 || *count > most) {
            return Error{.message =
                             fmt::format("{} is {}, expected counts from 1 to {} with commas "
                                         "between",
                                         flag, text, most)};
        }
        counts.push_back(static_cast<int>(*count));
    }
    if (counts.empty()) return Error{.message = fmt::format("{} is empty", flag)};
    return counts;
}

// Rendering alone: the first n cameras of the rig, over again from its start where n is larger.
Result<ordered_json> bench_render(const BenchArguments& arguments, RunOptions options,
                                  ordered_json& machine_row, engine::core::Trace* trace) {
    HM_TAKE(auto counts, parse_counts("--cameras", arguments.cameras, kMostCameras));
    options.scenario.town.seed = kBenchSeed;
    options.scenario.town.vehicles = kBenchVehicles;
    options.scenario.town.pedestrians = kBenchPeople;
    HM_TAKE(auto built, bridge::loop::build_world(options));
    HM_TAKE(auto assembly, bridge::loop::Assembly::create(std::move(built), {}));
    auto& simulation = *assembly->simulation;
    while (simulation.state().time_us < engine::core::from_seconds(kBenchWarmUp_s)) {
        HM_TRY(simulation.tick());
    }
    {
        HM_TAKE(auto renderer, engine::render::Renderer::create(options.quality));
        machine_row["device"] = renderer->device().device;
        machine_row["driver"] = renderer->device().driver;
    }

    const auto& rig = assembly->world.rig.cameras;
    std::vector<engine::world::Camera> cameras;
    for (std::size_t i = 0; std::ssize(cameras) < kMostCameras; ++i) {
        cameras.push_back(rig[i % rig.size()]);
    }
    std::vector<engine::render::RenderBenchCase> cases;
    for (const int count : counts) {
        cases.push_back({.cameras = count,
                         .width = options.width,
                         .height = options.height,
                         .quality = options.quality,
                         .repetitions = arguments.repeats});
    }
    const auto measured = engine::render::bench_render(
        assembly->world, simulation.state(), simulation.state().actors.front().X_WB, cameras, cases,
        [](const engine::core::Image& image) -> engine::core::Status {
            if (auto jpeg = sensors::encode::encode_jpeg(image, 85); !jpeg) return jpeg.error();
            return {};
        },
        trace);
    if (!measured) return measured.error();
    ordered_json rows = ordered_json::array();
    for (const auto& row : *measured) {
        ordered_json passes = ordered_json::object();
        for (const auto& [name, ms] : row.passes) passes[name] = ms;
        rows.push_back({{"cameras", row.cameras},
                        {"width", row.width},
                        {"height", row.height},
                        {"quality", arguments.flags.quality},
                        {"min_ms", row.min_ms},
                        {"median_ms", row.median_ms},
                        {"mpix_per_s", row.mpix_per_s},
                        {"record_ms", row.record_ms},
                        {"gpu_ms", row.gpu_ms},
                        {"readback_ms", row.readback_ms},
                        {"encode_ms", row.encode_ms},
                        {"triangles", row.triangles},
                        {"draws", row.draws},
                        {"passes", passes}});
    }
    return rows;
}

// The whole demonstration, and the state alone.
Result<ordered_json> bench_loop(const BenchArguments& arguments, const RunOptions& given,
                                engine::core::Trace* trace) {
    ordered_json rows = ordered_json::array();
    struct Case {
        const char* name;
        std::string driver;
        bool images;
        int threads;
        double seconds;
    };
    // The state alone runs on one core: nothing in it uses the pool.
    const Case cases[] = {{"demonstration", given.driver, true, given.threads,
                           std::min(10.0, given.scenario.duration_s)},
                          {"state_alone", "none", false, 1, 20}};
    for (const Case& c : cases) {
        bridge::run::Runner runner(c.threads);
        std::vector<double> wall, rate;
        ordered_json stages;
        double peak = 0;
        std::size_t actors = 0;
        for (int i = -1; i < arguments.repeats; ++i) {  // one to warm up
            RunOptions options = given;
            options.driver = c.driver;
            options.images = c.images;
            options.threads = c.threads;
            options.scenario.duration_s = c.seconds;
            bridge::run::RunCallbacks callbacks;
            callbacks.stop = &stop_flag();
            callbacks.trace = trace;
            callbacks.observers.push_back({.frame = [&](const bridge::loop::FrameView& view) {
                actors = view.state.actors.size();
                return engine::core::Status();
            }});
            HM_TAKE(auto result, runner.run(options, callbacks));
            if (result.incomplete) return Error{.message = "interrupted"};
            if (i < 0) continue;
            wall.push_back(1e3 * result.wall_time_s);
            rate.push_back(result.sim_time_s / result.wall_time_s);
            if (rate.back() == *std::max_element(rate.begin(), rate.end())) {
                stages = ordered_json::object();
                for (const auto& [stage, ms] : result.stage_ms) stages[stage] = ms;
            }
            peak = result.peak_memory_mb;
        }
        rows.push_back({{"case", c.name},
                        {"driver", c.driver},
                        {"actors", actors},
                        {"width", given.width},
                        {"height", given.height},
                        {"images", c.images},
                        {"sim_s", c.seconds},
                        {"min_ms", minimum(wall)},
                        {"median_ms", median(wall)},
                        {"sim_rate", *std::max_element(rate.begin(), rate.end())},
                        {"median_sim_rate", median(rate)},
                        {"peak_memory_mb", peak},
                        {"stage_ms", stages}});
    }
    return rows;
}

// A town with its meshes, from a seed: of a square kilometre unless a scenario says otherwise.
Result<ordered_json> bench_town(const BenchArguments& arguments, RunOptions options) {
    constexpr double kSquareKilometre_m = 1000;
    if (arguments.flags.scenario.empty()) options.scenario.town.size_m = kSquareKilometre_m;
    std::vector<double> times;
    std::size_t triangles = 0;
    for (int i = 0; i < arguments.repeats; ++i) {
        const auto start = Clock::now();
        HM_TAKE(const auto built, scenarios::model::build(options.scenario));
        const auto& world = built.world;
        times.push_back(ms_since(start));
        triangles = 0;
        for (const auto& instance : world.scene.instances) {
            triangles += world.scene.meshes[instance.mesh].lods[0].indices.size() / 3;
        }
    }
    const double size = options.scenario.town.size_m;
    return ordered_json::array({{{"seed", options.scenario.town.seed},
                                 {"area_km2", 1e-6 * size * size},
                                 {"triangles", triangles},
                                 {"min_ms", minimum(times)},
                                 {"median_ms", median(times)},
                                 {"peak_memory_mb", bridge::loop::peak_memory_mb()}}});
}

// What agents cost, or their senses alone.
Result<ordered_json> bench_agents_or_senses(const BenchArguments& arguments) {
    constexpr int kMostAgents = 1000;
    HM_TAKE(const auto counts, parse_counts("--agents", arguments.agents, kMostAgents));
    return arguments.name == "agents" ? bench_agents(counts, arguments.repeats)
                                      : bench_senses(counts, arguments.repeats);
}

int bench(BenchArguments arguments) {
    std::string map;
    if (arguments.name == "road") std::swap(map, arguments.flags.scenario);
    auto options = bridge::run::to_options(arguments.flags);
    if (!options) return fail(options.error());
    if (arguments.repeats < 1 || arguments.repeats > 1000) {
        return fail(
            {.message = fmt::format("--repeats is {}, expected 1 to 1000", arguments.repeats)});
    }
    std::optional<engine::core::Trace> trace;
    if (!arguments.trace.empty()) {
        if (arguments.name != "render" && arguments.name != "loop") {
            return fail({.message = "--trace is for bench render and bench loop"});
        }
        trace.emplace();
        if (auto status = trace->write(arguments.trace); !status) return fail(status.error());
    }
    engine::core::Trace* const recorder = trace ? &*trace : nullptr;
    ordered_json machine_row = machine();
    Result<ordered_json> rows =
        Error{.message =
                  "bench " + arguments.name +
                  " is not known, expected render, loop, export, start, town, road, story, senses, "
                  "agents, bridge or editor"};
    if (arguments.name == "render") rows = bench_render(arguments, *options, machine_row, recorder);
    if (arguments.name == "loop") rows = bench_loop(arguments, *options, recorder);
    if (arguments.name == "export") rows = bench_export(*options, arguments.repeats);
    if (arguments.name == "bridge") rows = bench_bridge(*options, arguments.repeats);
    if (arguments.name == "editor") rows = bench_editor(arguments.repeats);
    if (arguments.name == "start") rows = bench_start(arguments.repeats);
    if (arguments.name == "town") rows = bench_town(arguments, *options);
    if (arguments.name == "story") rows = bench_story(arguments.repeats, 2000);
    if (arguments.name == "senses" || arguments.name == "agents") {
        rows = bench_agents_or_senses(arguments);
    }
    if (arguments.name == "road") {
        rows = map.empty() ? Error{.message = "bench road expects an OpenDRIVE file"}
                           : bench_road(map, arguments.repeats);
    }
    if (!rows) return fail(rows.error());
    if (trace) {
        if (auto status = trace->write(arguments.trace); !status) return fail(status.error());
    }
    if (arguments.json) {
        const ordered_json document = {{"schema_version", 1},
                                       {"bench", arguments.name},
                                       {"machine", machine_row},
                                       {"repeats", arguments.repeats},
                                       {"rows", *rows}};
        std::printf("%s\n", document.dump(2).c_str());
        return 0;
    }
    for (const auto& row : *rows) {
        std::string line;
        for (const auto& [key, value] : row.items()) {
            if (value.is_object()) continue;
            line += fmt::format("{} {}  ", key,
                                value.is_number_float() ? fmt::format("{:.2f}", value.get<double>())
                                                        : value.dump());
        }
        std::printf("%s\n", line.c_str());
    }
    return 0;
}

}  // namespace

void add_bench(CLI::App& app, Body& chosen) {
    auto arguments = std::make_shared<BenchArguments>();
    CLI::App* command = app.add_subcommand(
        "bench",
        "Measure render, loop, export, start, town, a map's roads, scripted actors, agents or what "
        "they see, the editor, drivers in other processes: minimum and median of N.\n"
        "Example: huntsman bench render --cameras 1,2,4,8 --size 640x400 --json\n"
        "Example: huntsman bench road Town03.xodr --json\n"
        "Example: huntsman bench agents --agents 60,500 --json");
    command
        ->add_option("NAME", arguments->name,
                     "render, loop, export, start, town, story, agents, senses, bridge, editor or "
                     "road (then "
                     "FILE.xodr)")
        ->required();
    add_run_flags(*command, arguments->flags);
    command->add_option("--cameras", arguments->cameras, "bench render: counts of cameras")
        ->capture_default_str();
    command->add_option("--agents", arguments->agents, "bench agents, senses: numbers of agents")
        ->capture_default_str();
    command->add_option("--repeats", arguments->repeats, "N")->capture_default_str();
    command->add_option("--trace", arguments->trace,
                        "bench render, loop: file for a timing trace (Chrome format); bench loop "
                        "is slower meanwhile");
    command->add_flag("--json", arguments->json, "Print one JSON document on stdout");
    command->callback([arguments, &chosen] { chosen = [arguments] { return bench(*arguments); }; });
}

}  // namespace huntsman::apps
