#include "engine/render/picture_textures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

#include "engine/core/check.h"

namespace huntsman::engine::render {

namespace {

using Texels = std::vector<std::uint8_t>;  // RGBA

// To a larger power of two.
Texels enlarged(const world::Picture& picture, int size) {
    Texels texels(static_cast<std::size_t>(size) * size * 4);
    const int times = size / picture.size_px;
    for (int y = 0; y < size; ++y) {
        for (int x = 0; x < size; ++x) {
            const std::size_t from =
                4 * (static_cast<std::size_t>(y / times) * picture.size_px + x / times);
            const std::size_t to = 4 * (static_cast<std::size_t>(y) * size + x);
            std::memcpy(&texels[to], &picture.texels[from], 4);
        }
    }
    return texels;
}

// The next level; what is seen through holes does not colour their borders.
Texels halved(const Texels& fine, int size) {
    const int half = size / 2;
    Texels coarse(static_cast<std::size_t>(half) * half * 4);
    for (int y = 0; y < half; ++y) {
        for (int x = 0; x < half; ++x) {
            unsigned sum[4] = {}, weight = 0;
            for (int k = 0; k < 4; ++k) {
                const std::size_t at =
                    4 * (static_cast<std::size_t>(2 * y + k / 2) * size + 2 * x + k % 2);
                const unsigned coverage = fine[at + 3];
                for (unsigned c = 0; c < 3; ++c) sum[c] += fine[at + c] * (coverage + 1);
                sum[3] += coverage;
                weight += coverage + 1;
            }
            std::uint8_t* to = &coarse[4 * (static_cast<std::size_t>(y) * half + x)];
            for (unsigned c = 0; c < 3; ++c) {
                to[c] = static_cast<std::uint8_t>((sum[c] + weight / 2) / weight);
            }
            to[3] = static_cast<std::uint8_t>((sum[3] + 2) / 4);
        }
    }
    return coarse;
}

}  // namespace

core::Result<gpu::Image> upload_pictures(
    const gpu::Device& device, std::span<const std::shared_ptr<const world::Picture>> pictures) {
    const std::uint32_t most = device.info().limits.maxImageArrayLayers;
    if (pictures.size() > most) {
        return core::Error{.message =
                               fmt::format("the world's models show {} textures, expected at "
                                           "most {} on this device",
                                           pictures.size(), most)};
    }
    int size = 1;
    for (const auto& picture : pictures) size = std::max(size, picture->size_px);
    std::vector<Texels> layers;
    for (const auto& picture : pictures) {
        HM_CHECK(picture->texels.size() == static_cast<std::size_t>(picture->size_px) *
                                               static_cast<std::size_t>(picture->size_px) * 4,
                 "picture {} lacks texels", picture->name);
        layers.push_back(enlarged(*picture, size));
    }
    Texels all;
    std::uint32_t levels = 0;
    for (int side = size; side > 0; side /= 2, ++levels) {
        for (Texels& layer : layers) {
            all.insert(all.end(), layer.begin(), layer.end());
            if (side > 1) layer = halved(layer, side);
        }
    }
    const auto width = static_cast<std::uint32_t>(size);
    return gpu::upload_image(device,
                             {.width = width,
                              .height = width,
                              .layers = static_cast<std::uint32_t>(pictures.size()),
                              .levels = levels,
                              .array = true},
                             std::as_bytes(std::span(all)));
}

}  // namespace huntsman::engine::render
