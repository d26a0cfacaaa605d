// What the renderer's comparison with other renderers reads of a pixel.
#pragma once

#include <cstdint>

namespace huntsman::engine::render::shader {

// What the light of a pixel is made of [kcd/m²], for comparisons with other renderers.
struct PixelParts {
    float radiance[3];             // rgb, as the camera sees it
    float direct[3];               // of that, from sun and lamps by at most one reflection
    float air[3];                  // of that, scattered in by the air
    float through = 1;             // transmittance of the air
    std::uint32_t surface, shape;  // the G-buffer's words
};

}  // namespace huntsman::engine::render::shader
