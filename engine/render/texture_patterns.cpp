#include "engine/render/texture_patterns.h"

#include <algorithm>
#include <cmath>

#include "engine/core/check.h"
#include "engine/render/canvas.h"
#include "engine/render/pattern_tools.h"

namespace huntsman::engine::render {

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
        case TextureLayer::kFacadeBrick:
        case TextureLayer::kFacadePlaster:
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
        case TextureLayer::kCount:
            break;
    }
    HM_CHECK(false, "layer {}", static_cast<int>(layer_));
}

// --- Walls ---

Texel Painter::brick(double u, double v, int rows) const {
    const double y = v * rows;
    const int row = static_cast<int>(std::floor(y));
    const int columns = rows * 5 / 16;
    const double x = u * columns + 0.5 * (row & 1);
    const int column = static_cast<int>(std::floor(x));
    const auto id = static_cast<std::uint32_t>(row * 64 + column % columns);
    // Joints are equally wide in metres along both sides of a brick.
    const double edge =
        std::min(std::min(x - column, 1 - (x - column)) * 3.2, std::min(y - row, 1 - (y - row)));
    const double tone = (0.7 + 0.6 * hash01(id, 3)) * (0.8 + 0.4 * noise_.fbm(u, v, 16, 5));
    const Texel stone = scaled(rgb(0.27, 0.105 + 0.03 * hash01(id, 7), 0.07, 0.88), tone);
    return blend(grey(0.36, 0.92), stone, smooth(0.05, 0.13, edge));
}

Texel Painter::plaster(double u, double v) const {
    const double tone = 0.86 + 0.2 * noise_.fbm(u, v, 4, 7) + 0.05 * (noise_.at(u, v, 512) - 0.5);
    const double streak = smooth(0.55, 0.8, noise_.stretched(u, v, 64, 4, 3));
    return scaled(rgb(0.62, 0.60, 0.55, 0.92), tone * (1 - 0.12 * streak));
}

// One window in its bay; (x, y) in [0, 1)² of the bay, y upwards.
Texel Painter::window(double x, double y, std::uint32_t bay, double width, double height,
                      const Texel& wall) const {
    const double left = 0.5 - 0.5 * width, bottom = 0.26;
    const double wx = (x - left) / width, wy = (y - bottom) / height;
    // A sill juts out below and shades the wall under it.
    if (std::abs(x - 0.5) < 0.5 * width + 0.03 && y < bottom && y > bottom - 0.035) {
        return grey(0.42, 0.85);
    }
    Texel result = wall;
    if (std::abs(x - 0.5) < 0.5 * width + 0.02) {
        result = scaled(result, 1 - 0.35 * smooth(0.10, 0.0, bottom - 0.035 - y) *
                                        (y < bottom - 0.035 ? 1 : 0));
    }
    if (wx < -0.06 || wx > 1.06 || wy < -0.02 || wy > 1.05) return result;
    if (wx < 0 || wx > 1 || wy < 0 || wy > 1) return scaled(wall, 0.6);  // the reveal's edge
    // Frame and glazing bars.
    const double bar = 0.045;
    const bool frame = wx < bar || wx > 1 - bar || wy < bar * 0.7 || wy > 1 - bar * 0.7 ||
                       std::abs(wx - 0.5) < bar * 0.5 || std::abs(wy - 0.68) < bar * 0.4;
    if (frame) return layer_ == TextureLayer::kFacadeModern ? grey(0.06, 0.5) : grey(0.66, 0.5);
    // Behind the glass: dark room, curtain at the sides, a blind from above, or a lit room.
    const double mood = hash01(bay, 11);
    const double reveal = 0.55 + 0.45 * smooth(1.0, 0.86, wy) * smooth(0.0, 0.08, wx);
    Texel glass = rgb(0.022, 0.028, 0.034, 0.06);
    if (mood < 0.30 && (wx < 0.24 || wx > 0.76)) {
        const double fold = 0.8 + 0.2 * std::sin(wx * 90);
        glass = scaled(rgb(0.24, 0.22, 0.19, 0.12), fold);
    } else if (mood > 0.30 && mood < 0.55 && wy > 1 - hash01(bay, 13) * 0.7) {
        glass = rgb(0.30, 0.28, 0.24, 0.14);
    } else if (mood > 0.93) {
        glass = rgb(0.30, 0.22, 0.11, 0.10);
    }
    return scaled(glass, reveal);
}

