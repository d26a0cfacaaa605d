#include "engine/render/shadow_pass.h"

#include <cstring>

#include "engine/gpu/check.h"

namespace huntsman::engine::render {

using core::Result;
using core::Status;

namespace {

const std::uint32_t kShadowVertex[] = {
#include "engine/render/shaders/shadow_vert.inc"
};

shader::vec4 vec4_of(const math::Vec3& v, double w) {
    return {static_cast<float>(v.x), static_cast<float>(v.y), static_cast<float>(v.z),
            static_cast<float>(w)};
}

void transition(VkCommandBuffer commands, const gpu::Image& image, VkImageLayout from,
                VkImageLayout to) {
    const auto stage = [](VkImageLayout layout) -> VkPipelineStageFlags2 {
        switch (layout) {
            case VK_IMAGE_LAYOUT_DEPTH_ATTACHMENT_OPTIMAL:
                return VK_PIPELINE_STAGE_2_EARLY_FRAGMENT_TESTS_BIT |
                       VK_PIPELINE_STAGE_2_LATE_FRAGMENT_TESTS_BIT;
            case VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL:
                return VK_PIPELINE_STAGE_2_COMPUTE_SHADER_BIT;
            default:
                return VK_PIPELINE_STAGE_2_COPY_BIT;
        }
    };
    const auto access = [](VkImageLayout layout) -> VkAccessFlags2 {
        switch (layout) {
            case VK_IMAGE_LAYOUT_DEPTH_ATTACHMENT_OPTIMAL:
                return VK_ACCESS_2_DEPTH_STENCIL_ATTACHMENT_READ_BIT |
                       VK_ACCESS_2_DEPTH_STENCIL_ATTACHMENT_WRITE_BIT;
            case VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL:
                return VK_ACCESS_2_SHADER_SAMPLED_READ_BIT;
            case VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL:
                return VK_ACCESS_2_TRANSFER_READ_BIT;
            case VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL:
                return VK_ACCESS_2_TRANSFER_WRITE_BIT;
            default:
                return VK_ACCESS_2_NONE;
        }
    };
    const gpu::ImageBarrier b{.image = image.handle(),
                              .aspect = image.aspect(),
                              .from_stage = stage(from),
                              .to_stage = stage(to),
                              .from_access = access(from),
                              .to_access = access(to),
                              .from_layout = from,
                              .to_layout = to};
    gpu::barrier(commands, {&b, 1});
}

}  // namespace

Result<ShadowPass> ShadowPass::create(const gpu::Device& device, int map_size) {
    ShadowPass pass;
    pass.map_size_ = map_size;
    const gpu::ImageShape shape{.width = static_cast<std::uint32_t>(map_size),
                                .height = static_cast<std::uint32_t>(map_size),
                                .layers = shader::kCascades,
                                .format = VK_FORMAT_D32_SFLOAT,
                                .array = true};
    HM_TAKE(pass.fixed_, gpu::Image::create(device, shape,
                                            VK_IMAGE_USAGE_DEPTH_STENCIL_ATTACHMENT_BIT |
                                                VK_IMAGE_USAGE_TRANSFER_SRC_BIT));
    HM_TAKE(pass.working_,
            gpu::Image::create(device, shape,
                               VK_IMAGE_USAGE_DEPTH_STENCIL_ATTACHMENT_BIT |
                                   VK_IMAGE_USAGE_TRANSFER_DST_BIT | VK_IMAGE_USAGE_SAMPLED_BIT));
    for (std::uint32_t i = 0; i < shader::kCascades; ++i) {
        VkImageView view = VK_NULL_HANDLE;
        HM_TAKE(view, pass.fixed_.layer_view(i));
        pass.fixed_layers_[i] = gpu::ImageView(device.handle(), view);
        HM_TAKE(view, pass.working_.layer_view(i));
        pass.working_layers_[i] = gpu::ImageView(device.handle(), view);
        pass.dirty_.emplace_back(map_size);
    }
    HM_TAKE(pass.bindings_, gpu::BindingSet::create(device, {}, VK_SHADER_STAGE_VERTEX_BIT,
                                                    sizeof(shader::ShadowView)));
    const VkVertexInputBindingDescription streams[] = {
        {0, sizeof(shader::GpuVertex), VK_VERTEX_INPUT_RATE_VERTEX},
        {1, sizeof(shader::GpuDraw), VK_VERTEX_INPUT_RATE_INSTANCE}};
    const VkVertexInputAttributeDescription attributes[] = {
        {0, 0, VK_FORMAT_R32G32B32_SFLOAT, 0},
        {1, 1, VK_FORMAT_R32G32B32A32_SFLOAT, 0},
        {2, 1, VK_FORMAT_R32G32B32A32_SFLOAT, 16}};
    HM_TAKE(pass.pipeline_, gpu::create_graphics(device, pass.bindings_.layout(),
                                                 {.vertex = kShadowVertex,
                                                  .vertex_bindings = streams,
                                                  .vertex_attributes = attributes,
                                                  .depth_compare = VK_COMPARE_OP_LESS,
                                                  .cull_back = false}));
    return pass;
}

Status ShadowPass::prepare(const gpu::Device& device, const ShadowFit& fit,
                           const RenderScene& scene, std::span<const Item> actors) {
    fit_ = fit;
    draws_.clear();
    for (std::size_t i = 0; i < shader::kCascades; ++i) {
        Layer& layer = layers_[i];
        layer = {};
        layer.renew = !drawn_[i] || *drawn_[i] != fit.cascades[i].centre;
        layer.first_fixed = draws_.size();
        if (layer.renew) shadow_draws(fit, i, scene, scene.static_items(), draws_);
        layer.fixed = draws_.size() - layer.first_fixed;
        layer.first_moving = draws_.size();
        shadow_draws(fit, i, scene, actors, draws_);
        layer.moving = draws_.size() - layer.first_moving;
        // What moving casters touched the last time is restored; what they touch now is noted.
        layer.restore = dirty_[i].runs();
        dirty_[i].clear();
        dirty_[i].mark(fit, i, actors);
        drawn_[i] = fit.cascades[i].centre;
    }
    const std::size_t bytes = draws_.size() * sizeof(DrawCommand);
    HM_TRY(reserve_upload(device, indirect_, bytes, VK_BUFFER_USAGE_INDIRECT_BUFFER_BIT));
    if (bytes > 0) std::memcpy(indirect_.mapped<std::byte>(), draws_.data(), bytes);
    return {};
}

void ShadowPass::draw_layer(VkCommandBuffer commands, const gpu::Device& device,
                            const GpuScene& buffers, std::size_t cascade, bool keep,
                            VkImageView view, std::size_t first, std::size_t count) {
    const auto side = static_cast<std::uint32_t>(map_size_);
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
    vkCmdBindPipeline(commands, VK_PIPELINE_BIND_POINT_GRAPHICS, pipeline_.get());
    vkCmdSetViewport(commands, 0, 1, &viewport);
    vkCmdSetScissor(commands, 0, 1, &scissor);
    buffers.bind(commands);
    const Cascade& c = fit_.cascades[cascade];
    const shader::ShadowView push{
        .light_x = vec4_of(fit_.x, 0),
        .light_y = vec4_of(fit_.y, 0),
        .light_z = vec4_of(fit_.z, fit_.depth_scale),
        .map = vec4_of({-c.centre.x / c.half_m, -c.centre.y / c.half_m, 1 / c.half_m},
                       fit_.depth_offset)};
    vkCmdPushConstants(commands, bindings_.layout(), VK_SHADER_STAGE_VERTEX_BIT, 0, sizeof push,
                       &push);
    draw_range(commands, device, indirect_, draws_, first, count);
    vkCmdEndRendering(commands);
}

void ShadowPass::record(VkCommandBuffer commands, const gpu::Device& device,
                        const GpuScene& buffers) {
    constexpr auto kAttachment = VK_IMAGE_LAYOUT_DEPTH_ATTACHMENT_OPTIMAL;
    constexpr auto kSource = VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL;
    constexpr auto kTarget = VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL;
    constexpr auto kSampled = VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL;

    // Draw static casters where a cascade moved.
    bool any_renewed = false, any_moving = false, any_restored = false;
    for (const Layer& layer : layers_) {
        any_renewed = any_renewed || layer.renew;
        any_moving = any_moving || layer.moving > 0;
        any_restored = any_restored || layer.renew || !layer.restore.empty();
    }
    if (any_renewed) {
        transition(commands, fixed_, initialised_ ? kSource : VK_IMAGE_LAYOUT_UNDEFINED,
                   kAttachment);
        for (std::size_t i = 0; i < layers_.size(); ++i) {
            const Layer& layer = layers_[i];
            if (!layer.renew) continue;
            draw_layer(commands, device, buffers, i, false, fixed_layers_[i].get(),
                       layer.first_fixed, layer.fixed);
        }
        transition(commands, fixed_, kAttachment, kSource);
    }

    // Bring the working map back to static casters only.
    if (any_restored) {
        transition(commands, working_, initialised_ ? kSampled : VK_IMAGE_LAYOUT_UNDEFINED,
                   kTarget);
        for (std::uint32_t i = 0; i < layers_.size(); ++i) {
            const auto side = static_cast<std::uint32_t>(map_size_);
            std::vector<VkImageCopy> regions;
            const auto add = [&](int x, int y, std::uint32_t width, std::uint32_t height) {
                const VkImageSubresourceLayers at{VK_IMAGE_ASPECT_DEPTH_BIT, 0, i, 1};
                regions.push_back({at, {x, y, 0}, at, {x, y, 0}, {width, height, 1}});
            };
            if (layers_[i].renew) {
                add(0, 0, side, side);
            } else {
                for (const DirtyTiles::Run& run : layers_[i].restore) {
                    add(run.x, run.y, static_cast<std::uint32_t>(run.width), DirtyTiles::kTile);
                }
            }
            if (regions.empty()) continue;
            vkCmdCopyImage(commands, fixed_.handle(), kSource, working_.handle(), kTarget,
                           static_cast<std::uint32_t>(regions.size()), regions.data());
        }
        if (!any_moving) transition(commands, working_, kTarget, kSampled);
    }

    // Draw moving casters on top.
    if (any_moving) {
        transition(commands, working_, any_restored ? kTarget : kSampled, kAttachment);
        for (std::size_t i = 0; i < layers_.size(); ++i) {
            const Layer& layer = layers_[i];
            if (layer.moving == 0) continue;
            draw_layer(commands, device, buffers, i, true, working_layers_[i].get(),
                       layer.first_moving, layer.moving);
        }
        transition(commands, working_, kAttachment, kSampled);
    }
    initialised_ = true;
}

}  // namespace huntsman::engine::render
