// Motion during the exposure.
#pragma once

#include "engine/core/job_pool.h"
#include "sensors/capture/shot.h"
#include "sensors/imager/plane.h"

namespace huntsman::sensors::imager {

// Replaces `light` by its mean over the exposure, with everything moving along the shot's
// velocities, half of the time before and half after. What moves in front of a pixel covers it for
// its share of the time, so that fast things blur over their border and uncover what is behind
// [McGuire 2012]. Exact for a uniform motion: a box of velocity × time. Things that move less than
// half a pixel stay as they are.
void motion_blur(engine::core::JobPool& pool, const capture::Shot& shot, double exposure_s,
                 Plane& light, Plane& scratch);

// References
//   [McGuire 2012] M. McGuire et al., "A reconstruction filter for plausible motion blur", I3D
//   2012.

}  // namespace huntsman::sensors::imager
