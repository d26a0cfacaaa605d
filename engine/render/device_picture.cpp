#include "engine/render/device_picture.h"

#include "engine/gpu/check.h"
#include "engine/gpu/device.h"
#include "engine/render/shared_pictures.h"

namespace huntsman::engine::render {

using core::Result;

DevicePicture::~DevicePicture() {
    if (view_ != VK_NULL_HANDLE) vkDestroyImageView(device_, view_, nullptr);
}

namespace {

gpu::ImageBarrier barrier(VkImage image, VkPipelineStageFlags2 from, VkAccessFlags2 from_access,
                          VkImageLayout from_layout, VkPipelineStageFlags2 to,
                          VkAccessFlags2 to_access, VkImageLayout to_layout) {
    return {.image = image,
            .from_stage = from,
            .to_stage = to,
            .from_access = from_access,
            .to_access = to_access,
            .from_layout = from_layout,
            .to_layout = to_layout};
}

constexpr VkPipelineStageFlags2 kCopies = VK_PIPELINE_STAGE_2_COPY_BIT,
                                kSamples = VK_PIPELINE_STAGE_2_FRAGMENT_SHADER_BIT;

}  // namespace

Result<std::vector<std::shared_ptr<const DevicePicture>>> keep_pictures(
    const gpu::Device& device, std::span<const SharedPicture* const> shared) {
    std::vector<std::shared_ptr<const DevicePicture>> kept;
    for (const auto* picture : shared) {
        auto own = std::make_shared<DevicePicture>();
        own->device_ = device.handle();
        HM_TAKE(own->image_,
                gpu::Image::create(device, {.width = picture->width, .height = picture->height},
                                   VK_IMAGE_USAGE_SAMPLED_BIT | VK_IMAGE_USAGE_TRANSFER_DST_BIT));
        const VkImageViewCreateInfo info{
            .sType = VK_STRUCTURE_TYPE_IMAGE_VIEW_CREATE_INFO,
            .image = own->image_.handle(),
            .viewType = VK_IMAGE_VIEW_TYPE_2D,
            .format = own->image_.shape().format,
            .components = {.a = VK_COMPONENT_SWIZZLE_ONE},
            .subresourceRange = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 1, 0, 1}};
        HM_VK(vkCreateImageView(device.handle(), &info, nullptr, &own->view_));
        kept.push_back(std::move(own));
    }
    HM_TRY(device.run_once([&](VkCommandBuffer commands) {
        std::vector<gpu::ImageBarrier> before, after;
        for (std::size_t i = 0; i < kept.size(); ++i) {
            const VkImage from = shared[i]->image, to = kept[i]->image_.handle();
            before.push_back(barrier(from, kSamples, VK_ACCESS_2_SHADER_SAMPLED_READ_BIT,
                                     VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL, kCopies,
                                     VK_ACCESS_2_TRANSFER_READ_BIT,
                                     VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL));
            before.push_back(barrier(to, kCopies, 0, VK_IMAGE_LAYOUT_UNDEFINED, kCopies,
                                     VK_ACCESS_2_TRANSFER_WRITE_BIT,
                                     VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL));
            // The renderer finds its own as it left them.
            after.push_back(barrier(from, kCopies, VK_ACCESS_2_TRANSFER_READ_BIT,
                                    VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL, kSamples,
                                    VK_ACCESS_2_SHADER_SAMPLED_READ_BIT,
                                    VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL));
            after.push_back(barrier(to, kCopies, VK_ACCESS_2_TRANSFER_WRITE_BIT,
                                    VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, kSamples,
                                    VK_ACCESS_2_SHADER_SAMPLED_READ_BIT,
                                    VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL));
        }
        gpu::barrier(commands, before);
        for (std::size_t i = 0; i < kept.size(); ++i) {
            const VkImageCopy region{.srcSubresource = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 0, 1},
                                     .dstSubresource = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 0, 1},
                                     .extent = {shared[i]->width, shared[i]->height, 1}};
            vkCmdCopyImage(commands, shared[i]->image, VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL,
                           kept[i]->image_.handle(), VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, 1,
                           &region);
        }
        gpu::barrier(commands, after);
    }));
    return kept;
}

}  // namespace huntsman::engine::render
