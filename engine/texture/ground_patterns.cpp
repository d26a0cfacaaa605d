// What lies on the ground: surfaces of a few metres, and layers of tens of metres that modulate
// them, so that no repetition shows.
#include <algorithm>
#include <cmath>

#include "engine/texture/canvas.h"
#include "engine/texture/pattern_tools.h"

namespace huntsman::engine::texture {

// --- Surfaces ---

Texel Painter::asphalt(double u, double v) const {
    // Stones of 1-3 cm in bitumen; some are worn bright, and pores between stay dark. Nothing in it
    // is large enough to be seen again four metres on.
    const Cells stone = cells_at(u, v, 128, 3);
    const double kind = hash01(stone.id, 9);
    double albedo = 0.066 + 0.045 * kind * smooth(0.8, 0.25, stone.first);
    if (kind > 0.975) albedo += 0.05 * smooth(0.5, 0.25, stone.first);
    albedo *= 1 - 0.55 * smooth(0.10, 0.02, stone.second - stone.first) * smooth(0.35, 0.6, kind);
    albedo *= 0.86 + 0.28 * noise_.at(u, v, 512);
    albedo *= 0.90 + 0.20 * noise_.fbm(u, v, 16, 4);
    const double warm = 0.05 * (hash01(stone.id, 12) - 0.4);
    return rgb(albedo * (1.02 + warm), albedo, albedo * (0.96 - warm), 0.86);
}

Texel Painter::concrete(double u, double v) const {
    double albedo = 0.31 * (0.88 + 0.24 * noise_.fbm(u, v, 8, 6));
    albedo *= 0.93 + 0.14 * noise_.at(u, v, 512);
    const Cells pore = cells_at(u, v, 64, 31);
    if (hash01(pore.id, 2) < 0.3) albedo *= 1 - 0.35 * smooth(0.14, 0.06, pore.first);
    return rgb(albedo * 1.02, albedo, albedo * 0.95, 0.87);
}

Texel Painter::paving(double u, double v) const {
    // Slabs of half a metre, eight by eight, every other row shifted, joints with dirt and moss.
    const double y = v * 8;
    const int row = static_cast<int>(std::floor(y));
    const double x = u * 8 + 0.5 * (row & 1);
    const int column = static_cast<int>(std::floor(x));
    const std::uint32_t id = cell_id(column, row, 8);
    const double edge = inside(x - column, y - row);
    double albedo = 0.27 * (0.88 + 0.24 * hash01(id, 3)) * (0.88 + 0.24 * noise_.fbm(u, v, 16, 6));
    albedo *= 0.92 + 0.16 * noise_.at(u, v, 512);
    // One slab in fifty was replaced, and is lighter.
    if (hash01(id, 21) < 0.03) albedo *= 1.16;
    // Edges are chipped here and there.
    const double ragged = edge + 0.02 * (noise_.at(u, v, 256) - 0.5);
    const double joint = smooth(0.030, 0.014, ragged);
    albedo *= 1 - 0.18 * smooth(0.10, 0.02, edge);
    const Cells gum = cells_at(u, v, 32, 41);
    if (hash01(gum.id, 4) < 0.10) albedo *= 1 - 0.38 * smooth(0.22, 0.15, gum.first);
    const double warm = 0.05 * (hash01(id, 6) - 0.5);
    const double moss = smooth(0.5, 0.7, noise_.fbm(u + 0.4, v + 0.2, 8, 3));
    const Texel dirt = blend(rgb(0.075, 0.066, 0.052, 0.95), rgb(0.055, 0.072, 0.028, 0.95), moss);
    return blend(rgb(albedo * (1.02 + warm), albedo, albedo * (0.94 - warm), 0.84), dirt,
                 0.85 * joint);
}

Texel Painter::pavers(double u, double v) const {
    // Concrete stones of 10 by 20 cm in running bond.
    const double y = v * 40;
    const int row = static_cast<int>(std::floor(y));
    const double x = u * 20 + 0.5 * (row & 1);
    const int column = static_cast<int>(std::floor(x));
    const auto id = static_cast<std::uint32_t>((row % 40) * 64 + column % 20);
    const double edge =
        std::min(std::min(x - column, 1 - (x - column)) * 2.0, std::min(y - row, 1 - (y - row)));
    double albedo = 0.215 * (0.78 + 0.44 * hash01(id, 3)) * (0.88 + 0.24 * noise_.fbm(u, v, 16, 6));
    albedo *= 0.9 + 0.2 * noise_.at(u, v, 512);
    const double red = hash01(id, 7);
    const Texel stone =
        rgb(albedo * (1.05 + 0.14 * red), albedo, albedo * (0.92 - 0.06 * red), 0.86);
    return blend(rgb(0.085, 0.078, 0.062, 0.95), stone, smooth(0.03, 0.11, edge));
}

Texel Painter::cobbles(double u, double v) const {
    // Setts of granite, about 10 cm, in rows that are not quite straight.
    const double bend = 0.25 * (noise_.at(u, v, 8) - 0.5);
    const double y = v * 40 + bend;
    const int row = static_cast<int>(std::floor(y));
    const double x = u * 32 + 0.5 * (row & 1) + 0.35 * (noise_.at(u, v, 16) - 0.5) +
                     0.3 * hash01(static_cast<std::uint32_t>((row + 40) % 40), 8);
    const int column = static_cast<int>(std::floor(x));
    const auto id = static_cast<std::uint32_t>(((row + 40) % 40) * 64 + (column + 32) % 32);
    const double fx = x - column - 0.5, fy = y - row - 0.5;
    // Rounded squares with domed tops.
    const double size = 0.40 + 0.06 * hash01(id, 5);
    const double p =
        std::pow(std::pow(std::abs(fx) / size, 4) + std::pow(std::abs(fy) / size, 4), 0.25);
    const double top = smooth(1.12, 0.92, p);
    double albedo = 0.20 * (0.62 + 0.76 * hash01(id, 3)) * (0.75 + 0.5 * noise_.at(u, v, 512));
    albedo *= 1 - 0.4 * smooth(0.45, 1.0, p);
    const double warm = 0.10 * (hash01(id, 6) - 0.4);
    const Texel stone = rgb(albedo * (1 + warm), albedo, albedo * (1 - warm), 0.7);
    return blend(rgb(0.062, 0.056, 0.043, 0.95), stone, top);
}

Texel Painter::kerb(double u, double v) const {
    const bool granite = layer_ == TextureLayer::kGranite;
    // Blocks of a metre; four in a tile, none like the next.
    const double x = u * 4;
    const auto block = static_cast<std::uint32_t>(x) & 3U;
    const double joint = std::min(x - std::floor(x), 1 - (x - std::floor(x)));
    double albedo = granite ? 0.29 : 0.33;
    albedo *= 0.86 + 0.28 * hash01(block, granite ? 71U : 72U);
    if (granite) {
        const Cells grain = cells_at(u, v, 256, 33);
        albedo *= 0.6 + 0.75 * hash01(grain.id, 3);
        albedo *= 0.85 + 0.3 * noise_.fbm(u, v, 8, 5);
    } else {
        albedo *= 0.90 + 0.2 * noise_.fbm(u, v, 8, 6);
        albedo *= 0.94 + 0.12 * noise_.at(u, v, 512);
        // Rubbed dark by tyres in places.
        const double rub = smooth(0.55, 0.72, noise_.stretched(u, v, 8, 32, 3));
        albedo *= 1 - 0.35 * rub;
    }
    albedo *= 1 - 0.6 * smooth(0.012, 0.005, joint);
    return rgb(albedo * 1.01, albedo, albedo * 0.97, granite ? 0.7 : 0.82);
}

Texel Painter::road_mark(double u, double v) const {
    // White paint: rubbed off the tops of stones, cracked, flaked away at spots, darkened by
    // rubber. Where it is gone asphalt shows.
    const Cells stone = cells_at(u, v, 96, 3);
    const double wear = noise_.fbm(u, v, 8, 5);
    const double rub = smooth(0.46, 0.70, wear + 0.16 * (hash01(stone.id, 5) - 0.5));
    const double flake = smooth(0.66, 0.70, noise_.fbm(u + 0.4, v + 0.1, 16, 5));
    const Cells plate =
        cells_at(u + 0.02 * noise_.at(u, v, 16), v + 0.02 * noise_.at(v, u, 16), 8, 21);
    const double crack = smooth(0.035, 0.012, plate.second - plate.first) *
                         smooth(0.42, 0.55, noise_.fbm(u + 0.5, v + 0.1, 4, 2));
    const double gone = std::max({0.62 * rub, 0.9 * flake, 0.8 * crack});
    const double dirt =
        0.80 + 0.16 * noise_.fbm(u + 0.2, v + 0.6, 8, 5) + 0.06 * noise_.at(u, v, 512);
    const double under = 0.075 + 0.05 * hash01(stone.id, 9);
    return blend(rgb(0.66 * dirt, 0.645 * dirt, 0.60 * dirt, 0.6), grey(under, 0.86), gone);
}

Texel Painter::soil(double u, double v) const {
    const double tone = 0.6 + 0.8 * noise_.fbm(u, v, 8, 7);
    Texel t = scaled(rgb(0.135, 0.098, 0.062, 0.95), tone);
    const Cells stone = cells_at(u, v, 64, 61);
    const double kind = hash01(stone.id, 3);
    if (kind < 0.45) {
        t = blend(grey(0.12 + 0.25 * kind, 0.85), t,
                  smooth(0.12 + 0.3 * kind, 0.3 + 0.3 * kind, stone.first));
    }
    return t;
}

Texel Painter::iron(double u, double v) const {
    // Four cells: a round cover with a concrete core, one of iron, a gully's grating, a small
    // valve's lid. Each cell is a square about its middle.
    const int cell = (u >= 0.5 ? 1 : 0) + (v >= 0.5 ? 2 : 0);
    const double x = (u - (u >= 0.5 ? 0.75 : 0.25)) * 4, y = (v - (v >= 0.5 ? 0.75 : 0.25)) * 4;
    const double r = std::hypot(x, y);
    const double rust = noise_.fbm(u, v, 16, 5);
    Texel iron = blend(grey(0.075, 0.5), rgb(0.11, 0.075, 0.05, 0.75), smooth(0.45, 0.65, rust));
    iron = scaled(iron, 0.8 + 0.4 * noise_.at(u, v, 256));
    if (cell == 2) {
        // Bars across, with black between.
        const double bar = std::abs(std::fmod(std::abs(y) * 4.5 + 0.25, 1.0) - 0.5);
        const bool frame = std::max(std::abs(x), std::abs(y)) > 0.86 || std::abs(x) < 0.07;
        return frame ? iron : blend(grey(0.008, 0.9), iron, smooth(0.22, 0.28, bar));
    }
    if (cell == 3) {
        const double rim = smooth(0.05, 0.02, std::abs(std::max(std::abs(x), std::abs(y)) - 0.82));
        const double stud = smooth(0.3, 0.2,
                                   std::hypot(std::fmod(std::abs(x) * 4, 1.0) - 0.5,
                                              std::fmod(std::abs(y) * 4, 1.0) - 0.5));
        return scaled(iron, (0.8 + 0.5 * stud) * (1 - 0.7 * rim));
    }
    // The gap around the lid, and its frame.
    const double gap = smooth(0.03, 0.015, std::abs(r - 0.86));
    if (cell == 0 && r < 0.66) {
        const double albedo = 0.22 * (0.8 + 0.4 * noise_.fbm(u, v, 32, 4));
        const double hole = smooth(0.08, 0.05, std::hypot(std::abs(x) - 0.38, y));
        return blend(grey(albedo, 0.85), grey(0.01, 0.9), hole);
    }
    const double turn = std::atan2(y, x);
    const double pattern =
        r > 0.7 ? 0.5 : smooth(-0.2, 0.2, std::sin(turn * 12) * std::sin(r * 34));
    return scaled(iron, (0.75 + 0.55 * pattern) * (1 - 0.85 * gap));
}

void Painter::draw_grass() {
    // Thousands of blades over dark ground, clover and dry stalks between.
    constexpr int kSize = 512;
    canvas_ = std::make_unique<Canvas>(kSize, rgb(0.030, 0.040, 0.014, 0.95));
    std::uint32_t draw = 0;
    const auto random = [&] { return hash01(draw++, 501); };
    for (int i = 0; i < 26'000; ++i) {
        const double x = random() * kSize, y = random() * kSize;
        const double depth = i / 26'000.0;
        // Tufts lean alike.
        const double lean = 12.0 * noise_.fbm(x / kSize, y / kSize, 16, 2);
        const double turn = lean + 2.2 * (random() - 0.5);
        const double tone = (0.35 + 0.85 * depth) * (0.7 + 0.6 * random());
        const double dry = random() < 0.12 ? 1.0 : 0.25 * random();
        const Texel tip = blend(rgb(0.085 * tone, 0.165 * tone, 0.028 * tone, 0.9),
                                rgb(0.27 * tone, 0.235 * tone, 0.105 * tone, 0.9), dry);
        canvas_->blade(x, y, turn, 6 + 11 * random(), 1.6, scaled(tip, 0.45), tip);
        if (random() < 0.012) {
            // Clover: three round leaves.
            for (int k = 0; k < 3; ++k) {
                const double a = turn + 2.094 * k;
                canvas_->leaf(x + 2.5 * std::cos(a), y + 2.5 * std::sin(a), a, 6, 5,
                              rgb(0.055 * tone, 0.135 * tone, 0.035 * tone, 0.85));
            }
        }
    }
    // Dandelions and daisies.
    for (int i = 0; i < 9; ++i) {
        const bool yellow = i % 3 != 0;
        const double x = random() * kSize, y = random() * kSize;
        const Texel petal = yellow ? rgb(0.62, 0.46, 0.02, 0.8) : rgb(0.62, 0.62, 0.58, 0.8);
        for (int k = 0; k < 6; ++k)
            canvas_->blade(x, y, 1.047 * k, yellow ? 3.4 : 2.4, 1.4, petal, petal);
    }
}

// --- Layers that modulate the ground ---

Texel Painter::lane_wear(double u, double v) const {
    // Four profiles across, in the order of world::LaneUse, each with a margin; 32 m along.
    const double strip = u * 4;
    const int use = std::min(3, static_cast<int>(strip));
    const double x = std::clamp((strip - use - 0.03) / 0.94, 0.0, 1.0);
    const double fine = noise_.stretched(u, v, 256, 64, 2);
    double f = 1 + 0.16 * (noise_.stretched(u, v, 16, 32, 4) - 0.5);
    f *= 1 + 0.12 * (noise_.at(u, v, 2, 4) - 0.5);
    f *= 1 + 0.07 * (fine - 0.5);
    double hollow = 0.55 * noise_.stretched(u + 0.3, v + 0.6, 16, 16, 3);
    double r = 1, g = 1, b = 1;
    const bool driven = use < 2, at_kerb = use == 1 || use == 2;
    if (driven) {
        // Tyres polish two bands and leave rubber; oil drips between them; dust stays at the edges.
        const double meander = 0.05 * (noise_.at(0.37, v, 1, 8) - 0.5);
        const double left = bell(x - 0.26 - meander, 0.075),
                     right = bell(x - 0.74 - meander, 0.075);
        const double strength = 0.7 + 0.6 * noise_.at(0.11, v, 1, 8);
        f *= 1 - 0.26 * strength * (left + right);
        const double oil = bell(x - 0.5 - meander, 0.07) * (0.5 + noise_.at(0.71, v, 1, 16));
        f *= 1 - 0.20 * oil;
        const double drip = smooth(0.70, 0.80, noise_.at(u, v, 128, 256)) * bell(x - 0.5, 0.10);
        f *= 1 - 0.40 * drip;
        f *= 1 + 0.10 * smooth(0.14, 0.0, std::min(x, 1 - x));
        hollow += 0.42 * (left + right);
        // The joint between two strips of the paver has opened, and was sealed here and there.
        const double wiggle = 0.006 * (noise_.at(0.53, v, 1, 64) - 0.5) + 0.012;
        const double seam = smooth(0.016, 0.006, std::abs(x - wiggle));
        f *= 1 - 0.30 * seam * smooth(0.45, 0.55, noise_.at(0.19, v, 1, 8));
    }
    // Cracks across, from one side part of the way.
    for (std::uint32_t i = 0; i < 5; ++i) {
        const std::uint32_t id = i + 8U * static_cast<std::uint32_t>(use);
        const double at = (i + hash01(id, 61)) / 5.0;
        const double bent = 0.035 * (noise_.at(u, hash01(id, 62), 16, 1) - 0.5) +
                            0.008 * (noise_.at(u, hash01(id, 62), 128, 1) - 0.5);
        const double gap = std::abs(v - at - bent) * 32.0;
        const double reach = 0.3 + 0.7 * hash01(id, 63);
        const bool from_left = hash01(id, 64) < 0.5;
        const double along = from_left ? x : 1 - x;
        const double line = smooth(0.07, 0.02, gap) * smooth(reach, reach - 0.1, along);
        f *= 1 - 0.34 * line * smooth(0.35, 0.5, hash01(id, 65));
    }
    if (at_kerb) {
        // Sand, leaves and soot along the kerb.
        const double ragged = 0.5 + noise_.stretched(u, v, 64, 128, 3);
        const double dirt = smooth(0.90, 0.99, x) * std::min(1.0, ragged);
        f *= 1 - 0.30 * dirt;
        r *= 1 + 0.22 * dirt;
        b *= 1 - 0.16 * dirt;
        hollow += 0.75 * smooth(0.86, 1.0, x);
        const double leaf = hash01(
            static_cast<std::uint32_t>(u * 512) + 512U * static_cast<std::uint32_t>(v * 512), 77);
        if (leaf < 0.11 * dirt * smooth(0.4, 0.6, noise_.at(0.83, v, 1, 16))) {
            r *= 2.6;
            g *= 1.7;
        }
    }
    if (use == 2) {
        // Oil under parked engines.
        const double spot =
            smooth(0.60, 0.74, noise_.stretched(u, v, 32, 32, 3)) * bell(x - 0.5, 0.2);
        f *= 1 - 0.35 * spot;
        f *= 1.04;
    }
    return factor(f * r, f * g, f * b, hollow);
}

Texel Painter::grime(double u, double v) const {
    // 23 m of stains, spills, worn and damp places.
    double f = 0.86 + 0.28 * noise_.fbm(u, v, 8, 6);
    f *= 1 - 0.16 * smooth(0.54, 0.68, noise_.fbm(u + 0.4, v + 0.2, 8, 5));
    f *= 1 + 0.08 * smooth(0.56, 0.70, noise_.fbm(u + 0.1, v + 0.8, 8, 5));
    const Cells spill = cells_at(u + 0.01 * noise_.at(u, v, 64), v, 16, 41);
    if (hash01(spill.id, 4) < 0.22) {
        const double size = 0.08 + 0.25 * hash01(spill.id, 5);
        f *= 1 - 0.28 * smooth(size, 0.55 * size, spill.first);
    }
    const double green = smooth(0.60, 0.72, noise_.fbm(u + 0.7, v + 0.5, 8, 4));
    const double hollow = smooth(0.25, 0.8, noise_.fbm(u + 0.63, v + 0.11, 8, 4));
    return factor(f * (1.0 - 0.05 * green), f, f * (0.98 - 0.06 * green), hollow);
}

Texel Painter::meadow(double u, double v) const {
    // 37 m of lawn: lush and dry, trodden, mown, clover; each at its own scale.
    const double lush = noise_.fbm(u, v, 8, 4), worn = noise_.fbm(u + 0.31, v + 0.72, 16, 5);
    double r = 1, g = 1, b = 1;
    // Light and dark mottle at one to three metres.
    const double mottle = 0.72 + 0.56 * noise_.fbm(u + 0.5, v + 0.2, 16, 5);
    r *= mottle, g *= mottle, b *= mottle;
    const double dry = smooth(0.48, 0.70, lush);
    r *= 1 + 0.85 * dry, g *= 1 + 0.22 * dry, b *= 1 + 0.5 * dry;
    const double deep = smooth(0.46, 0.30, lush);
    r *= 1 - 0.28 * deep, g *= 1 - 0.12 * deep, b *= 1 + 0.15 * deep;
    const double clover = smooth(0.58, 0.66, noise_.fbm(u + 0.83, v + 0.37, 32, 3));
    r *= 1 - 0.25 * clover, g *= 1 - 0.12 * clover, b *= 1 + 0.2 * clover;
    // Bare ground where people walk.
    const double bare = smooth(0.64, 0.76, worn);
    r *= 1 + 1.1 * bare, g *= 1 - 0.08 * bare, b *= 1 + 1.0 * bare;
    // Tufts of dandelions.
    const double bloom = hash01(
        static_cast<std::uint32_t>(u * 512) + 512U * static_cast<std::uint32_t>(v * 512), 78);
    if (bloom < 0.010 * smooth(0.55, 0.7, noise_.fbm(u + 0.15, v + 0.55, 16, 3)))
        r *= 2.6, g *= 1.7;
    return factor(r, g, b, smooth(0.3, 0.8, noise_.fbm(u + 0.63, v + 0.11, 8, 4)));
}

}  // namespace huntsman::engine::texture
