// Walls with and without windows, shop fronts and roofs. In façades the roughness tells parts
// apart: walls, which take the house's colour, have at least 0.75; frames and stone 0.4 to 0.7;
// letters of signs 0.33; panes less than 0.1.
#include <algorithm>
#include <cmath>

#include "engine/texture/canvas.h"
#include "engine/texture/pattern_tools.h"

namespace huntsman::engine::texture {

namespace {

constexpr double kPane = 0.03, kFrame = 0.5, kSign = 0.33;

}  // namespace

Opening opening_of(TextureLayer facade) {
    switch (facade) {
        case TextureLayer::kFacadeBrick:
            return {0.42F, 0.52F, 0.28F};
        case TextureLayer::kFacadeStucco:
            return {0.36F, 0.60F, 0.22F};
        case TextureLayer::kFacadeShutter:
            return {0.32F, 0.47F, 0.29F};
        case TextureLayer::kFacadePanel:
            return {0.60F, 0.46F, 0.31F};
        case TextureLayer::kFacadeModern:
            return {0.86F, 0.60F, 0.25F};
        case TextureLayer::kShop:
            return {0.92F, 0.64F, 0.13F};
        default:
            return {0.38F, 0.50F, 0.28F};
    }
}

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
    double tone = (0.78 + 0.44 * hash01(id, 3)) * (0.88 + 0.24 * noise_.fbm(u, v, 16, 5));
    if (hash01(id, 4) < 0.07) tone *= 0.62;  // burnt ones
    tone *= 1 - 0.20 * smooth(0.5, 0.75, noise_.stretched(u + 0.2, v + 0.4, 32, 4, 4));
    const double warm = 0.10 * (hash01(id, 7) - 0.5);
    const Texel stone = scaled(rgb(0.40, 0.285 * (1 - warm), 0.235 * (1 - warm), 0.88), tone);
    return blend(rgb(0.42, 0.39, 0.35, 0.92), stone, smooth(0.04, 0.12, edge));
}

Texel Painter::plaster(double u, double v) const {
    double tone = 0.90 + 0.14 * noise_.fbm(u, v, 8, 6) + 0.05 * (noise_.at(u, v, 512) - 0.5);
    const double streak = smooth(0.55, 0.8, noise_.stretched(u, v, 64, 4, 3));
    const double damp = smooth(0.58, 0.75, noise_.stretched(u + 0.3, v + 0.3, 8, 4, 4));
    tone *= (1 - 0.10 * streak) * (1 - 0.10 * damp);
    return rgb(0.66 * tone, 0.645 * tone, 0.61 * tone, 0.92);
}

// What the wall shows around the opening; (x, y) in [0, 1)² of the bay, y upwards.
Texel Painter::around_window(double x, double y, const Opening& o, const Texel& wall) const {
    const double half = 0.5 * o.width, from_middle = std::abs(x - 0.5);
    const double top = o.sill + o.height;
    Texel result = wall;
    // Rain runs off the ends of the sill and leaves streaks that fade downwards.
    const double below = o.sill - 0.03 - y;
    if (below > 0) {
        const double at_ends =
            bell(from_middle - half - 0.005, 0.02) + 0.35 * (from_middle < half ? 1 : 0);
        const double run = smooth(0.30, 0.0, below) * (0.5 + noise_.stretched(x, y, 64, 4, 2));
        result = scaled(result, 1 - 0.28 * std::min(1.0, at_ends) * std::min(1.0, run));
    }
    const bool stone = layer_ == TextureLayer::kFacadeStucco;
    if (stone) {
        // A frame of stone, a lintel above it, and a cornice on top.
        if (from_middle < half + 0.045 && y > o.sill - 0.03 && y < top + 0.05)
            result = rgb(0.60, 0.58, 0.53, 0.68);
        if (from_middle < half + 0.075 && y > top + 0.05 && y < top + 0.10) {
            result = scaled(rgb(0.63, 0.61, 0.56, 0.68), y < top + 0.065 ? 0.55 : 1.0);
        }
    }
    if (layer_ == TextureLayer::kFacadeBrick && from_middle < half + 0.03 && y > top &&
        y < top + 0.07) {
        // Bricks on end.
        const double brick = std::abs(std::fmod(x * 36, 1.0) - 0.5);
        result = scaled(wall, brick > 0.42 ? 1.15 : 0.85);
    }
    if (layer_ == TextureLayer::kFacadeShutter && from_middle > half + 0.01 &&
        from_middle < half + 0.17 && y > o.sill - 0.01 && y < top + 0.01) {
        const double lath = std::fmod((y - o.sill) * 42, 1.0);
        const double rim = std::min(from_middle - half - 0.01, half + 0.17 - from_middle);
        return scaled(rgb(0.075, 0.13, 0.10, 0.6), rim < 0.014 ? 1.1 : 0.55 + 0.6 * lath);
    }
    // The sill, and its shade.
    if (from_middle < half + 0.03 && y < o.sill && y > o.sill - 0.032) {
        return scaled(rgb(0.46, 0.45, 0.43, 0.66), y < o.sill - 0.024 ? 0.6 : 1.0);
    }
    return result;
}

