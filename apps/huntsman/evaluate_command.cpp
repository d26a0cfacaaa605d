// huntsman evaluate: several drivers over several seeds, compared in one table.
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <sstream>

#include "apps/huntsman/common.h"
#include "apps/huntsman/run_options.h"

namespace huntsman::apps {

using bridge::loop::RunResult;
using bridge::score::PerceivedClass;
using bridge::score::PerceptionJudge;
using engine::core::Error;
using engine::core::Result;
using nlohmann::ordered_json;

namespace {

struct EvaluateArguments {
    RunFlags flags;
    std::string drivers = "network,oracle,none", seeds = "2001..2010";
    double minimum_score = -1;
    bool json = false;
};

Result<std::pair<std::int64_t, std::int64_t>> parse_seeds(const std::string& text) {
    long long first = 0, last = 0;
    char rest = 0;
    if (std::sscanf(text.c_str(), "%lld..%lld%c", &first, &last, &rest) != 2 || first < 0 ||
        last < first || last - first > 9999) {
        return Error{.message = "--seeds is " + text + ", expected FIRST..LAST with at most 10000"};
    }
    return std::pair<std::int64_t, std::int64_t>(first, last);
}

// Sums over the seeds of one driver.
struct Tally {
    int runs = 0, invalid = 0, collisions = 0, red_lights = 0, outside = 0, completed = 0;
    double progress_m = 0, driving_score = 0, nuplan = 0, wall_s = 0, sim_s = 0;
    std::vector<double> progress;
    PerceptionJudge perception;