Texel Painter::facade(double u, double v) const {
    // Four bays by four storeys.
    const double x = u * 4, y = v * 4;
    const int bx = static_cast<int>(x), by = static_cast<int>(y);
    const auto bay = static_cast<std::uint32_t>(by * 4 + bx) + 100U * static_cast<unsigned>(layer_);
    const double fx = x - bx, fy = y - by;
    if (layer_ == TextureLayer::kFacadeModern) {
        // Bands of glass between panels.
        Texel wall = scaled(grey(0.46, 0.7), 0.85 + 0.25 * noise_.fbm(u, v, 4, 5));
        const double joint = std::min(std::min(fx, 1 - fx), std::min(fy, 1 - fy));
        wall = scaled(wall, 1 - 0.45 * smooth(0.012, 0.004, joint));
        return window(fx, fy, bay, 0.86, 0.60, wall);
    }
    Texel wall = layer_ == TextureLayer::kFacadeBrick ? brick(u, v, 144) : plaster(u, v);
    // A string course marks each floor; rain leaves streaks below sills.
    if (fy < 0.045) wall = scaled(grey(0.40, 0.85), fy < 0.008 ? 0.6 : 1.0);
    wall = scaled(wall, 0.9 + 0.16 * noise_.fbm(u, v, 4, 4));
    return window(fx, fy, bay, layer_ == TextureLayer::kFacadeBrick ? 0.46 : 0.40, 0.54, wall);
}

Texel Painter::shop(double u, double v) const {
    // Two bays of one storey: plinth, fascia with a name, and a shop window beside a door.
    const double x = u * 2;
    const int bx = static_cast<int>(x);
    const double fx = x - bx, fy = v;
    const auto bay = static_cast<std::uint32_t>(bx) + 500U;
    const Texel trim = bx == 0 ? rgb(0.045, 0.060, 0.070, 0.5) : rgb(0.17, 0.11, 0.065, 0.6);
    if (fy > 0.78 && fy < 0.95) {
        // Letters, unreadable as from afar.
        const double lx = fx * 14;
        const double across = lx - std::floor(lx);
        const auto letter = static_cast<std::uint32_t>(lx) + bay * 64U;
        const auto stroke = static_cast<std::uint32_t>(std::max(0.0, fy - 0.82) / 0.03);
        const bool ink =
            fx > 0.22 && fx < 0.78 && fy > 0.82 && fy < 0.91 && across < 0.68 &&
            hash01(letter + 64U * stroke, static_cast<std::uint32_t>(across * 4)) < 0.7;
        return ink ? rgb(0.62, 0.58, 0.46, 0.5) : trim;
    }
    if (fy > 0.95 || fy < 0.13 || fx < 0.04 || fx > 0.96) return scaled(trim, 0.85);
    if (std::abs(fx - 0.67) < 0.014 || std::abs(fy - 0.66) < 0.008) return scaled(trim, 1.2);
    // Glass with a deep, dim room behind; shelves with goods in the window, a bare floor at the
    // door.
    const double depth = 0.35 + 0.65 * smooth(0.78, 0.15, fy);
    const Texel room =
        scaled(rgb(0.060, 0.052, 0.040, 0.06), depth * (0.7 + 0.6 * noise_.fbm(u, v, 8, 3)));
    if (fx > 0.69)
        return std::abs(fx - 0.72) < 0.006 && fy > 0.35 && fy < 0.52 ? grey(0.4, 0.3) : room;
    const double shelf = (fy - 0.13) / 0.165;
    const int level = static_cast<int>(shelf);
    const double above = shelf - level;
    if (level < 3 && above < 0.06) return grey(0.12, 0.2);
    const double slot = fx * 18;
    const auto good =
        static_cast<std::uint32_t>(slot) + 40U * static_cast<std::uint32_t>(level) + bay * 977U;
    const bool box = level < 3 && slot - std::floor(slot) > 0.12 && hash01(good, 3) < 0.75 &&
                     above < 0.25 + 0.55 * hash01(good, 4);
    if (!box) return room;
    const double tone = 0.05 + 0.13 * hash01(good, 5), tint = 0.5 * hash01(good, 6);
    return rgb(tone * (1 + tint), tone, tone * (1.1 - tint), 0.08);
}

Texel Painter::roof(double u, double v) const {
    // Pantiles: twelve rows of sixteen.
    const double y = v * 12;
    const int row = static_cast<int>(std::floor(y));
    const double x = u * 16;
    const int column = static_cast<int>(std::floor(x));
    const std::uint32_t id = cell_id(column, row, 64);
    const double round = std::sin((x - column) * 3.14159265);
    const double lip = y - row;
    double tone = (0.75 + 0.5 * hash01(id, 3)) * (0.55 + 0.45 * round);
    tone *= 0.6 + 0.4 * smooth(0.0, 0.2, lip);
    tone *= 0.8 + 0.4 * noise_.fbm(u, v, 4, 6);
    return scaled(rgb(0.24, 0.105, 0.07, 0.85), tone);
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
                              rgb(0.105 * tone * yellow, 0.175 * tone, 0.034 * tone, 1.0));
            }
        }
    }
}

Texel Painter::cloth(double u, double v) const {
    const double weave = 0.92 + 0.08 * std::sin(u * 402.1238597) * std::sin(v * 402.1238597);
    const double fold = 0.82 + 0.36 * noise_.fbm(u, v, 4, 4);
    return grey(std::min(1.0, 0.9 * weave * fold), 0.92);
}

}  // namespace huntsman::engine::render
