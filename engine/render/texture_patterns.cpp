#include "engine/render/texture_patterns.h"

#include <algorithm>
#include <cmath>

#include "engine/core/check.h"

namespace huntsman::engine::render {
namespace {

double smooth(double low, double high, double x) {
    const double t = std::clamp((x - low) / (high - low), 0.0, 1.0);
    return t * t * (3 - 2 * t);
}

Texel grey(double albedo, double roughness) {
    const auto a = static_cast<float>(albedo);
    return {a, a, a, static_cast<float>(roughness)};
}
Texel rgb(double r, double g, double b, double roughness) {
    return {static_cast<float>(r), static_cast<float>(g), static_cast<float>(b),
            static_cast<float>(roughness)};
}
Texel scaled(Texel t, double factor) {
    const auto f = static_cast<float>(factor);
    return {t.r * f, t.g * f, t.b * f, t.a};
}
Texel blend(const Texel& a, const Texel& b, double t) {
    const auto f = static_cast<float>(std::clamp(t, 0.0, 1.0));
    return {a.r + (b.r - a.r) * f, a.g + (b.g - a.g) * f, a.b + (b.b - a.b) * f,
            a.a + (b.a - a.a) * f};
}

std::uint32_t cell_id(int x, int y, int cells) {
    const int mx = ((x % cells) + cells) % cells, my = ((y % cells) + cells) % cells;
    return static_cast<std::uint32_t>(my * cells + mx);
}

// Cellular pattern: distances to the nearest and second nearest of one point per cell, in cells.
struct Cells {
    double first = 9, second = 9;
    std::uint32_t id = 0;
};
Cells cells_at(double u, double v, int cells, std::uint32_t seed) {
    Cells result;
    const double x = u * cells, y = v * cells;
    const int ix = static_cast<int>(std::floor(x)), iy = static_cast<int>(std::floor(y));
    for (int j = -1; j <= 1; ++j) {
        for (int i = -1; i <= 1; ++i) {
            const std::uint32_t id = cell_id(ix + i, iy + j, cells);
            const double px = ix + i + hash01(id, seed), py = iy + j + hash01(id, seed + 1);
            const double d = std::hypot(px - x, py - y);
            if (d < result.first) {
                result.second = result.first;
                result.first = d;
                result.id = id;
            } else if (d < result.second) {
                result.second = d;
            }
        }
    }
    return result;
}

// Distance to the border of the unit square that holds (x, y).
double inside(double x, double y) { return std::min(std::min(x, 1 - x), std::min(y, 1 - y)); }

}  // namespace

Painter::Painter(TextureLayer layer)
    : layer_(layer), noise_(static_cast<std::uint32_t>(layer) * 131U + 17U, 512) {}

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
        case TextureLayer::kKerb:
            return kerb(u, v);
        case TextureLayer::kRoadMark:
            return road_mark(u, v);
        case TextureLayer::kGrass:
            return grass(u, v);
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
            return leaves(u, v);
        case TextureLayer::kCloth:
            return cloth(u, v);
        case TextureLayer::kCount:
            break;
    }
    HM_CHECK(false, "layer {}", static_cast<int>(layer_));
}

// --- Ground ---

Texel Painter::asphalt(double u, double v) const {
    // Stones of 1-3 cm in bitumen, worn lighter, with stains, a filled trench and cracks.
    const Cells stone = cells_at(u, v, 128, 3);
    const double grain = noise_.at(u, v, 512);
    double albedo = 0.062 + 0.05 * hash01(stone.id, 9) * smooth(0.75, 0.2, stone.first);
    albedo += 0.02 * (grain - 0.5);
    albedo *= 0.82 + 0.36 * noise_.fbm(u, v, 4, 5);
    const double stain = smooth(0.60, 0.72, noise_.fbm(u + 0.3, v + 0.7, 4, 4));
    albedo *= 1 - 0.22 * stain;
    const Cells plate =
        cells_at(u + 0.12 * noise_.fbm(u, v, 8, 4), v + 0.12 * noise_.fbm(v, u, 8, 4), 2, 21);
    const double crack = smooth(0.012, 0.003, plate.second - plate.first) *
                         smooth(0.52, 0.62, noise_.fbm(u + 0.5, v + 0.1, 4, 3));
    albedo *= 1 - 0.45 * crack;
    return rgb(albedo * 1.02, albedo, albedo * 0.97, 0.86 - 0.1 * stain);
}

Texel Painter::concrete(double u, double v) const {
    double albedo = 0.33 * (0.8 + 0.4 * noise_.fbm(u, v, 4, 7));
    albedo *= 1 - 0.25 * smooth(0.55, 0.75, noise_.fbm(u + 0.4, v + 0.2, 4, 4));
    albedo *= 0.94 + 0.12 * noise_.at(u, v, 256);
    return rgb(albedo * 1.02, albedo, albedo * 0.95, 0.85);
}

