#include "bridge/hunt/hunt.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "bridge/hunt/runs.h"
#include "bridge/run/driver_spec.h"
#include "bridge/run/numbers.h"
#include "engine/core/files.h"
#include "scenarios/situations/situation.h"

namespace huntsman::bridge::hunt {

namespace situations = scenarios::situations;
using engine::core::Error;
using engine::core::Result;
using engine::core::Status;
using engine::world::Environment;
using mine::Dimension;

namespace {

constexpr const char* kTown = "town";
constexpr const char* kSun = "sun_elevation_deg";
constexpr const char* kRain = "rain_mm_h";

Dimension dimension_of(const situations::Parameter& parameter) {
    using From = situations::Parameter::Distribution;
    Dimension to{.name = parameter.name,
                 .unit = parameter.unit,
                 .nominal = parameter.nominal,
                 .low = parameter.low,
                 .high = parameter.high,
                 .choices = parameter.choices};
    to.distribution = parameter.distribution == From::kChoice   ? Dimension::kChoice
                      : parameter.distribution == From::kNormal ? Dimension::kNormal
                                                                : Dimension::kUniform;
    return to;
}

Result<mine::Space> space_of(const HuntSettings& settings) {
    HM_TAKE(const auto situation, situations::load(settings.situation));
    std::vector<Dimension> dimensions;
    for (const auto& parameter : situation.parameters) {
        dimensions.push_back(dimension_of(parameter));
    }
    constexpr std::uint64_t kMostTowns = 100;
    const auto towns = run::parse_seeds(settings.towns, kMostTowns);
    if (!towns) {
        return Error{.message =
                         fmt::format("--towns is {}, expected FIRST..LAST, at most {} of them",
                                     settings.towns, kMostTowns)};
    }
    Dimension town{.name = kTown, .distribution = Dimension::kChoice};
    town.nominal = static_cast<double>(towns->first);
    for (auto seed = towns->first; seed <= towns->second; ++seed) {
        town.choices.push_back(static_cast<double>(seed));
    }
    dimensions.push_back(std::move(town));
    if (settings.weather == "on") {
        dimensions.push_back({.name = kSun, .unit = "deg", .nominal = 35, .low = -20, .high = 60});
        dimensions.push_back({.name = kRain, .unit = "mm/h", .nominal = 0, .low = 0, .high = 15});
    } else if (settings.weather != "off") {
        return Error{.message =
                         fmt::format("--weather is {}, expected on or off", settings.weather)};
    }
    return mine::Space::create(std::move(dimensions));
}

// Rain wets the road, which takes up to 35 % of its friction; clouds come with it.
void set_weather(const std::string& name, double value, scenarios::model::Scenario& scenario) {
    auto& environment = scenario.environment;
    if (name == kSun) {
        environment.set(&Environment::sun_elevation_rad, value * engine::core::kRadiansInDegree);
        environment.set(&Environment::light, value < -6 ? "night" : "day");
    } else if (name == kRain) {
        const double wet = std::min(1.0, value / 5);
        environment.set(&Environment::rain_mm_h, value);
        environment.set(&Environment::wetness, wet);
        environment.set(&Environment::cloud_cover, 0.2 + 0.75 * wet);
        environment.set(&Environment::friction, 1 - 0.35 * wet);
        environment.set(&Environment::weather, value > 0.5 ? "rain" : "clear");
    }
}

// The run of these values.
Result<loop::RunOptions> options_of(const Hunt& hunt, const std::vector<double>& values,
                                    const std::string& driver) {
    const HuntSettings& s = hunt.settings;
    run::RunSettings settings{.scenario = s.situation,
                              .driver = driver,
                              .network = s.network,
                              .size = s.size,
                              .quality = s.quality,
                              .seconds = s.seconds,
                              .faults = s.faults};
    HM_TAKE(const run::DriverKind* kind, run::find_driver("--driver is", driver));
    settings.no_images = !kind->needs_images;
    std::vector<std::pair<std::string, double>> weather;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::string& name = hunt.space.dimensions()[i].name;
        if (name == kTown) {
            settings.seed = static_cast<std::int64_t>(values[i]);
        } else if (name == kSun || name == kRain) {
            weather.emplace_back(name, values[i]);
        } else {
            settings.parameters.push_back(fmt::format("{}={}", name, values[i]));
        }
    }
    HM_TAKE(auto options, run::to_options(settings));
    for (const auto& [name, value] : weather) set_weather(name, value, options.scenario);
    return options;
}

// The runs of values by a driver; their cells are named by `kind` and a number from `first` on.
Result<std::vector<HuntRun>> make(const Hunt& hunt, Runs& runs, const std::string& driver,
                                  const std::vector<std::vector<double>>& all,
                                  const std::string& kind, std::size_t first) {
    std::vector<loop::RunOptions> options;
    std::vector<std::string> names;
    for (const auto& values : all) {
        HM_TAKE(options.emplace_back(), options_of(hunt, values, driver));
        names.push_back(fmt::format("{}_{:06}", kind, first + names.size()));
    }
    HM_TAKE(auto made, runs.make(options, names));
    std::vector<HuntRun> made_runs;
    for (std::size_t i = 0; i < all.size(); ++i) {
        HM_TAKE(const mine::Point u, hunt.space.unit(all[i]));
        Facts& facts = made[i].facts;
        made_runs.push_back({.key = std::move(made[i].key),
                             .values = all[i],
                             .evaluation = std::move(facts.evaluation),
                             .signature = std::move(facts.signature),
                             .plausibility = hunt.space.plausibility(u),
                             .reason = std::move(facts.reason)});
    }
    return made_runs;
}

// The distinct failures among the runs, and who belongs to each.
std::vector<Failure> failures_of(const Hunt& hunt, const std::vector<mine::Found>& found,
                                 const std::vector<HuntRun>& runs) {
    std::vector<mine::Signature> signatures;
    for (const HuntRun& one : runs) signatures.push_back(one.signature);
    std::vector<Failure> failures;
    for (const mine::Distinct& one : mine::distinct(hunt.space, found, signatures)) {
        Failure failure{.distinct = one};
        for (std::size_t i = 0; i < runs.size(); ++i) {
            const bool member = runs[i].evaluation.failed && runs[i].signature == one.signature;
            if (member) failure.members.push_back(i);
        }
        std::ranges::stable_sort(failure.members, std::greater<>(), [&](std::size_t i) {
            return runs[i].evaluation.severity * runs[i].plausibility;
        });
        failures.push_back(std::move(failure));
    }
    std::ranges::stable_sort(failures, std::greater<>(),
                             [](const Failure& f) { return f.distinct.weight; });
    return failures;
}

Status check_numbers(const HuntSettings& s) {
    HM_TRY(run::check_range("--budget", s.budget, 1, 1'000'000));
    if (s.generation != 0) HM_TRY(run::check_range("--generation", s.generation, 5, 10'000));
    HM_TRY(run::check_range("--confirm", s.confirm, 0, 100));
    HM_TRY(run::check_range("--seed", s.seed, 0, 1'000'000'000));
    if (!(s.seconds >= 0.1 && s.seconds <= 3600)) {
        return Error{.message = fmt::format("--seconds is {:g}, expected 0.1 to 3600", s.seconds)};
    }
    if (s.out.empty()) return Error{.message = "--out is empty, expected a results file"};
    return {};
}

}  // namespace

bool Failure::confirms() const {
    return std::ranges::any_of(confirmed, [&](const HuntRun& one) {
        return one.evaluation.failed && one.signature == distinct.signature;
    });
}

Result<Hunt> to_hunt(const HuntSettings& settings) {
    HM_TRY(check_numbers(settings));
    HM_TRY(
        suite::to_item_runs(settings.out, settings.jobs, settings.threads, settings.stall_limit_s));
    HM_TAKE(const mine::Method method, mine::method_of(settings.method));
    HM_TAKE(mine::Space space, space_of(settings));
    HM_TRY(run::find_driver("--driver is", settings.driver));
    if (!settings.stand_in.empty()) {
        HM_TAKE(const run::DriverKind* kind, run::find_driver("--stand-in is", settings.stand_in));
        if (kind->needs_images) {
            return Error{.message = fmt::format(
                             "--stand-in is {}, expected a driver that looks at no pictures, as "
                             "errors:FILE.json",
                             settings.stand_in)};
        }
    }
    Hunt hunt{.settings = settings, .space = std::move(space), .method = method};
    hunt.name = fmt::format("hunt {}", settings.situation);
    // What would fail in every run shows before the first.
    std::vector<double> nominal;
    for (const Dimension& d : hunt.space.dimensions()) nominal.push_back(d.nominal);
    HM_TRY(options_of(hunt, nominal, settings.driver));
    return hunt;
}

Result<HuntResult> run(const Hunt& hunt, const HuntCallbacks& callbacks) {
    const HuntSettings& s = hunt.settings;
    HM_TAKE(const auto store, suite::Store::open(s.out, database::Access::kCreate));
    HuntResult result;
    std::vector<mine::Found> found;
    suite::RunsCallbacks of_runs = callbacks.runs;
    double done = 0, of_batch = 0;
    if (callbacks.runs.progress) {
        of_runs.progress = [&](double share, const suite::Item& item) {
            callbacks.runs.progress((done + share * of_batch) / static_cast<double>(s.budget),
                                    item);
        };
    }
    HM_TAKE(const suite::ItemRuns how,
            suite::to_item_runs(s.out, s.jobs, s.threads, s.stall_limit_s));
    Runs search(store, how, of_runs, hunt.name);
    const std::string searcher = s.stand_in.empty() ? s.driver : s.stand_in;
    const mine::Evaluate evaluate =
        [&](const std::vector<mine::Point>& batch) -> Result<std::vector<mine::Evaluation>> {
        of_batch = static_cast<double>(batch.size());
        std::vector<std::vector<double>> values;
        for (const mine::Point& u : batch) values.push_back(hunt.space.values(u));
        HM_TAKE(auto made_runs, make(hunt, search, searcher, values, "run", result.runs.size()));
        result.kept = search.kept();
        std::vector<mine::Evaluation> evaluations;
        for (std::size_t i = 0; i < made_runs.size(); ++i) {
            evaluations.push_back(made_runs[i].evaluation);
            found.push_back({batch[i], made_runs[i].evaluation});
            result.runs.push_back(std::move(made_runs[i]));
        }
        done = static_cast<double>(result.runs.size());
        if (callbacks.batch) {
            result.failures = failures_of(hunt, found, result.runs);
            callbacks.batch(result);
        }
        return evaluations;
    };
    HM_TRY(mine::search(hunt.method, hunt.space,
                        {.seed = static_cast<std::uint64_t>(s.seed),
                         .budget = static_cast<std::size_t>(s.budget),
                         .generation = static_cast<std::size_t>(s.generation)},
                        evaluate));
    result.failures = failures_of(hunt, found, result.runs);
    Runs confirm(store, how, callbacks.runs, hunt.name);
    std::size_t number = 0;
    for (Failure& failure : result.failures) {
        const auto count = std::min(failure.members.size(), static_cast<std::size_t>(s.confirm));
        std::vector<std::vector<double>> values;
        for (std::size_t i = 0; i < count; ++i) {
            values.push_back(result.runs[failure.members[i]].values);
        }
        HM_TAKE(failure.confirmed, make(hunt, confirm, s.driver, values, "confirm", number));
        number += count;
        if (callbacks.batch) callbacks.batch(result);
    }
    return result;
}

Status save_scenarios(const Hunt& hunt, const HuntResult& result) {
    const std::filesystem::path folder = hunt.settings.save;
    HM_TRY(engine::core::make_writable_folder(folder));
    for (std::size_t i = 0; i < result.failures.size(); ++i) {
        const HuntRun& worst = result.runs[result.failures[i].members.front()];
        HM_TAKE(const auto options, options_of(hunt, worst.values, hunt.settings.driver));
        HM_TRY(engine::core::write_file(folder / fmt::format("{}.json", i + 1),
                                        scenarios::model::to_json(options.scenario)));
    }
    return {};
}

}  // namespace huntsman::bridge::hunt
