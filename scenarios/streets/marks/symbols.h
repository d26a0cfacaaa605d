// What is painted on the carriageway besides lines along it: stop and yield lines, crossings,
// arrows, words, parking places.
#pragma once

#include "scenarios/streets/marks/paint.h"
#include "scenarios/streets/surface/places.h"

namespace huntsman::scenarios::streets {

// Paints the symbols of the whole map into its tiles. Stop lines and arrows need the network that
// was compiled from the model; without lanes in it there are none. `symbols` gets what was painted.
void add_symbols(const Ground& ground, const engine::world::RoadNetwork& network, bool american,
                 std::vector<TileMesh>& tiles, std::vector<engine::world::RoadSymbol>& symbols);

}  // namespace huntsman::scenarios::streets
