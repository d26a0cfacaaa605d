// The box of a model in B.
#pragma once

#include "engine/world/world.h"
#include "scenarios/models/surface.h"

namespace huntsman::scenarios::models {

// Mirrors reach out of a vehicle over less than half a metre of its length; the width is what all
// but so much of the length keeps within. Without mirrors it is that of the box.
engine::world::Extent measure(const Surface& surface, bool has_mirrors);

}  // namespace huntsman::scenarios::models
