// Camera rigs as data files: where each camera sits on the car and how wide it sees.
//
// {
//   "name": "...", "rate_hz": 10,
//   "cameras": [{"name": "main", "position_m": [x, y, z], "yaw_deg": left positive,
//                "pitch_deg": up positive, "horizontal_fov_deg": ..., "range_m": ...}]
// }
// Positions are in the body frame B. All cameras are pinhole with square pixels and the principal
// point in the middle; the picture's size is given by the run.
#pragma once

#include <filesystem>

#include "engine/core/result.h"
#include "engine/world/world.h"

namespace huntsman::sensors::rig {

// Width and height in pixels, 16..4096 each. Errors name file, line and what was expected.
engine::core::Result<engine::world::Rig> load(const std::filesystem::path& path, int width,
                                              int height);

}  // namespace huntsman::sensors::rig
