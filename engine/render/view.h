// What is asked of the renderer and what comes back: views, frames, quality. No Vulkan here.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/core/image.h"
#include "engine/math/transform.h"
#include "engine/render/pixel_parts.h"

namespace huntsman::engine::render {

// The same picture at different cost. What differs, effect by effect:
//                    fast     standard   high
// samples a pixel    1        1          4
// shadow maps        1024²    2048²      4096², soft
// textures' levels   nearest  nearest    blended
// mirrors of the sky one texel by chance; four in wet weather and for `high`
// geometric error    3 px     2 px       1 px
// `fast` has no mirrors of near things and no lens. Labels are the same up to edge pixels.
enum class Quality : std::uint8_t { kFast, kStandard, kHigh };
const char* name(Quality quality);  // "fast", "standard", "high"
std::optional<Quality> quality_of(std::string_view name);
// The geometric error of a level of detail that a quality allows [px of the picture].
double lod_error_px(Quality quality);

struct View {
    math::RigidTransform X_WC;  // camera frame, OpenCV: x right, y down, z forward
    int width = 640, height = 400;
    double fx = 320, fy = 320, cx = 320, cy = 200;  // pixels
    math::Vec3 v_W{0, 0, 0};                        // of what carries it [m/s]: rain leans
    // Actors are drawn where they are this much after the state's time, going on as they do.
    double after_s = 0;
    // One of several views from one place that will be joined: levels of detail go by distance
    // instead of depth, so that they agree where the views meet.
    bool joined = false;
};

struct Frame {
    core::Image image;  // RGB
    // height × width words of engine/world/ids.h: what each pixel shows; empty unless asked
    std::vector<std::uint32_t> ids;
    std::vector<float> depth_m;  // height × width, metres along C's z, infinite for sky; empty
                                 // unless asked
    // The G-buffer's words of shape: octahedral normals in W and kinds, see unpack_normal; empty
    // unless asked.
    std::vector<std::uint32_t> shape;
    // Before exposure and tone curve, each empty unless asked: height × width × RGB [kcd/m²], and
    // what it is made of.
    std::vector<float> linear;
    std::vector<shader::PixelParts> parts;
};

// The unit normal in W that a word of shape holds.
math::Vec3 unpack_normal(std::uint32_t shape);

}  // namespace huntsman::engine::render
