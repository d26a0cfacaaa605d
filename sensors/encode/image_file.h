// Pictures to and from JPEG and PNG bytes. Pictures are RGB or RGBA; JPEG drops the fourth channel.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "engine/core/image.h"
#include "engine/core/result.h"

namespace huntsman::sensors::encode {

// Baseline JPEG with 4:2:0 colour; quality 1 (small) to 100 (good).
engine::core::Result<std::string> encode_jpeg(const engine::core::Image& image, int quality);
// Three channels. Fails on bytes that are no JPEG or end early.
engine::core::Result<engine::core::Image> decode_jpeg(std::string_view bytes);

// Lossless, with the fastest compression that still compresses.
engine::core::Result<std::string> encode_png(const engine::core::Image& image);
// One channel of 16 bits: height × width values, rows from the top.
engine::core::Result<std::string> encode_png16(int width, int height,
                                               std::span<const std::uint16_t> values);
// Three channels, or four when the file has transparency. Fails on bytes that are no PNG or end
// early.
engine::core::Result<engine::core::Image> decode_png(std::string_view bytes);

}  // namespace huntsman::sensors::encode
