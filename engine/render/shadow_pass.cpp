#include "engine/render/shadow_pass.h"

#include <cstring>

#include "engine/gpu/check.h"
#include "engine/render/depth_layer.h"
#include "engine/render/shader_vec.h"

namespace huntsman::engine::render {

using core::Result;
using core::Status;

namespace {

const std::uint32_t kShadowVertex[] = {
#include "engine/render/shaders/shadow_vert.inc"
};

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
    HM_TRY(layer_views(device, pass.fixed_, pass.fixed_layers_));
    HM_TRY(layer_views(device, pass.working_, pass.working_layers_));
    pass.dirty_.assign(shader::kCascades, DirtyTiles(map_size));
    HM_TAKE(pass.bindings_, gpu::BindingSet::create(device, {}, VK_SHADER_STAGE_VERTEX_BIT,
                                                    sizeof(shader::ShadowView)));
    HM_TAKE(pass.pipeline_, create_depth_pipeline(device, pass.bindings_.layout(), kShadowVertex));
    return pass;
}

Status ShadowPass::prepare(const gpu::Device& device, const ShadowFit& fit,
                           const RenderScene& scene, std::span<const Item> actors,
                           std::span<const PosedFigure> figures) {
    fit_ = fit;
    draws_.clear();
    for (std::size_t i = 0; i < shader::kCascades; ++i) {
        Layer& layer = layers_[i];
        layer = {};
        layer.renew = !drawn_[i] || *drawn_[i] != fit.cascades[i].centre;
        layer.first_fixed = draws_.size();
        if (layer.renew) {
            shadow_draws(fit, i, scene, scene.static_items(), Casters::kFixed, {}, draws_);
        }
        layer.fixed = draws_.size() - layer.first_fixed;
        layer.first_moving = draws_.size();
        shadow_draws(fit, i, scene, actors, Casters::kMoving, {}, draws_);
        layer.moving = draws_.size() - layer.first_moving;
        if (!figures.empty()) {
            shadow_draws(fit, i, scene, actors, Casters::kMoving, figures, draws_);
        }
        layer.figures = draws_.size() - layer.first_moving - layer.moving;
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
                            VkImageView view, std::size_t first, std::size_t count,
                            std::size_t figures) {
    begin_depth_layer(commands, pipeline_, view, static_cast<std::uint32_t>(map_size_), keep);
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
    if (figures > 0) {
        buffers.bind_skins(commands);
        draw_range(commands, device, indirect_, draws_, first + count, figures);
    }
    vkCmdEndRendering(commands);
}

// Brings the working map back to static casters only.
void ShadowPass::restore(VkCommandBuffer commands) {
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
        vkCmdCopyImage(commands, fixed_.handle(), VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL,
                       working_.handle(), VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL,
                       static_cast<std::uint32_t>(regions.size()), regions.data());
    }
}

gpu::Resource ShadowPass::declare(gpu::FrameGraph& graph, const gpu::Device& device,
                                  const GpuScene& buffers) {
    using gpu::Use;
    const gpu::Resource fixed = graph.add_resource(
        gpu::image_resource("static shadows", fixed_, gpu::Origin::kImported, &fixed_history_));
    const gpu::Resource working = graph.add_resource(
        gpu::image_resource("shadow map", working_, gpu::Origin::kImported, &working_history_));

    // Static casters where a cascade moved, tiles to restore from them, moving casters on top.
    gpu::Pass renewing{.name = "static shadows"}, restoring{.name = "restore shadows"},
        moving{.name = "moving shadows"};
    for (std::uint32_t i = 0; i < layers_.size(); ++i) {
        const Layer& layer = layers_[i];
        if (layer.renew) {
            renewing.uses.push_back(gpu::writes(fixed, Use::kDepthAttachment, i));
            restoring.uses.push_back(gpu::reads(fixed, Use::kCopy, i));
            restoring.uses.push_back(gpu::writes(working, Use::kCopy, i));
        } else if (!layer.restore.empty()) {
            restoring.uses.push_back(gpu::reads(fixed, Use::kCopy, i));
            restoring.uses.push_back(gpu::modifies(working, Use::kCopy, i));
        }
        if (layer.moving + layer.figures > 0) {
            moving.uses.push_back(gpu::modifies(working, Use::kDepthAttachment, i));
        }
    }
    renewing.record = [this, &device, &buffers](VkCommandBuffer commands) {
        for (std::size_t i = 0; i < layers_.size(); ++i) {
            const Layer& layer = layers_[i];
            if (!layer.renew) continue;
            draw_layer(commands, device, buffers, i, false, fixed_layers_[i].get(),
                       layer.first_fixed, layer.fixed, 0);
        }
    };
    restoring.record = [this](VkCommandBuffer commands) { restore(commands); };
    moving.record = [this, &device, &buffers](VkCommandBuffer commands) {
        for (std::size_t i = 0; i < layers_.size(); ++i) {
            const Layer& layer = layers_[i];
            if (layer.moving + layer.figures == 0) continue;
            draw_layer(commands, device, buffers, i, true, working_layers_[i].get(),
                       layer.first_moving, layer.moving, layer.figures);
        }
    };
    for (gpu::Pass* pass : {&renewing, &restoring, &moving}) {
        if (!pass->uses.empty()) graph.add_pass(std::move(*pass));
    }
    return working;
}

}  // namespace huntsman::engine::render
