#include "bridge/hunt/shrink.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>

#include "bridge/hunt/counterfactual.h"
#include "bridge/hunt/minimal.h"
#include "bridge/hunt/runs.h"
#include "bridge/run/numbers.h"
#include "engine/core/files.h"
#include "scenarios/model/scenario_fields.h"
#include "scenarios/situations/situation.h"

namespace huntsman::bridge::hunt {

namespace situations = scenarios::situations;
using engine::core::Error;
using engine::core::Result;
using engine::core::Status;
using engine::world::Environment;
using loop::RunOptions;

namespace {

// Something that a run can do without.
struct Extra {
    std::string what;
    std::function<void(RunOptions&)> take_away;
};

// What an environment says of the sun; all else that it says is weather.
bool is_light(std::string_view field) {
    return field == "sun_azimuth_deg" || field == "sun_elevation_deg" || field == "light";
}

using Given = engine::core::Partial<Environment>;

bool says(const Given& environment, bool light) {
    bool any = false;
    engine::core::for_each_field<Environment>([&](const char* name, auto member, const auto&) {
        any = any || (environment.get(member) != nullptr && is_light(name) == light);
    });
    return any;
}

// Leaves the light to the scenario's own, or the weather.
void drop(Given& environment, bool light) {
    Given rest;
    engine::core::for_each_field<Environment>([&](const char* name, auto member, const auto&) {
        const auto* value = environment.get(member);
        if (value != nullptr && is_light(name) != light) rest.set(member, *value);
    });
    environment = rest;
}

Result<std::vector<Extra>> extras_of(const RunOptions& options) {
    std::vector<Extra> extras;
    for (const faults::Fault& fault : options.faults) {
        extras.push_back({"fault " + faults::text(fault), [fault](RunOptions& o) {
                              const auto at = std::ranges::find(o.faults, fault);
                              if (at != o.faults.end()) o.faults.erase(at);
                          }});
    }
    const auto& scenario = options.scenario;
    for (const bool light : {true, false}) {
        if (!says(scenario.environment, light)) continue;
        extras.push_back({light ? "the light" : "the weather",
                          [light](RunOptions& o) { drop(o.scenario.environment, light); }});
    }
    for (const auto& [name, value] : scenario.story.parameters) {
        const auto number = run::parse_number<double>(value);
        extras.push_back({name + " " + (number ? fmt::format("{:.4g}", *number) : value),
                          [key = name](RunOptions& o) { o.scenario.story.parameters.erase(key); }});
    }
    HM_TAKE(const auto actors, story_actors(scenario));
    for (const std::string& actor : actors) {
        extras.push_back(
            {actor, [actor](RunOptions& o) { o.scenario.story.without.push_back(actor); }});
    }
    if (scenario.map.empty() && scenario.town.parked_share > 0) {
        extras.push_back(
            {"parked vehicles", [](RunOptions& o) { o.scenario.town.parked_share = 0; }});
    }
    if (scenario.town.vehicles > 0) {
        extras.push_back({fmt::format("{} vehicles of traffic", scenario.town.vehicles),
                          [](RunOptions& o) { o.scenario.town.vehicles = 0; }});
    }
    if (scenario.town.pedestrians.value_or(0) > 0) {
        extras.push_back({fmt::format("{} people", *scenario.town.pedestrians),
                          [](RunOptions& o) { o.scenario.town.pedestrians = 0; }});
    }
    return extras;
}

class Shrinking {
  public:
    Shrinking(Runs& runs, std::string name) : runs_(runs), name_(std::move(name)) {}

    Result<Shrunk> of(const RunOptions& first) {
        Shrunk shrunk{.options = first};
        HM_TAKE(const auto begin, make({first}));
        now_ = begin.front();
        const Facts& facts = now_.facts;
        if (!facts.evaluation.failed) {
            return Error{.message =
                             "the run does not fail" +
                             (facts.evaluation.valid ? std::string()
                                                     : ": it has no result: " + facts.reason)};
        }
        signature_ = facts.signature;
        HM_TRY(take_away(shrunk));
        HM_TRY(move_to_nominal(shrunk));
        HM_TRY(cut_time(shrunk));
        shrunk.signature = signature_;
        shrunk.key = now_.key;
        shrunk.reason = now_.facts.reason;
        shrunk.tried = tried_;
        return shrunk;
    }

