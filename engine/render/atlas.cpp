#include "engine/render/atlas.h"

#include <algorithm>

namespace huntsman::engine::render {

AtlasLayout layout_atlas(std::span<const View> views, std::uint32_t most_height,
                         std::size_t helpers) {
    AtlasLayout layout{.pictures = views.size() - helpers};
    std::uint32_t x = 0, y = 0;  // of the next tile
    for (const View& view : views) {
        AtlasTile tile{.width = static_cast<std::uint32_t>(view.width),
                       .height = static_cast<std::uint32_t>(view.height),
                       .first_pixel = layout.pixels,
                       .first_sample = layout.meter_samples,
                       .first_light_tile = layout.light_tiles,
                       .first_edge_word = layout.edge_words,
                       .first_glare_cell = layout.glare_cells};
        if (y > 0 && y + tile.height > most_height) {
            x = layout.width;
            y = 0;
        }
        tile.x = x;
        tile.y = y;
        y += tile.height;
        layout.width = std::max(layout.width, tile.x + tile.width);
        layout.height = std::max(layout.height, y);
        layout.pixels += tile.pixels();
        layout.meter_samples += tile.meter_samples();
        layout.light_tiles += tile.light_tiles();
        layout.edge_words += tile.edge_words();
        layout.glare_cells += tile.glare_cells();
        layout.tiles.push_back(tile);
    }
    return layout;
}

}  // namespace huntsman::engine::render
