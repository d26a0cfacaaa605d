#include "bridge/run/settings.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "agents/profiles/profile.h"
#include "bridge/run/assets.h"
#include "bridge/run/driver_spec.h"
#include "bridge/run/numbers.h"
#include "scenarios/journey/way.h"

namespace huntsman::bridge::run {

namespace fs = std::filesystem;
using engine::core::Error;
using engine::core::Result;
using engine::core::Status;
using engine::render::Quality;
using loop::RunOptions;
using scenarios::model::Scenario;

namespace {

Result<int> whole(const char* setting, std::int64_t value, int low, int high) {
    if (value < low || value > high) {
        return Error{.message = fmt::format("{} is {}, expected a whole number from {} to {}",
                                            setting, value, low, high)};
    }
    return static_cast<int>(value);
}

Result<Quality> parse_quality(const std::string& text) {
    if (const auto quality = engine::render::quality_of(text)) return *quality;
    return Error{.message = "--quality is " + text + ", expected fast, standard or high"};
}

// A map in the place of the scenario's town.
Status set_map(const std::string& map, Scenario& scenario) {
    std::error_code ignored;
    if (!fs::is_regular_file(map, ignored)) {
        return Error{.message = "is not a file; --map expects an OpenDRIVE file", .file = map};
    }
    scenario.map = map;
    // A story keeps its name.
    if (!scenario.story.given()) scenario.name = fs::path(map).stem().string();
    return {};
}

// What the scenario says of seed, time and numbers of others, where it is given.
Status set_numbers(const RunSettings& settings, Scenario& scenario) {
    if (settings.seed) {
        if (*settings.seed < 0) {
            return Error{
                .message = fmt::format("--seed is {}, expected a whole number that is not negative",
                                       *settings.seed)};
        }
        scenario.town.seed = static_cast<std::uint64_t>(*settings.seed);
    }
    if (settings.seconds) {
        // NaN is not in the range either.
        if (!(*settings.seconds >= 0.1 && *settings.seconds <= 86400)) {
            return Error{.message = fmt::format("--seconds is {}, expected 0.1 to 86400",
                                                *settings.seconds)};
        }
        scenario.duration_s = *settings.seconds;
    }
    if (!settings.minds.empty()) scenario.minds = settings.minds;
    if (settings.traffic) {
        HM_TAKE(scenario.town.vehicles, whole("--traffic", *settings.traffic, 0, 200));
    }
    if (settings.pedestrians) {
        HM_TAKE(scenario.town.pedestrians, whole("--pedestrians", *settings.pedestrians, 0, 500));
    }
    return {};
}

// Where the ego starts, passes and ends.
Status set_way(const RunSettings& settings, scenarios::journey::Way& way) {
    if (!settings.route.empty()) {
        if (!settings.from.empty() || !settings.to.empty()) {
            return Error{.message =
                             "--route names both ends, expected no --from or --to beside it"};
        }
        const auto places = scenarios::journey::places_of(settings.route);
        if (places.size() < 2) {
            return Error{.message = fmt::format(
                             "--route is {}, expected two places or more, separated by ';'",
                             settings.route)};
        }
        way = {places.front(), places.back(), {places.begin() + 1, places.end() - 1}};
    }
    if (!settings.from.empty()) way.from = settings.from;
    if (!settings.to.empty()) way.to = settings.to;
    return {};
}

// What is said of the scenario's story.
Status set_story(const RunSettings& settings, Scenario& scenario) {
    auto& story = scenario.story;
    if (!story.given()) {
        const char* given = settings.takeover != "start"   ? "--takeover"
                            : !settings.parameters.empty() ? "--parameter"
                            : !settings.ego.empty()        ? "--ego"
                            : settings.physical            ? "--physical"
                                                           : nullptr;
        if (given == nullptr) return {};
        return Error{.message =
                         fmt::format("{} is given, expected a scenario with a story", given)};
    }
    for (const std::string& text : settings.parameters) {
        const auto equals = text.find('=');
        if (equals == 0 || equals == std::string::npos) {
            return Error{.message = "--parameter is " + text + ", expected NAME=VALUE"};
        }
        story.parameters[text.substr(0, equals)] = text.substr(equals + 1);
    }
    if (!settings.ego.empty()) story.ego = settings.ego;
    story.physical = story.physical || settings.physical;
    return scenarios::model::take_story_map(scenario);
}

Result<loop::Takeover> parse_takeover(const std::string& text) {
    for (const auto takeover : {loop::Takeover::kStart, loop::Takeover::kController}) {
        if (text == name(takeover)) return takeover;
    }
    return Error{.message = "--takeover is " + text + ", expected start or controller"};
}

Result<loop::Latency> to_latency(const RunSettings& settings) {
    const auto& given = settings.latency_ms;
    if (settings.latency == "measured") {
        if (!given) return loop::Latency(loop::MeasuredLatency{});
        return Error{.message =
                         "--latency-ms is " + *given + ", expected none beside --latency measured"};
    }
    if (settings.latency != "declared") {
        return Error{.message = "--latency is " + settings.latency +
                                ", expected declared (by --latency-ms) or measured"};
    }
    if (!given) return loop::Latency();
    if (*given == "measured") {
        return Error{.message =
                         "--latency-ms is measured, expected a declared time; --latency measured "
                         "measures it"};
    }
    auto latency = loop::parse_latency(*given);
    if (!latency) return Error{.message = "--latency-ms " + latency.error().message};
    return latency;
}

// How the driver is reached where it is in another process, and what happens without its answer.
Status set_driver_link(const RunSettings& settings, const DriverKind& kind, RunOptions& options) {
    using loop::OnDriverFault;
    const auto& fault = settings.on_driver_fault;
    const std::array all = {OnDriverFault::kStop, OnDriverFault::kBrake, OnDriverFault::kHold};
    const auto named =
        std::ranges::find_if(all, [&](OnDriverFault one) { return fault == loop::name(one); });
    if (named == all.end()) {
        return Error{.message = "--on-driver-fault is " + fault + ", expected stop, brake or hold"};
    }
    if (*named != OnDriverFault::kStop) options.on_driver_fault = *named;
    const bool command = options.driver.starts_with("exec:");
    const auto misplaced = [](const char* flag, const char* expected) {
        return Error{.message = fmt::format("{} is given, expected {}", flag, expected)};
    };
    const bool remote = kind.network == NetworkFile::kRemote;
    if (settings.driver_deadline_ms && !remote) {
        return misplaced("--driver-deadline-ms",
                         "--driver grpc:HOST:PORT, alpasim:HOST:PORT or exec:COMMAND");
    }
    for (const auto& [flag, file] :
         {std::pair("--driver-tls-ca", &settings.driver_tls_ca),
          std::pair("--driver-token-file", &settings.driver_token_file)}) {
        if (!file->empty() && (!remote || command)) {
            return misplaced(flag, "--driver grpc:HOST:PORT or alpasim:HOST:PORT");
        }
    }
    driver::RemoteLink link;
    if (settings.driver_deadline_ms) {
        HM_TAKE(link.deadline_ms, whole("--driver-deadline-ms", *settings.driver_deadline_ms, 1,
                                        driver::RemoteLink::kMostDeadline_ms));
    }
    link.tls_ca = settings.driver_tls_ca;
    link.token_file = settings.driver_token_file;
    const bool given =
        settings.driver_deadline_ms || !link.tls_ca.empty() || !link.token_file.empty();
    if (given) options.remote = link;
    return {};
}

}  // namespace

Result<std::pair<int, int>> parse_size(const std::string& text, const char* flag) {
    const std::size_t cross = std::min(text.find('x'), text.size());
    const auto width = parse_whole(text.substr(0, cross));
    const auto height = parse_whole(text.substr(std::min(cross + 1, text.size())));
    if (!width || !height || std::min(*width, *height) < 16 || std::max(*width, *height) > 4096) {
        return Error{.message = fmt::format(
                         "{} is {}, expected WIDTHxHEIGHT with both from 16 to 4096", flag, text)};
    }
    return std::pair(static_cast<int>(*width), static_cast<int>(*height));
}

Result<RunOptions> to_options(const RunSettings& settings) {
    RunOptions options;
    HM_TAKE(options.scenario, find_scenario(settings.scenario));
    if (!settings.map.empty()) HM_TRY(set_map(settings.map, options.scenario));
    HM_TRY(set_numbers(settings, options.scenario));
    if (!options.scenario.minds.empty()) {
        HM_TRY(agents::profiles::load_cast(options.scenario.minds));
    }
    HM_TRY(set_way(settings, options.scenario.town.way));
    HM_TAKE(options.threads, whole("--threads", settings.threads, 0, 256));
    HM_TAKE(options.latency, to_latency(settings));
    HM_TAKE(std::tie(options.width, options.height), parse_size(settings.size));
    HM_TAKE(options.quality, parse_quality(settings.quality));
    HM_TRY(set_story(settings, options.scenario));
    options.driver = !settings.driver.empty()         ? settings.driver
                     : options.scenario.story.given() ? loop::kScripted
                                                      : "network";
    HM_TAKE(const DriverKind* kind, find_driver("--driver is", options.driver));
    HM_TRY(set_driver_link(settings, *kind, options));
    HM_TAKE(options.takeover, parse_takeover(settings.takeover));
    for (const std::string& fault : settings.faults) {
        HM_TAKE(options.faults.emplace_back(), faults::parse(fault));
    }
    for (const std::string& part : settings.ideal) {
        HM_TAKE(options.ideal.emplace_back(), parts::parse(part));
    }
    options.images = !settings.no_images;
    options.endless = settings.endless;
    HM_TAKE(options.rig, find_rig(settings.rig.empty() ? "eight_cameras" : settings.rig));
    options.network = settings.network.empty()
                          ? engine::core::assets_folder() / "networks" / "perception.pt"
                          : fs::path(settings.network);
    return options;
}

}  // namespace huntsman::bridge::run
