#include "bridge/hunt/counterfactual.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "bridge/run/driver_spec.h"
#include "scenarios/model/story_world.h"
#include "scenarios/situations/situation.h"

namespace huntsman::bridge::hunt {

using engine::core::Result;
using engine::world::Environment;
using loop::RunOptions;
using scenarios::model::Scenario;

namespace {

// A clock of the weather programme would move the sun.
void make_day(Scenario& scenario) {
    constexpr double kHigh_deg = 35;
    scenario.weather.sun = {};
    auto& environment = scenario.environment;
    environment.set(&Environment::sun_elevation_rad, kHigh_deg * engine::core::kRadiansInDegree);
    environment.set(&Environment::light, "day");
}

void make_dry(Scenario& scenario) {
    scenario.weather.states.clear();
    auto& environment = scenario.environment;
    for (const auto member : {&Environment::rain_mm_h, &Environment::wetness, &Environment::puddles,
                              &Environment::snow_cover, &Environment::fog_per_m}) {
        environment.set(member, 0.0);
    }
    environment.set(&Environment::cloud_cover, 0.2);
    environment.set(&Environment::friction, 1.0);
    environment.set(&Environment::weather, "clear");
}

double number(const nlohmann::ordered_json& json, const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_number() ? found->get<double>() : 0.0;
}

class Changes {
  public:
    explicit Changes(const RunOptions& options) : options_(options) {}
    template <typename Change>
    void add(std::string words, Change&& change) {
        Counterfactual one{.change = std::move(words), .options = options_};
        change(one.options.scenario);
        all_.push_back(std::move(one));
    }
    std::vector<Counterfactual> take() { return std::move(all_); }

  private:
    const RunOptions& options_;
    std::vector<Counterfactual> all_;
};

}  // namespace

Result<std::vector<std::string>> story_actors(const Scenario& scenario) {
    std::vector<std::string> names;
    const auto& story = scenario.story;
    if (!story.situation.empty()) {
        HM_TAKE(const auto situation, scenarios::situations::load(story.situation));
        for (const auto& actor : situation.actors) names.push_back(actor.name);
    } else if (!story.file.empty()) {
        HM_TAKE(const auto reading, scenarios::model::read_story(scenario));
        for (std::size_t i = 0; i < reading.story.entities.size(); ++i) {
            if (i != reading.story.ego) names.push_back(reading.story.entities[i].name);
        }
    }
    std::erase_if(names, [&](const std::string& name) {
        return std::ranges::find(story.without, name) != story.without.end();
    });
    return names;
}

Result<std::vector<Counterfactual>> counterfactuals(const RunOptions& options,
                                                    const std::string& run_json) {
    const auto run = nlohmann::ordered_json::parse(run_json, nullptr, false);
    const auto& environment = run.at("environment");
    const Scenario& scenario = options.scenario;
    constexpr double kLow_deg = 15;
    Changes changes(options);
    if (number(environment, "sun_elevation_deg") < kLow_deg) changes.add("by day", make_day);
    if (environment.at("weather") != "clear" || number(environment, "friction") < 1) {
        changes.add("in dry and clear weather", make_dry);
    }
    HM_TAKE(const auto actors, story_actors(scenario));
    for (const std::string& actor : actors) {
        changes.add("without " + actor,
                    [&](Scenario& other) { other.story.without.push_back(actor); });
    }
    const bool people = scenario.town.pedestrians.value_or(0) > 0;
    if (scenario.town.vehicles > 0 || people) {
        changes.add("with attentive road users",
                    [](Scenario& other) { other.minds = "attentive"; });
        changes.add("without other traffic", [](Scenario& other) {
            other.town.vehicles = 0;
            other.town.pedestrians = 0;
        });
    }
    if (scenario.map.empty() && scenario.town.parked_share > 0) {
        changes.add("without parked vehicles",
                    [](Scenario& other) { other.town.parked_share = 0; });
    }
    HM_TAKE(const run::DriverKind* kind, run::find_driver("driver is", options.driver));
    if (kind->needs_images) {
        changes.add("with people in bright clothes",
                    [](Scenario& other) { other.bright_clothes = true; });
    }
    return changes.take();
}

}  // namespace huntsman::bridge::hunt
