// Automatic exposure from a sparse measurement of a picture's luminance, in EV100: the exposure
// value at ISO 100, EV100 = log2(N² / t), as light meters count it [ISO 2720, K = 12.5].
#pragma once

#include <optional>
#include <span>

#include "engine/core/time.h"

namespace huntsman::engine::render {

// What a reflected-light meter shows for a luminance: log2(L · 100 / 12.5).
double ev100_of(double luminance_cd_m2);

// Factor from kcd/m² to what the tone curve takes: a surface at the metered luminance comes out as
// middle grey.
double exposure_scale(double ev100);

// The exposure that a picture asks for: from the mean of log luminance between the 12th and the
// 92nd percentile of what has light: the black around a fisheye's picture does not count. By night
// it is up to a stop and a half higher, so that night looks like night. Counts are integers, so the
// result depends on nothing but the samples. Rounded to 1/64 stop.
double wanted_ev100(std::span<const float> luminance_kcd_m2);

// The exposure of the next picture, `elapsed_s` of simulated time after the one measured: a camera
// that adapts within about half a second. Rounded to 1/64 stop, and reaches its aim exactly.
double adapted_ev100(double current, double wanted, double elapsed_s);

// The exposure of one camera's pictures: each follows the one before.
class AutoExposure {
  public:
    // EV100 of a picture at this time. Nothing for the first one and after a jump back or of more
    // than two seconds, as of another run or a cut: such a picture takes what itself asks for.
    std::optional<double> at(core::TimeUs time_us) const;
    // How a picture was exposed, and what it asks for.
    void keep(double ev100, double wanted_ev100, core::TimeUs time_us);

  private:
    struct Picture {
        double ev100 = 0, wanted_ev100 = 0;
        core::TimeUs time_us = 0;
    };
    std::optional<Picture> last_;
};

}  // namespace huntsman::engine::render
