// A small picture that the host makes anew for each frame, or now and then: lists of lights,
// probes.
#pragma once

#include <cstddef>
#include <span>

#include "engine/gpu/frame_graph.h"
#include "engine/gpu/resources.h"

namespace huntsman::engine::render {

class UploadedImage {
  public:
    // Filled with zeros until `fill`.
    core::Status create(const gpu::Device& device, const gpu::ImageShape& shape);
    // Takes content for the next frame: rows tightly packed, possibly fewer than the image has.
    void fill(std::span<const std::byte> content);
    // Joins a frame: with a pass that uploads, if there is something new. Stays where it is until
    // the frame is recorded.
    gpu::Resource declare(gpu::FrameGraph& graph, const char* name);

    const gpu::Image& image() const { return image_; }

  private:
    gpu::Image image_;
    gpu::Buffer staging_;
    gpu::History history_;
    bool pending_ = false;
};

}  // namespace huntsman::engine::render
