// What lies under a point: carriageway, pavement or ground.
#pragma once

#include "engine/math/vec.h"

namespace huntsman::engine::road {

struct Surface {
    double height_m = 0;
    math::Vec3 normal{0, 0, 1};
    double friction = 1.0;  // factor of the environment's friction; grass is below asphalt
};

}  // namespace huntsman::engine::road
