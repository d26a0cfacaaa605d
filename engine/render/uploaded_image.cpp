#include "engine/render/uploaded_image.h"

#include <cstring>
#include <utility>

#include "engine/gpu/check.h"
#include "engine/gpu/frame_runner.h"

namespace huntsman::engine::render {

using core::Status;

Status UploadedImage::create(const gpu::Device& device, const gpu::ImageShape& shape) {
    HM_TAKE(image_,
            gpu::Image::create(device, shape,
                               VK_IMAGE_USAGE_SAMPLED_BIT | VK_IMAGE_USAGE_TRANSFER_DST_BIT));
    HM_TAKE(staging_,
            gpu::Buffer::create(device,
                                VkDeviceSize{gpu::texel_bytes(shape.format)} * shape.width *
                                    shape.height * shape.depth,
                                VK_BUFFER_USAGE_TRANSFER_SRC_BIT, gpu::MemoryUse::kUpload));
    history_ = {};
    // The first frame may not fill all of it.
    std::memset(staging_.mapped<std::byte>(), 0, staging_.size());
    pending_ = true;
    return {};
}

void UploadedImage::fill(std::span<const std::byte> content) {
    HM_CHECK(content.size() <= staging_.size(), "{} bytes for a picture of {}", content.size(),
             staging_.size());
    std::memcpy(staging_.mapped<std::byte>(), content.data(), content.size());
    pending_ = true;
}

gpu::Resource UploadedImage::declare(gpu::FrameGraph& graph, const char* name) {
    const gpu::Resource resource =
        graph.add_resource(gpu::image_resource(name, image_, gpu::Origin::kImported, &history_));
    if (!std::exchange(pending_, false)) return resource;
    graph.add_pass({.name = fmt::format("upload {}", name),
                    .uses = {gpu::writes(resource, gpu::Use::kCopy)},
                    .record = [this](VkCommandBuffer commands) {
                        const gpu::ImageShape& shape = image_.shape();
                        const VkBufferImageCopy region{
                            .imageSubresource = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 0, 1},
                            .imageExtent = {shape.width, shape.height, shape.depth}};
                        vkCmdCopyBufferToImage(commands, staging_.handle(), image_.handle(),
                                               VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, 1, &region);
                    }});
    return resource;
}

}  // namespace huntsman::engine::render
