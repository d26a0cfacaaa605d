// Buffers, images and samplers with their own memory, freed on destruction.
//
// Each holds one dedicated allocation: a renderer has a few dozen of them, far below the 4096 that
// every device allows, and dedicated memory needs no allocator to be wrong.
#pragma once

#include <vulkan/vulkan.h>

#include <cstdint>
#include <span>

#include "engine/core/result.h"
#include "engine/gpu/device.h"

namespace huntsman::engine::gpu {

enum class MemoryUse {
    kDevice,    // the device's own; the host cannot reach it
    kUpload,    // written by the host each frame, read by the device; mapped
    kReadback,  // written by the device, read by the host; mapped, cached where the device can
};

class Buffer {
  public:
    Buffer() = default;
    static core::Result<Buffer> create(const Device& device, VkDeviceSize size,
                                       VkBufferUsageFlags usage, MemoryUse use);
    ~Buffer();
    Buffer(Buffer&& other) noexcept;
    Buffer& operator=(Buffer&& other) noexcept;

    VkBuffer handle() const { return buffer_; }
    // As texels of R32_UINT, for buffers with VK_BUFFER_USAGE_UNIFORM_TEXEL_BUFFER_BIT: a software
    // driver reads them faster than storage.
    VkBufferView texels() const { return texels_; }
    VkDeviceSize size() const { return size_; }
    // The mapped memory as elements of T; null for kDevice.
    template <typename T>
    T* mapped() const {
        return static_cast<T*>(mapped_);
    }

  private:
    VkDevice device_ = VK_NULL_HANDLE;
    VkBuffer buffer_ = VK_NULL_HANDLE;
    VkBufferView texels_ = VK_NULL_HANDLE;
    VkDeviceMemory memory_ = VK_NULL_HANDLE;
    VkDeviceSize size_ = 0;
    void* mapped_ = nullptr;
};

struct ImageShape {
    std::uint32_t width = 1, height = 1;
    std::uint32_t layers = 1, levels = 1;
    VkFormat format = VK_FORMAT_R8G8B8A8_UNORM;
    bool array = false;       // viewed as an array even when it has one layer
    std::uint32_t depth = 1;  // above 1: a volume
};

class Image {
  public:
    Image() = default;
    static core::Result<Image> create(const Device& device, const ImageShape& shape,
                                      VkImageUsageFlags usage);
    ~Image();
    Image(Image&& other) noexcept;
    Image& operator=(Image&& other) noexcept;

    VkImage handle() const { return image_; }
    VkImageView view() const { return view_; }  // of all layers and levels
    const ImageShape& shape() const { return shape_; }
    VkImageAspectFlags aspect() const;
    // A further view of one layer, for rendering into it; destroyed by the caller.
    core::Result<VkImageView> layer_view(std::uint32_t layer) const;

  private:
    VkDevice device_ = VK_NULL_HANDLE;
    VkImage image_ = VK_NULL_HANDLE;
    VkImageView view_ = VK_NULL_HANDLE;
    VkDeviceMemory memory_ = VK_NULL_HANDLE;
    ImageShape shape_;
};

// Creates a device buffer with this content.
core::Result<Buffer> upload_buffer(const Device& device, std::span<const std::byte> content,
                                   VkBufferUsageFlags usage);

// Creates a sampled image with this content: for each level, finest first, all layers one after
// another, rows tightly packed.
core::Result<Image> upload_image(const Device& device, const ImageShape& shape,
                                 std::span<const std::byte> content);

// Bytes of one texel of the formats in use.
std::uint32_t texel_bytes(VkFormat format);

struct ImageBarrier {
    VkImage image = VK_NULL_HANDLE;
    VkImageAspectFlags aspect = VK_IMAGE_ASPECT_COLOR_BIT;
    VkPipelineStageFlags2 from_stage = 0, to_stage = 0;
    VkAccessFlags2 from_access = 0, to_access = 0;
    VkImageLayout from_layout = VK_IMAGE_LAYOUT_UNDEFINED, to_layout = VK_IMAGE_LAYOUT_GENERAL;
};
void barrier(VkCommandBuffer commands, std::span<const ImageBarrier> barriers);

}  // namespace huntsman::engine::gpu
