// A square picture that repeats, into which strokes and leaves are drawn: for what consists of many
// small things that cover each other.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/texture/texture_patterns.h"

namespace huntsman::engine::texture {

class Canvas {
  public:
    Canvas(int size, const Texel& fill)
        : size_(size),
          texels_(static_cast<std::size_t>(size) * static_cast<std::size_t>(size), fill) {}

    const Texel& at(double u, double v) const;  // nearest texel; repeats with period 1
    // A blade from (x, y) over `length` texels towards `turn`, `width` texels wide at its foot and
    // narrower towards the tip; its colour runs from `foot` to `tip`.
    void blade(double x, double y, double turn, double length, double width, const Texel& foot,
               const Texel& tip);
    // A pointed leaf about (x, y), half as long as `length` either way, with a lighter midrib.
    void leaf(double x, double y, double turn, double length, double width, const Texel& colour);

  private:
    std::size_t index(int x, int y) const;

    int size_;
    std::vector<Texel> texels_;
};

}  // namespace huntsman::engine::texture
