// A picture as a list of shapes in pixels, and its two forms: SVG text and PNG.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "engine/math/vec.h"

namespace huntsman::engine::draw {

struct Colour {
    std::uint8_t r = 0, g = 0, b = 0;
    double alpha = 1;
};

using Path = std::vector<math::Vec2>;  // [px], y down

struct Shape {
    enum class Kind : std::uint8_t { kFill, kStroke, kText } kind = Kind::kFill;
    Colour colour;
    std::vector<Path> paths;  // fill: closed, even-odd; text: its anchor alone
    double size_px = 1;       // stroke's width, text's height
    double dash_px = 0;       // stroke: length of its dashes and of the gaps; 0: none
    std::string text;
    enum class Anchor : std::uint8_t { kLeft, kMiddle, kRight } anchor = Anchor::kLeft;
    bool halo = false;  // a light rim around text, for text on top of the map
    bool bold = false;
};

struct Drawing {
    int width_px = 0, height_px = 0;
    Colour background;
    std::vector<Shape> shapes;  // from bottom to top
};

// A file of its own, and an element within a page.
std::string to_svg(const Drawing& drawing);
std::string to_svg_element(const Drawing& drawing);
// Anti-aliased. Errors: an unwritable file.
core::Status save_png(const Drawing& drawing, const std::filesystem::path& path);

}  // namespace huntsman::engine::draw
