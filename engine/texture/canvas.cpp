#include "engine/texture/canvas.h"

#include <algorithm>
#include <cmath>

#include "engine/texture/pattern_tools.h"

namespace huntsman::engine::texture {

const Texel& Canvas::at(double u, double v) const {
    const int x = static_cast<int>(std::floor(u * size_)),
              y = static_cast<int>(std::floor(v * size_));
    return texels_[index(x, y)];
}

std::size_t Canvas::index(int x, int y) const {
    x = (x % size_ + size_) % size_;
    y = (y % size_ + size_) % size_;
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(size_) +
           static_cast<std::size_t>(x);
}

void Canvas::blade(double x, double y, double turn, double length, double width, const Texel& foot,
                   const Texel& tip) {
    const double dx = std::cos(turn), dy = std::sin(turn);
    const int steps = std::max(2, static_cast<int>(length * 1.3));
    for (int i = 0; i <= steps; ++i) {
        const double t = static_cast<double>(i) / steps;
        const double half = 0.5 * width * (1 - 0.7 * t);
        const double px = x + t * length * dx, py = y + t * length * dy;
        const Texel colour = blend(foot, tip, t);
        for (double side = -half; side <= half; side += 0.7) {
            texels_[index(static_cast<int>(std::floor(px - side * dy)),
                          static_cast<int>(std::floor(py + side * dx)))] = colour;
        }
    }
}

void Canvas::leaf(double x, double y, double turn, double length, double width,
                  const Texel& colour) {
    const double dx = std::cos(turn), dy = std::sin(turn), half = 0.5 * length;
    const int reach = static_cast<int>(std::ceil(half)) + 1;
    for (int j = -reach; j <= reach; ++j) {
        for (int i = -reach; i <= reach; ++i) {
            const double along = (i * dx + j * dy) / half,
                         across = (j * dx - i * dy) / (0.5 * width);
            if (std::abs(along) >= 1) continue;
            // Widest a little behind the middle.
            const double border = (1 - along * along) * (1 - 0.25 * along);
            if (std::abs(across) > border) continue;
            const double rib = std::abs(across) < 0.12 ? 1.25 : 1.0;
            const double bent = 0.86 + 0.28 * (across > 0 ? 1 : 0) * (1 - std::abs(across));
            texels_[index(static_cast<int>(std::floor(x)) + i,
                          static_cast<int>(std::floor(y)) + j)] = scaled(colour, rib * bent);
        }
    }
}

}  // namespace huntsman::engine::texture
