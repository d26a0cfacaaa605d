// Drawing on pictures: lines, boxes, text in a small font of its own, and contact sheets.
//
// Coordinates are pixels from the upper left corner; what lies outside of the picture is left out.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "engine/core/image.h"

namespace huntsman::sensors::encode {

using Rgb = std::array<std::uint8_t, 3>;

engine::core::Image blank(int width, int height, const Rgb& colour);  // three channels

void draw_line(engine::core::Image& image, double x0, double y0, double x1, double y1,
               const Rgb& colour);
// Outline with corners (x0, y0) and (x1, y1), both included.
void draw_rect(engine::core::Image& image, int x0, int y0, int x1, int y1, const Rgb& colour);
// Filled, mixed with what is below by `opacity` 0..1.
void fill_rect(engine::core::Image& image, int x0, int y0, int x1, int y1, const Rgb& colour,
               double opacity = 1.0);
// ASCII text, upper left corner at (x, y); a letter takes 6×8 pixels times `scale`. Other bytes are
// drawn as a box.
void draw_text(engine::core::Image& image, int x, int y, std::string_view text, const Rgb& colour,
               int scale = 1);
constexpr int text_width(std::size_t letters, int scale = 1) {
    return static_cast<int>(letters) * 6 * scale;
}
constexpr int text_height(int scale = 1) { return 8 * scale; }

// Copies `source` onto `target` with its upper left corner at (x, y); alpha is ignored.
void paste(engine::core::Image& target, const engine::core::Image& source, int x, int y);

// Pictures of one size in rows of `columns`, each with its caption above; missing captions are
// empty.
engine::core::Image contact_sheet(std::span<const engine::core::Image> images,
                                  std::span<const std::string> captions, int columns);

}  // namespace huntsman::sensors::encode
