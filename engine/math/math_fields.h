// Field lists of vectors and poses; see engine/core/describe.h.
#pragma once

#include "engine/core/describe.h"
#include "engine/math/transform.h"

// Of the vector library's types: in the namespace of Of, where they are found by their argument.
namespace huntsman::engine::core {

constexpr void describe(Of<math::Vec2>, auto&& field) {
    field("x", &math::Vec2::x);
    field("y", &math::Vec2::y);
}
constexpr void describe(Of<math::Vec3>, auto&& field) {
    field("x", &math::Vec3::x);
    field("y", &math::Vec3::y);
    field("z", &math::Vec3::z);
}
constexpr void describe(Of<math::Quat>, auto&& field) {
    field("w", &math::Quat::w);
    field("x", &math::Quat::x);
    field("y", &math::Quat::y);
    field("z", &math::Quat::z);
}

}  // namespace huntsman::engine::core

namespace huntsman::engine::math {

constexpr void describe(core::Of<RigidTransform>, auto&& field) {
    field("q", &RigidTransform::q);
    field("p", &RigidTransform::p);
}

}  // namespace huntsman::engine::math
