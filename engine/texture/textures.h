// Textures made by arithmetic at start: no files, the same bits always, tileable, with all levels.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/core/job_pool.h"

namespace huntsman::engine::texture {

// RGBA8 layers in the order of TextureLayer. rgb is the square root of linear albedo, so that eight
// bits suffice in the dark and products need no decoding; a is roughness, or for leaves the
// coverage. Layer kNoise holds four independent noises.
struct TextureSet {
    int size = 0, layers = 0, levels = 0;
    std::vector<std::byte> texels;  // level by level, finest first; in a level layer by layer
};

TextureSet make_textures(core::JobPool& pool);

}  // namespace huntsman::engine::texture
