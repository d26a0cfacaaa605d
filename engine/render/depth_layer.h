// Drawing of depth alone, as shadow maps need it: pipelines, and a layer of a map.
#pragma once

#include <cstdint>
#include <span>

#include "engine/gpu/pipeline.h"
#include "engine/gpu/resources.h"

namespace huntsman::engine::render {

// One view of each layer of a square map of depths, for `begin_depth_layer`.
core::Status layer_views(const gpu::Device& device, const gpu::Image& map,
                         std::span<gpu::ImageView> views);

// A pipeline that takes vertices and draw records (positions and placements alone) and keeps the
// nearest depth of both sides of faces.
core::Result<gpu::Pipeline> create_depth_pipeline(const gpu::Device& device,
                                                  VkPipelineLayout layout,
                                                  std::span<const std::uint32_t> vertex_shader);

// Begins rendering into a layer, with the pipeline bound; `keep` what is there, else it is cleared
// to the farthest depth. `side` in texels.
void begin_depth_layer(VkCommandBuffer commands, const gpu::Pipeline& pipeline, VkImageView view,
                       std::uint32_t side, bool keep);

}  // namespace huntsman::engine::render
