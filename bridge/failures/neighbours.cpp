#include "bridge/failures/neighbours.h"

#include <algorithm>

#include "bridge/run/assets.h"
#include "bridge/run/numbers.h"
#include "engine/core/random.h"
#include "scenarios/situations/situation.h"

namespace huntsman::bridge::failures {

namespace situations = scenarios::situations;
using engine::core::Key;
using engine::core::Result;
using engine::core::Status;
using loop::RunOptions;

namespace {

constexpr double kMoved = 0.05;  // of a parameter's range, to each side

void note(Neighbour& neighbour, const std::string& what) {
    neighbour.varied += (neighbour.varied.empty() ? "" : ", ") + what;
}

void set_town(Neighbour& neighbour, const Surroundings& around, const Key& key) {
    auto& town = neighbour.options.scenario.town;
    if (around.towns.empty() || !neighbour.options.scenario.map.empty()) return;
    const std::uint64_t seed = around.towns[key.with("which").index(around.towns.size())];
    if (seed != town.seed) note(neighbour, "town");
    town.seed = seed;
}

void set_sky(Neighbour& neighbour, const Surroundings& around, const Key& key) {
    auto& scenario = neighbour.options.scenario;
    const std::uint64_t seed = scenario.town.seed;
    exporting::Drawn drawn = exporting::draw(around.sky, scenario, key.bits());
    scenario = std::move(drawn.scenario);
    scenario.town.seed = seed;
    neighbour.drawn.merge(drawn.conditions);
    note(neighbour, "light");
    note(neighbour, "weather");
}

void set_traffic(Neighbour& neighbour, const Key& key) {
    constexpr std::uint64_t kMostVehicles = 12, kMostPeople = 16;
    auto& town = neighbour.options.scenario.town;
    if (key.with("whether").uniform() < 0.5) return;
    town.vehicles = 1 + static_cast<int>(key.with("vehicles").index(kMostVehicles));
    town.pedestrians = 1 + static_cast<int>(key.with("people").index(kMostPeople));
    neighbour.drawn["vehicles"] = static_cast<std::int64_t>(town.vehicles);
    neighbour.drawn["pedestrians"] = static_cast<std::int64_t>(*town.pedestrians);
    note(neighbour, "traffic");
}

void set_parameter(Neighbour& neighbour, const std::string& name, double value) {
    neighbour.options.scenario.story.parameters[name] = fmt::format("{}", value);
    neighbour.drawn[name] = value;
    note(neighbour, name);
}

// A number of the scenario's, or the nominal one.
double value_of(const RunOptions& options, const situations::Parameter& parameter) {
    const auto& given = options.scenario.story.parameters;
    const auto at = given.find(parameter.name);
    if (at == given.end()) return parameter.nominal;
    return run::parse_number<double>(at->second).value_or(parameter.nominal);
}

Status move_parameters(Neighbour& neighbour, const Key& key) {
    const auto& story = neighbour.options.scenario.story;
    if (story.situation.empty()) return {};
    HM_TAKE(const auto situation, situations::load(story.situation));
    for (const auto& parameter : situation.parameters) {
        if (!parameter.choices.empty()) continue;
        const double most = kMoved * (parameter.high - parameter.low);
        const double moved =
            value_of(neighbour.options, parameter) + key.with(parameter.name).uniform(-most, most);
        set_parameter(neighbour, parameter.name, std::clamp(moved, parameter.low, parameter.high));
    }
    return {};
}

Status draw_parameters(Neighbour& neighbour, const Key& key) {
    const auto& story = neighbour.options.scenario.story;
    if (story.situation.empty()) return {};
    HM_TAKE(const auto situation, situations::load(story.situation));
    for (const auto& [name, value] : situations::draw(situation, 0, key.bits())) {
        set_parameter(neighbour, name, value);
    }
    return {};
}

void note_town(Neighbour& neighbour) {
    neighbour.drawn["town"] = static_cast<std::int64_t>(neighbour.options.scenario.town.seed);
}

}  // namespace

Result<exporting::Mix> default_sky() {
    HM_TAKE(const auto file, run::find_asset("default", "mixes", "mix"));
    HM_TAKE(exporting::Mix mix, exporting::load_mix(file, run::find_scenario));
    mix.traffic.clear();
    mix.places.clear();
    return mix;
}

Result<Neighbour> neighbour(const RunOptions& failing, const std::string& key, std::uint64_t number,
                            const Surroundings& around) {
    Neighbour result{.options = failing, .drawn = {}, .varied = {}};
    const Key own = Key(0).with("failure").with(key).with("neighbour").with(number);
    if (number > 0) {
        if (own.with("elsewhere").uniform() < 0.5) set_town(result, around, own.with("town"));
        set_sky(result, around, own.with("sky"));
        HM_TRY(move_parameters(result, own.with("parameters")));
        set_traffic(result, own.with("traffic"));
    }
    note_town(result);
    return result;
}

Result<Neighbour> random_run(const RunOptions& failing, const std::string& key,
                             std::uint64_t number, const Surroundings& around) {
    Neighbour result{.options = failing, .drawn = {}, .varied = {}};
    const Key own = Key(0).with("failure").with(key).with("random run").with(number);
    set_town(result, around, own.with("town"));
    set_sky(result, around, own.with("sky"));
    HM_TRY(draw_parameters(result, own.with("parameters")));
    set_traffic(result, own.with("traffic"));
    note_town(result);
    return result;
}

}  // namespace huntsman::bridge::failures
