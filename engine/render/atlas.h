// How the views of a call lie in one set of attachments, and their results in one set of buffers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/render/lights.h"
#include "engine/render/shader_types.h"
#include "engine/render/view.h"

namespace huntsman::engine::render {

struct AtlasTile {
    std::uint32_t x = 0, y = 0, width = 0, height = 0;  // in the attachments [pixels]
    // In the buffers.
    std::size_t first_pixel = 0, first_sample = 0, first_light_tile = 0;
    std::size_t first_edge_word = 0, first_glare_cell = 0;
    std::size_t pixels() const { return std::size_t(width) * height; }
    std::size_t meter_samples() const {
        const auto blocks = [](std::uint32_t n) {
            return (n + shader::kMeterStride - 1) / shader::kMeterStride;
        };
        return std::size_t(blocks(width)) * blocks(height);
    }
    std::size_t light_tiles() const {
        return static_cast<std::size_t>(LightList::columns(static_cast<int>(width)) *
                                        LightList::rows(static_cast<int>(height)));
    }
    // Words of edges between rows, and of all; see finish.glsl.
    std::size_t row_edge_words() const { return std::size_t((width + 31) / 32) * height; }
    std::size_t edge_words() const {
        return row_edge_words() + std::size_t((height + 31) / 32) * width;
    }
    std::uint32_t glare_columns() const {
        return (width + shader::kGlareCell - 1) / shader::kGlareCell;
    }
    std::uint32_t glare_rows() const {
        return (height + shader::kGlareCell - 1) / shader::kGlareCell;
    }
    std::size_t glare_cells() const { return std::size_t(glare_columns()) * glare_rows(); }
    bool operator==(const AtlasTile&) const = default;
};

struct AtlasLayout {
    std::vector<AtlasTile> tiles;  // one a view
    std::size_t pictures = 0;      // of the first that many views, pictures are made
    std::uint32_t width = 0, height = 0;
    // Of all views.
    std::size_t pixels = 0, meter_samples = 0, light_tiles = 0;
    std::size_t edge_words = 0, glare_cells = 0;
    bool operator==(const AtlasLayout&) const = default;
};

// Views one below another, column by column, no higher than `most_height`. Its width may exceed
// what a device can draw: the caller checks. The last `helpers` views are no pictures.
AtlasLayout layout_atlas(std::span<const View> views, std::uint32_t most_height,
                         std::size_t helpers = 0);

}  // namespace huntsman::engine::render
