#include "apps/huntsman/run_options.h"

#include <algorithm>
#include <cmath>

#include "apps/huntsman/common.h"
#include "apps/huntsman/numbers.h"

namespace huntsman::apps {

using bridge::loop::RunOptions;
using engine::core::Error;
using engine::core::Result;

namespace {

Result<int> whole(const char* flag, std::int64_t value, int low, int high) {
    if (value < low || value > high) {
        return Error{.message = fmt::format("{} is {}, expected a whole number from {} to {}", flag,
                                            value, low, high)};
    }
    return static_cast<int>(value);
}

}  // namespace

void add_world_flags(CLI::App& command, RunFlags& flags) {
    command.add_option("SCENARIO", flags.scenario,
                       "Scenario file, or the name of one in assets/scenarios (default: "
                       "demonstration)");
    command.add_option("--map", flags.map, "OpenDRIVE file to drive on instead of a town (.xodr)");
    command.add_option("--seed", flags.seed,
                       "Seed of the town and of everything random (towns below 1000 are for "
                       "training)");
    command.add_option("--rig", flags.rig, "Camera rig (default: assets/rigs/eight_cameras.json)");
    command.add_option("--size", flags.size, "Size of each picture [px]")->capture_default_str();
    command.add_option("--quality", flags.quality, "fast, standard or high")->capture_default_str();
    command.add_option("--traffic", flags.traffic, "Number of vehicles that drive");
    command.add_option("--pedestrians", flags.pedestrians, "Number of people");
}

void add_run_flags(CLI::App& command, RunFlags& flags) {
    add_world_flags(command, flags);
    command.add_option("--seconds", flags.seconds, "Simulated time [s]");
    command.add_option("--driver", flags.driver, "oracle, network, torch:FILE.pt or none")
        ->capture_default_str();
    command.add_option(
        "--network", flags.network,
        "Network file of the network driver (default: assets/networks/perception.pt)");
    command.add_option("--threads", flags.threads, "Worker threads; 0 takes all cores")
        ->capture_default_str();
    command
        .add_option("--latency-ms", flags.latency_ms,
                    "Time from a frame to the moment its action takes effect [ms]")
        ->capture_default_str();
    command.add_flag("--no-images", flags.no_images,
                     "Render nothing; for drivers that look at no image");
}

void add_way_flags(CLI::App& command, RunFlags& flags) {
    command.add_option("--from", flags.from,
                       "Where the ego starts: ROAD,LANE,S or X,Y in the map's coordinates [m]");
    command.add_option("--to", flags.to, "Where its route ends, in the same form");
    command.add_option("--route", flags.route,
                       "Start, places to pass and end of its route, separated by ';'");
    command.add_flag("--endless", flags.endless,
                     "Go on behind the route's end, along new ones, until the time is up");
}

Result<std::pair<int, int>> parse_size(const std::string& text) {
    const std::size_t cross = std::min(text.find('x'), text.size());
    const auto width = parse_whole(text.substr(0, cross));
    const auto height = parse_whole(text.substr(std::min(cross + 1, text.size())));
    if (!width || !height || std::min(*width, *height) < 16 || std::max(*width, *height) > 4096) {
        return Error{.message =
                         "--size is " + text + ", expected WIDTHxHEIGHT with both from 16 to 4096"};
    }
    return std::pair(static_cast<int>(*width), static_cast<int>(*height));
}

engine::core::Status check_driver(const std::string& what, const std::string& driver) {
    if (driver == "oracle" || driver == "network" || driver == "none" ||
        driver.starts_with("torch:")) {
        return {};
    }
    return Error{.message =
                     what + " " + driver + ", expected oracle, network, torch:FILE.pt or none"};
}

Result<engine::render::Quality> parse_quality(const std::string& text) {
    if (const auto quality = engine::render::quality_of(text)) return *quality;
    return Error{.message = "--quality is " + text + ", expected fast, standard or high"};
}

Result<RunOptions> to_options(const RunFlags& flags) {
    RunOptions options;
    auto scenario = find_scenario(flags.scenario);
    if (!scenario) return scenario.error();
    options.scenario = *scenario;
    if (!flags.map.empty()) {
        std::error_code ignored;
        if (!std::filesystem::is_regular_file(flags.map, ignored)) {
            return Error{.message = "is not a file; --map expects an OpenDRIVE file",
                         .file = flags.map};
        }
        options.scenario.map = flags.map;
        options.scenario.name = std::filesystem::path(flags.map).stem().string();
    }
    if (flags.seed) {
        if (*flags.seed < 0) {
            return Error{
                .message = fmt::format("--seed is {}, expected a whole number that is not negative",
                                       *flags.seed)};
        }
        options.scenario.town.seed = static_cast<std::uint64_t>(*flags.seed);
    }
    if (flags.seconds) {
        if (!std::isfinite(*flags.seconds) || *flags.seconds < 0.1 || *flags.seconds > 86400) {
            return Error{.message =
                             fmt::format("--seconds is {}, expected 0.1 to 86400", *flags.seconds)};
        }
        options.scenario.duration_s = *flags.seconds;
    }
    if (flags.traffic) {
        auto value = whole("--traffic", *flags.traffic, 0, 200);
        if (!value) return value.error();
        options.scenario.town.vehicles = *value;
    }
    if (flags.pedestrians) {
        auto value = whole("--pedestrians", *flags.pedestrians, 0, 500);
        if (!value) return value.error();
        options.scenario.town.pedestrians = *value;
    }
    auto& way = options.scenario.town.way;
    if (!flags.route.empty()) {
        if (!flags.from.empty() || !flags.to.empty()) {
            return Error{.message =
                             "--route names both ends, expected no --from or --to beside it"};
        }
        const auto places = scenarios::journey::places_of(flags.route);
        if (places.size() < 2) {
            return Error{
                .message = fmt::format(
                    "--route is {}, expected two places or more, separated by ';'", flags.route)};
        }
        way = {places.front(), places.back(), {places.begin() + 1, places.end() - 1}};
    }
    if (!flags.from.empty()) way.from = flags.from;
    if (!flags.to.empty()) way.to = flags.to;
    auto threads = whole("--threads", flags.threads, 0, 256);
    if (!threads) return threads.error();
    options.threads = *threads;
    auto latency = whole("--latency-ms", flags.latency_ms, 0, 2000);
    if (!latency) return latency.error();
    options.latency_ms = *latency;
    auto size = parse_size(flags.size);
    if (!size) return size.error();
    std::tie(options.width, options.height) = *size;
    auto quality = parse_quality(flags.quality);
    if (!quality) return quality.error();
    options.quality = *quality;
    HM_TRY(check_driver("--driver is", flags.driver));
    options.driver = flags.driver;
    options.images = !flags.no_images;
    options.endless = flags.endless;
    auto rig = find_rig(flags.rig.empty() ? "eight_cameras" : flags.rig);
    if (!rig) return rig.error();
    options.rig = std::move(*rig);
    options.network = flags.network.empty() ? assets_folder() / "networks" / "perception.pt"
                                            : std::filesystem::path(flags.network);
    return options;
}

}  // namespace huntsman::apps
