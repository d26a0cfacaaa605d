#include "sensors/lens/lens.h"

#include <cmath>

namespace huntsman::sensors::lens {

bool project(const Lens& lens, const Vec3& p_C, Vec2& pixel) {
    if (p_C.z <= 0) return false;
    pixel = {lens.fx * p_C.x / p_C.z + lens.cx, lens.fy * p_C.y / p_C.z + lens.cy};
    return true;
}

bool unproject(const Lens& lens, const Vec2& pixel, Vec3& ray_C) {
    ray_C = glm::normalize(Vec3((pixel.x - lens.cx) / lens.fx, (pixel.y - lens.cy) / lens.fy, 1.0));
    return true;
}

}  // namespace huntsman::sensors::lens
