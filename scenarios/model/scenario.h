// A scenario: which world, which traffic, which light and weather, for how long.
//
// {
//   "schema_version": 1, "name": "rain_dusk",
//   "town": {"seed": 7, "size_m": 560, "vehicles": 20, "pedestrians": 20, "parked_share": 0.4,
//            "route_m": 900},
//   "map": "Town03.xodr",
//   "environment": {"sun_azimuth_deg": 40, "sun_elevation_deg": 30, "cloud_cover": 0.5,
//                   "wetness": 0.8, "friction": 0.7, "light": "day", "weather": "rain-wet"},
//   "duration_s": 20
// }
// Only schema_version and name are required; what is missing keeps the town's own value. With a
// map, an OpenDRIVE file beside the scenario's or given absolutely, its roads take the place of the
// town's; seed, route_m and the counts (as many as find room) hold there too.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "engine/core/result.h"
#include "engine/world/world.h"
#include "scenarios/town/town.h"

namespace huntsman::scenarios::model {

struct EnvironmentOverrides {
    std::optional<double> sun_azimuth_rad, sun_elevation_rad, turbidity, cloud_cover, fog_per_m,
        wetness, friction;
    std::optional<std::string> light, weather;
};

struct Scenario {
    std::string name = "town";
    town::TownParameters town;
    std::string map;  // OpenDRIVE file; empty: the town
    EnvironmentOverrides environment;
    double duration_s = 20;
};

engine::core::Result<Scenario> load(const std::filesystem::path& path);
// From JSON text; `name` stands for the file in messages.
engine::core::Result<Scenario> parse(const std::string& text, const std::string& name);
// JSON that `parse` reads back to the same scenario.
std::string to_json(const Scenario& scenario);

// The world of a scenario, without a rig.
engine::core::Result<engine::world::World> build(const Scenario& scenario);

}  // namespace huntsman::scenarios::model
