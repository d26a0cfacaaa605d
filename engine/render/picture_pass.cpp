#include "engine/render/picture_pass.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <glm/gtc/packing.hpp>
#include <utility>

#include "engine/gpu/check.h"
#include "engine/render/contact_map.h"
#include "engine/render/exposure.h"
#include "engine/render/probe.h"
#include "engine/render/shader_vec.h"
#include "engine/render/surface_pipelines.h"

namespace huntsman::engine::render {

using core::Result;
using core::Status;
using gpu::MemoryUse;

namespace {

const std::uint32_t kResolve[] = {
#include "engine/render/shaders/resolve_comp.inc"
};

constexpr VkShaderStageFlags kSurfaceStages =
    VK_SHADER_STAGE_VERTEX_BIT | VK_SHADER_STAGE_FRAGMENT_BIT;
constexpr auto kTileColumns = static_cast<std::uint32_t>(shader::kLightTileColumns);

// What every resolve reads.
std::vector<gpu::PassUse> inputs(const FrameTargets& targets) {
    std::vector<gpu::PassUse> uses;
    for (const gpu::Resource r : {targets.pixel, targets.shadow_map, targets.lamp_shadows,
                                  targets.ambient, targets.lights, targets.light_tiles}) {
        uses.push_back(gpu::reads(r, gpu::Use::kSampledCompute));
    }
    return uses;
}

}  // namespace

Result<PicturePass> PicturePass::create(const gpu::Device& device, const ShadowMaps& shadows,
                                        const QualitySettings& settings, bool shared) {
    PicturePass pass;
    pass.shared_ = shared;
    pass.settings_ = settings;
    if (settings.lens_px > 0) {
        FinishPass finish;
        HM_TAKE(finish, FinishPass::create(device, settings.lens_px));
        pass.finish_ = std::move(finish);
    }
    pass.direct_output_ = device.info().unified_host_memory;
    // Long columns suit a few wide cores, single pixels a GPU's many threads.
    pass.rows_ = device.info().software ? 16 : 1;
    HM_TRY(pass.create_resources(device));
    HM_TRY(pass.set_stand_ins(device, shadows));
    HM_TAKE(pass.surfaces_, create_surface_pipelines(device, pass.surface_set_.layout()));
    return pass;
}

Status PicturePass::create_resources(const gpu::Device& device) {
    HM_TAKE(nearest_, gpu::create_sampler(device, {.linear = false}));
    HM_TAKE(texture_sampler_,
            gpu::create_sampler(
                device, {.mipmaps = true, .trilinear = settings_.fine_filters, .repeat = true}));
    HM_TAKE(wrapping_, gpu::create_sampler(device, {.repeat = true}));
    HM_TAKE(shadow_sampler_, gpu::create_sampler(device, {.comparison = true}));
    HM_TAKE(constants_,
            gpu::Buffer::create(device, sizeof(shader::FrameConstants),
                                VK_BUFFER_USAGE_UNIFORM_BUFFER_BIT, MemoryUse::kUpload));
    constexpr auto kContact = static_cast<std::uint32_t>(ContactMap::kSize);
    HM_TRY(contact_.create(device,
                           {.width = kContact, .height = kContact, .format = VK_FORMAT_R8_UNORM}));
    constexpr auto kSide = static_cast<std::uint32_t>(shader::kAmbientSide);
    constexpr auto kLayers = static_cast<std::uint32_t>(shader::kAmbientLayers);
    HM_TRY(ambient_.create(device, {.width = kSide, .height = kSide, .depth = kLayers}));
    static_assert(sizeof(shader::GpuLight) == 3 * 16);
    HM_TRY(lights_.create(
        device,
        {.width = 3, .height = shader::kMostLights, .format = VK_FORMAT_R32G32B32A32_SFLOAT}));
    std::vector<std::uint16_t> beam;
    for (const float root : beam_table()) beam.push_back(glm::packHalf1x16(root));
    HM_TAKE(beam_, gpu::upload_image(device,
                                     {.width = shader::kBeamColumns,
                                      .height = shader::kBeamRows,
                                      .format = VK_FORMAT_R16_SFLOAT},
                                     std::as_bytes(std::span(beam))));
    HM_TAKE(smooth_, gpu::create_sampler(device, {}));
    const auto probe = [&](gpu::Buffer& buffer, std::size_t words) -> Status {
        HM_TAKE(buffer, gpu::Buffer::create(device, 4 * words,
                                            VK_BUFFER_USAGE_STORAGE_BUFFER_BIT |
                                                VK_BUFFER_USAGE_UNIFORM_TEXEL_BUFFER_BIT,
                                            MemoryUse::kDevice));
        return {};
    };
    constexpr std::size_t kFace = std::size_t(shader::kProbeSide) * shader::kProbeSide;
    HM_TRY(probe(no_probe_, 4));
    if (settings_.probe) HM_TRY(probe(probe_, 2 * kProbeViews * kFace));
    return {};
}

// Small ones until a world is loaded, since every binding must be written.
Status PicturePass::set_stand_ins(const gpu::Device& device, const ShadowMaps& shadows) {
    const gpu::ImageShape one{.array = true};
    constexpr std::byte kTexel[8] = {};
    gpu::Image textures, sky;
    HM_TAKE(textures, gpu::upload_image(device, one, {kTexel, 4}));
    HM_TAKE(sky, gpu::upload_image(device, {.format = VK_FORMAT_R32_UINT}, {kTexel, 4}));
    HM_TRY(set_textures(device, std::move(textures)));
    set_sky(std::move(sky));
    const View stand_in{.width = 64, .height = 64};
    HM_TRY(set_layout(device, layout_atlas({&stand_in, 1}, 4096), shadows));
    return {};
}

Status PicturePass::set_textures(const gpu::Device& device, gpu::Image textures) {
    textures_ = std::move(textures);
    const gpu::Binding bindings[] = {gpu::sampled(textures_, texture_sampler_),
                                     gpu::sampled(contact_.image(), wrapping_)};
    if (surface_set_.set() == VK_NULL_HANDLE) {
        HM_TAKE(surface_set_, gpu::BindingSet::create(device, bindings, kSurfaceStages,
                                                      sizeof(shader::SurfaceView)));
    } else {
        surface_set_.rewrite(bindings);
    }
    return {};
}

Status PicturePass::set_pictures(const gpu::Device& device, gpu::Image pictures) {
    picture_textures_ = std::move(pictures);
    const gpu::Binding bindings[] = {gpu::sampled(picture_textures_, texture_sampler_),
                                     gpu::sampled(contact_.image(), wrapping_)};
    if (picture_set_.set() == VK_NULL_HANDLE) {
        HM_TAKE(picture_set_, gpu::BindingSet::create(device, bindings, kSurfaceStages,
                                                      sizeof(shader::SurfaceView)));
    } else {
        picture_set_.rewrite(bindings);
    }
    return {};
}

void PicturePass::set_sky(gpu::Image sky) {
    sky_ = std::move(sky);
    layout_ = {};  // the resolve has to be bound to the new sky
}

Status PicturePass::set_layout(const gpu::Device& device, const AtlasLayout& layout,
                               const ShadowMaps& shadows) {
    if (layout == layout_) return {};
    layout_ = {};
    // Attachments and buffers that are large enough stay: which views are due may change from call
    // to call.
    const auto& had = pixel_.shape();
    if (pixel_.view() == VK_NULL_HANDLE || had.width < layout.width || had.height < layout.height) {
        gpu::ImageShape shape{.width = std::max(had.width, layout.width),
                              .height = std::max(had.height, layout.height),
                              .format = kPixelFormat};
        HM_TAKE(pixel_, gpu::Image::create(
                            device, shape,
                            VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT | VK_IMAGE_USAGE_SAMPLED_BIT));
        shape.format = VK_FORMAT_D32_SFLOAT;
        HM_TAKE(depth_,
                gpu::Image::create(device, shape, VK_IMAGE_USAGE_DEPTH_STENCIL_ATTACHMENT_BIT));
        pixel_history_ = depth_history_ = {};
    }

    // Where host memory is the device's own, shaders write their results straight into it.
    constexpr VkBufferUsageFlags kStorage =
        VK_BUFFER_USAGE_STORAGE_BUFFER_BIT | VK_BUFFER_USAGE_TRANSFER_SRC_BIT;
    VkBufferUsageFlags host_usage = VK_BUFFER_USAGE_TRANSFER_DST_BIT;
    if (direct_output_) host_usage |= VK_BUFFER_USAGE_STORAGE_BUFFER_BIT;
    if (direct_output_ && shared_) host_usage |= VK_BUFFER_USAGE_TRANSFER_SRC_BIT;
    const auto create = [&](Output& output, VkDeviceSize bytes) -> Status {
        if (output.on_host.size() >= bytes) return {};
        HM_TAKE(output.on_host,
                gpu::Buffer::create(device, bytes, host_usage, MemoryUse::kReadback));
        if (direct_output_) return {};
        HM_TAKE(output.on_device, gpu::Buffer::create(device, bytes, kStorage, MemoryUse::kDevice));
        return {};
    };
    HM_TRY(create(meter_samples_, 4 * layout.meter_samples));
    for (Output* output : {&pixels_, &ids_, &depths_, &shapes_}) {
        HM_TRY(create(*output, 4 * layout.pixels));
    }
    const auto tile_rows =
        static_cast<std::uint32_t>((layout.light_tiles + kTileColumns - 1) / kTileColumns);
    HM_TRY(light_tiles_.create(
        device,
        {.width = kTileColumns, .height = tile_rows, .format = VK_FORMAT_R32G32B32A32_UINT}));
    if (finish_) HM_TRY(finish_->set_layout(device, layout, pixels_.written()));
    layout_ = layout;
    return bind_resolve(device, shadows);
}

Status PicturePass::prepare_linear(const gpu::Device& device, const ShadowMaps& shadows,
                                   bool parts) {
    const std::size_t pixel_bytes = parts ? sizeof(shader::PixelParts) : 3 * sizeof(float);
    const std::size_t bytes = pixel_bytes * layout_.pixels;
    if (linear_.size() >= bytes) return {};
    HM_TAKE(linear_, gpu::Buffer::create(device, bytes, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT,
                                         MemoryUse::kReadback));
    if (finish_) HM_TRY(finish_->prepare_linear(device, linear_));
    return bind_resolve(device, shadows);
}

Status PicturePass::bind_resolve(const gpu::Device& device, const ShadowMaps& shadows) {
    // `written` takes radiance, `probe` is read.
    const auto bind = [&](gpu::BindingSet& set, const gpu::Buffer& written,
                          const gpu::Buffer& probe) -> Status {
        const gpu::Binding bindings[] = {
            gpu::uniform(constants_), gpu::sampled(pixel_, nearest_),
            gpu::sampled(shadows.sun, shadow_sampler_), gpu::sampled(sky_, nearest_),
            gpu::storage(pixels_.written()), gpu::storage(meter_samples_.written()),
            gpu::storage(ids_.written()), gpu::storage(depths_.written()),
            // Every binding must be written, used or not.
            gpu::storage(linear_.handle() != VK_NULL_HANDLE ? linear_ : meter_samples_.written()),
            gpu::sampled(ambient_.image(), wrapping_), gpu::sampled(lights_.image(), nearest_),
            gpu::sampled(light_tiles_.image(), nearest_), gpu::sampled(beam_, smooth_),
            gpu::storage(shapes_.written()), gpu::storage(written), gpu::texels(probe),
            gpu::sampled(shadows.sun, nearest_), gpu::sampled(shadows.lamps, shadow_sampler_)};
        if (set.set() != VK_NULL_HANDLE) {
            set.rewrite(bindings);
            return {};
        }
        HM_TAKE(set, gpu::BindingSet::create(device, bindings, VK_SHADER_STAGE_COMPUTE_BIT,
                                             sizeof(shader::ResolveView)));
        return {};
    };
    HM_TRY(bind(resolve_set_, finish_ ? finish_->radiance() : meter_samples_.written(),
                settings_.probe ? probe_ : no_probe_));
    return settings_.probe ? bind(probe_set_, probe_, no_probe_) : Status{};
}

Status PicturePass::prepare(const gpu::Device& device, const Content& content) {
    std::memcpy(constants_.mapped<std::byte>(), &content.constants, sizeof content.constants);
    weather_ = content.constants.weather.z > 0;
    rain_ = content.constants.rain.x > 0;
    contact_.fill(std::as_bytes(content.contact));
    if (content.ambient_changed) ambient_.fill(std::as_bytes(content.ambient));
    lamps_matter_ = content.lights != nullptr;
    if (lamps_matter_) {
        lights_.fill(std::as_bytes(std::span(content.lights->lights)));
        light_tiles_.fill(std::as_bytes(std::span(content.lights->tiles)));
    }
    draws_.clear();
    for (const DrawList& list : content.lists) {
        draws_.insert(draws_.end(), list.commands.begin(), list.commands.end());
    }
    const std::size_t bytes = draws_.size() * sizeof(DrawCommand);
    HM_TRY(reserve_upload(device, indirect_, bytes, VK_BUFFER_USAGE_INDIRECT_BUFFER_BIT));
    if (bytes > 0) std::memcpy(indirect_.mapped<std::byte>(), draws_.data(), bytes);
    return {};
}

Result<const gpu::Pipeline*> PicturePass::shading(const gpu::Device& device, const Shading& what) {
    gpu::Pipeline& pipeline = shadings_[what];
    if (pipeline.get() == VK_NULL_HANDLE) {
        // The light meter's pixels lie apart: one a invocation.
        const std::uint32_t rows = what.output == 1 ? 1 : rows_;
        // In the order of the shader's constants.
        const std::uint32_t constants[] = {settings_.soft_shadows ? 1U : 0U,
                                           what.output,
                                           rows,
                                           what.ids,
                                           what.depth,
                                           what.lamps,
                                           what.rain,
                                           what.blend,
                                           what.shape,
                                           what.probe,
                                           what.edges};
        HM_TAKE(pipeline, gpu::create_compute(device, resolve_set_.layout(), kResolve, constants));
    }
    return &pipeline;
}

void PicturePass::declare_targets(gpu::FrameGraph& graph, FrameTargets& targets, bool finished) {
    const gpu::Origin origin = finished ? gpu::Origin::kReadOnly : gpu::Origin::kScratch;
    targets.pixel =
        graph.add_resource(gpu::image_resource("G-buffer", pixel_, origin, &pixel_history_));
    targets.ambient = ambient_.declare(graph, "ambient volume");
    targets.lights = lights_.declare(graph, "lights");
    targets.light_tiles = light_tiles_.declare(graph, "light tiles");
    targets.depth = graph.add_resource(
        gpu::image_resource("depth", depth_, gpu::Origin::kScratch, &depth_history_));
    const auto output = [&](const char* name, const Output& buffers) {
        return graph.add_resource(
            gpu::buffer_resource(name, buffers.written(), gpu::Origin::kScratch));
    };
    targets.probe = graph.add_resource(gpu::buffer_resource(
        "probe", settings_.probe ? probe_ : no_probe_,
        finished || !settings_.probe ? gpu::Origin::kReadOnly : gpu::Origin::kScratch));
    targets.picture = output("picture", pixels_);
    targets.meter = output("light meter", meter_samples_);
    targets.ids = output("ids", ids_);
    targets.depth_m = output("depth in metres", depths_);
    targets.shape = output("shape", shapes_);
    if (linear_.handle() != VK_NULL_HANDLE) {
        targets.linear = graph.add_resource(
            gpu::buffer_resource("linear radiance", linear_, gpu::Origin::kScratch));
    }
}

void PicturePass::declare_surfaces(gpu::FrameGraph& graph, const FrameTargets& targets,
                                   const gpu::Device& device, const GpuScene& buffers,
                                   std::span<const View> views, std::span<const DrawList> lists) {
    // The shade under bodies, as the ground needs it.
    const gpu::Resource contact = contact_.declare(graph, "contact map");

    // Software drivers transform on one thread and fill pixels on others, one pass after another:
    // with several passes both go on at the same time.
    const std::size_t views_per_pass = device.info().software
                                           ? std::max<std::size_t>(1, (layout_.pictures + 3) / 4)
                                           : views.size();
    for (std::size_t begin = 0; begin < views.size(); begin += views_per_pass) {
        const std::size_t end = std::min(views.size(), begin + views_per_pass);
        const gpu::Mode mode = begin == 0 ? gpu::Mode::kWrite : gpu::Mode::kModify;
        graph.add_pass({.name = views_per_pass >= views.size()
                                    ? "surfaces"
                                    : fmt::format("surfaces {}", 1 + begin / views_per_pass),
                        .uses = {{targets.pixel, gpu::Use::kColourAttachment, mode},
                                 {targets.depth, gpu::Use::kDepthAttachment, mode},
                                 gpu::reads(contact, gpu::Use::kSampledFragment)},
                        .record = [this, &device, &buffers, views, lists, begin,
                                   end](VkCommandBuffer commands) {
                            draw_views(commands, device, buffers, views, lists, begin, end);
                        }});
    }
}

void PicturePass::begin_rendering(VkCommandBuffer commands, VkAttachmentLoadOp load) const {
    // Sky is what no surface covers.
    constexpr auto kSkyId = static_cast<std::uint32_t>(world::Semantic::kSky) << 24;
    VkRenderingAttachmentInfo pixel{.sType = VK_STRUCTURE_TYPE_RENDERING_ATTACHMENT_INFO,
                                    .imageView = pixel_.view(),
                                    .imageLayout = VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL,
                                    .loadOp = load,
                                    .storeOp = VK_ATTACHMENT_STORE_OP_STORE};
    pixel.clearValue.color.uint32[0] = kSkyId;
    const VkRenderingAttachmentInfo depth{.sType = VK_STRUCTURE_TYPE_RENDERING_ATTACHMENT_INFO,
                                          .imageView = depth_.view(),
                                          .imageLayout = VK_IMAGE_LAYOUT_DEPTH_ATTACHMENT_OPTIMAL,
                                          .loadOp = load,
                                          .storeOp = VK_ATTACHMENT_STORE_OP_STORE,
                                          .clearValue = {.depthStencil = {0.0F, 0}}};
    const VkRenderingInfo rendering{.sType = VK_STRUCTURE_TYPE_RENDERING_INFO,
                                    .renderArea = {{0, 0}, {layout_.width, layout_.height}},
                                    .layerCount = 1,
                                    .colorAttachmentCount = 1,
                                    .pColorAttachments = &pixel,
                                    .pDepthAttachment = &depth};
    vkCmdBeginRendering(commands, &rendering);
}

// Draws views [begin, end); the first ones clear all of the atlas.
void PicturePass::draw_views(VkCommandBuffer commands, const gpu::Device& device,
                             const GpuScene& buffers, std::span<const View> views,
                             std::span<const DrawList> lists, std::size_t begin, std::size_t end) {
    begin_rendering(commands,
                    begin == 0 ? VK_ATTACHMENT_LOAD_OP_CLEAR : VK_ATTACHMENT_LOAD_OP_LOAD);
    const auto bind = [&](VkDescriptorSet set) {
        vkCmdBindDescriptorSets(commands, VK_PIPELINE_BIND_POINT_GRAPHICS, surface_set_.layout(), 0,
                                1, &set, 0, nullptr);
    };
    bind(surface_set_.set());
    buffers.bind(commands);
    std::size_t first = 0;
    for (std::size_t i = 0; i < begin; ++i) first += lists[i].commands.size();
    for (std::size_t i = begin; i < end; ++i) {
        const View& view = views[i];
        const AtlasTile& tile = layout_.tiles[i];
        const VkViewport viewport{static_cast<float>(tile.x),
                                  static_cast<float>(tile.y),
                                  static_cast<float>(tile.width),
                                  static_cast<float>(tile.height),
                                  0,
                                  1};
        const VkRect2D scissor{
            {static_cast<std::int32_t>(tile.x), static_cast<std::int32_t>(tile.y)},
            {tile.width, tile.height}};
        vkCmdSetViewport(commands, 0, 1, &viewport);
        vkCmdSetScissor(commands, 0, 1, &scissor);
        // Clip x = (2 fx X + (2 cx - width) Z) / width, y alike, w = Z, each as a row on W.
        const math::Vec3 right = view.X_WC.rotate({1, 0, 0}), down = view.X_WC.rotate({0, 1, 0}),
                         forward = view.X_WC.rotate({0, 0, 1});
        const auto row = [&](const math::Vec3& axis) {
            return vec4_of(axis, -glm::dot(axis, view.X_WC.p));
        };
        const shader::SurfaceView push{
            .clip_x = row((2 * view.fx * right + (2 * view.cx - view.width) * forward) /
                          static_cast<double>(view.width)),
            .clip_y = row((2 * view.fy * down + (2 * view.cy - view.height) * forward) /
                          static_cast<double>(view.height)),
            .clip_w = row(forward),
            .eye = vec4_of(view.X_WC.p)};
        vkCmdPushConstants(commands, surface_set_.layout(), kSurfaceStages, 0, sizeof push, &push);
        constexpr auto kClasses = static_cast<std::size_t>(SurfaceClass::kCount);
        for (std::size_t c = 0; c < kClasses; ++c) {
            const std::size_t from = lists[i].begin[c], to = lists[i].begin[c + 1];
            if (from == to) continue;
            // Pictures are drawn as leaves are, with textures of their own.
            constexpr auto kLeaves = static_cast<std::size_t>(SurfaceClass::kLeaves);
            const bool pictures = c == static_cast<std::size_t>(SurfaceClass::kPicture);
            const std::size_t p = pictures ? kLeaves : c;
            vkCmdBindPipeline(commands, VK_PIPELINE_BIND_POINT_GRAPHICS,
                              surfaces_[weather_ ? p + kPipelineClasses : p].get());
            if (pictures) bind(picture_set_.set());
            const bool leaves = p == kLeaves;
            vkCmdSetCullMode(commands, leaves ? VK_CULL_MODE_NONE : VK_CULL_MODE_BACK_BIT);
            const std::size_t figures = lists[i].figures[c];
            draw_range(commands, device, indirect_, draws_, first + from, figures - from);
            if (figures < to) {
                // Sleeves, collars and hems are seen from within.
                vkCmdSetCullMode(commands, VK_CULL_MODE_NONE);
                buffers.bind_skins(commands);
                draw_range(commands, device, indirect_, draws_, first + figures, to - figures);
                buffers.bind_vertices(commands);
            }
            if (pictures) bind(surface_set_.set());
        }
        first += lists[i].commands.size();
    }
    vkCmdEndRendering(commands);
}

Status PicturePass::declare_probe(gpu::FrameGraph& graph, const FrameTargets& targets,
                                  const gpu::Device& device, std::span<const View> views) {
    const gpu::Pipeline* pipeline = nullptr;
    HM_TAKE(
        pipeline,
        shading(device, {.output = 5, .lamps = lamps_matter_, .blend = settings_.fine_filters}));
    gpu::Pass pass{.name = "probe",
                   .uses = inputs(targets),
                   .record = [this, pipeline, views](VkCommandBuffer commands) {
                       shade(commands, probe_set_, *pipeline, 1, rows_,
                             {.views = views, .ev100 = {}, .first = layout_.pictures});
                   }};
    pass.uses.push_back(gpu::writes(targets.probe, gpu::Use::kStorage));
    graph.add_pass(std::move(pass));
    return {};
}

Status PicturePass::declare_meter(gpu::FrameGraph& graph, const FrameTargets& targets,
                                  const gpu::Device& device, std::span<const View> views) {
    const gpu::Pipeline* meter = nullptr;
    HM_TAKE(meter, shading(device, {.output = 1,
                                    .lamps = lamps_matter_,
                                    .rain = rain_,
                                    .blend = settings_.fine_filters || weather_,
                                    .probe = settings_.probe}));
    gpu::Pass pass{.name = "meter",
                   .uses = inputs(targets),
                   .record = [this, meter, views](VkCommandBuffer commands) {
                       // Exposure does not change what is measured.
                       shade(commands, resolve_set_, *meter, shader::kMeterStride,
                             shader::kMeterStride, {.views = views});
                   }};
    pass.uses.push_back(gpu::reads(targets.probe, gpu::Use::kSampledCompute));
    pass.uses.push_back(gpu::writes(targets.meter, gpu::Use::kStorage));
    graph.add_pass(std::move(pass));
    return {};
}

Status PicturePass::declare_resolve(gpu::FrameGraph& graph, const FrameTargets& targets,
                                    const gpu::Device& device, std::span<const View> views,
                                    std::span<const double> ev100, const Outputs& outputs) {
    const gpu::Resource radiance = finish_ ? finish_->declare_radiance(graph) : targets.picture;
    const auto declare = [&](const char* name, const Shading& what,
                             gpu::Resource target) -> Status {
        const gpu::Pipeline* pipeline = nullptr;
        HM_TAKE(pipeline, shading(device, what));
        gpu::Pass pass{.name = name,
                       .uses = inputs(targets),
                       .record = [this, pipeline, views, ev100](VkCommandBuffer commands) {
                           shade(commands, resolve_set_, *pipeline, 1, rows_,
                                 {.views = views, .ev100 = ev100});
                       }};
        pass.uses.push_back(gpu::reads(targets.probe, gpu::Use::kSampledCompute));
        pass.uses.push_back(gpu::writes(target, gpu::Use::kStorage));
        if (what.edges) pass.uses.push_back(gpu::writes(radiance, gpu::Use::kStorage));
        if (what.ids) pass.uses.push_back(gpu::writes(targets.ids, gpu::Use::kStorage));
        if (what.depth) pass.uses.push_back(gpu::writes(targets.depth_m, gpu::Use::kStorage));
        if (what.shape) pass.uses.push_back(gpu::writes(targets.shape, gpu::Use::kStorage));
        graph.add_pass(std::move(pass));
        return {};
    };
    // Labels come with the first of the passes.
    Shading what{.ids = outputs.ids,
                 .depth = outputs.depth,
                 .shape = outputs.shape,
                 .lamps = lamps_matter_,
                 .rain = rain_,
                 .blend = settings_.fine_filters || weather_,
                 .probe = settings_.probe};
    FinishPass::Wanted finished;
    if (outputs.picture) {
        if (finish_) finished.pictures = targets.picture;
        what.output = finish_ ? 4 : 0;
        HM_TRY(declare("resolve", what, radiance));
        what.ids = what.depth = what.shape = 0;
    }
    if (outputs.linear || outputs.parts) {
        // Parts are those of single points.
        if (finish_ && !outputs.parts) finished.linear = targets.linear;
        what.output = outputs.parts ? 3U : 2U;
        what.edges = finished.linear && !outputs.picture;
        HM_TRY(declare("linear radiance", what, targets.linear));
    }
    if (finished.pictures || finished.linear) finish_->declare(graph, radiance, finished);
    return {};
}

// One invocation covers `columns` × `rows` pixels of a view.
void PicturePass::shade(VkCommandBuffer commands, const gpu::BindingSet& bindings,
                        const gpu::Pipeline& pipeline, std::uint32_t columns, std::uint32_t rows,
                        const Shaded& shaded) const {
    const VkDescriptorSet set = bindings.set();
    vkCmdBindDescriptorSets(commands, VK_PIPELINE_BIND_POINT_COMPUTE, bindings.layout(), 0, 1, &set,
                            0, nullptr);
    vkCmdBindPipeline(commands, VK_PIPELINE_BIND_POINT_COMPUTE, pipeline.get());
    const AtlasTile& first = layout_.tiles[shaded.first];
    // Numbers of pixels count from the first picture, or from the probe's first face.
    const std::size_t base = shaded.first == 0 ? 0 : first.first_pixel;
    for (std::size_t i = 0; i < shaded.views.size(); ++i) {
        const View& view = shaded.views[i];
        const AtlasTile& tile = layout_.tiles[shaded.first + i];
        // Each axis of the camera in W, with the speed at which still air passes along it.
        const auto axis = [&](const math::Vec3& in_C) {
            const math::Vec3 in_W = view.X_WC.rotate(in_C);
            return vec4_of(in_W, -glm::dot(in_W, view.v_W));
        };
        const shader::ResolveView push{
            .origin =
                vec4_of(view.X_WC.p, shaded.ev100.empty() ? 1.0 : exposure_scale(shaded.ev100[i])),
            .right = axis({1, 0, 0}),
            .down = axis({0, 1, 0}),
            .forward = axis({0, 0, 1}),
            .intrinsics = {static_cast<float>(1 / view.fx), static_cast<float>(1 / view.fy),
                           static_cast<float>(view.cx), static_cast<float>(view.cy)},
            .tile = {tile.x, tile.y, tile.width, tile.height},
            .output_at = {static_cast<std::uint32_t>(tile.first_pixel - base),
                          static_cast<std::uint32_t>(tile.first_sample),
                          static_cast<std::uint32_t>(tile.first_light_tile),
                          static_cast<std::uint32_t>(LightList::columns(view.width))}};
        vkCmdPushConstants(commands, bindings.layout(), VK_SHADER_STAGE_COMPUTE_BIT, 0, sizeof push,
                           &push);
        // A group has 64 invocations side by side; see resolve.comp for what one covers.
        const auto groups = [](std::uint32_t pixels, std::uint32_t covered) {
            return (pixels + covered - 1) / covered;
        };
        vkCmdDispatch(commands, groups(tile.width, 64 * columns), groups(tile.height, rows), 1);
    }
}

void PicturePass::declare_readback(gpu::FrameGraph& graph, const FrameTargets& targets,
                                   const Readback& wanted) {
    gpu::Pass host{.name = "host", .needed = true};
    const auto read = [&](const char* name, gpu::Resource from, const Output& output) {
        if (direct_output_) {
            host.uses.push_back(gpu::reads(from, gpu::Use::kHost));
            return;
        }
        const gpu::Resource to = graph.add_resource(gpu::buffer_resource(
            fmt::format("{} on host", name), output.on_host, gpu::Origin::kScratch));
        graph.add_pass(
            {.name = fmt::format("copy {}", name),
             .uses = {gpu::reads(from, gpu::Use::kCopy), gpu::writes(to, gpu::Use::kCopy)},
             .record = [&output](VkCommandBuffer commands) {
                 const VkBufferCopy region{.size = output.on_host.size()};
                 vkCmdCopyBuffer(commands, output.on_device.handle(), output.on_host.handle(), 1,
                                 &region);
             }});
        host.uses.push_back(gpu::reads(to, gpu::Use::kHost));
    };
    if (wanted.outputs.picture) read("picture", targets.picture, pixels_);
    if (wanted.meter) read("light meter", targets.meter, meter_samples_);
    if (wanted.outputs.ids) read("ids", targets.ids, ids_);
    if (wanted.outputs.depth) read("depth", targets.depth_m, depths_);
    if (wanted.outputs.shape) read("shape", targets.shape, shapes_);
    if (wanted.outputs.linear || wanted.outputs.parts) {
        host.uses.push_back(gpu::reads(targets.linear, gpu::Use::kHost));
    }
    graph.add_pass(std::move(host));
}

namespace {
// A view's part of a buffer with `per_pixel` numbers a pixel.
template <typename T>
std::span<const T> part_of(const gpu::Buffer& buffer, const AtlasTile& tile,
                           std::size_t per_pixel = 1) {
    return {buffer.mapped<T>() + per_pixel * tile.first_pixel, per_pixel * tile.pixels()};
}
}  // namespace

std::span<const std::uint32_t> PicturePass::pixels(std::size_t view) const {
    return part_of<std::uint32_t>(pixels_.on_host, layout_.tiles[view]);
}
std::span<const std::uint32_t> PicturePass::ids(std::size_t view) const {
    return part_of<std::uint32_t>(ids_.on_host, layout_.tiles[view]);
}
std::span<const float> PicturePass::depth(std::size_t view) const {
    return part_of<float>(depths_.on_host, layout_.tiles[view]);
}
std::span<const std::uint32_t> PicturePass::shape(std::size_t view) const {
    return part_of<std::uint32_t>(shapes_.on_host, layout_.tiles[view]);
}
std::span<const float> PicturePass::linear(std::size_t view) const {
    return part_of<float>(linear_, layout_.tiles[view], 3);
}
std::span<const shader::PixelParts> PicturePass::parts(std::size_t view) const {
    return part_of<shader::PixelParts>(linear_, layout_.tiles[view]);
}
std::span<const float> PicturePass::meter(std::size_t view) const {
    const AtlasTile& tile = layout_.tiles[view];
    return {meter_samples_.on_host.mapped<float>() + tile.first_sample, tile.meter_samples()};
}

}  // namespace huntsman::engine::render
