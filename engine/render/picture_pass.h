// Draws the views into one atlas of thin G-buffers and shades them into output buffers.
//
// All views lie in one set of attachments, one viewport each: the rasteriser then has one big job
// instead of one small job per camera.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "engine/gpu/frame_graph.h"
#include "engine/gpu/pipeline.h"
#include "engine/render/atlas.h"
#include "engine/render/finish_pass.h"
#include "engine/render/gpu_scene.h"
#include "engine/render/lights.h"
#include "engine/render/quality.h"
#include "engine/render/renderer.h"
#include "engine/render/shader_types.h"
#include "engine/render/surface_pipelines.h"
#include "engine/render/uploaded_image.h"

namespace huntsman::engine::render {

// The resources of a frame that passes share. A new pass joins by declaring what it does with them.
struct FrameTargets {
    gpu::Resource shadow_map, lamp_shadows, ambient, lights, light_tiles;
    gpu::Resource pixel, depth;  // the G-buffer's atlas
    gpu::Resource probe;
    // Outputs of the resolve and the light meter.
    gpu::Resource picture, meter, ids, depth_m, shape, linear;
};

// The shadow maps that the resolve reads.
struct ShadowMaps {
    const gpu::Image& sun;
    const gpu::Image& lamps;
};

class PicturePass {
  public:
    // `shared`: pictures are copied into images of the device, too.
    static core::Result<PicturePass> create(const gpu::Device& device, const ShadowMaps& shadows,
                                            const QualitySettings& settings, bool shared);
    // Binds the textures, and the sky of a world or a moment.
    core::Status set_textures(const gpu::Device& device, gpu::Image textures);
    void set_sky(gpu::Image sky);
    // What surfaces of class kPicture show; needed before one is drawn.
    core::Status set_pictures(const gpu::Device& device, gpu::Image pictures);
    // Makes the attachments and output buffers fit.
    core::Status set_layout(const gpu::Device& device, const AtlasLayout& layout,
                            const ShadowMaps& shadows);

    // Fills the mapped buffers that the recorded commands read.
    struct Content {
        shader::FrameConstants constants;
        std::span<const std::uint8_t> contact;
        std::span<const DrawList> lists;
        std::span<const std::uint32_t> ambient;
        bool ambient_changed = true;        // else `ambient` is what it was
        const LightList* lights = nullptr;  // none: too bright for lamps to matter
    };
    core::Status prepare(const gpu::Device& device, const Content& content);
    // Declares the G-buffer and the outputs; `finished` where a graph before has drawn them.
    void declare_targets(gpu::FrameGraph& graph, FrameTargets& targets, bool finished);
    // Declare passes, each with what it reads and writes. What they are given has to live until the
    // graph has run.
    void declare_surfaces(gpu::FrameGraph& graph, const FrameTargets& targets,
                          const gpu::Device& device, const GpuScene& buffers,
                          std::span<const View> views, std::span<const DrawList> lists);
    // Shades the last views of the layout, those of the probe; where the quality has one.
    core::Status declare_probe(gpu::FrameGraph& graph, const FrameTargets& targets,
                               const gpu::Device& device, std::span<const View> views);
    core::Status declare_meter(gpu::FrameGraph& graph, const FrameTargets& targets,
                               const gpu::Device& device, std::span<const View> views);
    // What the resolve gives.
    struct Outputs {
        bool picture = true;
        bool ids = false, depth = false, shape = false;
        bool linear = false, parts = false;  // see prepare_linear
    };
    // Makes ready for linear radiance of the present layout, with or without its parts; before
    // recording.
    core::Status prepare_linear(const gpu::Device& device, const ShadowMaps& shadows, bool parts);
    core::Status declare_resolve(gpu::FrameGraph& graph, const FrameTargets& targets,
                                 const gpu::Device& device, std::span<const View> views,
                                 std::span<const double> ev100, const Outputs& outputs);
    // What the host is going to read; passes that only serve other things are dropped.
    struct Readback {
        bool meter = true;
        Outputs outputs;
    };
    void declare_readback(gpu::FrameGraph& graph, const FrameTargets& targets,
                          const Readback& wanted);

