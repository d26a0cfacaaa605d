// A busy street to look at and to measure with: a straight road along x with pavements, buildings,
// trees, lamps, signals, parked and moving cars and walking people.
#pragma once

#include "engine/world/state.h"
#include "engine/world/world.h"

namespace huntsman::tests::support {

// "street-1": 460 static instances and 500 k triangles at the finest level, 24 moving actors. The
// ego stands at the origin and looks along +x. The same world always.
engine::world::World make_street();

// Eight cameras around the ego as on a car: three ahead, two to each side, one behind.
std::vector<engine::world::Camera> eight_cameras(int width, int height);

}  // namespace huntsman::tests::support
