#include "bridge/hunt/hunt.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <nlohmann/json.hpp>

#include "bridge/hunt/runs.h"
#include "bridge/run/driver_spec.h"
#include "bridge/run/numbers.h"
#include "engine/core/files.h"

namespace huntsman::bridge::hunt {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;

namespace {

constexpr std::int64_t kMostRuns = 1'000'000;
// Of a budget of time, where confirmations cost more than runs of the search.
constexpr double kConfirmShare = 0.2;
// A search whose first runs, at least so many, all have no result is not worth going on with.
constexpr std::size_t kHopeless = 8;

// Adds the ground's distinct failures among the runs, and who belongs to each.
void add_failures(const Hunt& hunt, std::size_t ground, const std::vector<mine::Point>& points,
                  const std::vector<HuntRun>& runs, std::vector<Failure>& failures) {
    std::vector<std::size_t> places;
    std::vector<mine::Found> found;
    std::vector<mine::Signature> signatures;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        if (runs[i].ground != ground || !runs[i].evaluation.failed) continue;
        places.push_back(i);
        found.push_back({points[i], runs[i].evaluation});
        signatures.push_back(runs[i].signature);
    }
    for (mine::Distinct one : mine::distinct(hunt.grounds[ground].space, found, signatures)) {
        one.worst = places[one.worst];
        Failure failure{.ground = ground, .distinct = one, .members = {}, .confirmed = {}};
        for (const std::size_t i : places) {
            if (runs[i].signature == one.signature) failure.members.push_back(i);
        }
        std::ranges::stable_sort(failure.members, std::greater<>(), [&](std::size_t i) {
            return runs[i].evaluation.severity * runs[i].plausibility;
        });
        failures.push_back(std::move(failure));
    }
}

Status check_numbers(const HuntSettings& s) {
    if (s.generation != 0) HM_TRY(run::check_range("--generation", s.generation, 5, 10'000));
    HM_TRY(run::check_range("--confirm", s.confirm, 0, 100));
    HM_TRY(run::check_range("--seed", s.seed, 0, 1'000'000'000));
    HM_TRY(run::check_range("--searches", s.searches, 1, 1000));
    HM_TRY(run::check_range("--shards", s.shards, 1, 100'000));
    HM_TRY(run::check_range("--shard", s.shard, 0, s.shards - 1));
    if (!(s.seconds >= 0.1 && s.seconds <= 3600)) {
        return Error{.message = fmt::format("--seconds is {:g}, expected 0.1 to 3600", s.seconds)};
    }
    if (s.out.empty()) return Error{.message = "--out is empty, expected a results file"};
    return {};
}

Status check_drivers(const HuntSettings& settings) {
    HM_TRY(run::find_driver("--driver is", settings.driver));
    if (settings.stand_in.empty()) return {};
    HM_TAKE(const run::DriverKind* kind, run::find_driver("--stand-in is", settings.stand_in));
    if (kind->needs_images) {
        return Error{.message = fmt::format(
                         "--stand-in is {}, expected a driver that looks at no pictures, as "
                         "errors:FILE.json",
                         settings.stand_in)};
    }
    return {};
}

// The searches of the hunt's shard, with equal parts of the budget.
Result<std::vector<Search>> searches_of(const Hunt& hunt) {
    const HuntSettings& s = hunt.settings;
    const auto all = static_cast<std::int64_t>(hunt.grounds.size()) * s.searches;
    if (s.shards > all) {
        return Error{.message = fmt::format(
                         "--shards is {}, expected at most {}, as shards divide the searches: one "
                         "of each space, or as many as --searches says",
                         s.shards, all)};
    }
    if (hunt.budget.seconds == 0 && hunt.budget.runs < all) {
        return Error{.message = fmt::format("--budget is {}, expected at least a run for each of "
                                            "{} searches",
                                            hunt.budget.runs, all)};
    }
    const auto part = [&](std::int64_t i) { return hunt.budget.runs * i / all; };
    std::vector<Search> searches;
    for (std::int64_t i = all * s.shard / s.shards; i < all * (s.shard + 1) / s.shards; ++i) {
        searches.push_back({.ground = static_cast<std::size_t>(i / s.searches),
                            .seed = static_cast<std::uint64_t>(s.seed + i % s.searches),
                            .budget = part(i + 1) - part(i)});
        if (hunt.budget.seconds > 0) searches.back().budget = kMostRuns;
    }
    return searches;
}

class Hunting {
  public:
    Hunting(const Hunt& hunt, const HuntCallbacks& callbacks, const suite::Store& store,
            suite::ItemRuns how)
        : hunt_(hunt), callbacks_(callbacks), store_(store), how_(std::move(how)) {
        how_.idle = std::make_shared<engine::core::IdleWorkers>();
        of_runs_ = callbacks.runs;
        if (!callbacks.runs.progress) return;
        of_runs_.progress = [this](double share, const suite::Item& item) {
            callbacks_.runs.progress(this->share(share), item);
        };
    }

    Status search() {
        const double share = hunt_.settings.stand_in.empty() ? 1 : 1 - kConfirmShare;
        for (std::size_t i = 0; i < hunt_.searches.size(); ++i) {
            const auto left = static_cast<double>(hunt_.searches.size() - i);
            until_s_ = spent_s_ + (share * hunt_.budget.seconds - spent_s_) / left;
            HM_TRY(search(hunt_.searches[i]));
        }
        find_failures();
        return {};
    }

    Status confirm() {
        const auto most = static_cast<std::size_t>(hunt_.settings.confirm);
        for (Failure& failure : result_.failures) {
            if (timed() && spent_s_ >= hunt_.budget.seconds) break;
            std::vector<std::vector<double>> values;
            std::vector<std::string> names;
            for (const std::size_t i : failure.members) {
                if (values.size() == most) break;
                values.push_back(result_.runs[i].values);
                names.push_back("confirm_" + result_.runs[i].key.substr(0, 12));
            }
            HM_TAKE(failure.confirmed, make(failure.ground, hunt_.settings.driver, values, names));
            if (callbacks_.batch) callbacks_.batch(result_);
        }
        return {};
    }

    HuntResult take() && { return std::move(result_); }

  private:
    bool timed() const { return hunt_.budget.seconds > 0; }

    // Of the whole hunt, with a share of the batch that is being made.
    double share(double of_batch) const {
        if (timed()) return spent_s_ / hunt_.budget.seconds;
        double all = 0;
        for (const Search& search : hunt_.searches) all += static_cast<double>(search.budget);
        return (static_cast<double>(result_.runs.size()) + of_batch * batch_) / all;
    }

    Status search(const Search& search) {
        const std::size_t begin = result_.runs.size();
        bool ended = false;
        const mine::Evaluate evaluate =
            [&](const std::vector<mine::Point>& batch) -> Result<std::vector<mine::Evaluation>> {
            if ((timed() && spent_s_ >= until_s_) || hopeless(begin)) {
                ended = true;
                return Error{.message = "the search has ended"};
            }
            return evaluate_batch(search, batch, begin);
        };
        // How many points are asked for in one call changes nothing but how exactly time is kept.
        const std::size_t batch =
            timed() ? static_cast<std::size_t>(std::max(8, 2 * how_.jobs)) : 64;
        const auto found =
            mine::search(hunt_.method, hunt_.grounds[search.ground].space,
                         {.seed = search.seed,
                          .budget = static_cast<std::size_t>(search.budget),
                          .batch = batch,
                          .generation = static_cast<std::size_t>(hunt_.settings.generation)},
                         evaluate);
        return found || ended ? Status() : Status(found.error());
    }

    bool hopeless(std::size_t begin) const {
        const auto runs = std::span(result_.runs).subspan(begin);
        return runs.size() >= kHopeless &&
               std::ranges::none_of(runs, [](const HuntRun& r) { return r.evaluation.valid; });
    }

    Result<std::vector<mine::Evaluation>> evaluate_batch(const Search& search,
                                                         const std::vector<mine::Point>& batch,
                                                         std::size_t begin) {
        std::vector<std::vector<double>> values;
        std::vector<std::string> names;
        for (const mine::Point& u : batch) {
            values.push_back(hunt_.grounds[search.ground].space.values(u));
            names.push_back(fmt::format("seed_{}_{:06}", search.seed,
                                        result_.runs.size() - begin + names.size()));
        }
        batch_ = static_cast<double>(batch.size());
        const std::string& stand_in = hunt_.settings.stand_in;
        HM_TAKE(auto made, make(search.ground, stand_in.empty() ? hunt_.settings.driver : stand_in,
                                values, names));
        batch_ = 0;
        result_.kept += last_kept_;
        std::vector<mine::Evaluation> evaluations;
        for (std::size_t i = 0; i < made.size(); ++i) {
            evaluations.push_back(made[i].evaluation);
            points_.push_back(batch[i]);
            result_.runs.push_back(std::move(made[i]));
        }
        if (callbacks_.batch) {
            find_failures();
            callbacks_.batch(result_);
        }
        return evaluations;
    }

    // The runs of values by a driver; `names` are those of their cells.
    Result<std::vector<HuntRun>> make(std::size_t ground, const std::string& driver,
                                      const std::vector<std::vector<double>>& all,
                                      const std::vector<std::string>& names) {
        const auto start = std::chrono::steady_clock::now();
        const Ground& on = hunt_.grounds[ground];
        std::vector<loop::RunOptions> options;
        for (const auto& values : all) {
            HM_TAKE(options.emplace_back(), options_of(hunt_.settings, on, values, driver));
        }
        Runs runs(store_, how_, of_runs_, "hunt " + on.name);
        HM_TAKE(auto made, runs.make(options, names));
        last_kept_ = runs.kept();
        if (static_cast<std::size_t>(runs.kept()) < all.size()) {
            spent_s_ +=
                std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
            result_.seconds = spent_s_;
        }
        std::vector<HuntRun> made_runs;
        for (std::size_t i = 0; i < all.size(); ++i) {
            HM_TAKE(const mine::Point u, on.space.unit(all[i]));
            Facts& facts = made[i].facts;
            made_runs.push_back({.key = std::move(made[i].key),
                                 .ground = ground,
                                 .values = all[i],
                                 .evaluation = std::move(facts.evaluation),
                                 .signature = std::move(facts.signature),
                                 .plausibility = on.space.plausibility(u),
                                 .reason = std::move(facts.reason)});
        }
        return made_runs;
    }

    void find_failures() {
        result_.failures.clear();
        for (std::size_t g = 0; g < hunt_.grounds.size(); ++g) {
            add_failures(hunt_, g, points_, result_.runs, result_.failures);
        }
        std::ranges::stable_sort(result_.failures, std::greater<>(),
                                 [](const Failure& f) { return f.distinct.weight; });
    }

    const Hunt& hunt_;
    const HuntCallbacks& callbacks_;
    const suite::Store& store_;
    suite::ItemRuns how_;
    suite::RunsCallbacks of_runs_;
    HuntResult result_;
    std::vector<mine::Point> points_;  // of the runs
    double batch_ = 0;                 // points of the batch that is being made
    int last_kept_ = 0;                // of those last asked for, runs that were there already
    double spent_s_ = 0, until_s_ = 0;
};

}  // namespace

Result<Budget> parse_budget(const std::string& text) {
    static const std::map<std::string, double> units = {{"s", 1}, {"min", 60}, {"h", 3600}};
    const std::size_t end = std::min(text.find_first_not_of("0123456789."), text.size());
    const std::string number = text.substr(0, end), unit = text.substr(end);
    if (unit.empty()) {
        const auto runs = run::parse_number<std::int64_t>(number);
        if (runs && *runs >= 1 && *runs <= kMostRuns) return Budget{.runs = *runs, .seconds = 0};
    } else if (const auto at = units.find(unit); at != units.end()) {
        const auto amount = run::parse_number<double>(number);
        constexpr double kLongest_s = 30 * 86400.0;
        if (amount && *amount > 0 && *amount * at->second <= kLongest_s) {
            return Budget{.runs = 0, .seconds = *amount * at->second};
        }
    }
    return Error{.message = fmt::format("--budget is {}, expected 1 to {} runs, or a time up to 30 "
                                        "days as 90s, 30min or 2h",
                                        text, kMostRuns)};
}

bool Failure::confirms() const {
    return std::ranges::any_of(confirmed, [&](const HuntRun& one) {
        return one.evaluation.failed && one.signature == distinct.signature;
    });
}

Result<Hunt> to_hunt(const HuntSettings& settings) {
    Hunt hunt{.settings = settings, .grounds = {}, .searches = {}, .budget = {}, .name = {}};
    HM_TAKE(hunt.budget, parse_budget(settings.budget));
    HM_TRY(check_numbers(settings));
    HM_TRY(
        suite::to_item_runs(settings.out, settings.jobs, settings.threads, settings.stall_limit_s));
    HM_TAKE(hunt.method, mine::method_of(settings.method));
    HM_TRY(check_drivers(settings));
    HM_TAKE(hunt.grounds, grounds_of(settings));
    HM_TAKE(hunt.searches, searches_of(hunt));
    hunt.name =
        hunt.grounds.size() == 1 ? "hunt " + hunt.grounds.front().name : "hunt " + settings.spaces;
    // What would fail in every run shows before the first.
    for (const Ground& ground : hunt.grounds) {
        std::vector<double> nominal;
        for (const auto& d : ground.space.dimensions()) nominal.push_back(d.nominal);
        HM_TRY(options_of(settings, ground, nominal, settings.driver));
    }
    return hunt;
}

Result<HuntResult> run(const Hunt& hunt, const HuntCallbacks& callbacks) {
    const HuntSettings& s = hunt.settings;
    HM_TAKE(const auto store, suite::Store::open(s.out, database::Access::kCreate));
    HM_TAKE(suite::ItemRuns how, suite::to_item_runs(s.out, s.jobs, s.threads, s.stall_limit_s));
    Hunting hunting(hunt, callbacks, store, std::move(how));
    HM_TRY(hunting.search());
    HM_TRY(hunting.confirm());
    HuntResult result = std::move(hunting).take();
    const auto valid = [](const HuntRun& one) { return one.evaluation.valid; };
    if (!result.runs.empty() && std::ranges::none_of(result.runs, valid)) {
        return Error{.message = fmt::format("none of {} runs has a result; the first: {}",
                                            result.runs.size(), result.runs.front().reason)};
    }
    return result;
}

Status save_scenarios(const Hunt& hunt, const HuntResult& result) {
    const std::filesystem::path folder = hunt.settings.save;
    HM_TRY(engine::core::make_writable_folder(folder));
    for (std::size_t i = 0; i < result.failures.size(); ++i) {
        const HuntRun& worst = result.runs[result.failures[i].members.front()];
        HM_TAKE(const auto options, options_of(hunt.settings, hunt.grounds[worst.ground],
                                               worst.values, hunt.settings.driver));
        HM_TRY(engine::core::write_file(folder / fmt::format("{}.json", i + 1),
                                        scenarios::model::to_json(options.scenario)));
    }
    return {};
}

}  // namespace huntsman::bridge::hunt
