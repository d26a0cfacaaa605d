// A shot: what falls onto a camera's image plane, before the image sensor, and what each pixel
// shows.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/core/image.h"

namespace huntsman::sensors::capture {

struct CameraPlan;

struct Shot {
    int width = 0, height = 0;
    // height × width × RGB, linear sRGB primaries, luminance in kcd/m². Without lens fall-off,
    // blur, noise or exposure: those are the sensor's.
    std::vector<float> radiance;
    // height × width × 2: speed of what the pixel shows across the picture [px/s], good to
    // 1 %: for blur.
    std::vector<float> velocity_px_s;
    std::vector<std::uint32_t> ids;  // words of engine/world/ids.h
    std::vector<float> depth_m;      // along C's z for pinholes, else along the ray; infinite: sky
    std::vector<std::uint32_t> shape;  // octahedral normals in W as the G-buffer holds them
    // How the picture was put together from views; for labels that draw what was not seen.
    std::shared_ptr<const CameraPlan> plan;
    engine::core::Image picture;  // the renderer's own, of ideal cameras without a sensor
};

}  // namespace huntsman::sensors::capture
