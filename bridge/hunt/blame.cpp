#include "bridge/hunt/blame.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>

#include "bridge/error_model/model.h"
#include "bridge/hunt/counterfactual.h"
#include "bridge/hunt/pictures.h"
#include "bridge/hunt/runs.h"
#include "bridge/run/driver_spec.h"
#include "engine/core/files.h"
#include "sensors/rig/rig.h"

namespace huntsman::bridge::hunt {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;
using loop::RunOptions;
using parts::Part;

namespace {

// Whether making a part ideal changes the faults of the run.
bool mends_a_fault(const RunOptions& options, const Part& part) {
    const std::vector<Part> alone{part};
    return parts::left(options.faults, alone) != options.faults;
}

bool has_latency(const RunOptions& options, const run::DriverKind& kind) {
    if (options.latency != loop::Latency(loop::ConstantLatency{.ms = 0})) return true;
    if (mends_a_fault(options, parts::Latency{})) return true;
    if (std::string_view(kind.name) != "errors") return false;
    const auto model = error_model::load(run::network_file(options));
    return model && model->latency_ms > 0;
}

class Blaming {
  public:
    Blaming(Runs& runs, std::string name) : runs_(runs), name_(std::move(name)) {}

    Result<Blame> of(const RunOptions& options, const suite::Store& store) {
        options_ = options;
        HM_TAKE(const auto made, make({options}));
        const Facts& facts = made.front().facts;
        if (!facts.evaluation.failed) {
            return Error{.message =
                             "the run does not fail" +
                             (facts.evaluation.valid ? std::string()
                                                     : ": it has no result: " + facts.reason)};
        }
        blame_.key = made.front().key;
        blame_.signature = facts.signature;
        blame_.reason = facts.reason;
        blame_.severity = facts.evaluation.severity;
        blame_.failed_at_s = facts.failed_at_s;
        HM_TAKE(const auto candidates, candidate_parts(options));
        HM_TRY(try_singles(candidates));
        HM_TRY(try_pairs(candidates));
        HM_TRY(share_out());
        HM_TAKE(const std::string run, store.run_json(blame_.key));
        HM_TRY(try_worlds(run));
        blame_.runs = tried_;
        return std::move(blame_);
    }

  private:
    Result<std::vector<Made>> make(const std::vector<RunOptions>& options) {
        std::vector<std::string> names;
        for (std::size_t i = 0; i < options.size(); ++i) {
            names.push_back(fmt::format("{}_{:04}", name_, tried_++));
        }
        return runs_.make(options, names);
    }

    static Substitution read(const Made& made) {
        const auto& e = made.facts.evaluation;
        return {.parts = {},
                .change = {},
                .valid = e.valid,
                .passes = e.valid && !e.failed,
                .severity = e.severity,
                .reason = made.facts.reason,
                .key = made.key};
    }

    Result<std::vector<Substitution>> substitute(const std::vector<std::vector<Part>>& sets) {
        std::vector<RunOptions> options;
        for (const auto& set : sets) {
            RunOptions& one = options.emplace_back(options_);
            one.ideal.insert(one.ideal.end(), set.begin(), set.end());
        }
        HM_TAKE(const auto made, make(options));
        std::vector<Substitution> all;
        for (std::size_t i = 0; i < sets.size(); ++i) {
            all.push_back(read(made[i]));
            all.back().parts = sets[i];
        }
        return all;
    }

    Status try_singles(const std::vector<Part>& candidates) {
        std::vector<std::vector<Part>> sets;
        for (const Part& part : candidates) sets.push_back({part});
        HM_TAKE(blame_.single, substitute(sets));
        return {};
    }

    // Where no part helps alone, two of those that come nearest to it.
    Status try_pairs(const std::vector<Part>& candidates) {
        constexpr std::size_t kTried = 6;
        const auto passes = [](const Substitution& one) { return one.passes; };
        if (std::ranges::any_of(blame_.single, passes)) return {};
        std::vector<std::size_t> order(candidates.size());
        std::iota(order.begin(), order.end(), 0U);
        std::ranges::stable_sort(order, {}, [&](std::size_t i) { return rank(blame_.single[i]); });
        order.resize(std::min(order.size(), kTried));
        std::vector<std::vector<Part>> sets;
        for (std::size_t i = 0; i < order.size(); ++i) {
            for (std::size_t k = i + 1; k < order.size(); ++k) {
                sets.push_back({candidates[order[i]], candidates[order[k]]});
            }
        }
        HM_TAKE(blame_.pairs, substitute(sets));
        return {};
    }

    double rank(const Substitution& one) const {
        return one.valid ? one.severity : blame_.severity;
    }

    // Whether another part that mends the run alone is to blame before this one: velocities are
    // part of perception; and knowing what others will do makes up for much that was perceived
    // wrongly.
    bool is_covered(const Part& part) const {
        const auto mends = [&](auto&& is_such) {
            return std::ranges::any_of(blame_.single, [&](const Substitution& one) {
                return one.passes && is_such(one.parts.front());
            });
        };
        const auto of_velocities = [](const Part& other) {
            return std::holds_alternative<parts::Velocities>(other);
        };
        const auto before_planning = [](const Part& other) {
            return !std::holds_alternative<parts::Prediction>(other) &&
                   !std::holds_alternative<parts::Planning>(other);
        };
        if (std::holds_alternative<parts::Perception>(part)) return mends(of_velocities);
        return !before_planning(part) && mends(before_planning);
    }

