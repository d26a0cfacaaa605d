// Textures of models that others made, on the device.
#pragma once

#include <memory>
#include <span>

#include "engine/core/result.h"
#include "engine/gpu/resources.h"
#include "engine/world/scene.h"

namespace huntsman::engine::render {

// A layer for each picture, all as large as the largest, with all levels. At least one picture.
// Error: more pictures than the device has layers.
core::Result<gpu::Image> upload_pictures(
    const gpu::Device& device, std::span<const std::shared_ptr<const world::Picture>> pictures);

}  // namespace huntsman::engine::render
