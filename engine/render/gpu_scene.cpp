#include "engine/render/gpu_scene.h"

#include <algorithm>
#include <cstring>

#include "engine/gpu/check.h"

namespace huntsman::engine::render {

using core::Result;
using core::Status;

static_assert(sizeof(DrawCommand) == sizeof(VkDrawIndexedIndirectCommand));

Result<GpuScene> GpuScene::create(const gpu::Device& device, const RenderScene& scene) {
    GpuScene result;
    HM_TAKE(result.vertices, gpu::upload_buffer(device, std::as_bytes(std::span(scene.vertices)),
                                                VK_BUFFER_USAGE_VERTEX_BUFFER_BIT));
    HM_TAKE(result.indices, gpu::upload_buffer(device, std::as_bytes(std::span(scene.indices)),
                                               VK_BUFFER_USAGE_INDEX_BUFFER_BIT));
    const auto records = std::as_bytes(std::span(scene.static_records()));
    HM_TRY(reserve_upload(device, result.records, records.size() + 64 * sizeof(shader::GpuDraw),
                          VK_BUFFER_USAGE_VERTEX_BUFFER_BIT));
    if (!records.empty()) {
        std::memcpy(result.records.mapped<std::byte>(), records.data(), records.size());
    }
    return result;
}

void GpuScene::bind(VkCommandBuffer commands) const {
    const VkBuffer buffers[2] = {vertices.handle(), records.handle()};
    const VkDeviceSize offsets[2] = {0, 0};
    vkCmdBindVertexBuffers(commands, 0, 2, buffers, offsets);
    vkCmdBindIndexBuffer(commands, indices.handle(), 0, VK_INDEX_TYPE_UINT32);
}

void GpuScene::bind_skins(VkCommandBuffer commands) const {
    const VkBuffer buffer = skins.handle();
    const VkDeviceSize offset = 0;
    vkCmdBindVertexBuffers(commands, 0, 1, &buffer, &offset);
}

void GpuScene::bind_vertices(VkCommandBuffer commands) const {
    const VkBuffer buffer = vertices.handle();
    const VkDeviceSize offset = 0;
    vkCmdBindVertexBuffers(commands, 0, 1, &buffer, &offset);
}

Status reserve_upload(const gpu::Device& device, gpu::Buffer& buffer, std::size_t bytes,
                      VkBufferUsageFlags usage) {
    if (buffer.handle() != VK_NULL_HANDLE && buffer.size() >= bytes) return {};
    HM_TAKE(buffer,
            gpu::Buffer::create(device, bytes + bytes / 2 + 4096, usage, gpu::MemoryUse::kUpload));
    return {};
}

void draw_range(VkCommandBuffer target, const gpu::Device& device, const gpu::Buffer& indirect,
                std::span<const DrawCommand> commands, std::size_t first, std::size_t count) {
    if (!device.info().multi_draw_indirect) {
        for (const DrawCommand& c : commands.subspan(first, count)) {
            vkCmdDrawIndexed(target, c.index_count, c.instance_count, c.first_index,
                             c.vertex_offset, c.first_instance);
        }
        return;
    }
    const std::size_t most = device.info().limits.maxDrawIndirectCount;
    for (std::size_t done = 0; done < count; done += most) {
        vkCmdDrawIndexedIndirect(target, indirect.handle(), (first + done) * sizeof(DrawCommand),
                                 static_cast<std::uint32_t>(std::min(most, count - done)),
                                 sizeof(DrawCommand));
    }
}

}  // namespace huntsman::engine::render
