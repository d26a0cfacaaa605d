// Camera rigs as data files: where each camera sits on the car, what it sees through and when.
//
// {
//   "name": "...", "description": "...", "rate_hz": 10,
//   "cameras": [{
//     "name": "main", "position_m": [x, y, z], "yaw_deg": left positive, "pitch_deg": up positive,
//     "range_m": 100,                       nominal reach
//     "horizontal_fov_deg": 50,             or within "lens", or intrinsics there
//     "size": [1928, 1208],                 otherwise the run's
//     "lens": {"model": "pinhole",          or kannala_brandt, f_theta, equirectangular
//              "horizontal_fov_deg": ..., | "fx", "fy", "cx", "cy", "for_size": [w, h]
//              | "polynomial_px": [a1..a6] of an f_theta lens, with "for_size",
//              "k": [...], "p": [...], "s": [...], "max_angle_deg": ...},
//     "rate_hz": 36, "phase_ms": 0,         otherwise the rig's rate
//     "shutter": {"readout": "top_to_bottom", "readout_ms": 22.85},
//     "sensor": "ar0231",                   a shipped one, or a path from this file
//     "calibration_error": {"position_m", "rotation_deg", "focal_share", "centre_px",
//                           "drift_deg_per_sqrt_s"}
//   }]
// }
// Positions are in the body frame B. Only name, position_m, yaw_deg and the lens's scale must be
// there; without "lens" a camera is a pinhole with square pixels and the principal point in the
// middle. Intrinsics are in pixels of "for_size" (or of the camera's own "size") and are scaled to
// the picture's. The meaning of every number of a lens stands in engine/world/rig.h; user
// documentation in docs/sensors.md.
#pragma once

#include <cstdint>
#include <filesystem>

#include "engine/core/result.h"
#include "engine/world/rig.h"

namespace huntsman::sensors::rig {

constexpr std::size_t kMostCameras = 32;

// Width and height in pixels, 16..4096 each, of the cameras without a size of their own. Errors
// name file, line and what was expected.
engine::core::Result<engine::world::Rig> load(const std::filesystem::path& path, int width,
                                              int height);

// The camera as it truly is at a time from the run's start: the nominal one moved by the
// calibration error that it asks for, drawn once for (seed, index), and by its drift since the
// start. `index` is the camera's place in its rig. Cameras without an error come back as they are.
// Cost: below a microsecond, whatever the time.
engine::world::Camera true_camera(const engine::world::Camera& camera, std::uint64_t seed,
                                  std::size_t index, engine::core::TimeUs time_us);

}  // namespace huntsman::sensors::rig
