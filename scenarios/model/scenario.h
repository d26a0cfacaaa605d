// A scenario: which world, which traffic, which light and weather, for how long.
//
// {
//   "schema_version": 1, "name": "rain_dusk",
//   "town": {"seed": 7, "size_m": 560, "vehicles": 20, "pedestrians": 20, "parked_share": 0.4,
//            "route_m": 900, "density": 0.7, "age": 0.2, "block_m": 110, "hilliness": 0.5,
//            "one_way_share": 0.1, "dead_end_share": 0.3, "roundabout_share": 0.2,
//            "cycle_share": 0.3, "works_share": 0.05, "motorway": true, "railway": false,
//            "left_hand": false, "country": "DE"},
//   "map": "Town03.xodr", "minds": "risky",
//   "ego": {"from": "12,-1,20", "via": "310,-45", "to": "7,1,80"},
//   "environment": {"sun_azimuth_deg": 40, "sun_elevation_deg": 30, "cloud_cover": 0.5,
//                   "rain_mm_h": 3, "wetness": 0.8, "puddles": 0.2, "friction": 0.7, "light":
//                   "day", "weather": "rain-wet"},
//   "weather": {"latitude_deg": 52.5, "longitude_deg": 13.4, "date": "2024-11-21",
//   "hour_utc": 14.5,
//               "clock_speed": 60, "states": [
//                  {"time_s": 0, "cloud_cover": 0.3, "turbidity": 3, "fog_per_m": 0,
//                   "rain_mm_h": 0, "wetness": 0, "puddles": 0, "snow_cover": 0},
//                  {"time_s": 60, "cloud_cover": 1, "rain_mm_h": 4, "wetness": 1}]},
//   "story": "cut_in.xosc", "parameters": {"speed": "12"}, "ego_entity": "Ego",
//   "without": ["van"], "physical": false, "criteria": [{"kind": "no_collision"}],
//   "removed": [17, 23], "bright_clothes": false, "duration_s": 20
// }
// Only schema_version and name are required; what is missing keeps the town's own value. With a
// map, an OpenDRIVE file beside the scenario's or given absolutely, its roads take the place of the
// town's; seed, route_m and the counts (as many as find room) hold there too. `ego` gives the ego's
// way, or one end of it, in places as scenarios/journey/way.h has them. Weather runs linearly
// between its states and moves the sun where a date is given (see engine/world/weather.h); it takes
// the place of what the environment says of the same things. A story is an OpenSCENARIO file beside
// the scenario's or given absolutely, or stands there itself in our JSON form
// (docs/openscenario.md); its map takes the place of the town unless a map is given. In place of
// "story", "situation": "cpnco" places a situation (docs/situations.md) on the town or map, the
// parameters being its own and the seed the town's; "at": "120.5,-40" beside it names the place in
// the map's coordinates instead. `removed` lists generated road users and parked vehicles that are
// left out.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/json_file.h"
#include "engine/core/result.h"
#include "engine/world/weather_fields.h"
#include "scenarios/openscenario/openscenario.h"
#include "scenarios/story/criteria.h"
#include "scenarios/town/town.h"

namespace huntsman::scenarios::model {

// The story of a scenario: a file, or a situation that is placed on its roads.
struct StorySource {
    std::string file;       // .xosc, or .json in our form
    std::string situation;  // name of a shipped one, or a file
    std::string at;  // "X,Y" in the map's coordinates: on the site nearest to it, not the seed's
    std::map<std::string, std::string> parameters;  // values instead of those declared
    std::string ego;                                // entity; empty: "Ego", else the first vehicle
    std::vector<std::string> without;               // entities that are left out
    bool physical = false;  // Bullet moves the vehicles and people that the story steers

    bool given() const { return !file.empty() || !situation.empty(); }
    friend bool operator==(const StorySource&, const StorySource&) = default;
};

struct Scenario {
    std::string name = "town";
    town::TownParameters town;
    std::string map;    // OpenDRIVE file; empty: the town
    std::string minds;  // mix of profiles: a file, or a shipped one; empty: everyday
    engine::core::Partial<engine::world::Environment> environment;
    engine::world::WeatherProgramme weather;
    StorySource story;
    // Generated road users and parked vehicles of the place that are left out.
    std::vector<engine::world::ActorId> removed;
    bool bright_clothes = false;             // of all people, those of the story among them
    std::vector<story::Criterion> criteria;  // in place of the story's
    double duration_s = 20;
};

// A scenario's file. An OpenSCENARIO file (.xosc) is a scenario with nothing but this story, and a
// situation's file one with nothing but this situation.
engine::core::Result<Scenario> load(const std::filesystem::path& path);
// From JSON text; `name` stands for the file in messages.
engine::core::Result<Scenario> parse(const std::string& text, const std::string& name);
// From a part of another file, to which errors go.
Scenario read(const engine::core::JsonNode& node);
// JSON that `parse` reads back to the same scenario.
std::string to_json(const Scenario& scenario);

// Reads a "date", YYYY-MM-DD.
void read_date(const engine::core::JsonNode& node, engine::world::SunClock& clock);

// Takes the map of the scenario's story, where it has one and the scenario has none. To be called
// before the scenario is used, once the story's parameters are known. Errors: as read_story
// (story_world.h), and a map that is not there.
engine::core::Status take_story_map(Scenario& scenario);

struct BuiltScenario {
    engine::world::World world;
    std::optional<openscenario::StoryFile> story;  // of a scenario that has one
    // What makes a run pass: the scenario's, else the story's; none: the run's own.
    std::vector<story::Criterion> criteria;
};

// Where scenarios play: the world of a town or a map before a story, weather or minds are added and
// before anybody is removed.
// Those with equal keys have the same place.
std::string place_key(const Scenario& scenario);
class Sites;  // where its situations can be placed: story_world.h
struct Place {
    engine::world::World world;
    std::vector<std::string> left_out;  // a sentence for each object of a map that is not shown
    std::shared_ptr<Sites> sites;       // shared by all copies; never null
};
engine::core::Result<Place> build_place(const Scenario& scenario);
engine::core::Result<BuiltScenario> build_on(Place place, const Scenario& scenario);

// The world of a scenario, without a rig. `left_out` gets a sentence for each object of a map that
// the world does not show.
engine::core::Result<BuiltScenario> build(const Scenario& scenario,
                                          std::vector<std::string>* left_out = nullptr);

}  // namespace huntsman::scenarios::model
