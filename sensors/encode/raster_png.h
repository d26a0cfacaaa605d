// Rasters of labels to PNG and back, bit for bit: 1 to 4 channels of 8 or 16 bits.
//
// Made for speed: rows take the cheaper of two filters, then libdeflate's fastest level;
// docs/formats.md has the figures. 32-bit words (ids, floats) go as four channels of 8 bits, the
// low byte in the first.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.h"

namespace huntsman::sensors::encode {

struct RasterShape {
    int width = 0, height = 0;
    int channels = 1;  // 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA
    int bits = 8;      // 8 or 16 a channel
    std::size_t row_bytes() const {
        return static_cast<std::size_t>(width) * static_cast<std::size_t>(channels * bits / 8);
    }
    std::size_t bytes() const { return row_bytes() * static_cast<std::size_t>(height); }
    bool operator==(const RasterShape&) const = default;
};

// `pixels` has shape.bytes(); 16-bit channels in the machine's order. Sides from 1 to 32768.
std::string encode_raster(std::span<const std::uint8_t> pixels, const RasterShape& shape);

struct Raster {
    RasterShape shape;
    std::vector<std::uint8_t> pixels;
};
// Any PNG without palette and interlacing of the shapes above. Every chunk's check sum is checked.
engine::core::Result<Raster> decode_raster(std::string_view bytes);

}  // namespace huntsman::sensors::encode
