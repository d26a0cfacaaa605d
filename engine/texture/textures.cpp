#include "engine/texture/textures.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "engine/core/check.h"
#include "engine/texture/layers.h"
#include "engine/texture/texture_patterns.h"

namespace huntsman::engine::texture {
namespace {

constexpr int kSize = 512;

std::uint8_t quantise(double x) {
    return static_cast<std::uint8_t>(std::clamp(x, 0.0, 1.0) * 255.0 + 0.5);
}

struct Level {
    int size = 0;
    std::vector<Texel> texels;
};

Level painted(TextureLayer layer) {
    Level level{kSize, std::vector<Texel>(kSize * kSize)};
    const Painter paint(layer);
    for (int y = 0; y < kSize; ++y) {
        for (int x = 0; x < kSize; ++x) {
            level.texels[static_cast<std::size_t>(y * kSize + x)] =
                paint.at((x + 0.5) / kSize, (y + 0.5) / kSize);
        }
    }
    return level;
}

Level halved(const Level& fine) {
    Level coarse{fine.size / 2, {}};
    coarse.texels.reserve(static_cast<std::size_t>(coarse.size * coarse.size));
    for (int y = 0; y < coarse.size; ++y) {
        for (int x = 0; x < coarse.size; ++x) {
            Texel sum{0, 0, 0, 0};
            for (const int j : {0, 1}) {
                for (const int i : {0, 1}) {
                    const Texel& t =
                        fine.texels[static_cast<std::size_t>((2 * y + j) * fine.size + 2 * x + i)];
                    sum.r += 0.25F * t.r;
                    sum.g += 0.25F * t.g;
                    sum.b += 0.25F * t.b;
                    sum.a += 0.25F * t.a;
                }
            }
            coarse.texels.push_back(sum);
        }
    }
    return coarse;
}

// Share of texels that pass the alpha test.
double coverage(const Level& level, float threshold) {
    const auto passing = std::count_if(level.texels.begin(), level.texels.end(),
                                       [&](const Texel& t) { return t.a >= threshold; });
    return static_cast<double>(passing) / static_cast<double>(level.texels.size());
}

// The factor on alpha that keeps the finest level's coverage [Castaño 2010], so that far trees do
// not thin out.
float coverage_scale(const Level& level, double wanted) {
    float low = 0.1F, high = 8.0F;
    for (int i = 0; i < 20; ++i) {
        const float middle = 0.5F * (low + high);
        (coverage(level, 0.5F / middle) < wanted ? low : high) = middle;
    }
    return 0.5F * (low + high);
}

}  // namespace

TextureSet make_textures(core::JobPool& pool) {
    TextureSet set{.size = kSize, .layers = static_cast<int>(TextureLayer::kCount)};
    std::vector<std::size_t> level_offset;
    std::size_t bytes = 0;
    for (int size = kSize; size >= 1; size /= 2) {
        level_offset.push_back(bytes);
        bytes += static_cast<std::size_t>(size * size * set.layers) * 4;
        ++set.levels;
    }
    set.texels.resize(bytes);
    pool.run(static_cast<std::size_t>(set.layers), [&](std::size_t index) {
        const auto layer = static_cast<TextureLayer>(index);
        Level level = painted(layer);
        const bool cut_out = layer == TextureLayer::kLeaves;
        const bool linear = layer == TextureLayer::kNoise;
        const double wanted = cut_out ? coverage(level, 0.5F) : 0.0;
        for (std::size_t l = 0; l < level_offset.size(); ++l) {
            if (l > 0) level = halved(level);
            const float scale = cut_out && l > 0 ? coverage_scale(level, wanted) : 1.0F;
            std::byte* out = set.texels.data() + level_offset[l] + index * level.texels.size() * 4;
            for (const Texel& t : level.texels) {
                for (const float value : {t.r, t.g, t.b}) {
                    *out++ = std::byte{quantise(linear ? value : std::sqrt(std::max(0.0F, value)))};
                }
                *out++ = std::byte{quantise(t.a * scale)};
            }
        }
    });
    return set;
}

}  // namespace huntsman::engine::texture
