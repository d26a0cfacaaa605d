#include "scenarios/streets/streets.h"

#include "scenarios/streets/marks/marks.h"
#include "scenarios/streets/marks/road_wear.h"
#include "scenarios/streets/marks/symbols.h"
#include "scenarios/streets/street_scene.h"

namespace huntsman::scenarios::streets {

using engine::road::RoadGeometry;
using namespace engine::world;

Streets add_streets(const RoadGeometry& geometry, World& world) {
    Streets streets;
    const Surface surface = build_surface(geometry);
    const Ground ground(geometry, surface);
    const bool american = is_american(geometry.model());

    // Ground and paint, tile by tile.
    std::vector<TileMesh> tiles;
    tiles.reserve(surface.tiles.size());
    for (std::size_t t = 0; t < surface.tiles.size(); ++t) {
        tiles.push_back(begin_tile(surface, t));
        add_lane_marks(ground, t, american, tiles.back());
        streets.triangles += surface.sheets[0][t].triangles.size();
    }
    for (const auto& [level, polygons] : {std::pair(Level::kGround, &streets.outline.ground),
                                          std::pair(Level::kBridge, &streets.outline.bridges),
                                          std::pair(Level::kTunnel, &streets.outline.tunnels)}) {
        std::vector<bool> take;
        for (const Tile& tile : surface.tiles) take.push_back(tile.level == level);
        *polygons = outline_of(surface.sheets[0], take);
    }
    add_symbols(ground, world.roads, american, tiles, world.road_symbols);
    add_road_wear(ground, world.roads, engine::core::Key(world.seed), tiles);
    for (std::size_t t = 0; t < surface.tiles.size(); ++t) {
        finish_tile(tiles[t], surface.tiles[t].junction == kNone ? "road" : "junction", world);
    }

    // What stands on it and carries it.
    StreetScene scene(ground, world, streets);
    add_structures(scene);
    add_signals(scene);
    add_objects(scene);
    return streets;
}

}  // namespace huntsman::scenarios::streets