  private:
    Result<std::vector<Made>> make(const std::vector<RunOptions>& options) {
        std::vector<std::string> names;
        for (std::size_t i = 0; i < options.size(); ++i) {
            names.push_back(fmt::format("{}_{:04}", name_, tried_++));
        }
        return runs_.make(options, names);
    }
    bool same(const Made& made) const {
        return made.facts.evaluation.failed && made.facts.signature == signature_;
    }

    // Each thing by itself; then all at once that may go by themselves, or the first of them.
    Status take_away(Shrunk& shrunk) {
        HM_TAKE(std::vector<Extra> left, extras_of(shrunk.options));
        while (!left.empty()) {
            std::vector<RunOptions> singles;
            for (const Extra& extra : left) extra.take_away(singles.emplace_back(shrunk.options));
            HM_TAKE(const auto made, make(singles));
            std::vector<std::size_t> may_go;
            for (std::size_t i = 0; i < made.size(); ++i) {
                if (same(made[i])) may_go.push_back(i);
            }
            if (may_go.empty()) break;
            RunOptions without = shrunk.options;
            for (const std::size_t i : may_go) left[i].take_away(without);
            HM_TAKE(const auto together, make({without}));
            const bool all_go = same(together.front());
            if (!all_go) may_go.resize(1);
            now_ = all_go ? together.front() : made[may_go.front()];
            for (const std::size_t i : may_go) {
                left[i].take_away(shrunk.options);
                shrunk.needless.push_back(left[i].what);
            }
            for (auto i = may_go.rbegin(); i != may_go.rend(); ++i) {
                left.erase(left.begin() + static_cast<std::ptrdiff_t>(*i));
            }
        }
        for (const Extra& extra : left) shrunk.needed.push_back(extra.what);
        return {};
    }

    // Halves the distance of each parameter that is left to its nominal value, a few times.
    Status move_to_nominal(Shrunk& shrunk) {
        auto& story = shrunk.options.scenario.story;
        if (story.situation.empty()) return {};
        HM_TAKE(const auto situation, situations::load(story.situation));
        for (const auto& parameter : situation.parameters) {
            const auto given = story.parameters.find(parameter.name);
            if (given == story.parameters.end() || !parameter.choices.empty()) continue;
            const auto value = run::parse_number<double>(given->second);
            if (!value) continue;
            double fails = *value, passes = parameter.nominal;
            constexpr int kHalvings = 4;
            for (int i = 0; i < kHalvings; ++i) {
                const double middle = 0.5 * (fails + passes);
                RunOptions nearer = shrunk.options;
                nearer.scenario.story.parameters[parameter.name] = fmt::format("{}", middle);
                HM_TAKE(const auto made, make({nearer}));
                const bool still = same(made.front());
                (still ? fails : passes) = middle;
                if (still) now_ = made.front();
            }
            story.parameters[parameter.name] = fmt::format("{}", fails);
            for (std::string& what : shrunk.needed) {
                if (!what.starts_with(parameter.name + " ")) continue;
                what = fmt::format("{} {:.4g} {} (nominal {:g})", parameter.name, fails,
                                   parameter.unit, parameter.nominal);
            }
        }
        return {};
    }

    Status cut_time(Shrunk& shrunk) {
        const double fails_s = now_.facts.failed_at_s;
        constexpr double kAfter_s = 0.5;
        if (!(fails_s > 0) || fails_s + kAfter_s >= shrunk.options.scenario.duration_s) return {};
        RunOptions shorter = shrunk.options;
        shorter.scenario.duration_s = std::ceil(2 * (fails_s + kAfter_s)) / 2;
        HM_TAKE(const auto cut, make({shorter}));
        if (same(cut.front())) {
            shrunk.options = shorter;
            now_ = cut.front();
        }
        return {};
    }

