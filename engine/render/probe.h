// The surroundings of the rig as mirrors near it show them: six small views from one place.
#pragma once

#include <array>

#include "engine/render/view.h"

namespace huntsman::engine::render {

constexpr std::size_t kProbeViews = 6;

// Views from `p_W` along +x, -x, +y, -y, +z and -z of W; see `probe_texel` in probe.glsl.
std::array<View, kProbeViews> probe_views(const math::Vec3& p_W, double after_s);

}  // namespace huntsman::engine::render
