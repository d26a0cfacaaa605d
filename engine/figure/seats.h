#pragma once

#include "engine/figure/limbs.h"

namespace huntsman::engine::figure {

// Those who sit, ride, drive or lie.
Pose seated(const Skeleton& skeleton, const Movement& movement);

}  // namespace huntsman::engine::figure
