#include "scenarios/streets/streets.h"

#include "scenarios/streets/marks.h"

namespace huntsman::scenarios::streets {

using engine::road::RoadGeometry;
using namespace engine::world;

Streets add_streets(const RoadGeometry& geometry, World& world) {
    Streets streets;
    const Surface surface = build_surface(geometry);
    const bool american = is_american(geometry.model());
    for (std::size_t t = 0; t < surface.tiles.size(); ++t) {
        TileMesh tile = begin_tile(surface, t);
        add_lane_marks(geometry, surface, t, american, tile);
        finish_tile(tile, surface.tiles[t].junction == kNone ? "road" : "junction", world);
        streets.triangles += surface.sheets[0][t].triangles.size();
    }
    return streets;
}

}  // namespace huntsman::scenarios::streets
