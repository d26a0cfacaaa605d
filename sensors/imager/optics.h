// What the lens does to light on its way to the pixels, stage by stage on a Plane.
#pragma once

#include <vector>

#include "engine/core/job_pool.h"
#include "engine/world/rig.h"
#include "sensors/imager/plane.h"
#include "sensors/imager/profile.h"

namespace huntsman::sensors::imager {

// Illumination of each pixel relative to the axis: cos⁴θ for pinhole lenses and cosθ sinθ / θ for
// lenses whose picture grows with the angle, at least 0.05 (the pupil of a real fisheye turns
// towards the light); equirectangular: 1. Times 1 - vignetting (r / r_corner)⁴. Height × width;
// 0 outside of the lens's field.
std::vector<float> relative_illumination(const engine::world::Camera& camera, const Optics& optics);

// The gain of each pixel by which a camera's processor takes the fall-off back: as most do, not all
// of it, since noise grows with it; at most two stops.
std::vector<float> shading_correction(const std::vector<float>& illumination);

// Standard deviation of the lens's point spread [px]: aberrations and the Airy disc's Gaussian
// core 0.42 λ N at 550 nm, in quadrature.
double point_spread_px(const SensorProfile& profile);

// Scatters a share of the light over the picture: a halo, a glow and two ever wider veils, and
// mirror images of bright spots at the other side of the axis. Nothing is lost or gained away from
// the border.
class Glare {
  public:
    void apply(engine::core::JobPool& pool, const Optics& optics, double cx, double cy,
               Plane& plane);
    // The picture shrunk by 4 as it was before the glare: what lies out of focus on the lens shows
    // it.
    const Plane& small() const { return small_; }

  private:
    Plane small_, tiny_, halo_, glow_, veil_, wide_, scratch_, layer_;
};

}  // namespace huntsman::sensors::imager