    // The parts that help, at most four: those of the runs that pass with the most room.
    std::vector<Part> players() const {
        constexpr std::size_t kMost = 4;
        std::vector<const Substitution*> helping;
        for (const auto* list : {&blame_.single, &blame_.pairs}) {
            for (const Substitution& one : *list) {
                const bool alone = one.parts.size() == 1;
                if (one.passes && !(alone && is_covered(one.parts.front()))) {
                    helping.push_back(&one);
                }
            }
        }
        std::ranges::stable_sort(helping, {}, [&](const auto* one) { return one->severity; });
        std::vector<Part> players;
        for (const auto* one : helping) {
            for (const Part& part : one->parts) {
                const bool in = std::ranges::find(players, part) != players.end();
                if (!in && players.size() < kMost) players.push_back(part);
            }
        }
        return players;
    }

    Status share_out() {
        const std::vector<Part> parts = players();
        if (parts.empty()) return {};
        std::vector<std::vector<Part>> sets;
        for (std::size_t set = 0; set < (1ULL << parts.size()); ++set) {
            auto& members = sets.emplace_back();
            for (std::size_t i = 0; i < parts.size(); ++i) {
                if ((set >> i & 1U) != 0) members.push_back(parts[i]);
            }
        }
        HM_TAKE(const auto made, substitute(sets));
        std::vector<double> value;
        for (const Substitution& one : made) value.push_back(blame_.severity - rank(one));
        const std::vector<double> shares = shapley(parts.size(), value);
        double sum = 0;
        for (const double share : shares) sum += std::max(0.0, share);
        for (std::size_t i = 0; i < parts.size(); ++i) {
            blame_.shares.push_back({.part = parts[i],
                                     .share = sum > 0 ? std::max(0.0, shares[i]) / sum : 0,
                                     .alone = made[1ULL << i].passes});
        }
        std::ranges::stable_sort(blame_.shares, std::greater{}, &PartShare::share);
        return {};
    }

    Status try_worlds(const std::string& run_json) {
        HM_TAKE(const auto changes, counterfactuals(options_, run_json));
        std::vector<RunOptions> options;
        for (const auto& change : changes) options.push_back(change.options);
        HM_TAKE(const auto made, make(options));
        for (std::size_t i = 0; i < changes.size(); ++i) {
            blame_.world.push_back(read(made[i]));
            blame_.world.back().change = changes[i].change;
        }
        return {};
    }

