// Antialiasing of the quality `high`: a grid of samples half a pixel apart, four a pixel.
#pragma once

#include "engine/render/view.h"

namespace huntsman::engine::render {

// The same view with twice the samples along each side. Sample (2x, 2y) lies at the centre of pixel
// (x, y), so that labels, which have no mean, are those of pixels' centres in every quality.
View doubled(const View& view);

// Brings a frame of a doubled view back: ids, depth and shape of the centres; colours and radiance
// by a tent one pixel high and wide at half its height (weights 1, 2, 1 along each side), which
// leaves of details beyond what pixels can show less than the mean of a pixel's own area does.
// Beyond the picture's border the first samples stand for those that are missing. Parts, which only
// tests ask for, are those of the centres.
void halve(Frame& frame);

}  // namespace huntsman::engine::render
