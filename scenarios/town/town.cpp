#include "scenarios/town/town.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/road/compile.h"
#include "scenarios/catalogue/catalogue.h"
#include "scenarios/dressing/dressing.h"
#include "scenarios/streets/streets.h"
#include "scenarios/town/dice.h"
#include "scenarios/town/journey.h"

namespace huntsman::scenarios::town {

using engine::core::Error;
using engine::core::Key;
using engine::core::Result;
using engine::core::Status;
using engine::world::World;

namespace {

Status check_journey(const TownParameters& p) {
    const auto within = [](const char* name, double value, double low, double high) -> Status {
        if (value >= low && value <= high) return {};  // false for NaN
        return Error{fmt::format("{} is {}, expected {} to {}", name, value, low, high)};
    };
    HM_TRY(within("vehicles", p.vehicles, 0, 200));
    HM_TRY(within("pedestrians", p.pedestrians, 0, 500));
    HM_TRY(within("parked_share", p.parked_share, 0, 1));
    HM_TRY(within("route_m", p.route_m, 100, 20000));
    return {};
}

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
    HM_TRY(check_journey(parameters));
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
    HM_TRY(add_journey(parameters, key, world));
    const auto streets = streets::add_streets(geometry, world);
    dressing::dress({style.density, style.age, parameters.parked_share, key.with("dressing")},
                    geometry, streets, world);
    return world;
}

}  // namespace huntsman::scenarios::town
