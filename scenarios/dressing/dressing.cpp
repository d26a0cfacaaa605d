#include "scenarios/dressing/dressing.h"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/dressing/greenery.h"
#include "scenarios/dressing/houses.h"

namespace huntsman::scenarios::dressing {

namespace {

// Beyond the first no triangulation holds the land and its horizon (streets/triangulation.h);
// beyond the second its heights alone take more than a gigabyte.
constexpr double kWidest_km = 38, kMost_km2 = 400;

engine::core::Status check_size(const Land& land) {
    const Vec2 km = (land.high - land.low) / 1000.0;
    if (std::max(km.x, km.y) <= kWidest_km && km.x * km.y <= kMost_km2) return {};
    return engine::core::Error{
        fmt::format("the roads lie in {:.1f} by {:.1f} km, expected at most {} km to a side and {} "
                    "km2",
                    km.x, km.y, kWidest_km, kMost_km2)};
}

}  // namespace

engine::core::Status dress(const DressingParameters& parameters,
                           const catalogue::Catalogue& catalogue,
                           const engine::road::RoadGeometry& geometry,
                           const streets::Streets& streets, engine::world::World& world) {
    Land land(streets.outline);
    HM_TRY(check_size(land));
    world.terrain = make_terrain(streets.outline, land);
    const LandHeight height(world.terrain, parameters.key.with("hills"));
    Builder builder(world);
    for (const Box2& box : streets.furniture) builder.occupied.add(box);
    Scene scene{parameters, catalogue, geometry, land, height, builder};
    const std::vector<Front> fronts = find_fronts(geometry);

    add_parked(scene);
    std::vector<Zone> zones;
    const std::vector<Lot> lots =
        add_houses(parameters, geometry, fronts, land, height, zones, builder);
    add_pavement_furniture(scene, fronts);
    add_greenery(scene, lots, zones);
    add_skyline(parameters, land, height, builder);
    add_land(streets.outline, land, zones, height, world);
    return {};
}

}  // namespace huntsman::scenarios::dressing
