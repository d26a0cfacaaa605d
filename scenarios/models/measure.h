// The box of a model in B.
#pragma once

#include <vector>

#include "engine/world/world.h"
#include "scenarios/models/surface.h"

namespace huntsman::scenarios::models {

// Mirrors are mounted above this share of a vehicle's height.
inline constexpr double kMirrorsAbove = 0.437;

// The box of some points. With mirrors its width is that of what lies below them.
engine::world::Extent box_of(const std::vector<Vec3>& points, bool has_mirrors);

}  // namespace huntsman::scenarios::models
