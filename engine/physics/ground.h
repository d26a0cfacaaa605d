// What wheels and feet stand on, as a function of place.
#pragma once

#include <functional>

#include "engine/math/vec.h"
#include "engine/road/road_map.h"

namespace huntsman::engine::physics {

// Height, normal and friction of the ground below a point of W. Must be pure.
using Ground = std::function<road::Surface(const math::Vec2&)>;

}  // namespace huntsman::engine::physics
