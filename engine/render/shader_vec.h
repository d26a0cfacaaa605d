// Vectors of doubles as shaders take them.
#pragma once

#include "engine/math/vec.h"
#include "engine/render/shader_types.h"

namespace huntsman::engine::render {

inline shader::vec4 vec4_of(const math::Vec3& v, double w = 0) {
    return {static_cast<float>(v.x), static_cast<float>(v.y), static_cast<float>(v.z),
            static_cast<float>(w)};
}

}  // namespace huntsman::engine::render
