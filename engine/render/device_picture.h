// Pictures of views that stay on the device of a window, to be shown without a copy through the
// host.
#pragma once

#include <vulkan/vulkan.h>

#include <memory>
#include <span>
#include <vector>

#include "engine/core/result.h"
#include "engine/gpu/resources.h"

namespace huntsman::engine::render {

struct SharedPicture;

// sRGB values in an RGBA8 UNORM image in the layout SHADER_READ_ONLY_OPTIMAL. Who shows one holds
// it until the device is done with the frame.
class DevicePicture {
  public:
    DevicePicture() = default;
    ~DevicePicture();
    DevicePicture(const DevicePicture&) = delete;
    DevicePicture& operator=(const DevicePicture&) = delete;

    VkImageView view() const { return view_; }  // with an alpha of 1

  private:
    friend core::Result<std::vector<std::shared_ptr<const DevicePicture>>> keep_pictures(
        const gpu::Device& device, std::span<const SharedPicture* const> shared);
    VkDevice device_ = VK_NULL_HANDLE;
    gpu::Image image_;
    VkImageView view_ = VK_NULL_HANDLE;
};

// Copies of a renderer's pictures on the device, which outlive its next calls. For the thread whose
// calls of the device are.
core::Result<std::vector<std::shared_ptr<const DevicePicture>>> keep_pictures(
    const gpu::Device& device, std::span<const SharedPicture* const> shared);

}  // namespace huntsman::engine::render
