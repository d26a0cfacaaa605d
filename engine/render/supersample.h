// Antialiasing of the quality `high`: four samples a pixel.
#pragma once

#include "engine/render/renderer.h"

namespace huntsman::engine::render {

// The same view with twice the pixels along each side.
View doubled(const View& view);

// Brings a frame of a doubled view back: colours and radiance by the mean of four samples, ids and
// depth by one of them, since labels have no mean. Parts, which only tests ask for, likewise.
void halve(Frame& frame);

}  // namespace huntsman::engine::render
