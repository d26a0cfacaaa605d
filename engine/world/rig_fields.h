// Field lists of rigs; see engine/core/describe.h. Of a camera, rig files say the place and the
// lens in ways of their own (sensors/rig).
#pragma once

#include "engine/core/describe.h"
#include "engine/math/math_fields.h"
#include "engine/world/rig.h"

namespace huntsman::engine::world {

constexpr int value_count(core::Of<LensModel>) { return 4; }
constexpr int value_count(core::Of<Readout>) { return 5; }

constexpr void describe(core::Of<Lens>, auto&& field) {
    field("model", &Lens::model);
    field("fx", &Lens::fx);
    field("fy", &Lens::fy);
    field("cx", &Lens::cx);
    field("cy", &Lens::cy);
    field("k", &Lens::k);
    field("p", &Lens::p);
    field("s", &Lens::s);
    field("max_angle_rad", &Lens::max_angle_rad);
}
constexpr void describe(core::Of<Shutter>, auto&& field) {
    field("readout", &Shutter::readout);
    field("readout_us", &Shutter::readout_us);
}
constexpr void describe(core::Of<CalibrationError>, auto&& field) {
    using E = CalibrationError;
    field("position_m", &E::position_m,
          {.low = 0, .high = 1, .doc = "of each coordinate of the mounting"});
    field("rotation_rad", &E::rotation_rad,
          core::degrees("rotation_deg", 0, 10, "about each axis of the camera"));
    field("focal_share", &E::focal_share,
          {.low = 0, .high = 0.1, .doc = "of the focal lengths, both together"});
    field("centre_px", &E::centre_px,
          {.low = 0, .high = 100, .doc = "of each coordinate of the principal point"});
    field("drift_rad_per_sqrt_s", &E::drift_rad_per_sqrt_s,
          core::degrees("drift_deg_per_sqrt_s", 0, 1,
                        "random walk of the rotation about each axis of the camera"));
}
constexpr void describe(core::Of<Camera>, auto&& field) {
    constexpr double kLargestSide_px = 1 << 15;
    field("name", &Camera::name);
    field("X_BC", &Camera::X_BC);
    field("width", &Camera::width, {.low = 1, .high = kLargestSide_px});
    field("height", &Camera::height, {.low = 1, .high = kLargestSide_px});
    field("lens", &Camera::lens);
    field("range_m", &Camera::range_m,
          {.low = 1, .high = 1000, .doc = "nominal reach, for evaluation and the plot"});
    field("sensor", &Camera::sensor);
    field("shutter", &Camera::shutter);
    field("period_us", &Camera::period_us);
    field("phase_us", &Camera::phase_us);
    field("error", &Camera::error);
}
constexpr void describe(core::Of<Rig>, auto&& field) {
    field("name", &Rig::name);
    field("rate_hz", &Rig::rate_hz, {.low = 0.1, .high = 100});
    field("cameras", &Rig::cameras);
}

}  // namespace huntsman::engine::world
