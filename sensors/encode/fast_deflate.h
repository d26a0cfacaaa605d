// Deflate for filtered rows of label images: much faster than a general compressor because it looks
// for one kind of repetition only, that of the pixel before. Where labels change smoothly, filters
// leave runs of equal pixels, and what is between them is left to Huffman codes fit to each block
// [RFC 1951].
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace huntsman::sensors::encode {

// A zlib stream [RFC 1950]. `step` is the pixel's size, 1 to 4, 6 or 8 bytes.
std::string fast_zlib(std::span<const std::uint8_t> bytes, std::size_t step);

}  // namespace huntsman::sensors::encode
