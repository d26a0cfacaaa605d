#include "scenarios/town/town.h"

#include <fmt/format.h>

#include "scenarios/map/map.h"

namespace huntsman::scenarios::town {

using engine::core::Result;
using engine::world::World;

Result<World> generate(const TownParameters& parameters) {
    const TownStyle style = style_of(parameters);
    const map::MapParameters built{
        parameters.seed,    parameters.vehicles,     parameters.pedestrians,
        parameters.route_m, parameters.parked_share, style.density,
        style.age,          parameters.way};
    HM_TRY(map::check(built));
    HM_TAKE(auto model, generate_roads(parameters));
    auto world = map::build(std::move(model), built);
    if (!world) {
        auto error = world.error();
        if (error.file.empty()) {
            error.message = fmt::format("the town of seed {}: {}", parameters.seed, error.message);
        }
        return error;
    }
    world->scenario = fmt::format("town-{}", parameters.seed);
    world->size_m = std::max(world->size_m, parameters.size_m);
    return world;
}

}  // namespace huntsman::scenarios::town
