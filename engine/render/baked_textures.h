// The textures as part of the program: painted when it is built, so that a start takes no time for
// them. The same bits as make_textures gives.
#pragma once

#include <cstddef>
#include <span>

namespace huntsman::engine::render {

// As TextureSet; the texels live as long as the program.
struct BakedTextures {
    int size = 0, layers = 0, levels = 0;
    std::span<const std::byte> texels;
};

BakedTextures baked_textures();

}  // namespace huntsman::engine::render
