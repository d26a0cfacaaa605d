// Draws the sun's shadow maps. Static casters are kept in maps of their own and drawn anew only
// when a cascade moves; each frame the tiles that moving casters touched are restored from there
// and the moving casters are drawn on top.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "engine/gpu/frame_graph.h"
#include "engine/gpu/pipeline.h"
#include "engine/render/gpu_scene.h"
#include "engine/render/shadow_fit.h"

namespace huntsman::engine::render {

class ShadowPass {
  public:
    static core::Result<ShadowPass> create(const gpu::Device& device, int map_size);

    // Decides what has to be drawn and fills the indirect buffer.
    core::Status prepare(const gpu::Device& device, const ShadowFit& fit, const RenderScene& scene,
                         std::span<const Item> actors, std::span<const PosedFigure> figures);
    // Declares the passes that do so and returns the map. `device` and `buffers` have to live until
    // the graph has run.
    gpu::Resource declare(gpu::FrameGraph& graph, const gpu::Device& device,
                          const GpuScene& buffers);
    // Forgets the static casters, because the world changed.
    void forget() { drawn_.fill(std::nullopt); }

    const gpu::Image& map() const { return working_; }
    // The map as a graph sees it that only samples it.
    gpu::ResourceInfo finished_map() {
        return gpu::image_resource("shadow map", working_, gpu::Origin::kReadOnly,
                                   &working_history_);
    }
    int map_size() const { return map_size_; }

  private:
    void draw_layer(VkCommandBuffer commands, const gpu::Device& device, const GpuScene& buffers,
                    std::size_t cascade, bool keep, VkImageView view, std::size_t first,
                    std::size_t count, std::size_t figures);
    void restore(VkCommandBuffer commands);

    int map_size_ = 0;
    gpu::Image fixed_, working_;  // static casters only; all casters
    std::array<gpu::ImageView, shader::kCascades> fixed_layers_, working_layers_;
    gpu::BindingSet bindings_;
    gpu::Pipeline pipeline_;
    gpu::Buffer indirect_;
    gpu::History fixed_history_, working_history_;

    // Of the frame being prepared.
    struct Layer {
        bool renew = false;
        std::size_t first_fixed = 0, fixed = 0, first_moving = 0, moving = 0;  // draw commands
        std::size_t figures = 0;  // of them after those of what else moves
        std::vector<DirtyTiles::Run> restore;
    };
    ShadowFit fit_;
    std::array<Layer, shader::kCascades> layers_;
    std::vector<DrawCommand> draws_;
    // Of the maps' content.
    std::array<std::optional<math::Vec2>, shader::kCascades> drawn_;  // cascade centre
    std::vector<DirtyTiles> dirty_;
};

}  // namespace huntsman::engine::render
