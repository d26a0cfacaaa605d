// Paints the textures at build time and writes them as one file: bake_textures FILE.
//
// The file holds TextureSet's size, layers and levels as 32-bit numbers, a spare one, then the
// texels.
#include <cstdint>
#include <cstdio>
#include <cstring>

#include "engine/core/files.h"
#include "engine/texture/textures.h"

int main(int count, char** arguments) {
    using namespace huntsman::engine;
    if (count != 2) {
        std::fprintf(stderr, "bake_textures: expected the name of the file to write\n");
        return 2;
    }
    core::JobPool pool(0);
    const texture::TextureSet set = texture::make_textures(pool);
    const std::int32_t header[4] = {set.size, set.layers, set.levels, 0};
    std::string content(sizeof header + set.texels.size(), '\0');
    std::memcpy(content.data(), header, sizeof header);
    std::memcpy(content.data() + sizeof header, set.texels.data(), set.texels.size());
    if (const auto status = core::write_file(arguments[1], content); !status.ok()) {
        std::fprintf(stderr, "bake_textures: %s\n", status.error().text().c_str());
        return 2;
    }
    return 0;
}
