#include "sensors/encode/compose.h"

#include <algorithm>
#include <cmath>

#include "engine/core/check.h"
#include "sensors/encode/font.h"

namespace huntsman::sensors::encode {

using engine::core::Image;

namespace {

void put(Image& image, int x, int y, const Rgb& colour) {
    if (x < 0 || y < 0 || x >= image.width || y >= image.height) return;
    std::uint8_t* pixel = image.row(y) + x * image.channels;
    std::copy(colour.begin(), colour.end(), pixel);
}

}  // namespace

Image blank(int width, int height, const Rgb& colour) {
    HM_CHECK(width >= 0 && height >= 0, "{}×{}", width, height);
    Image image{.width = width, .height = height, .channels = 3};
    image.pixels.resize(3 * static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    fill_rect(image, 0, 0, width - 1, height - 1, colour);
    return image;
}

void draw_line(Image& image, double x0, double y0, double x1, double y1, const Rgb& colour) {
    // Clip to the picture [Liang and Barsky 1984], so that far ends cost nothing.
    double from = 0, to = 1;
    const double dx = x1 - x0, dy = y1 - y0;
    const double p[4] = {-dx, dx, -dy, dy};
    const double q[4] = {x0, image.width - 1 - x0, y0, image.height - 1 - y0};
    for (int i = 0; i < 4; ++i) {
        if (!std::isfinite(p[i]) || !std::isfinite(q[i])) return;
        if (p[i] == 0) {
            if (q[i] < 0) return;
        } else if (p[i] < 0) {
            from = std::max(from, q[i] / p[i]);
        } else {
            to = std::min(to, q[i] / p[i]);
        }
    }
    if (from > to) return;
    const double length = std::max(std::abs(dx), std::abs(dy)) * (to - from);
    const int steps = static_cast<int>(std::ceil(length));
    for (int i = 0; i <= steps; ++i) {
        const double t = from + (to - from) * (steps > 0 ? static_cast<double>(i) / steps : 0.0);
        put(image, static_cast<int>(std::lround(x0 + dx * t)),
            static_cast<int>(std::lround(y0 + dy * t)), colour);
    }
}

void draw_rect(Image& image, int x0, int y0, int x1, int y1, const Rgb& colour) {
    draw_line(image, x0, y0, x1, y0, colour);
    draw_line(image, x0, y1, x1, y1, colour);
    draw_line(image, x0, y0, x0, y1, colour);
    draw_line(image, x1, y0, x1, y1, colour);
}

void fill_rect(Image& image, int x0, int y0, int x1, int y1, const Rgb& colour, double opacity) {
    const int keep = static_cast<int>(std::lround(256 * (1 - std::clamp(opacity, 0.0, 1.0))));
    for (int y = std::max(0, y0); y <= std::min(image.height - 1, y1); ++y) {
        for (int x = std::max(0, x0); x <= std::min(image.width - 1, x1); ++x) {
            std::uint8_t* pixel = image.row(y) + x * image.channels;
            for (std::size_t c = 0; c < 3; ++c) {
                pixel[c] =
                    static_cast<std::uint8_t>((pixel[c] * keep + colour[c] * (256 - keep)) / 256);
            }
        }
    }
}

void draw_text(Image& image, int x, int y, std::string_view text, const Rgb& colour, int scale) {
    constexpr Glyph kBox = {0x7f, 0x41, 0x41, 0x41, 0x7f};
    for (const char letter : text) {
        const bool known = letter >= kFirstGlyph && letter <= '~';
        const Glyph& glyph = known ? kGlyphs[static_cast<std::size_t>(letter - kFirstGlyph)] : kBox;
        for (int column = 0; column < 5; ++column) {
            for (int row = 0; row < 7; ++row) {
                if ((glyph[static_cast<std::size_t>(column)] >> row & 1) == 0) continue;
                const int left = x + column * scale, top = y + row * scale;
                fill_rect(image, left, top, left + scale - 1, top + scale - 1, colour);
            }
        }
        x += 6 * scale;
    }
}

void paste(Image& target, const Image& source, int x, int y) {
    for (int row = 0; row < source.height; ++row) {
        if (y + row < 0 || y + row >= target.height) continue;
        for (int column = 0; column < source.width; ++column) {
            const std::uint8_t* from = source.row(row) + column * source.channels;
            put(target, x + column, y + row, {from[0], from[1], from[2]});
        }
    }
}

Image contact_sheet(std::span<const Image> images, std::span<const std::string> captions,
                    int columns) {
    HM_CHECK(!images.empty() && columns > 0, "a sheet of {} pictures in {} columns", images.size(),
             columns);
    constexpr int kGap = 4;
    const int caption = text_height() + 4;
    const int rows = (static_cast<int>(images.size()) + columns - 1) / columns;
    const int cell_width = images[0].width + kGap, cell_height = images[0].height + caption + kGap;
    Image sheet = blank(columns * cell_width + kGap, rows * cell_height + kGap, {24, 24, 24});
    for (int i = 0; i < static_cast<int>(images.size()); ++i) {
        const int x = kGap + i % columns * cell_width, y = kGap + i / columns * cell_height;
        const auto index = static_cast<std::size_t>(i);
        if (index < captions.size()) draw_text(sheet, x, y + 2, captions[index], {230, 230, 230});
        paste(sheet, images[index], x, y + caption);
    }
    return sheet;
}

}  // namespace huntsman::sensors::encode
