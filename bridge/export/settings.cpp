#include "bridge/export/settings.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <limits>

#include "bridge/run/assets.h"
#include "bridge/run/numbers.h"

namespace huntsman::bridge::exporting {

using engine::core::Error;
using engine::core::Result;

namespace {

// The mix that the settings ask for, if any. What settings and mix both decide is an error.
Result<std::optional<Mix>> mix_of(const ExportSettings& settings) {
    const bool own = !settings.run.scenario.empty() || !settings.run.map.empty();
    if (own && settings.mix.empty()) return std::optional<Mix>();
    HM_TAKE(const std::filesystem::path file,
            run::find_asset(settings.mix.empty() ? "default" : settings.mix, "mixes", "mix"));
    HM_TAKE(Mix mix, load_mix(file, run::find_scenario));
    if (own && !mix.places.empty()) {
        return Error{.message = "the scenario and --map say where, and so does the mix " +
                                mix.name + "; expected a mix without places"};
    }
    if ((settings.run.traffic || settings.run.pedestrians) && !mix.traffic.empty()) {
        return Error{.message = "--traffic and --pedestrians say how many, and so does the mix " +
                                mix.name + "; expected a mix without traffic"};
    }
    return std::optional<Mix>(std::move(mix));
}

}  // namespace

std::string format_list() {
    return fmt::format("{}", fmt::join(sensors::dataset::format_names(), ", "));
}

Result<ExportOptions> to_options(const ExportSettings& settings) {
    ExportOptions options;
    HM_TAKE(options.run, run::to_options(settings.run));
    if (settings.out.empty() && !settings.dry_run) {
        return Error{.message = "--out is missing, expected a folder"};
    }
    if (settings.format.empty() && !settings.dry_run) {
        return Error{.message = "--format is missing, expected one of " + format_list()};
    }
    options.format = settings.format;
    options.content = settings.content;
    HM_TAKE(std::tie(options.first_seed, options.last_seed),
            run::parse_seeds(settings.seeds, kMostScenes));
    options.seconds = settings.run.seconds.value_or(options.seconds);
    options.warm_up_s = settings.warm_up_s;
    options.rate_hz = settings.rate_hz;
    options.own_times = settings.own_times;
    // What an int cannot hold is out of range all the same.
    options.workers = static_cast<int>(std::clamp<std::int64_t>(
        settings.workers, std::numeric_limits<int>::min(), std::numeric_limits<int>::max()));
    options.threads = options.run.threads;
    options.out = settings.out;
    HM_TAKE(options.mix, mix_of(settings));
    return options;
}

}  // namespace huntsman::bridge::exporting
