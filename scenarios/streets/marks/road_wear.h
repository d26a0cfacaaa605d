// What years leave on a carriageway: patches of newer asphalt, cracks sealed with bitumen, covers
// of sewers and valves, gullies at kerbs.
#pragma once

#include <vector>

#include "engine/core/random.h"
#include "scenarios/streets/marks/paint.h"
#include "scenarios/streets/surface/places.h"

namespace huntsman::scenarios::streets {

// Lays them on the lanes of the network, into the tiles of their roads. They are part of the road:
// labels show nothing of them.
void add_road_wear(const Ground& ground, const engine::world::RoadNetwork& network,
                   const engine::core::Key& key, std::vector<TileMesh>& tiles);

}  // namespace huntsman::scenarios::streets
