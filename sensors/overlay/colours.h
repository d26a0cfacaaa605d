// Colours that labels are shown in.
#pragma once

#include <cstdint>

#include "engine/world/ids.h"
#include "sensors/encode/compose.h"

namespace huntsman::sensors::overlay {

using encode::Rgb;

// From blue by green to red for 0..1, by the polynomials of [Mikhailov 2019].
Rgb turbo(double share);
// Cityscapes's palette; classes that it lacks have neighbours of their kind's colour.
Rgb semantic_colour(engine::world::Semantic semantic);
// A lively colour that is the same for an id in every picture.
Rgb instance_colour(std::uint32_t id);
// Direction as hue and length as saturation: right is red, down is yellow-green; 1 is full.
Rgb flow_colour(double x, double y);

// References
//   [Mikhailov 2019] A. Mikhailov, "Turbo, an improved rainbow colormap for visualization", Google
//     AI blog, 2019.

}  // namespace huntsman::sensors::overlay
