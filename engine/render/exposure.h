// Automatic exposure from a sparse measurement of a picture's luminance.
#pragma once

#include <span>

namespace huntsman::engine::render {

// Stops by which luminance in kcd/m² is to be multiplied so that the picture's middle comes out as
// middle grey: from the mean of log luminance between the 12th and the 92nd percentile. Counts are
// integers, so the result depends on nothing but the samples. Rounded to 1/64 stop.
double wanted_exposure_ev(std::span<const float> luminance_kcd_m2);

// The exposure of the next picture, `elapsed_s` of simulated time after the one measured: a camera
// that adapts within about half a second. Rounded to 1/64 stop, and reaches its aim exactly.
double adapted_exposure_ev(double current_ev, double wanted_ev, double elapsed_s);

}  // namespace huntsman::engine::render
