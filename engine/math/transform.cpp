#include "engine/math/transform.h"

namespace huntsman::engine::math {

Quat camera_rotation(double yaw_rad, double pitch_rad) {
    const double cy = std::cos(yaw_rad), sy = std::sin(yaw_rad);
    const double cp = std::cos(pitch_rad), sp = std::sin(pitch_rad);
    const Vec3 z_B(cp * cy, cp * sy, sp);   // forward
    const Vec3 x_B(sy, -cy, 0.0);           // right
    const Vec3 y_B = glm::cross(z_B, x_B);  // down
    return glm::normalize(glm::quat_cast(Mat3(x_B, y_B, z_B)));
}

}  // namespace huntsman::engine::math
