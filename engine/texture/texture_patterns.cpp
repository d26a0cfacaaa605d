#include "engine/texture/texture_patterns.h"

#include <algorithm>
#include <cmath>

#include "engine/core/check.h"
#include "engine/texture/canvas.h"
#include "engine/texture/pattern_tools.h"

namespace huntsman::engine::texture {

Painter::Painter(TextureLayer layer)
    : layer_(layer), noise_(static_cast<std::uint32_t>(layer) * 131U + 17U, 512) {
    if (layer == TextureLayer::kGrass) draw_grass();
    if (layer == TextureLayer::kLeaves) draw_leaves();
}
Painter::~Painter() = default;

Texel Painter::at(double u, double v) const {
    switch (layer_) {
        case TextureLayer::kNoise:
            return rgb(noise_.fbm(u, v, 4, 7), noise_.fbm(u + 0.21, v + 0.47, 8, 5),
                       smooth(0.3, 0.8, noise_.fbm(u + 0.63, v + 0.11, 8, 4)),
                       noise_.fbm(u + 0.83, v + 0.31, 32, 4));
        case TextureLayer::kAsphalt:
            return asphalt(u, v);
        case TextureLayer::kConcrete:
            return concrete(u, v);
        case TextureLayer::kPaving:
            return paving(u, v);
        case TextureLayer::kPavers:
            return pavers(u, v);
        case TextureLayer::kCobbles:
            return cobbles(u, v);
        case TextureLayer::kKerb:
        case TextureLayer::kGranite:
            return kerb(u, v);
        case TextureLayer::kIron:
            return iron(u, v);
        case TextureLayer::kLaneWear:
            return lane_wear(u, v);
        case TextureLayer::kGrime:
            return grime(u, v);
        case TextureLayer::kMeadow:
            return meadow(u, v);
        case TextureLayer::kRoadMark:
            return road_mark(u, v);
        case TextureLayer::kGrass:
            return canvas_->at(u, v);
        case TextureLayer::kSoil:
            return soil(u, v);
        case TextureLayer::kBrick:
            return brick(u, v, 26);
        case TextureLayer::kPlaster:
            return plaster(u, v);
        case TextureLayer::kFacadePlaster:
        case TextureLayer::kFacadeBrick:
        case TextureLayer::kFacadeStucco:
        case TextureLayer::kFacadeShutter:
        case TextureLayer::kFacadePanel:
        case TextureLayer::kFacadeModern:
            return facade(u, v);
        case TextureLayer::kShop:
            return shop(u, v);
        case TextureLayer::kRoof:
            return roof(u, v);
        case TextureLayer::kWood:
            return wood(u, v);
        case TextureLayer::kBark:
            return bark(u, v);
        case TextureLayer::kLeaves:
            return canvas_->at(u, v);
        case TextureLayer::kCloth:
            return cloth(u, v);
        case TextureLayer::kPlates:
            return plates(u, v);
        case TextureLayer::kCount:
            break;
    }
    HM_CHECK(false, "layer {}", static_cast<int>(layer_));
}

// --- Plants and cloth ---

Texel Painter::wood(double u, double v) const {
    const double x = u * 8;
    const int board = static_cast<int>(std::floor(x));
    const double gap = std::min(x - board, 1 - (x - board));
    const double grain = noise_.stretched(u, v, 64, 8, 3);
    const double tone = (0.75 + 0.5 * hash01(static_cast<std::uint32_t>(board), 3)) *
                        (0.7 + 0.6 * grain) * (gap < 0.03 ? 0.4 : 1.0);
    return scaled(rgb(0.20, 0.13, 0.075, 0.8), tone);
}

Texel Painter::bark(double u, double v) const {
    const double ridge = noise_.stretched(u, v, 32, 8, 4);
    const double tone = 0.35 + 1.2 * smooth(0.3, 0.7, ridge);
    return scaled(rgb(0.125, 0.095, 0.07, 0.95), tone);
}

void Painter::draw_leaves() {
    // Sprays of leaves over deep shade: the later, the nearer, and the lighter. Where none lies the
    // background shows.
    constexpr int kSize = 512;
    canvas_ = std::make_unique<Canvas>(kSize, rgb(0.020, 0.036, 0.010, 0.0));
    std::uint32_t draw = 0;
    const auto random = [&] { return hash01(draw++, 811); };
    for (int layer = 0; layer < 3; ++layer) {
        const int sprays = layer == 0 ? 110 : 80;
        for (int i = 0; i < sprays; ++i) {
            const double x = random() * kSize, y = random() * kSize;
            const double axis = random() * 6.2831853;
            const double light = 0.35 + 0.30 * layer + 0.25 * random();
            const double hue = random();
            for (int k = 0; k < 13; ++k) {
                // Leaves stand left and right of a twig.
                const double along = (k - 6) * 5.0, side = (k & 1) == 0 ? 1.0 : -1.0;
                const double turn = axis + side * (0.7 + 0.5 * random());
                const double tone = light * (0.8 + 0.4 * random());
                const double yellow = 0.75 + 0.5 * hue + 0.2 * random();
                const double length = 15 + 8 * random();
                canvas_->leaf(x + along * std::cos(axis) + 7 * std::cos(turn),
                              y + along * std::sin(axis) + 7 * std::sin(turn), turn, length,
                              0.52 * length,
                              rgb(0.145 * tone * yellow, 0.235 * tone, 0.050 * tone, 1.0));
            }
        }
    }
}

Texel Painter::cloth(double u, double v) const {
    const double weave = 0.92 + 0.08 * std::sin(u * 402.1238597) * std::sin(v * 402.1238597);
    const double fold = 0.82 + 0.36 * noise_.fbm(u, v, 4, 4);
    return grey(std::min(1.0, 0.9 * weave * fold), 0.92);
}

}  // namespace huntsman::engine::texture