    Runs& runs_;
    std::string name_;
    RunOptions options_;
    Blame blame_;
    int tried_ = 0;
};

}  // namespace

Result<std::vector<Part>> candidate_parts(const RunOptions& options) {
    HM_TAKE(const run::DriverKind* kind, run::find_driver("driver is", options.driver));
    std::vector<Part> all;
    if (kind->perceives) {
        for (const auto seen :
             {parts::Seen::kVehicle, parts::Seen::kPedestrian, parts::Seen::kThing}) {
            all.emplace_back(parts::Perception{seen});
        }
        all.emplace_back(parts::Tracks{});
        all.emplace_back(parts::Velocities{});
        all.emplace_back(parts::Signals{});
        all.emplace_back(parts::Prediction{});
    }
    if (kind->own_planner) all.emplace_back(parts::Planning{});
    if (mends_a_fault(options, parts::Map{})) all.emplace_back(parts::Map{});
    if (has_latency(options, *kind)) all.emplace_back(parts::Latency{});
    if (mends_a_fault(options, parts::Actions{})) all.emplace_back(parts::Actions{});
    if (!kind->needs_images) return all;
    HM_TAKE(const auto rig, sensors::rig::load(options.rig, options.width, options.height));
    for (const auto& camera : rig.cameras) {
        const Part part = parts::Camera{camera.name};
        if (!camera.sensor.empty() || mends_a_fault(options, part)) all.push_back(part);
    }
    return all;
}

std::vector<double> shapley(std::size_t players, const std::vector<double>& value) {
    HM_CHECK(value.size() == 1ULL << players, "{} values of {} players", value.size(), players);
    std::vector<double> factorial(players + 1, 1.0);
    for (std::size_t n = 1; n <= players; ++n) {
        factorial[n] = factorial[n - 1] * static_cast<double>(n);
    }
    std::vector<double> shares(players, 0.0);
    for (std::size_t i = 0; i < players; ++i) {
        for (std::size_t set = 0; set < value.size(); ++set) {
            if ((set >> i & 1U) != 0) continue;
            const auto size = static_cast<std::size_t>(std::popcount(set));
            const double weight =
                factorial[size] * factorial[players - size - 1] / factorial[players];
            shares[i] += weight * (value[set | 1ULL << i] - value[set]);
        }
    }
    return shares;
}

Result<Blame> blame(const BlameSettings& settings, const suite::RunsCallbacks& callbacks) {
    HM_TAKE(const suite::ItemRuns how,
            suite::to_item_runs(settings.results, settings.jobs, settings.threads,
                                settings.stall_limit_s));
    if (!settings.pictures.empty()) {
        HM_TRY(engine::core::make_writable_folder(settings.pictures));
    }
    HM_TAKE(const auto store, suite::Store::open(settings.results, database::Access::kExisting));
    HM_TAKE(const std::string key, store.key_of(settings.run));
    HM_TAKE(const std::string inputs, store.inputs(key));
    HM_TAKE(const RunOptions options, loop::options_from_json(inputs, settings.results));
    Runs runs(store, how, callbacks, "blame " + key.substr(0, 12));
    HM_TAKE(Blame blamed, Blaming(runs, "try").of(options, store));
    if (!settings.pictures.empty()) {
        HM_TAKE(blamed.pictures, picture_failure(options, blamed.failed_at_s,
                                                 {.folder = settings.pictures,
                                                  .name = "blame_" + key.substr(0, 12),
                                                  .threads = how.threads,
                                                  .stop = callbacks.stop,
                                                  .make_driver = callbacks.make_driver}));
    }
    auto finding = to_json(blamed);
    for (auto& picture : finding["pictures"]) {
        picture = std::filesystem::absolute(picture.get<std::string>()).string();
    }
    HM_TRY(store.keep_finding(key, "blame", finding.dump()));
    return blamed;
}

std::string sentence(const Blame& blame) {
    std::string cause = "no part of the driver or the car alone, nor two of them";
    if (!blame.shares.empty()) {
        const PartShare& first = blame.shares.front();
        cause = fmt::format("{} ({:.0f} %)", parts::text(first.part), 100 * first.share);
        for (std::size_t i = 1; i < blame.shares.size(); ++i) {
            if (blame.shares[i].share < 0.005) continue;
            cause += fmt::format(", {} ({:.0f} %)", parts::text(blame.shares[i].part),
                                 100 * blame.shares[i].share);
        }
    }
    std::vector<std::string> changes;
    for (const Substitution& one : blame.world) {
        if (one.passes) changes.push_back(one.change);
    }
    return fmt::format(
        "{}: due to {}{}", mine::text(blame.signature), cause,
        changes.empty() ? std::string()
                        : fmt::format("; it would not have happened {}", fmt::join(changes, ", ")));
}

namespace {

std::string names(const Substitution& one) {
    std::vector<std::string> all;
    for (const Part& part : one.parts) all.push_back(parts::text(part));
    return fmt::format("{}", fmt::join(all, " and "));
}

std::string outcome(const Substitution& one) {
    if (!one.valid) return "no result: " + one.reason;
    return one.passes ? "passes" : "fails: " + one.reason;
}

nlohmann::ordered_json to_json(const Substitution& one) {
    nlohmann::ordered_json json;
    if (!one.parts.empty()) {
        json["parts"] = nlohmann::ordered_json::array();
        for (const Part& part : one.parts) json["parts"].push_back(parts::text(part));
    } else {
        json["change"] = one.change;
    }
    json["valid"] = one.valid;
    json["passes"] = one.passes;
    json["severity"] = one.severity;
    json["reason"] = one.reason;
    json["run"] = one.key;
    return json;
}

nlohmann::ordered_json to_json(const std::vector<Substitution>& all) {
    auto json = nlohmann::ordered_json::array();
    for (const Substitution& one : all) json.push_back(to_json(one));
    return json;
}

}  // namespace

std::string text(const Blame& blame) {
    std::string out = fmt::format("{}\n{}\n", sentence(blame), blame.reason);
    const auto list = [&](const char* title, const std::vector<Substitution>& all) {
        if (all.empty()) return;
        out += fmt::format("\n{}\n", title);
        for (const Substitution& one : all) {
            out += fmt::format("  {:<36} {}\n", one.parts.empty() ? one.change : names(one),
                               outcome(one));
        }
    };
    list("with one ideal part", blame.single);
    list("with two", blame.pairs);
    list("in another world", blame.world);
    for (const std::string& picture : blame.pictures) out += fmt::format("{}\n", picture);
    return out + fmt::format("\n{} runs\n", blame.runs);
}

nlohmann::ordered_json to_json(const Blame& blame) {
    nlohmann::ordered_json json{{"schema_version", 1},
                                {"run", blame.key},
                                {"signature", mine::text(blame.signature)},
                                {"sentence", sentence(blame)},
                                {"reason", blame.reason},
                                {"parts", nlohmann::ordered_json::array()},
                                {"single", to_json(blame.single)},
                                {"pairs", to_json(blame.pairs)},
                                {"world", to_json(blame.world)},
                                {"pictures", blame.pictures},
                                {"runs", blame.runs}};
    for (const PartShare& one : blame.shares) {
        json["parts"].push_back(
            {{"part", parts::text(one.part)}, {"share", one.share}, {"alone", one.alone}});
    }
    return json;
}

}  // namespace huntsman::bridge::hunt