    const AtlasLayout& layout() const { return layout_; }
    VkBuffer pictures() const { return pixels_.written().handle(); }  // of all views
    // Mapped results of a view, valid after completion.
    std::span<const std::uint32_t> pixels(std::size_t view) const;  // r, g, b from the low end
    std::span<const std::uint32_t> ids(std::size_t view) const;
    std::span<const float> depth(std::size_t view) const;          // metres; infinite for sky
    std::span<const std::uint32_t> shape(std::size_t view) const;  // the G-buffer's words
    std::span<const float> meter(std::size_t view) const;
    std::span<const float> linear(std::size_t view) const;  // rgb; if recorded without parts
    std::span<const shader::PixelParts> parts(std::size_t view) const;

  private:
    // Steps of create().
    core::Status create_resources(const gpu::Device& device);
    core::Status set_stand_ins(const gpu::Device& device, const ShadowMaps& shadows);
    void begin_rendering(VkCommandBuffer commands, VkAttachmentLoadOp load) const;
    void draw_views(VkCommandBuffer commands, const gpu::Device& device, const GpuScene& buffers,
                    std::span<const View> views, std::span<const DrawList> lists, std::size_t begin,
                    std::size_t end);
    // What of a resolve is drawn: views, of them those from `first` on, and exposures.
    struct Shaded {
        std::span<const View> views;
        std::span<const double> ev100;  // none: as it is
        std::size_t first = 0;          // the layout's number of the first view
    };
    void shade(VkCommandBuffer commands, const gpu::BindingSet& set, const gpu::Pipeline& pipeline,
               std::uint32_t columns, std::uint32_t rows, const Shaded& shaded) const;
    core::Status bind_resolve(const gpu::Device& device, const ShadowMaps& shadows);

    AtlasLayout layout_;
    gpu::Sampler nearest_, texture_sampler_, wrapping_, smooth_, shadow_sampler_;
    gpu::Image pixel_, depth_;
    UploadedImage contact_, ambient_, lights_, light_tiles_;
    gpu::Image textures_, picture_textures_, sky_, beam_;
    gpu::Buffer constants_, indirect_;
    // Written by shaders, read by the host: one buffer where the device can reach host memory.
    struct Output {
        gpu::Buffer on_device, on_host;
        const gpu::Buffer& written() const {
            return on_device.handle() != VK_NULL_HANDLE ? on_device : on_host;
        }
    };
    Output pixels_, meter_samples_, ids_, depths_, shapes_;
    gpu::Buffer linear_;          // on the host; empty until linear radiance is asked for
    bool direct_output_ = false;  // shaders write into host memory
    bool shared_ = false;
    gpu::History pixel_history_, depth_history_;
    gpu::BindingSet surface_set_, picture_set_, resolve_set_;
    // That of the probe, which the resolve reads and its own set writes.
    gpu::Buffer probe_, no_probe_;
    gpu::BindingSet probe_set_;
    SurfacePipelines surfaces_;
    bool weather_ = false, rain_ = false;
    // What a pipeline of the resolve does; see resolve.comp.
    struct Shading {
        std::uint32_t output = 0, ids = 0, depth = 0, shape = 0, lamps = 0, rain = 0, blend = 0,
                      probe = 0, edges = 0;
        auto operator<=>(const Shading&) const = default;
    };
    core::Result<const gpu::Pipeline*> shading(const gpu::Device& device, const Shading& what);
    std::map<Shading, gpu::Pipeline> shadings_;  // made when first asked for
    QualitySettings settings_;
    std::optional<FinishPass> finish_;  // none: the resolve writes pictures
    std::uint32_t rows_ = 1;            // pixels that one invocation of the resolve shades
    std::vector<DrawCommand> draws_;
    bool lamps_matter_ = false;
};

}  // namespace huntsman::engine::render
