// What is seen through a vehicle's windows.
#pragma once

#include "engine/world/scene.h"

namespace huntsman::scenarios::models {

// Writes the cabin, as far as the windows reach, into the vertices of a body's windows. Of
// two-wheelers, which have no cabin, panes become plain glass.
void set_cabin(engine::world::Mesh& body, const engine::math::Vec3& eye_B,
               engine::world::Semantic semantic);

}  // namespace huntsman::scenarios::models
