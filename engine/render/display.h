// From exposed light to what a display shows.
#pragma once

#include <algorithm>

#include "engine/render/shader_types.h"

namespace huntsman::engine::render {

// A filmic curve whose result is encoded for display, in [0, 1] [Hejl and Burgess-Dawson 2010]:
// middle grey, 0.125, comes out as 0.50. Scaled so that 1.08, three stops above, is white: cameras
// clip highlights. The same as `tone` in display.glsl.
template <typename T>
T displayed(T exposed) {
    const T x = std::max(exposed - T(0.004), T(0));
    const T y = x * (T(6.2) * x + T(0.5)) / (x * (T(6.2) * x + T(1.7)) + T(0.06));
    return std::min(y * T(shader::kToneScale), T(1));
}

}  // namespace huntsman::engine::render
