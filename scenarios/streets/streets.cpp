#include "scenarios/streets/streets.h"

#include "scenarios/streets/tile_mesh.h"

namespace huntsman::scenarios::streets {

using engine::road::RoadGeometry;
using namespace engine::world;

Streets add_streets(const RoadGeometry& geometry, World& world) {
    Streets streets;
    const Surface surface = build_surface(geometry);
    for (std::size_t t = 0; t < surface.tiles.size(); ++t) {
        const TileMesh tile = begin_tile(surface, t);
        finish_tile(tile, surface.tiles[t].junction == kNone ? "road" : "junction", world);
        streets.triangles += surface.sheets[0][t].triangles.size();
    }
    return streets;
}

}  // namespace huntsman::scenarios::streets
