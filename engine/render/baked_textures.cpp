#include "engine/render/baked_textures.h"

#include <cstdint>
#include <cstring>

// The assembler puts the file that bake_textures wrote into the program's read-only data.
__asm__(
    ".pushsection .rodata\n"
    ".balign 64\n"
    "huntsman_baked_textures_begin:\n"
    ".incbin \"" HUNTSMAN_BAKED_TEXTURES
    "\"\n"
    "huntsman_baked_textures_end:\n"
    ".byte 0\n"
    ".popsection\n");
extern "C" const std::byte huntsman_baked_textures_begin[];
extern "C" const std::byte huntsman_baked_textures_end[];

namespace huntsman::engine::render {

BakedTextures baked_textures() {
    std::int32_t header[4];
    std::memcpy(header, huntsman_baked_textures_begin, sizeof header);
    return {.size = header[0],
            .layers = header[1],
            .levels = header[2],
            .texels = {huntsman_baked_textures_begin + sizeof header, huntsman_baked_textures_end}};
}

}  // namespace huntsman::engine::render