// Frame, glazing bars and panes; (wx, wy) in [0, 1)² of the opening.
Texel Painter::window(double wx, double wy, std::uint32_t bay) const {
    const bool modern =
        layer_ == TextureLayer::kFacadeModern || layer_ == TextureLayer::kFacadePanel;
    const bool dark = layer_ == TextureLayer::kFacadeModern;
    const double edge =
        std::min(std::min(wx, 1 - wx) * (modern ? 1.4 : 1.0), std::min(wy, 1 - wy) * 1.25);
    const double middle = layer_ == TextureLayer::kFacadePanel ? 0.33 : 0.5;
    bool frame = edge < 0.055 || std::abs(wx - middle) < 0.030;
    if (!modern) frame = frame || std::abs(wy - 0.70) < 0.022;
    if (layer_ == TextureLayer::kFacadeShutter) frame = frame || std::abs(wy - 0.36) < 0.012;
    const double tone = 0.92 + 0.1 * hash01(bay, 15);
    if (frame) {
        const double shade = edge < 0.012 ? 0.55 : 1.0;
        return dark ? grey(0.05 * shade, kFrame)
                    : rgb(0.66 * tone * shade, 0.65 * tone * shade, 0.62 * tone * shade, kFrame);
    }
    // From afar, where panes are smaller than a texel, this is all that is seen of a room.
    return rgb(0.035, 0.040, 0.046, kPane);
}

Texel Painter::facade(double u, double v) const {
    // Four bays by four storeys.
    const double x = u * 4, y = v * 4;
    const int bx = static_cast<int>(x), by = static_cast<int>(y);
    const auto bay = static_cast<std::uint32_t>(by * 4 + bx) + 100U * static_cast<unsigned>(layer_);
    const double fx = x - bx, fy = y - by;
    const Opening o = opening_of(layer_);
    Texel wall;
    switch (layer_) {
        case TextureLayer::kFacadeBrick:
            wall = brick(u, v, 144);
            break;
        case TextureLayer::kFacadePanel: {
            // Slabs of washed concrete, one for each bay, joints between them.
            wall = scaled(grey(0.52, 0.86), (0.9 + 0.2 * noise_.at(u, v, 512)) *
                                                (0.86 + 0.28 * noise_.fbm(u, v, 8, 5)));
            wall = scaled(wall, 0.93 + 0.14 * hash01(bay, 5));
            const double joint = std::min(std::min(fx, 1 - fx), std::min(fy, 1 - fy));
            wall = scaled(wall, 1 - 0.55 * smooth(0.012, 0.005, joint));
            break;
        }
        case TextureLayer::kFacadeModern: {
            wall = scaled(grey(0.56, 0.76), 0.94 + 0.12 * noise_.fbm(u, v, 8, 5));
            const double joint = std::min(std::min(fx, 1 - fx), std::min(fy, 1 - fy));
            const double half = std::abs(fx - 0.5);
            wall = scaled(wall, 1 - 0.5 * smooth(0.008, 0.003, std::min(joint, half)));
            break;
        }
        case TextureLayer::kFacadeStucco: {
            wall = plaster(u, v);
            // A belt below each floor's windows.
            if (fy < 0.05)
                wall = scaled(rgb(0.60, 0.58, 0.53, 0.68), fy < 0.012 || fy > 0.044 ? 0.6 : 1.0);
            break;
        }
        default:
            wall = plaster(u, v);
            break;
    }
    // Dirt gathers below eaves and belts, and rises from the street.
    wall = scaled(wall, 0.93 + 0.12 * noise_.stretched(u, v, 16, 8, 4));
    const double wx = (fx - 0.5) / o.width + 0.5, wy = (fy - o.sill) / o.height;
    if (wx < 0 || wx > 1 || wy < 0 || wy > 1) return around_window(fx, fy, o, wall);
    return window(wx, wy, bay);
}

