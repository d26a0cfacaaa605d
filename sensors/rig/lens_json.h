// The lens of a camera in a rig file.
#pragma once

#include "engine/core/json_file.h"
#include "engine/world/rig.h"

namespace huntsman::sensors::rig {

// Reads "lens" and "horizontal_fov_deg" of a camera's node for a picture of the given size.
// `own_size`: the node states its size, in which intrinsics then are unless they say otherwise.
// What is wrong becomes the file's error.
engine::world::Lens read_lens(const engine::core::JsonNode& camera, int width, int height,
                              bool own_size);

}  // namespace huntsman::sensors::rig
