// The pipelines that write the G-buffer.
#pragma once

#include <array>

#include "engine/core/result.h"
#include "engine/gpu/device.h"
#include "engine/gpu/pipeline.h"
#include "engine/render/materials.h"

namespace huntsman::engine::render {

constexpr VkFormat kPixelFormat = VK_FORMAT_R32G32B32A32_UINT;  // of the G-buffer

// Classes that have pipelines of their own.
constexpr auto kPipelineClasses = static_cast<std::size_t>(SurfaceClass::kPicture);
// One for each of these in dry weather, then one for each in any: dry pictures pay for no water and
// no snow.
using SurfacePipelines = std::array<gpu::Pipeline, 2 * kPipelineClasses>;
core::Result<SurfacePipelines> create_surface_pipelines(const gpu::Device& device,
                                                        VkPipelineLayout layout);

}  // namespace huntsman::engine::render
