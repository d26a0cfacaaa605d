#include "bridge/hunt/shrink.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>

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

// The environment without the fields whose names are among these, or without all others.
void drop_fields(engine::core::Partial<Environment>& environment,
                 const std::vector<std::string>& names, bool these) {
    engine::core::Partial<Environment> rest;
    engine::core::for_each_field<Environment>([&](const char* name, auto member, const auto&) {
        const auto* value = environment.get(member);
        const bool listed = std::ranges::find(names, name) != names.end();
        if (value != nullptr && listed != these) rest.set(member, *value);
    });
    environment = rest;
}

bool has_fields(const engine::core::Partial<Environment>& environment,
                const std::vector<std::string>& names, bool these) {
    bool any = false;
    engine::core::for_each_field<Environment>([&](const char* name, auto member, const auto&) {
        const bool listed = std::ranges::find(names, name) != names.end();
        any = any || (environment.get(member) != nullptr && listed == these);
    });
    return any;
}

// What is of the sun; all else of the environment is weather.
const std::vector<std::string> kLight = {"sun_azimuth_deg", "sun_elevation_deg", "light"};

std::vector<Extra> extras_of(const RunOptions& options) {
    std::vector<Extra> extras;
    for (const faults::Fault& fault : options.faults) {
        extras.push_back({"fault " + faults::text(fault), [fault](RunOptions& o) {
                              const auto at = std::ranges::find(o.faults, fault);
                              if (at != o.faults.end()) o.faults.erase(at);
                          }});
    }
    const auto& scenario = options.scenario;
    if (has_fields(scenario.environment, kLight, true)) {
        extras.push_back({"the light", [](RunOptions& o) {
                              drop_fields(o.scenario.environment, kLight, true);
                          }});
    }
    if (has_fields(scenario.environment, kLight, false)) {
        extras.push_back({"the weather", [](RunOptions& o) {
                              drop_fields(o.scenario.environment, kLight, false);
                          }});
    }
    for (const auto& [name, value] : scenario.story.parameters) {
        extras.push_back({name + " " + value,
                          [key = name](RunOptions& o) { o.scenario.story.parameters.erase(key); }});
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
        const Facts& facts = begin.front().facts;
        if (!facts.evaluation.failed) {
            return Error{.message =
                             "the run does not fail" +
                             std::string(facts.evaluation.valid ? "" : ": it has no result")};
        }
        signature_ = facts.signature;
        shrunk.key = begin.front().key;
        HM_TRY(take_away(shrunk));
        HM_TRY(move_to_nominal(shrunk));
        HM_TRY(cut_time(shrunk));
        shrunk.signature = signature_;
        HM_TAKE(const auto end, make({shrunk.options}));
        shrunk.key = end.front().key;
        shrunk.reason = end.front().facts.reason;
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
        std::vector<Extra> left = extras_of(shrunk.options);
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
            if (!same(together.front())) may_go.resize(1);
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
                (same(made.front()) ? fails : passes) = middle;
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
        HM_TAKE(const auto made, make({shrunk.options}));
        const double fails_s = made.front().facts.failed_at_s;
        constexpr double kAfter_s = 0.5;
        if (!(fails_s > 0) || fails_s + kAfter_s >= shrunk.options.scenario.duration_s) return {};
        RunOptions shorter = shrunk.options;
        shorter.scenario.duration_s = std::ceil(2 * (fails_s + kAfter_s)) / 2;
        HM_TAKE(const auto cut, make({shorter}));
        if (same(cut.front())) shrunk.options = shorter;
        return {};
    }

    Runs& runs_;
    std::string name_;
    mine::Signature signature_;
    int tried_ = 0;
};

}  // namespace

Result<Shrunk> shrink(const ShrinkSettings& settings, const suite::RunsCallbacks& callbacks) {
    HM_TAKE(const suite::ItemRuns how,
            suite::to_item_runs(settings.results, settings.jobs, settings.threads,
                                settings.stall_limit_s));
    HM_TAKE(const auto store, suite::Store::open(settings.results, database::Access::kExisting));
    HM_TAKE(const std::string key, store.key_of(settings.run));
    HM_TAKE(const std::string inputs, store.inputs(key));
    HM_TAKE(const RunOptions options, loop::options_from_json(inputs, settings.results));
    const std::string name = "shrink " + key.substr(0, 12);
    Runs runs(store, how, callbacks, name);
    HM_TAKE(Shrunk shrunk, Shrinking(runs, "try").of(options));
    if (!settings.save.empty()) {
        HM_TRY(engine::core::write_file(settings.save,
                                        scenarios::model::to_json(shrunk.options.scenario)));
    }
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
    const RunOptions& o = shrunk.options;
    out += fmt::format("huntsman run {} --driver {} --size {}x{} --quality {}", settings.save,
                       o.driver, o.width, o.height, engine::render::name(o.quality));
    for (const faults::Fault& fault : o.faults) out += " --fault " + faults::text(fault);
    return out + "\n";
}

nlohmann::ordered_json to_json(const Shrunk& shrunk) {
    return {{"schema_version", 1},
            {"run", shrunk.key},
            {"signature", mine::text(shrunk.signature)},
            {"sentence", sentence(shrunk)},
            {"reason", shrunk.reason},
            {"needed", shrunk.needed},
            {"needless", shrunk.needless},
            {"seconds", shrunk.options.scenario.duration_s},
            {"tried", shrunk.tried}};
}

}  // namespace huntsman::bridge::hunt
