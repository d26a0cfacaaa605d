#include "tests/support/reference/known_light.h"

#include <glm/gtc/packing.hpp>

namespace huntsman::tests::support {

using engine::math::Vec3;
using engine::render::Sky;

Sky uniform_sky(double radiance_kcd_m2) {
    Sky sky;
    sky.texels.assign(static_cast<std::size_t>(Sky::kSize) * Sky::kRows,
                      glm::packF3x9_E1x5(glm::vec3(static_cast<float>(radiance_kcd_m2))));
    sky.horizon = Vec3(radiance_kcd_m2);
    // Of the upper half, irradiance over pi is (1 + n.z) / 2 of the radiance.
    sky.irradiance.fill(Vec3(0));
    sky.irradiance[0] = sky.irradiance[2] = Vec3(0.5 * radiance_kcd_m2);
    sky.ground = Vec3(radiance_kcd_m2);
    return sky;
}

Sky only_sun(const Vec3& direction, double illuminance_klx) {
    Sky sky = uniform_sky(0);
    sky.sun_direction = glm::normalize(direction);
    sky.sun_light_klx = Vec3(illuminance_klx);
    return sky;
}

}  // namespace huntsman::tests::support
