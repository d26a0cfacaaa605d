// What wheels and feet stand on, as a function of place.
#pragma once

#include <functional>

#include "engine/math/vec.h"
#include "engine/road/road_map.h"

namespace huntsman::engine::physics {

// Height, normal and friction of the ground that a wheel or foot at a point of W stands on: on
// several levels the highest one that is not far above the point. Must be pure.
using Ground = std::function<road::Surface(const math::Vec3&)>;

}  // namespace huntsman::engine::physics
