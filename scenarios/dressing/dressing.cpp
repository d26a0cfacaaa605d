#include "scenarios/dressing/dressing.h"

#include "scenarios/dressing/greenery.h"
#include "scenarios/dressing/houses.h"

namespace huntsman::scenarios::dressing {

void dress(const DressingParameters& parameters, const engine::road::RoadGeometry& geometry,
           const streets::Streets& streets, engine::world::World& world) {
    Land land(streets.outline);
    world.terrain = make_terrain(streets.outline, land);
    const LandHeight height(world.terrain, parameters.key.with("hills"));
    Stage stage(world);
    for (const Box2& box : streets.furniture) stage.occupied.add(box);
    Shelf shelf(stage);
    Scene scene{parameters, geometry, land, height, stage, shelf};
    const std::vector<Front> fronts = find_fronts(geometry);

    add_parked(scene);
    std::vector<Zone> zones;
    const std::vector<Lot> lots =
        add_houses(parameters, geometry, fronts, land, height, zones, stage);
    add_pavement_furniture(scene, fronts);
    add_greenery(scene, lots, zones);
    add_skyline(parameters, land, height, stage);
    add_land(streets.outline, land, zones, height, world);
}

}  // namespace huntsman::scenarios::dressing
