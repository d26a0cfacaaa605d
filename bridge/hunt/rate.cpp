#include "bridge/hunt/rate.h"

#include <nlohmann/json.hpp>

#include "bridge/hunt/runs.h"
#include "bridge/run/numbers.h"

namespace huntsman::bridge::hunt {

using engine::core::Error;
using engine::core::Result;
using nlohmann::ordered_json;

namespace {

constexpr double kFailure = 1;  // severity from which a run has failed: facts.h

Result<mine::RareSettings> rare_settings(const RateSettings& settings) {
    HM_TRY(run::check_range("--per-level", settings.per_level, 20, 100'000));
    HM_TRY(run::check_range("--importance", settings.importance, 0, 100'000));
    HM_TRY(run::check_range("--repeats", settings.repeats, 2, 1000));
    return mine::RareSettings{.threshold = kFailure,
                              .seed = static_cast<std::uint64_t>(settings.hunt.seed),
                              .per_level = static_cast<std::size_t>(settings.per_level),
                              .importance = static_cast<std::size_t>(settings.importance),
                              .repeats = static_cast<std::size_t>(settings.repeats)};
}

}  // namespace

Result<Rate> rate(const RateSettings& settings, const suite::RunsCallbacks& callbacks) {
    HM_TAKE(const mine::RareSettings rare, rare_settings(settings));
    HM_TAKE(const Hunt hunt, to_hunt(settings.hunt));
    if (hunt.grounds.size() != 1) {
        return Error{.message =
                         fmt::format("{} are {} spaces, expected one: each has a rate of its "
                                     "own",
                                     settings.hunt.spaces, hunt.grounds.size())};
    }
    const HuntSettings& s = hunt.settings;
    const Ground& ground = hunt.grounds.front();
    HM_TAKE(const auto store, suite::Store::open(s.out, database::Access::kCreate));
    HM_TAKE(suite::ItemRuns how, suite::to_item_runs(s.out, s.jobs, s.threads, s.stall_limit_s));
    Rate rate;
    std::size_t made_so_far = 0;
    suite::RunsCallbacks of_runs = callbacks;
    if (callbacks.progress) {
        // How many levels there will be is not known: two after the first are usual.
        const double levels = 1 + 2 * 0.9;
        const double expected =
            static_cast<double>(rare.repeats) *
            (levels * static_cast<double>(rare.per_level) + static_cast<double>(rare.importance));
        of_runs.progress = [&, expected](double, const suite::Item& item) {
            callbacks.progress(std::min(0.99, static_cast<double>(made_so_far) / expected), item);
        };
    }
    Runs runs(store, std::move(how), of_runs, "rate " + ground.name);
    const mine::Evaluate evaluate =
        [&](const std::vector<mine::Point>& batch) -> Result<std::vector<mine::Evaluation>> {
        std::vector<loop::RunOptions> options;
        std::vector<std::string> names;
        for (const mine::Point& u : batch) {
            HM_TAKE(options.emplace_back(), options_of(s, ground, ground.space.values(u),
                                                       s.stand_in.empty() ? s.driver : s.stand_in));
            names.push_back(fmt::format("seed_{}_{:06}", s.seed, made_so_far++));
        }
        HM_TAKE(auto made, runs.make(options, names));
        std::vector<mine::Evaluation> evaluations;
        for (Made& one : made) {
            if (one.facts.evaluation.failed) ++rate.failed;
            evaluations.push_back(std::move(one.facts.evaluation));
        }
        return evaluations;
    };
    HM_TAKE(rate.estimate, mine::estimate_rate(ground.space, rare, evaluate));
    rate.kept = runs.kept();
    if (rate.estimate.invalid == rate.estimate.evaluations) {
        return Error{.message =
                         fmt::format("none of {} runs has a result", rate.estimate.evaluations)};
    }
    return rate;
}

std::string text(const RateSettings& settings, const Rate& rate) {
    const mine::RareEstimate& e = rate.estimate;
    std::string out = fmt::format("rate {}: {} runs, {} failed", settings.hunt.spaces,
                                  e.evaluations, rate.failed);
    if (e.invalid > 0) out += fmt::format(", {} without a result", e.invalid);
    if (e.probability == 0) {
        return out + fmt::format(
                         "\nNo run failed. The rate is below {:.2g} with 97.5 % "
                         "confidence.\n",
                         e.upper);
    }
    out += fmt::format(
        "\nA run fails with probability {:.3g}, one in {:.0f} (95 % interval {:.2g} "
        "to {:.2g}); by subset simulation alone {:.3g}.\n",
        e.probability, 1 / e.probability, e.lower, e.upper, e.by_levels);
    if (e.probability > 0.1) {
        out += "Failures are not rare here: huntsman hunt --method random counts them as well.\n";
    }
    return out;
}

ordered_json to_json(const RateSettings& settings, const Rate& rate) {
    const mine::RareEstimate& e = rate.estimate;
    return {{"schema_version", 1},        {"space", settings.hunt.spaces},
            {"seed", settings.hunt.seed}, {"probability", e.probability},
            {"lower", e.lower},           {"upper", e.upper},
            {"by_levels", e.by_levels},   {"repeats", e.repeats},
            {"levels", e.levels},         {"runs", e.evaluations},
            {"failed", rate.failed},      {"without_result", e.invalid},
            {"kept", rate.kept}};
}

}  // namespace huntsman::bridge::hunt
