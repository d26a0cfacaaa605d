// Skies whose light is known exactly.
#pragma once

#include "engine/render/sky.h"

namespace huntsman::tests::support {

// The same radiance from everywhere [kcd/m²], above and below, and no sun.
engine::render::Sky uniform_sky(double radiance_kcd_m2);
// White sunlight of this illuminance at normal incidence [klx] in a black sky.
engine::render::Sky only_sun(const engine::math::Vec3& direction, double illuminance_klx);

}  // namespace huntsman::tests::support
