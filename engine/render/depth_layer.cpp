#include "engine/render/depth_layer.h"

#include "engine/gpu/check.h"
#include "engine/render/shader_types.h"

namespace huntsman::engine::render {

using core::Result;
using core::Status;

Status layer_views(const gpu::Device& device, const gpu::Image& map,
                   std::span<gpu::ImageView> views) {
    for (std::uint32_t i = 0; i < views.size(); ++i) {
        VkImageView view = VK_NULL_HANDLE;
        HM_TAKE(view, map.layer_view(i));
        views[i] = gpu::ImageView(device.handle(), view);
    }
    return {};
}

Result<gpu::Pipeline> create_depth_pipeline(const gpu::Device& device, VkPipelineLayout layout,
                                            std::span<const std::uint32_t> vertex_shader) {
    const VkVertexInputBindingDescription streams[] = {
        {0, sizeof(shader::GpuVertex), VK_VERTEX_INPUT_RATE_VERTEX},
        {1, sizeof(shader::GpuDraw), VK_VERTEX_INPUT_RATE_INSTANCE}};
    const VkVertexInputAttributeDescription attributes[] = {
        {0, 0, VK_FORMAT_R32G32B32_SFLOAT, 0},
        {1, 1, VK_FORMAT_R32G32B32A32_SFLOAT, 0},
        {2, 1, VK_FORMAT_R32G32B32A32_SFLOAT, 16}};
    return gpu::create_graphics(device, layout,
                                {.vertex = vertex_shader,
                                 .vertex_bindings = streams,
                                 .vertex_attributes = attributes,
                                 .depth_compare = VK_COMPARE_OP_LESS,
                                 .cull_back = false});
}

void begin_depth_layer(VkCommandBuffer commands, const gpu::Pipeline& pipeline, VkImageView view,
                       std::uint32_t side, bool keep) {
    const VkRenderingAttachmentInfo depth{
        .sType = VK_STRUCTURE_TYPE_RENDERING_ATTACHMENT_INFO,
        .imageView = view,
        .imageLayout = VK_IMAGE_LAYOUT_DEPTH_ATTACHMENT_OPTIMAL,
        .loadOp = keep ? VK_ATTACHMENT_LOAD_OP_LOAD : VK_ATTACHMENT_LOAD_OP_CLEAR,
        .storeOp = VK_ATTACHMENT_STORE_OP_STORE,
        .clearValue = {.depthStencil = {1.0F, 0}}};
    const VkRenderingInfo rendering{.sType = VK_STRUCTURE_TYPE_RENDERING_INFO,
                                    .renderArea = {{0, 0}, {side, side}},
                                    .layerCount = 1,
                                    .pDepthAttachment = &depth};
    vkCmdBeginRendering(commands, &rendering);
    const VkViewport viewport{0, 0, static_cast<float>(side), static_cast<float>(side), 0, 1};
    const VkRect2D scissor{{0, 0}, {side, side}};
    vkCmdBindPipeline(commands, VK_PIPELINE_BIND_POINT_GRAPHICS, pipeline.get());
    vkCmdSetViewport(commands, 0, 1, &viewport);
    vkCmdSetScissor(commands, 0, 1, &scissor);
}

}  // namespace huntsman::engine::render
