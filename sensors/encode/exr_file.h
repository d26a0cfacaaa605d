// Linear pictures of high dynamic range to and from OpenEXR files.
#pragma once

#include <filesystem>
#include <vector>

#include "engine/core/result.h"

namespace huntsman::sensors::encode {

// Rows from the top, height × width × RGB; what the values mean is the writer's.
struct FloatImage {
    int width = 0, height = 0;
    std::vector<float> rgb;
};

enum class ExrDepth { kHalf, kFloat };

// Channels R, G, B with lossless ZIP compression; half floats end at 65504. Written under a
// temporary name and renamed.
engine::core::Status write_exr(const std::filesystem::path& path, const FloatImage& image,
                               ExrDepth depth);

// Files with channels R, G and B of any depth. Refuses what is no EXR, ends early, lacks a channel
// or is larger than 16384 pixels a side.
engine::core::Result<FloatImage> read_exr(const std::filesystem::path& path);

}  // namespace huntsman::sensors::encode