    void add(const RunResult& r) {
        ++runs;
        if (!r.valid) {  // an invalid run has no score
            ++invalid;
            return;
        }
        collisions +=
            r.carla.pedestrian_collisions + r.carla.vehicle_collisions + r.carla.static_collisions;
        red_lights += r.carla.red_lights;
        outside += r.carla.outside_lanes_share > 0;
        completed += r.end_reason == "route completed";
        progress_m += r.progress_m;
        progress.push_back(r.progress_m);
        driving_score += bridge::score::carla_score(r.carla).driving_score;
        nuplan += bridge::score::nuplan_score(r.nuplan);
        wall_s += r.wall_time_s;
        sim_s += r.sim_time_s;
        perception.append(r.perception);
    }
    double ap(PerceivedClass c) const { return perception.average_precision(c, 2.0, 30.0); }
};

std::string ap_text(double ap) { return std::isfinite(ap) ? fmt::format("{:.3f}", ap) : "-"; }

int evaluate(const EvaluateArguments& arguments) {
    auto seeds = parse_seeds(arguments.seeds);
    if (!seeds) return fail(seeds.error());
    std::vector<std::string> drivers;
    std::istringstream list(arguments.drivers);
    for (std::string name; std::getline(list, name, ',');) drivers.push_back(name);
    if (drivers.empty()) {
        return fail({.message = "--drivers is empty, expected names with commas between"});
    }
    for (const std::string& name : drivers) {
        if (name != "network" && name != "oracle" && name != "none" &&
            !name.starts_with("torch:")) {
            return fail({.message = "--drivers holds " + name +
                                    ", expected oracle, network, torch:FILE.pt or none"});
        }
    }

    auto options = to_options(arguments.flags);
    if (!options) return fail(options.error());
    bridge::loop::Runner runner(options->threads);
    std::vector<Tally> tallies(drivers.size());
    ordered_json rows = ordered_json::array();
    {
        Progress progress("evaluate");
        const double total = static_cast<double>(drivers.size()) *
                             static_cast<double>(seeds->second - seeds->first + 1);
        double done = 0;
        for (std::size_t d = 0; d < drivers.size(); ++d) {
            for (std::int64_t seed = seeds->first; seed <= seeds->second; ++seed) {
                bridge::loop::RunOptions one = *options;
                one.driver = drivers[d];
                one.scenario.town.seed = static_cast<std::uint64_t>(seed);
                // Drivers that look at no image need none for their score.
                if (drivers[d] == "oracle" || drivers[d] == "none") one.images = false;
                bridge::loop::RunCallbacks callbacks;
                callbacks.stop = &stop_flag();
                callbacks.progress = [&](double share) {
                    progress.show((done + share) / total,
                                  fmt::format("{} seed {}", drivers[d], seed));
                };
                auto result = runner.run(one, callbacks);
                if (!result) return fail(result.error());
                done += 1;
                if (result->incomplete) {
                    return fail({.message = "interrupted; the comparison is not complete",
                                 .kind = engine::core::ErrorKind::kInvalid});
                }
                tallies[d].add(*result);
                std::map<std::string, int> kinds;
                for (const auto& failure : result->failures) {
                    ++kinds[bridge::score::name(failure.infraction.kind)];
                }
                rows.push_back(
                    {{"driver", drivers[d]},
                     {"seed", seed},
                     {"progress_m", result->progress_m},
                     {"driving_score", bridge::score::carla_score(result->carla).driving_score},
                     {"nuplan", bridge::score::nuplan_score(result->nuplan)},
                     {"valid", result->valid},
                     {"end_reason", result->end_reason},
                     {"failures", kinds},
                     {"real_time_factor", result->sim_time_s / result->wall_time_s}});
            }
        }
    }

    // The table; with --json the same figures.
    ordered_json summary = ordered_json::array();
    if (!arguments.json) {
        std::printf(
            "| driver | progress [m] | share of oracle | driving score | nuPlan | "
            "collisions | red lights | AP vehicle | AP person |\n"
            "|---|---|---|---|---|---|---|---|---|\n");
    }
    double oracle_progress = 0;
    for (std::size_t d = 0; d < drivers.size(); ++d) {
        if (drivers[d] == "oracle") oracle_progress = tallies[d].progress_m;
    }
    bool good = true;
    for (std::size_t d = 0; d < drivers.size(); ++d) {
        const Tally& t = tallies[d];
        const double share = oracle_progress > 0 ? t.progress_m / oracle_progress : 0;
        const double ap_vehicle = t.ap(PerceivedClass::kVehicle);
        const double ap_person = t.ap(PerceivedClass::kPedestrian);
        const double scored = std::max(1, t.runs - t.invalid);
        const double score = t.driving_score / scored;
        if (d == 0 && arguments.minimum_score >= 0) good = score >= arguments.minimum_score;
        good = good && t.invalid == 0;
        if (!arguments.json) {
            std::printf("| %s | %.0f | %.0f %% | %.1f | %.3f | %d | %d | %s | %s |\n",
                        drivers[d].c_str(), t.progress_m, 100 * share, score, t.nuplan / scored,
                        t.collisions, t.red_lights, ap_text(ap_vehicle).c_str(),
                        ap_text(ap_person).c_str());
        }
        const auto number = [](double v) {
            return std::isfinite(v) ? ordered_json(v) : ordered_json(nullptr);
        };
        summary.push_back({{"driver", drivers[d]},
                           {"runs", t.runs},
                           {"invalid", t.invalid},
                           {"progress_m", t.progress_m},
                           {"share_of_oracle", share},
                           {"driving_score", score},
                           {"nuplan", t.nuplan / scored},
                           {"collisions", t.collisions},
                           {"red_lights", t.red_lights},
                           {"completed", t.completed},
                           {"ap_vehicle_2m_30m", number(ap_vehicle)},
                           {"ap_pedestrian_2m_30m", number(ap_person)},
                           {"real_time_factor", t.sim_s / t.wall_s}});
    }
    if (arguments.json) {
        const ordered_json document = {
            {"schema_version", 1}, {"drivers", summary}, {"runs", rows}, {"passed", good}};
        std::printf("%s\n", document.dump(2).c_str());
    }
    return good ? 0 : 1;
}

}  // namespace

void add_evaluate(CLI::App& app, Body& chosen) {
    auto arguments = std::make_shared<EvaluateArguments>();
    CLI::App* command = app.add_subcommand(
        "evaluate",
        "Compare drivers over many seeds; exits 1 below --minimum-score. For regression tests.\n"
        "Example: huntsman evaluate --drivers network,oracle,none --seeds 2001..2010 --seconds 30");
    add_run_flags(*command, arguments->flags);
    command->add_option("--drivers", arguments->drivers, "Drivers, with commas between")
        ->capture_default_str();
    command->add_option("--seeds", arguments->seeds, "FIRST..LAST")->capture_default_str();
    command->add_option("--minimum-score", arguments->minimum_score,
                        "Mean CARLA driving score that the first driver must reach");
    command->add_flag("--json", arguments->json, "Print one JSON document on stdout");
    command->callback(
        [arguments, &chosen] { chosen = [arguments] { return evaluate(*arguments); }; });
}

}  // namespace huntsman::apps
