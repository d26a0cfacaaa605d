#include "engine/gpu/resources.h"

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include "engine/gpu/check.h"

namespace huntsman::engine::gpu {

using core::Result;

// --- Buffer ---

Result<Buffer> Buffer::create(const Device& device, VkDeviceSize size, VkBufferUsageFlags usage,
                              MemoryUse use) {
    Buffer buffer;
    buffer.device_ = device.handle();
    buffer.size_ = std::max<VkDeviceSize>(size, 16);
    const VkBufferCreateInfo info{
        .sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO, .size = buffer.size_, .usage = usage};
    HM_VK(vkCreateBuffer(buffer.device_, &info, nullptr, &buffer.buffer_));

    // Host-visible memory is always asked coherent, so that no flush can be forgotten.
    VkMemoryRequirements needs;
    vkGetBufferMemoryRequirements(buffer.device_, buffer.buffer_, &needs);
    constexpr VkMemoryPropertyFlags kHost =
        VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | VK_MEMORY_PROPERTY_HOST_COHERENT_BIT;
    VkMemoryPropertyFlags required = 0, preferred = VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT;
    if (use == MemoryUse::kUpload) required = kHost;
    if (use == MemoryUse::kReadback) {
        required = kHost;
        preferred = VK_MEMORY_PROPERTY_HOST_CACHED_BIT;
    }
    VkMemoryAllocateInfo allocation{.sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO,
                                    .allocationSize = needs.size};
    HM_TAKE(allocation.memoryTypeIndex,
            device.memory_type(needs.memoryTypeBits, required, preferred));
    HM_VK(vkAllocateMemory(buffer.device_, &allocation, nullptr, &buffer.memory_));
    HM_VK(vkBindBufferMemory(buffer.device_, buffer.buffer_, buffer.memory_, 0));
    if ((usage & VK_BUFFER_USAGE_UNIFORM_TEXEL_BUFFER_BIT) != 0) {
        const VkBufferViewCreateInfo texels{.sType = VK_STRUCTURE_TYPE_BUFFER_VIEW_CREATE_INFO,
                                            .buffer = buffer.buffer_,
                                            .format = VK_FORMAT_R32_UINT,
                                            .range = VK_WHOLE_SIZE};
        HM_VK(vkCreateBufferView(buffer.device_, &texels, nullptr, &buffer.texels_));
    }
    if (use != MemoryUse::kDevice) {
        HM_VK(vkMapMemory(buffer.device_, buffer.memory_, 0, VK_WHOLE_SIZE, 0, &buffer.mapped_));
    }
    return buffer;
}

Buffer::~Buffer() {
    if (device_ == VK_NULL_HANDLE) return;
    vkDestroyBufferView(device_, texels_, nullptr);
    vkDestroyBuffer(device_, buffer_, nullptr);
    vkFreeMemory(device_, memory_, nullptr);
}

Buffer::Buffer(Buffer&& other) noexcept { *this = std::move(other); }

Buffer& Buffer::operator=(Buffer&& other) noexcept {
    std::swap(device_, other.device_);
    std::swap(buffer_, other.buffer_);
    std::swap(texels_, other.texels_);
    std::swap(memory_, other.memory_);
    std::swap(size_, other.size_);
    std::swap(mapped_, other.mapped_);
    return *this;
}

// --- Image ---

VkImageAspectFlags Image::aspect() const {
    return shape_.format == VK_FORMAT_D32_SFLOAT ? VK_IMAGE_ASPECT_DEPTH_BIT
                                                 : VK_IMAGE_ASPECT_COLOR_BIT;
}

Result<Image> Image::create(const Device& device, const ImageShape& shape,
                            VkImageUsageFlags usage) {
    Image image;
    image.device_ = device.handle();
    image.shape_ = shape;
    const VkImageCreateInfo info{.sType = VK_STRUCTURE_TYPE_IMAGE_CREATE_INFO,
                                 .imageType = shape.depth > 1 ? VK_IMAGE_TYPE_3D : VK_IMAGE_TYPE_2D,
                                 .format = shape.format,
                                 .extent = {shape.width, shape.height, shape.depth},
                                 .mipLevels = shape.levels,
                                 .arrayLayers = shape.layers,
                                 .samples = VK_SAMPLE_COUNT_1_BIT,
                                 .tiling = VK_IMAGE_TILING_OPTIMAL,
                                 .usage = usage};
    HM_VK(vkCreateImage(image.device_, &info, nullptr, &image.image_));
    VkMemoryRequirements needs;
    vkGetImageMemoryRequirements(image.device_, image.image_, &needs);
    VkMemoryAllocateInfo allocation{.sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO,
                                    .allocationSize = needs.size};
    HM_TAKE(allocation.memoryTypeIndex,
            device.memory_type(needs.memoryTypeBits, 0, VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT));
    HM_VK(vkAllocateMemory(image.device_, &allocation, nullptr, &image.memory_));
    HM_VK(vkBindImageMemory(image.device_, image.image_, image.memory_, 0));
    const VkImageViewCreateInfo view{
        .sType = VK_STRUCTURE_TYPE_IMAGE_VIEW_CREATE_INFO,
        .image = image.image_,
        .viewType = shape.depth > 1 ? VK_IMAGE_VIEW_TYPE_3D
                    : shape.array   ? VK_IMAGE_VIEW_TYPE_2D_ARRAY
                                    : VK_IMAGE_VIEW_TYPE_2D,
        .format = shape.format,
        .subresourceRange = {image.aspect(), 0, shape.levels, 0, shape.layers}};
    HM_VK(vkCreateImageView(image.device_, &view, nullptr, &image.view_));
    return image;
}

Result<VkImageView> Image::layer_view(std::uint32_t layer) const {
    const VkImageViewCreateInfo info{.sType = VK_STRUCTURE_TYPE_IMAGE_VIEW_CREATE_INFO,
                                     .image = image_,
                                     .viewType = VK_IMAGE_VIEW_TYPE_2D,
                                     .format = shape_.format,
                                     .subresourceRange = {aspect(), 0, 1, layer, 1}};
    VkImageView view = VK_NULL_HANDLE;
    HM_VK(vkCreateImageView(device_, &info, nullptr, &view));
    return view;
}

Image::~Image() {
    if (device_ == VK_NULL_HANDLE) return;
    vkDestroyImageView(device_, view_, nullptr);
    vkDestroyImage(device_, image_, nullptr);
    vkFreeMemory(device_, memory_, nullptr);
}

Image::Image(Image&& other) noexcept { *this = std::move(other); }

Image& Image::operator=(Image&& other) noexcept {
    std::swap(device_, other.device_);
    std::swap(image_, other.image_);
    std::swap(view_, other.view_);
    std::swap(memory_, other.memory_);
    std::swap(shape_, other.shape_);
    return *this;
}

// --- Uploads ---

std::uint32_t texel_bytes(VkFormat format) {
    switch (format) {
        case VK_FORMAT_R8_UNORM:
            return 1;
        case VK_FORMAT_R16_SFLOAT:
            return 2;
        case VK_FORMAT_R32G32B32A32_UINT:
        case VK_FORMAT_R32G32B32A32_SFLOAT:
            return 16;
        case VK_FORMAT_R16G16B16A16_SFLOAT:
            return 8;
        case VK_FORMAT_R16G16_SFLOAT:
        case VK_FORMAT_R8G8B8A8_UNORM:
        case VK_FORMAT_R32_UINT:
        case VK_FORMAT_D32_SFLOAT:
            return 4;
        default:
            HM_CHECK(false, "format {} has no texel size here", static_cast<int>(format));
    }
}

Result<Buffer> upload_buffer(const Device& device, std::span<const std::byte> content,
                             VkBufferUsageFlags usage) {
    Buffer staging, buffer;
    HM_TAKE(staging, Buffer::create(device, content.size(), VK_BUFFER_USAGE_TRANSFER_SRC_BIT,
                                    MemoryUse::kUpload));
    HM_TAKE(buffer, Buffer::create(device, content.size(), usage | VK_BUFFER_USAGE_TRANSFER_DST_BIT,
                                   MemoryUse::kDevice));
    if (content.empty()) return buffer;
    std::memcpy(staging.mapped<std::byte>(), content.data(), content.size());
    HM_TRY(device.run_once([&](VkCommandBuffer commands) {
        const VkBufferCopy region{.size = content.size()};
        vkCmdCopyBuffer(commands, staging.handle(), buffer.handle(), 1, &region);
    }));
    return buffer;
}

Result<Image> upload_image(const Device& device, const ImageShape& shape,
                           std::span<const std::byte> content) {
    Image image;
    HM_TAKE(image, Image::create(device, shape,
                                 VK_IMAGE_USAGE_SAMPLED_BIT | VK_IMAGE_USAGE_TRANSFER_DST_BIT));
    Buffer staging;
    HM_TAKE(staging, Buffer::create(device, content.size(), VK_BUFFER_USAGE_TRANSFER_SRC_BIT,
                                    MemoryUse::kUpload));
    std::memcpy(staging.mapped<std::byte>(), content.data(), content.size());
    std::vector<VkBufferImageCopy> regions;
    VkDeviceSize offset = 0;
    for (std::uint32_t level = 0; level < shape.levels; ++level) {
        const std::uint32_t width = std::max(1U, shape.width >> level);
        const std::uint32_t height = std::max(1U, shape.height >> level);
        regions.push_back({.bufferOffset = offset,
                           .imageSubresource = {image.aspect(), level, 0, shape.layers},
                           .imageExtent = {width, height, 1}});
        offset += VkDeviceSize(width) * height * shape.layers * texel_bytes(shape.format);
    }
    HM_CHECK(offset == content.size(), "image content has {} bytes, its shape {}", content.size(),
             offset);
    HM_TRY(device.run_once([&](VkCommandBuffer commands) {
        ImageBarrier step{.image = image.handle(),
                          .aspect = image.aspect(),
                          .from_stage = VK_PIPELINE_STAGE_2_NONE,
                          .to_stage = VK_PIPELINE_STAGE_2_COPY_BIT,
                          .to_access = VK_ACCESS_2_TRANSFER_WRITE_BIT,
                          .to_layout = VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL};
        barrier(commands, {&step, 1});
        vkCmdCopyBufferToImage(commands, staging.handle(), image.handle(),
                               VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL,
                               static_cast<std::uint32_t>(regions.size()), regions.data());
        step = {.image = image.handle(),
                .aspect = image.aspect(),
                .from_stage = VK_PIPELINE_STAGE_2_COPY_BIT,
                .to_stage = VK_PIPELINE_STAGE_2_ALL_COMMANDS_BIT,
                .from_access = VK_ACCESS_2_TRANSFER_WRITE_BIT,
                .to_access = VK_ACCESS_2_SHADER_SAMPLED_READ_BIT,
                .from_layout = VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL,
                .to_layout = VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL};
        barrier(commands, {&step, 1});
    }));
    return image;
}

// --- Barriers ---

void barrier(VkCommandBuffer commands, std::span<const ImageBarrier> barriers) {
    std::vector<VkImageMemoryBarrier2> native;
    native.reserve(barriers.size());
    for (const ImageBarrier& b : barriers) {
        native.push_back({.sType = VK_STRUCTURE_TYPE_IMAGE_MEMORY_BARRIER_2,
                          .srcStageMask = b.from_stage,
                          .srcAccessMask = b.from_access,
                          .dstStageMask = b.to_stage,
                          .dstAccessMask = b.to_access,
                          .oldLayout = b.from_layout,
                          .newLayout = b.to_layout,
                          .srcQueueFamilyIndex = VK_QUEUE_FAMILY_IGNORED,
                          .dstQueueFamilyIndex = VK_QUEUE_FAMILY_IGNORED,
                          .image = b.image,
                          .subresourceRange = {b.aspect, 0, VK_REMAINING_MIP_LEVELS, 0,
                                               VK_REMAINING_ARRAY_LAYERS}});
    }
    const VkDependencyInfo info{
        .sType = VK_STRUCTURE_TYPE_DEPENDENCY_INFO,
        .imageMemoryBarrierCount = static_cast<std::uint32_t>(native.size()),
        .pImageMemoryBarriers = native.data()};
    vkCmdPipelineBarrier2(commands, &info);
}

}  // namespace huntsman::engine::gpu
