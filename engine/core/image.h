// A plain 8-bit picture: rows from the top, pixels interleaved, no padding.
#pragma once

#include <cstdint>
#include <vector>

namespace huntsman::engine::core {

struct Image {
    int width = 0;                     // pixels
    int height = 0;                    // pixels
    int channels = 3;                  // 3: RGB, 4: RGBA
    std::vector<std::uint8_t> pixels;  // height × width × channels, sRGB

    std::uint8_t* row(int y) {
        return pixels.data() +
               static_cast<std::size_t>(y) * static_cast<std::size_t>(width * channels);
    }
    const std::uint8_t* row(int y) const {
        return pixels.data() +
               static_cast<std::size_t>(y) * static_cast<std::size_t>(width * channels);
    }
};

}  // namespace huntsman::engine::core
