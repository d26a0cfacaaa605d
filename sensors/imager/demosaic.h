// A full colour for each pixel of a mosaic.
#pragma once

#include <vector>

#include "engine/core/job_pool.h"
#include "sensors/imager/plane.h"

namespace huntsman::sensors::imager {

// Bilinear interpolation corrected by the Laplacian of the pixel's own channel [Malvar 2004], so
// that edges, which all channels share, stay sharp. Exact where the channels are linear over 5×5
// pixels. Beyond the border the mosaic is mirrored, which keeps the pattern. Red stands at even
// columns and rows. Results are kept between half the least and twice the greatest of the
// neighbours of that channel, or between these where they differ by more than four times, so that a
// lamp beside the dark does not ring.
void demosaic(engine::core::JobPool& pool, const std::vector<float>& mosaic, int width, int height,
              Plane& out);

// References
//   [Malvar 2004] H. S. Malvar, L. He, R. Cutler, "High-quality linear interpolation for
//     demosaicing of Bayer-patterned color images", ICASSP 2004.

}  // namespace huntsman::sensors::imager
