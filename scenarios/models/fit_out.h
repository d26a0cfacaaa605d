// What a body's vertices tell the renderer beside their place and colour.
#pragma once

#include "engine/world/scene.h"

namespace huntsman::scenarios::models {

// Writes the cabin, as far as the windows reach, into the vertices of a body's windows. Of
// two-wheelers, which have no cabin, and of levels for far away, panes become plain glass.
void set_cabin(engine::world::Mesh& body, const engine::math::Vec3& eye_B,
               engine::world::Semantic semantic);

// Writes the texture coordinates of licence plates, each by its own extent.
void set_plates(engine::world::Mesh& body);

}  // namespace huntsman::scenarios::models