Texel Painter::shop(double u, double v) const {
    // Four fronts of one storey: plinth, glass with a door, a fascia with a name.
    const double x = u * 4;
    const int bx = std::min(3, static_cast<int>(x));
    const double fx = x - bx, fy = v;
    const auto bay = static_cast<std::uint32_t>(bx) + 500U;
    const Texel trims[4] = {rgb(0.045, 0.060, 0.070, 0.6), rgb(0.21, 0.12, 0.06, 0.6),
                            rgb(0.035, 0.085, 0.055, 0.6), rgb(0.30, 0.035, 0.03, 0.6)};
    const Texel inks[4] = {rgb(0.75, 0.72, 0.60, kSign), rgb(0.80, 0.78, 0.70, kSign),
                           rgb(0.80, 0.62, 0.16, kSign), rgb(0.80, 0.80, 0.78, kSign)};
    const Texel& trim = trims[bx];
    if (fy > 0.79 && fy < 0.95) {
        // Letters, unreadable as from afar.
        const double lx = fx * 16;
        const double across = lx - std::floor(lx);
        const auto letter = static_cast<std::uint32_t>(lx) + bay * 64U;
        const auto stroke = static_cast<std::uint32_t>(std::max(0.0, fy - 0.82) / 0.025);
        const double from = 0.12 + 0.2 * hash01(bay, 3);
        const bool ink =
            fx > from && fx < 1 - from && fy > 0.82 && fy < 0.92 && across < 0.72 &&
            hash01(letter, 9) > 0.12 &&
            hash01(letter + 64U * stroke, static_cast<std::uint32_t>(across * 4)) < 0.68;
        return ink ? inks[bx] : trim;
    }
    if (fy > 0.95 || fy < 0.13 || fx < 0.04 || fx > 0.96) {
        const double joint = fy > 0.95 && fy < 0.96 ? 0.4 : 1.0;
        return scaled(fy < 0.13 ? grey(0.16, 0.7) : trim, 0.9 * joint);
    }
    const double door = bx % 2 == 0 ? 0.70 : 0.22;
    if (std::abs(std::abs(fx - door) - 0.13) < 0.010 || std::abs(fy - 0.68) < 0.010 ||
        std::abs(std::min(fx - 0.04, 0.96 - fx)) < 0.012 || fy < 0.145 || fy > 0.755) {
        return scaled(trim, 1.25);
    }
    const bool at_door = std::abs(fx - door) < 0.13;
    if (at_door && fy < 0.24) return scaled(trim, 1.1);
    if (at_door && std::abs(fx - door - 0.09) < 0.008 && fy > 0.36 && fy < 0.50)
        return grey(0.4, 0.45);
    return rgb(0.045, 0.042, 0.038, kPane);
}

Texel Painter::roof(double u, double v) const {
    // Pantiles: twelve rows of sixteen; moss and soot by the metre.
    const double y = v * 12;
    const int row = static_cast<int>(std::floor(y));
    const double x = u * 16;
    const int column = static_cast<int>(std::floor(x));
    const std::uint32_t id = cell_id(column, row, 64);
    const double round = std::sin((x - column) * 3.14159265);
    const double lip = y - row;
    double tone = (0.80 + 0.40 * hash01(id, 3)) * (0.62 + 0.38 * round);
    tone *= 0.62 + 0.38 * smooth(0.0, 0.2, lip);
    tone *= 0.80 + 0.4 * noise_.fbm(u, v, 4, 6);
    const double moss = smooth(0.58, 0.72, noise_.fbm(u + 0.5, v + 0.2, 8, 5));
    return blend(scaled(rgb(0.62, 0.58, 0.55, 0.85), tone), rgb(0.16, 0.19, 0.12, 0.95),
                 0.5 * moss);
}

}  // namespace huntsman::engine::texture
