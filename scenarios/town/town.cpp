#include "scenarios/town/town.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/road/compile.h"
#include "scenarios/catalogue/catalogue.h"
#include "scenarios/dressing/dressing.h"
#include "scenarios/journey/journey.h"
#include "scenarios/streets/streets.h"
#include "scenarios/town/dice.h"

namespace huntsman::scenarios::town {

using engine::core::Error;
using engine::core::Key;
using engine::core::Result;
using engine::core::Status;
using engine::world::World;

namespace {

// Light and weather of a seed. The words follow the numbers.
engine::world::Environment environment(const Key& key) {
    Dice dice(key.with("environment"));
    engine::world::Environment e;
    e.sun_azimuth_rad = dice.uniform(-3.141592653589793, 3.141592653589793);
    e.sun_elevation_rad = dice.chance(0.25) ? dice.uniform(0.25, 0.4) : dice.uniform(0.4, 1.1);
    const double kind = dice.uniform(0, 1);
    if (kind < 0.55) {
        e.cloud_cover = dice.uniform(0.0, 0.3);
        e.turbidity = dice.uniform(2.2, 3.5);
        e.weather = "clear";
    } else if (kind < 0.8) {
        e.cloud_cover = dice.uniform(0.5, 0.95);
        e.turbidity = dice.uniform(3.0, 5.5);
        e.weather = "cloudy";
    } else {
        e.cloud_cover = dice.uniform(0.75, 1.0);
        e.turbidity = dice.uniform(4.0, 6.0);
        e.fog_per_m = dice.uniform(0.0005, 0.002);
        e.wetness = dice.uniform(0.5, 1.0);
        e.weather = "rain-wet";
    }
    e.friction = e.wetness > 0 ? 0.7 : 1.0;
    e.light = e.sun_elevation_rad < 0.4 ? "low sun" : "day";
    return e;
}

}  // namespace

Result<World> generate(const TownParameters& parameters) {
    journey::JourneyParameters travel;
    travel.vehicles = parameters.vehicles;
    travel.pedestrians = parameters.pedestrians;
    travel.route_m = parameters.route_m;
    HM_TRY(journey::check(travel));
    if (!(parameters.parked_share >= 0 && parameters.parked_share <= 1)) {
        return Error{fmt::format("parked_share is {}, expected 0 to 1", parameters.parked_share)};
    }
    auto model = generate_roads(parameters);
    if (!model) return model.error();
    const Key key = Key(parameters.seed).with("town");
    const TownStyle style = style_of(parameters);

    World world;
    world.road_model = std::move(*model);
    world.scenario = fmt::format("town-{}", parameters.seed);
    world.seed = parameters.seed;
    world.size_m = parameters.size_m;
    world.environment = environment(key);
    const engine::road::RoadGeometry geometry(world.road_model);
    world.roads = engine::road::compile(world.road_model, geometry, {.seed = parameters.seed});
    world.archetypes = catalogue::archetypes(world.scene);
    travel.key = key;
    HM_TRY(journey::add_journey(travel, world));
    const auto streets = streets::add_streets(geometry, world);
    dressing::dress({style.density, style.age, parameters.parked_share, key.with("dressing")},
                    geometry, streets, world);
    return world;
}

}  // namespace huntsman::scenarios::town
