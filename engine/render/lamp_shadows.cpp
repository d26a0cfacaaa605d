#include "engine/render/lamp_shadows.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "engine/gpu/check.h"
#include "engine/render/depth_layer.h"
#include "engine/render/shader_vec.h"

namespace huntsman::engine::render {

using core::Result;
using core::Status;
using math::Vec3;

namespace {

const std::uint32_t kLampShadowVertex[] = {
#include "engine/render/shaders/lamp_shadow_vert.inc"
};

constexpr double kFarthest_m = 45;  // of lamps with shadows, from the rig
constexpr double kFade_m = 6;       // over which a shadow fades before its lamp loses its layer
constexpr double kOwn_m = 4.5;      // head lamps nearer to the rig are its own
// Beyond these no shadow of a street lamp or a head lamp would be seen.
constexpr double kStreetReach_m = 24, kBeamReach_m = 45;
constexpr double kSmallest_m = 0.12;  // casters of a smaller radius are left out

Vec3 vec3_of(const shader::vec4& v) { return {v.x, v.y, v.z}; }

bool is_beam(const shader::GpuLight& light) {
    return light.colour.w == static_cast<float>(shader::kLightBeam);
}

}  // namespace

LampView lamp_view(const shader::GpuLight& light) {
    LampView view{.p_W = vec3_of(light.p_range), .axis = vec3_of(light.axis)};
    const Vec3 helper = std::abs(view.axis.z) > 0.7 ? Vec3(0, 1, 0) : Vec3(0, 0, 1);
    view.right = glm::normalize(glm::cross(view.axis, helper));
    view.up = glm::cross(view.right, view.axis);
    view.tangent = is_beam(light) ? shader::kBeamShadow : shader::kStreetShadow;
    view.reach_m = is_beam(light) ? kBeamReach_m : kStreetReach_m;
    return view;
}

std::vector<LampView> choose_shadowed(std::span<shader::GpuLight> lights, const Vec3& rig_W) {
    struct Near {
        double distance_m;
        shader::GpuLight* light;
    };
    std::vector<Near> near;
    for (shader::GpuLight& light : lights) {
        light.axis.w = 0;
        const bool beam = is_beam(light);
        if (!beam && light.colour.w != static_cast<float>(shader::kLightStreet)) continue;
        const double distance = glm::length(vec3_of(light.p_range) - rig_W);
        if (distance > kFarthest_m || (beam && distance < kOwn_m)) continue;
        near.push_back({distance, &light});
    }
    // Stable, so that equal distances keep the lights' order.
    std::stable_sort(near.begin(), near.end(),
                     [](const Near& a, const Near& b) { return a.distance_m < b.distance_m; });
    const double end =
        near.size() > shader::kLampShadows ? near[shader::kLampShadows].distance_m : kFarthest_m;
    std::vector<LampView> views;
    for (std::size_t i = 0; i < std::min<std::size_t>(near.size(), shader::kLampShadows); ++i) {
        const double share = std::clamp((end - near[i].distance_m) / kFade_m, 0.0, 0.999);
        near[i].light->axis.w = static_cast<float>(static_cast<double>(i + 1) + share);
        views.push_back(lamp_view(*near[i].light));
    }
    return views;
}

Result<LampShadows> LampShadows::create(const gpu::Device& device) {
    LampShadows shadows;
    constexpr auto kSide = static_cast<std::uint32_t>(shader::kLampShadowSide);
    HM_TAKE(shadows.map_, gpu::Image::create(device,
                                             {.width = kSide,
                                              .height = kSide,
                                              .layers = shader::kLampShadows,
                                              .format = VK_FORMAT_D32_SFLOAT,
                                              .array = true},
                                             VK_IMAGE_USAGE_DEPTH_STENCIL_ATTACHMENT_BIT |
                                                 VK_IMAGE_USAGE_SAMPLED_BIT));
    HM_TRY(layer_views(device, shadows.map_, shadows.layers_));
    HM_TAKE(shadows.bindings_, gpu::BindingSet::create(device, {}, VK_SHADER_STAGE_VERTEX_BIT,
                                                       sizeof(shader::LampShadowView)));
    HM_TAKE(shadows.pipeline_,
            create_depth_pipeline(device, shadows.bindings_.layout(), kLampShadowVertex));
    return shadows;
}

// Draws of the casters among `items` that the lamp may light: those that are no figures where
// `figures` is empty, else the figures.
void LampShadows::collect(const LampView& view, const RenderScene& scene,
                          std::span<const Item> items, std::span<const PosedFigure> figures) {
    const double texel = 2 * view.tangent / shader::kLampShadowSide;  // of a metre's distance
    const double edge = std::sqrt(1 + view.tangent * view.tangent);
    for (const Item& item : items) {
        if ((item.figure == kNoFigure) != figures.empty()) continue;
        if (!item.casts_shadow || item.radius_m < kSmallest_m) continue;
        const Vec3 to = item.centre - view.p_W;
        const double distance = glm::length(to);
        if (distance > view.reach_m + item.radius_m) continue;
        const double along = glm::dot(to, view.axis);
        if (along + item.radius_m < shader::kLampNear) continue;
        const auto outside = [&](double across) {
            return std::abs(across) > along * view.tangent + item.radius_m * edge;
        };
        if (outside(glm::dot(to, view.right)) || outside(glm::dot(to, view.up))) continue;
        const MeshDraw& mesh = scene.meshes()[item.mesh];
        const double nearest_m = std::max(1.0, distance - item.radius_m);
        const std::size_t level = choose_lod(mesh, nearest_m, 1.0, 2 * texel);
        const auto [lod, vertex_offset] = lod_of(scene, item, level, figures);
        draws_.push_back({.index_count = lod->index_count,
                          .first_index = lod->first_index,
                          .vertex_offset = vertex_offset,
                          .first_instance = item.first_record + lod->first_record});
    }
}

Status LampShadows::prepare(const gpu::Device& device, std::vector<LampView> views,
                            const RenderScene& scene, std::span<const Item> actors,
                            std::span<const PosedFigure> figures) {
    views_ = std::move(views);
    draws_.clear();
    drawn_.clear();
    for (const LampView& view : views_) {
        Layer layer{.first = draws_.size()};
        collect(view, scene, scene.static_items(), {});
        collect(view, scene, actors, {});
        layer.rigid = draws_.size() - layer.first;
        if (!figures.empty()) collect(view, scene, actors, figures);
        layer.figures = draws_.size() - layer.first - layer.rigid;
        drawn_.push_back(layer);
    }
    const std::size_t bytes = draws_.size() * sizeof(DrawCommand);
    HM_TRY(reserve_upload(device, indirect_, bytes, VK_BUFFER_USAGE_INDIRECT_BUFFER_BIT));
    if (bytes > 0) std::memcpy(indirect_.mapped<std::byte>(), draws_.data(), bytes);
    return {};
}

void LampShadows::draw_layer(VkCommandBuffer commands, const gpu::Device& device,
                             const GpuScene& buffers, std::size_t index) {
    begin_depth_layer(commands, pipeline_, layers_[index].get(),
                      static_cast<std::uint32_t>(shader::kLampShadowSide), false);
    if (index >= views_.size()) return vkCmdEndRendering(commands);
    buffers.bind(commands);
    const LampView& view = views_[index];
    const auto row = [&](const Vec3& axis, double scale) {
        return vec4_of(axis * scale, -glm::dot(axis, view.p_W) * scale);
    };
    const shader::LampShadowView push{.clip_x = row(view.right, 1 / view.tangent),
                                      .clip_y = row(view.up, 1 / view.tangent),
                                      .clip_w = row(view.axis, 1)};
    vkCmdPushConstants(commands, bindings_.layout(), VK_SHADER_STAGE_VERTEX_BIT, 0, sizeof push,
                       &push);
    const Layer& layer = drawn_[index];
    draw_range(commands, device, indirect_, draws_, layer.first, layer.rigid);
    if (layer.figures > 0) {
        buffers.bind_skins(commands);
        draw_range(commands, device, indirect_, draws_, layer.first + layer.rigid, layer.figures);
    }
    vkCmdEndRendering(commands);
}

gpu::Resource LampShadows::declare(gpu::FrameGraph& graph, const gpu::Device& device,
                                   const GpuScene& buffers) {
    if (views_.empty() && cleared_) return graph.add_resource(finished_map());
    const gpu::Resource map = graph.add_resource(
        gpu::image_resource("lamp shadows", map_, gpu::Origin::kImported, &history_));
    gpu::Pass pass{.name = "lamp shadows"};
    // At first all layers, so that whatever is sampled has been written.
    const std::size_t count = cleared_ ? views_.size() : layers_.size();
    for (std::uint32_t i = 0; i < count; ++i) {
        pass.uses.push_back(gpu::writes(map, gpu::Use::kDepthAttachment, i));
    }
    pass.record = [this, &device, &buffers, count](VkCommandBuffer commands) {
        for (std::size_t i = 0; i < count; ++i) draw_layer(commands, device, buffers, i);
        cleared_ = true;
    };
    graph.add_pass(std::move(pass));
    return map;
}

}  // namespace huntsman::engine::render
