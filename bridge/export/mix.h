// A mix: the declared distribution from which each scene of a dataset draws its conditions.
//
// {
//   "schema_version": 1, "name": "default", "description": "...",
//   "light":   [{"name": "day", "weight": 5, "sun_elevation_deg": [15, 60],
//                "sun_azimuth_deg": [-180, 180]},
//               {"name": "morning", "weight": 1, "hour": [6, 9], "latitude_deg": 50,
//                "date": "2024-06-21"}],                      hours of solar time
//   "weather": [{"name": "rain", "weight": 1, "cloud_cover": [0.8, 1], "turbidity": [3, 5],
//                "fog_per_m": [0, 0.001], "rain_mm_h": [1, 12], "wetness": [0.7, 1],
//                "puddles": [0, 0.5], "snow_cover": [0, 0]}],
//   "traffic": [{"name": "busy", "weight": 1, "vehicles": [25, 45], "pedestrians": [20, 60],
//                "parked_share": [0.3, 0.7], "minds": "risky"}],
//   "places":  [{"name": "town", "weight": 4, "density": [0.3, 1], "age": [0, 1],
//                "hilliness": [0, 0.6]},
//               {"name": "motorway", "weight": 1, "scenario": "motorway"}]
// }
// Of each list one entry is drawn by weight, then each of its ranges uniformly: keyed by the
// scene's seed, section and field, so that a field more leaves the others' draws alone. A list that
// is missing leaves the scenario's own values.
#pragma once

#include <array>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "scenarios/model/scenario.h"
#include "sensors/dataset/dataset.h"

namespace huntsman::bridge::exporting {

struct Range {
    std::string field;
    double low = 0, high = 0;
};

struct Choice {
    std::string name;
    double weight = 1;
    std::vector<Range> ranges;
    // Of a place: a whole scenario instead of the base's town. Of a light with hours: the day.
    std::optional<scenarios::model::Scenario> scenario;
    std::optional<engine::world::SunClock> clock;
    std::string minds;  // of a traffic: mix of profiles; empty: the scenario's
};

struct Mix {
    std::string name;
    std::vector<Choice> light, weather, traffic, places;
    std::string declared;  // the file as compact JSON, for manifests
};

// `find_scenario` turns a place's scenario, a name or a file, into the scenario. Errors name file,
// line and what was expected.
using FindScenario =
    std::function<engine::core::Result<scenarios::model::Scenario>(const std::string&)>;
engine::core::Result<Mix> load_mix(const std::filesystem::path& path, const FindScenario& find);

// What a seed draws: the scenario with that seed, and what was drawn in words and numbers.
struct Drawn {
    scenarios::model::Scenario scenario;
    sensors::dataset::Values conditions;
};
Drawn draw(const Mix& mix, const scenarios::model::Scenario& base, std::uint64_t seed);

}  // namespace huntsman::bridge::exporting