Texel Painter::paving(double u, double v) const {
    // Slabs of half a metre, four by four, every other row shifted, joints with dirt.
    const double y = v * 4;
    const int row = static_cast<int>(std::floor(y));
    const double x = u * 4 + 0.5 * (row & 1);
    const int column = static_cast<int>(std::floor(x));
    const std::uint32_t id = cell_id(column, row, 4);
    const double edge = inside(x - column, y - row);
    double albedo = 0.27 * (0.82 + 0.36 * hash01(id, 3)) * (0.85 + 0.3 * noise_.fbm(u, v, 8, 6));
    albedo *= 1 - 0.55 * smooth(0.030, 0.012, edge);
    // Old chewing gum.
    const Cells gum = cells_at(u, v, 16, 41);
    if (hash01(gum.id, 4) < 0.14) albedo *= 1 - 0.4 * smooth(0.2, 0.14, gum.first);
    const double warm = 0.02 * (hash01(id, 6) - 0.5);
    return rgb(albedo * (1.02 + warm), albedo, albedo * (0.94 - warm), 0.83);
}

Texel Painter::kerb(double u, double v) const {
    // Granite blocks of a metre.
    const double x = u * 2;
    const double joint = std::min(x - std::floor(x), 1 - (x - std::floor(x)));
    const double fleck = noise_.at(u, v, 256);
    double albedo = 0.36 * (0.75 + 0.3 * fleck + 0.2 * noise_.fbm(u, v, 4, 4));
    albedo *= 1 - 0.5 * smooth(0.02, 0.008, joint);
    return grey(albedo, 0.75);
}

Texel Painter::road_mark(double u, double v) const {
    // White paint worn through to the asphalt at spots.
    const double wear = noise_.fbm(u, v, 8, 6);
    const double worn = smooth(0.60, 0.74, wear) * 0.8;
    const double dirt = 0.85 + 0.2 * noise_.fbm(u + 0.2, v + 0.6, 4, 4);
    return blend(rgb(0.72 * dirt, 0.71 * dirt, 0.66 * dirt, 0.55), grey(0.09, 0.85), worn);
}

Texel Painter::grass(double u, double v) const {
    const double blade = noise_.at(u, v, 512) * 0.6 + noise_.at(u + 0.3, v, 256) * 0.4;
    const double patch = noise_.fbm(u, v, 4, 5);
    const Texel green = rgb(0.045, 0.085, 0.018, 0.95);
    const Texel dry = rgb(0.11, 0.105, 0.035, 0.95);
    Texel t = blend(green, dry, smooth(0.45, 0.75, patch) * 0.7);
    const Cells flower = cells_at(u, v, 32, 51);
    if (hash01(flower.id, 2) < 0.03 && flower.first < 0.1) t = rgb(0.6, 0.58, 0.35, 0.9);
    return scaled(t, 0.45 + 1.1 * blade);
}

Texel Painter::soil(double u, double v) const {
    const double tone = 0.6 + 0.8 * noise_.fbm(u, v, 8, 7);
    Texel t = scaled(rgb(0.13, 0.09, 0.055, 0.95), tone);
    const Cells stone = cells_at(u, v, 64, 61);
    if (hash01(stone.id, 3) < 0.15) t = blend(grey(0.2, 0.85), t, smooth(0.15, 0.3, stone.first));
    return t;
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

Texel Painter::leaves(double u, double v) const {
    // Sprays of leaves: light on top of each clump, deep shade between, and gaps that let the
    // background through.
    const Cells leaf = cells_at(u, v, 32, 81);
    const Cells clump =
        cells_at(u + 0.02 * noise_.at(u, v, 16), v + 0.02 * noise_.at(v, u, 16), 8, 91);
    const double shade = 0.30 + 1.0 * smooth(0.75, 0.1, clump.first);
    const double tone = shade * (0.55 + 0.8 * hash01(leaf.id, 3));
    const double rim = smooth(0.04, 0.22, leaf.second - leaf.first);
    Texel t = scaled(rgb(0.060 + 0.045 * hash01(leaf.id, 5), 0.120, 0.028, 1),
                     tone * (0.45 + 0.55 * rim));
    const double gap = smooth(0.62, 0.85, clump.first) * (0.5 + hash01(leaf.id, 4));
    t.a = static_cast<float>(std::clamp(1.25 - 1.4 * gap, 0.0, 1.0));
    return t;
}

Texel Painter::cloth(double u, double v) const {
    const double weave = 0.92 + 0.08 * std::sin(u * 402.1238597) * std::sin(v * 402.1238597);
    const double fold = 0.82 + 0.36 * noise_.fbm(u, v, 4, 4);
    return grey(std::min(1.0, 0.9 * weave * fold), 0.92);
}

}  // namespace huntsman::engine::render
