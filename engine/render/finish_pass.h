// Makes pictures of what the resolve leaves: antialiasing, the lens's blur and glare, the tone
// curve.
#pragma once

#include <array>
#include <optional>
#include <span>

#include "engine/gpu/frame_graph.h"
#include "engine/gpu/pipeline.h"
#include "engine/render/atlas.h"
#include "engine/render/shader_types.h"

namespace huntsman::engine::render {

class FinishPass {
  public:
    // `lens_px`: standard deviation of the lens's blur.
    static core::Result<FinishPass> create(const gpu::Device& device, double lens_px);
    // Makes the buffers fit, and binds `pictures`, which takes a word a pixel of all views.
    core::Status set_layout(const gpu::Device& device, const AtlasLayout& layout,
                            const gpu::Buffer& pictures);
    // What the resolve writes: exposed radiance in RGB9E5, a word a pixel of all views.
    const gpu::Buffer& radiance() const { return radiance_; }
    gpu::Resource declare_radiance(gpu::FrameGraph& graph) const;
    // Makes ready for linear radiance of the present layout, three numbers a pixel.
    core::Status prepare_linear(const gpu::Device& device, const gpu::Buffer& linear);
    // What is made: pictures from radiance, and smooth edges of linear radiance, which are found
    // where radiance, exposed in any way, has them.
    struct Wanted {
        std::optional<gpu::Resource> pictures, linear;
    };
    void declare(gpu::FrameGraph& graph, gpu::Resource radiance, const Wanted& wanted) const;

  private:
    enum Step {
        kScan,
        kGlareAcross,
        kGlareDown,
        kFinish,
        kCollect,
        kSmooth,
        kSmoothLinear,
        kPutBack,
        kSteps
    };
    core::Status bind(const gpu::Device& device);
    core::Status create_pipelines(const gpu::Device& device);
    void dispatch(VkCommandBuffer commands, Step step) const;

    AtlasLayout layout_;
    double lens_px_ = 0.5;
    std::uint32_t rows_ = 1;  // pixels that one invocation of the last step finishes
    gpu::Buffer radiance_, edges_, cells_, blurred_, glare_, lists_, aside_;
    const gpu::Buffer *pictures_ = nullptr, *linear_ = nullptr;  // the picture pass's
    gpu::BindingSet set_;
    std::array<gpu::Pipeline, kSteps> pipelines_;
};

}  // namespace huntsman::engine::render
