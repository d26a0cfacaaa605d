#pragma once

#include "engine/figure/limbs.h"

namespace huntsman::engine::figure {

// Brings arms, hands and head of a pose into the movement's gesture.
void add_gesture(Maker& maker, const Movement& movement);

}  // namespace huntsman::engine::figure
