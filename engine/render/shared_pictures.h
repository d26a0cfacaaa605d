// Pictures that stay on a device that a window shares, to be shown without a copy through the host.
#pragma once

#include <vulkan/vulkan.h>

#include <array>
#include <vector>

#include "engine/gpu/frame_graph.h"
#include "engine/gpu/resources.h"
#include "engine/render/atlas.h"

namespace huntsman::engine::render {

// sRGB in an UNORM image, opaque, in the layout SHADER_READ_ONLY_OPTIMAL.
struct SharedPicture {
    VkImage image = VK_NULL_HANDLE;
    VkImageView view = VK_NULL_HANDLE;
    // Of the view's; with Quality::kHigh twice the view's, to be shown smaller.
    std::uint32_t width = 0, height = 0;
};

// Images for the pictures of the last calls: those of a call stay until the third one after it.
class SharedPictures {
  public:
    SharedPictures() = default;
    ~SharedPictures();
    SharedPictures(const SharedPictures&) = delete;
    SharedPictures& operator=(const SharedPictures&) = delete;

    // Makes the images of a call fit.
    core::Status begin(const gpu::Device& device, const AtlasLayout& layout);
    // Declares the passes that fill them from the buffer of all pictures.
    void declare(gpu::FrameGraph& graph, gpu::Resource pictures, VkBuffer buffer,
                 const AtlasLayout& layout);
    // Forgets the pictures of the last call.
    void clear();
    const SharedPicture* picture(std::size_t view) const;

  private:
    struct Slot {
        gpu::Image image;
        gpu::History history;
        SharedPicture shown;
    };
    core::Status make(const gpu::Device& device, const AtlasTile& tile, Slot& slot);

    static constexpr std::size_t kCalls = 3;
    VkDevice device_ = VK_NULL_HANDLE;
    std::array<std::vector<Slot>, kCalls> slots_;  // by call and view
    std::size_t call_ = 0, shown_ = 0;             // and how many views it has
};

}  // namespace huntsman::engine::render
