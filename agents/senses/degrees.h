// Angles as vision science states them.
#pragma once

#include "engine/math/vec.h"

namespace huntsman::agents::senses {

constexpr double kDegree = engine::math::kPi / 180;  // [rad]

}  // namespace huntsman::agents::senses
