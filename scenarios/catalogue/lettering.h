// Letters and figures as strokes: for signs and words on the road.
#pragma once

#include <string_view>
#include <vector>

#include "engine/math/vec.h"

namespace huntsman::scenarios::catalogue {

// A straight stroke from a to b.
struct Stroke {
    engine::math::Vec2 a, b;
};

// The strokes of a line of text that is centred on the origin: x to the right, y up, capital
// letters `height` tall and 2/3 as wide. Lower case is written as upper case, unknown signs as a
// space; letters with accents lose them. Drawn 1/6 of the height wide they look like a road sign's.
std::vector<Stroke> lettering(std::string_view text, double height);

// Width of a line of that height.
double lettering_width(std::string_view text, double height);

}  // namespace huntsman::scenarios::catalogue
