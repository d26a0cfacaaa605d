// Shadow maps of the nearest few lamps: by night vehicles, people and poles shade the street.
//
// Each of the chosen lamps has one layer of a map, seen from it along its axis: street lamps
// downwards, head lamps forwards. Those of the rig's own vehicle are left out, since the rig sees
// little of their shadows. A lamp's shadow fades before it loses its layer to a nearer one.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "engine/gpu/frame_graph.h"
#include "engine/gpu/pipeline.h"
#include "engine/render/gpu_scene.h"
#include "engine/render/lights.h"

namespace huntsman::engine::render {

// What a lamp's map shows.
struct LampView {
    math::Vec3 p_W{0, 0, 0};
    math::Vec3 right{0, 1, 0}, up{0, 0, 1}, axis{1, 0, 0};  // right-handed, in W
    double tangent = 1;                                     // of half of the map's angle
    double reach_m = 0;
};

// The axes agree with those of lamp_visibility in resolve.comp.
LampView lamp_view(const shader::GpuLight& light);

// Chooses the lamps that get a layer: the nearest to the rig that throw light along the street.
// Writes each one's layer, counted from 1, plus the share of its shadow that is seen (below 1) into
// `axis.w` of its light, 0 into those of all others; returns the views of the layers.
std::vector<LampView> choose_shadowed(std::span<shader::GpuLight> lights, const math::Vec3& rig_W);

class LampShadows {
  public:
    static core::Result<LampShadows> create(const gpu::Device& device);

    // Decides what has to be drawn; no views where lamps do not matter.
    core::Status prepare(const gpu::Device& device, std::vector<LampView> views,
                         const RenderScene& scene, std::span<const Item> actors,
                         std::span<const PosedFigure> figures);
    // Declares the pass that draws it and returns the map. `device` and `buffers` have to live
    // until the graph has run.
    gpu::Resource declare(gpu::FrameGraph& graph, const gpu::Device& device,
                          const GpuScene& buffers);

    const gpu::Image& map() const { return map_; }
    // The map as a graph sees it that only samples it.
    gpu::ResourceInfo finished_map() {
        return gpu::image_resource("lamp shadows", map_, gpu::Origin::kReadOnly, &history_);
    }

  private:
    struct Layer {
        std::size_t first = 0, rigid = 0, figures = 0;  // draw commands
    };
    void collect(const LampView& view, const RenderScene& scene, std::span<const Item> items,
                 std::span<const PosedFigure> figures);
    void draw_layer(VkCommandBuffer commands, const gpu::Device& device, const GpuScene& buffers,
                    std::size_t index);

    gpu::Image map_;
    std::array<gpu::ImageView, shader::kLampShadows> layers_;
    gpu::BindingSet bindings_;
    gpu::Pipeline pipeline_;
    gpu::Buffer indirect_;
    gpu::History history_;
    bool cleared_ = false;
    std::vector<LampView> views_;
    std::vector<Layer> drawn_;
    std::vector<DrawCommand> draws_;
};

}  // namespace huntsman::engine::render
