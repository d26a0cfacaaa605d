// Vectors and quaternions in double precision (GLM) under the project's names.
#pragma once

#include <cmath>
#include <glm/geometric.hpp>
#include <glm/gtc/quaternion.hpp>
#include <glm/mat3x3.hpp>
#include <glm/vec2.hpp>
#include <glm/vec3.hpp>
#include <numbers>

namespace huntsman::engine::math {

using Vec2 = glm::dvec2;
using Vec3 = glm::dvec3;
using Mat3 = glm::dmat3;  // column major
using Quat = glm::dquat;  // constructor order w, x, y, z

constexpr double kPi = std::numbers::pi;

inline double square(double x) { return x * x; }
inline double cross(const Vec2& a, const Vec2& b) { return a.x * b.y - a.y * b.x; }
inline Vec2 xy(const Vec3& v) { return {v.x, v.y}; }
inline Vec2 perp(const Vec2& v) { return {-v.y, v.x}; }  // 90 degrees to the left
inline Vec2 direction(double yaw_rad) { return {std::cos(yaw_rad), std::sin(yaw_rad)}; }

// The same angle in [-pi, pi].
inline double wrap_angle(double angle_rad) {
    // Most angles need little: std::remainder takes ten times as long.
    const double size = std::abs(angle_rad);
    if (size <= kPi) return angle_rad;
    if (size < 3.0 * kPi) return angle_rad - std::copysign(2.0 * kPi, angle_rad);
    return std::remainder(angle_rad, 2.0 * kPi);
}

}  // namespace huntsman::engine::math
