// Licence plates: what they say is drawn by chance, in the letters of embossed plates.
#include <array>
#include <cmath>
#include <string>

#include "engine/texture/pattern_tools.h"

namespace huntsman::engine::texture {
namespace {

// Seven rows of five pixels each, the leftmost in the highest bit. O and Q, which plates avoid, are
// missing.
struct Glyph {
    char letter;
    std::array<std::uint8_t, 7> rows;
};
constexpr Glyph kGlyphs[] = {
    {'0', {14, 17, 19, 21, 25, 17, 14}}, {'1', {4, 12, 4, 4, 4, 4, 14}},
    {'2', {14, 17, 1, 6, 8, 16, 31}},    {'3', {14, 17, 1, 6, 1, 17, 14}},
    {'4', {2, 6, 10, 18, 31, 2, 2}},     {'5', {31, 16, 30, 1, 1, 17, 14}},
    {'6', {6, 8, 16, 30, 17, 17, 14}},   {'7', {31, 1, 2, 4, 8, 8, 8}},
    {'8', {14, 17, 17, 14, 17, 17, 14}}, {'9', {14, 17, 17, 15, 1, 2, 12}},
    {'A', {14, 17, 17, 31, 17, 17, 17}}, {'B', {30, 17, 17, 30, 17, 17, 30}},
    {'C', {14, 17, 16, 16, 16, 17, 14}}, {'D', {30, 17, 17, 17, 17, 17, 30}},
    {'E', {31, 16, 16, 30, 16, 16, 31}}, {'F', {31, 16, 16, 30, 16, 16, 16}},
    {'G', {14, 17, 16, 23, 17, 17, 14}}, {'H', {17, 17, 17, 31, 17, 17, 17}},
    {'J', {7, 2, 2, 2, 2, 18, 12}},      {'K', {17, 18, 20, 24, 20, 18, 17}},
    {'L', {16, 16, 16, 16, 16, 16, 31}}, {'M', {17, 27, 21, 21, 17, 17, 17}},
    {'N', {17, 25, 21, 19, 17, 17, 17}}, {'P', {30, 17, 17, 30, 16, 16, 16}},
    {'R', {30, 17, 17, 30, 20, 18, 17}}, {'S', {14, 17, 16, 14, 1, 17, 14}},
    {'T', {31, 4, 4, 4, 4, 4, 4}},       {'U', {17, 17, 17, 17, 17, 17, 14}},
    {'V', {17, 17, 17, 17, 17, 10, 4}},  {'W', {17, 17, 17, 21, 21, 27, 17}},
    {'X', {17, 17, 10, 4, 10, 17, 17}},  {'Z', {31, 1, 2, 4, 8, 16, 31}}};
constexpr std::uint32_t kDigits = 10,
                        kLetters = static_cast<std::uint32_t>(std::size(kGlyphs)) - 10;

// Nine places: letters, a gap, letters, a gap, digits. A gap is -1.
std::array<int, 9> text_of(std::uint32_t plate) {
    std::array<int, 9> text;
    const auto draw = [&](std::uint32_t at, std::uint32_t first, std::uint32_t count) {
        return static_cast<int>(
            first + std::min(count - 1, static_cast<std::uint32_t>(hash01(plate * 16 + at, 901) *
                                                                   static_cast<double>(count))));
    };
    for (std::uint32_t i = 0; i < text.size(); ++i) {
        const bool gap = i == 2 || i == 5;
        text[i] = gap ? -1 : i < 5 ? draw(i, kDigits, kLetters) : draw(i, 0, kDigits);
    }
    return text;
}

// How much of a glyph covers a place in its box, x to the right and y upwards from 0 to 1.
double covered(const Glyph& glyph, double x, double y) {
    const auto pixel = [&](int column, int row) {
        if (column < 0 || column > 4 || row < 0 || row > 6) return 0.0;
        return (glyph.rows[static_cast<std::size_t>(row)] >> (4 - column) & 1) != 0 ? 1.0 : 0.0;
    };
    const double px = x * 5 - 0.5, py = (1 - y) * 7 - 0.5;
    const int column = static_cast<int>(std::floor(px)), row = static_cast<int>(std::floor(py));
    const double fx = px - column, fy = py - row;
    const double top = pixel(column, row) * (1 - fx) + pixel(column + 1, row) * fx;
    const double bottom = pixel(column, row + 1) * (1 - fx) + pixel(column + 1, row + 1) * fx;
    return smooth(0.32, 0.62, top * (1 - fy) + bottom * fy);
}

}  // namespace

Texel Painter::plates(double u, double v) {
    const double column = std::floor(u * kPlateColumns), row = std::floor(v * kPlateRows);
    const double x = u * kPlateColumns - column, y = v * kPlateRows - row;
    const auto plate = static_cast<std::uint32_t>(row * kPlateColumns + column);
    const Texel black = grey(0.02, 0.5), white = grey(0.62, 0.45);
    // Shares of a plate of 520 by 110 mm: rim, country's band, letters of 75 by 42 mm.
    constexpr double kRim_x = 0.008, kRim_y = 0.035, kBand = 0.085;
    constexpr double kFirst = 0.115, kPitch = 0.0955, kWide = 0.077, kLow = 0.16, kHigh = 0.84;
    if (x < kRim_x || x > 1 - kRim_x || y < kRim_y || y > 1 - kRim_y) return black;
    if (x < kBand) {
        const double stars = std::hypot((x - 0.047) * 4.7, y - 0.68);
        return stars > 0.13 && stars < 0.19 ? rgb(0.7, 0.55, 0.05, 0.45)
                                            : rgb(0.01, 0.03, 0.25, 0.45);
    }
    const auto at = static_cast<int>(std::floor((x - kFirst) / kPitch));
    if (at < 0 || at > 8 || y < kLow || y > kHigh) return white;
    const int glyph = text_of(plate)[static_cast<std::size_t>(at)];
    const double within = (x - kFirst - at * kPitch) / kWide;
    if (glyph < 0 || within > 1) return white;
    return blend(
        white, black,
        covered(kGlyphs[static_cast<std::size_t>(glyph)], within, (y - kLow) / (kHigh - kLow)));
}

}  // namespace huntsman::engine::texture