    Runs& runs_;
    std::string name_;
    mine::Signature signature_;
    Made now_;  // of what is left
    int tried_ = 0;
};

// Whether the file fails like the run that it was written from.
Result<std::string> saved_outcome(Runs& runs, const Shrunk& shrunk, const std::string& path) {
    RunOptions again = shrunk.options;
    HM_TAKE(again.scenario, scenarios::model::load(path));
    HM_TRY(scenarios::model::take_story_map(again.scenario));
    again.scenario.duration_s = shrunk.options.scenario.duration_s;
    again.scenario.town.seed = shrunk.options.scenario.town.seed;
    HM_TAKE(const auto made, runs.make({again}, {"saved"}));
    const Facts& facts = made.front().facts;
    if (!facts.evaluation.valid) return std::string("gives no result");
    if (!facts.evaluation.failed) return std::string("does not fail");
    if (facts.signature == shrunk.signature) return std::string("fails in the same way");
    return "fails otherwise: " + mine::text(facts.signature);
}

// How many take part, and how many of the situation's parameters are not nominal.
Status count(Shrunk& shrunk) {
    const auto& scenario = shrunk.options.scenario;
    HM_TAKE(const auto actors, story_actors(scenario));
    shrunk.actors = static_cast<int>(actors.size()) + scenario.town.vehicles +
                    scenario.town.pedestrians.value_or(0);
    if (scenario.story.situation.empty()) return {};
    HM_TAKE(const auto situation, situations::load(scenario.story.situation));
    shrunk.parameters = static_cast<int>(situation.parameters.size());
    shrunk.off_nominal = static_cast<int>(scenario.story.parameters.size());
    return {};
}

}  // namespace

Result<Shrunk> shrink(const ShrinkSettings& settings, const suite::RunsCallbacks& callbacks) {
    HM_TAKE(const suite::ItemRuns how,
            suite::to_item_runs(settings.results, settings.jobs, settings.threads,
                                settings.stall_limit_s));
    if (!settings.save.empty()) {
        const auto folder = std::filesystem::absolute(settings.save).parent_path();
        HM_TRY(engine::core::make_writable_folder(folder));
    }
    HM_TAKE(const auto store, suite::Store::open(settings.results, database::Access::kExisting));
    HM_TAKE(const std::string key, store.key_of(settings.run));
    HM_TAKE(const std::string inputs, store.inputs(key));
    HM_TAKE(const RunOptions options, loop::options_from_json(inputs, settings.results));
    const std::string name = "shrink " + key.substr(0, 12);
    Runs runs(store, how, callbacks, name);
    HM_TAKE(Shrunk shrunk, Shrinking(runs, "try").of(options));
    HM_TRY(count(shrunk));
    if (!settings.save.empty()) {
        HM_TRY(save_scenario(shrunk.options.scenario, settings.save));
        HM_TAKE(shrunk.saved, saved_outcome(runs, shrunk, settings.save));
    }
    auto finding = to_json(shrunk);
    finding["scenario"] = settings.save;
    finding["command"] = settings.save.empty() ? "" : run_command(shrunk.options, settings.save);
    HM_TRY(store.keep_finding(key, "shrink", finding.dump()));
    return shrunk;
}

std::string sentence(const Shrunk& shrunk) {
    const auto list = [](const std::vector<std::string>& all) {
        return all.empty() ? std::string("nothing beside the plain situation")
                           : fmt::format("{}", fmt::join(all, ", "));
    };
    return fmt::format("{}: needs {}{}", mine::text(shrunk.signature), list(shrunk.needed),
                       shrunk.needless.empty()
                           ? ""
                           : fmt::format("; does without {}", fmt::join(shrunk.needless, ", ")));
}

std::string text(const Shrunk& shrunk, const ShrinkSettings& settings) {
    std::string out = fmt::format("{}\n{}\n{:g} s, {} runs tried\n", sentence(shrunk),
                                  shrunk.reason, shrunk.options.scenario.duration_s, shrunk.tried);
    if (settings.save.empty()) return out;
    return out + fmt::format("{}: {}\n{}\n", settings.save, shrunk.saved,
                             run_command(shrunk.options, settings.save));
}

nlohmann::ordered_json to_json(const Shrunk& shrunk) {
    return {{"schema_version", 1},
            {"run", shrunk.key},
            {"signature", mine::text(shrunk.signature)},
            {"sentence", sentence(shrunk)},
            {"reason", shrunk.reason},
            {"needed", shrunk.needed},
            {"needless", shrunk.needless},
            {"actors", shrunk.actors},
            {"parameters", shrunk.parameters},
            {"off_nominal", shrunk.off_nominal},
            {"saved", shrunk.saved},
            {"seconds", shrunk.options.scenario.duration_s},
            {"tried", shrunk.tried}};
}

}  // namespace huntsman::bridge::hunt
