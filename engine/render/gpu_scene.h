// The device's copies of a scene, and buffers that grow as needed.
#pragma once

#include <span>

#include "engine/gpu/resources.h"
#include "engine/render/draw_list.h"
#include "engine/render/render_scene.h"

namespace huntsman::engine::render {

// Vertices, indices and draw records; the records of actors follow those of static instances.
struct GpuScene {
    gpu::Buffer vertices, indices, records;
    gpu::Buffer skins;  // vertices of figures, written for each call of render

    static core::Result<GpuScene> create(const gpu::Device& device, const RenderScene& scene);
    // Binds what is not skinned for drawing.
    void bind(VkCommandBuffer commands) const;
    // Then, that the draws that follow take skinned vertices, and that they take the others again.
    void bind_skins(VkCommandBuffer commands) const;
    void bind_vertices(VkCommandBuffer commands) const;
};

// Makes a mapped buffer hold at least `bytes`, with room to grow; content is lost when it grows.
core::Status reserve_upload(const gpu::Device& device, gpu::Buffer& buffer, std::size_t bytes,
                            VkBufferUsageFlags usage);

// Records draws [first, first + count) of `commands`, which lie at that place in `indirect` too.
void draw_range(VkCommandBuffer target, const gpu::Device& device, const gpu::Buffer& indirect,
                std::span<const DrawCommand> commands, std::size_t first, std::size_t count);

}  // namespace huntsman::engine::render
