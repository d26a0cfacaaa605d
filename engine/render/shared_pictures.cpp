#include "engine/render/shared_pictures.h"

#include <fmt/format.h>

#include "engine/gpu/check.h"

namespace huntsman::engine::render {

using core::Status;

SharedPictures::~SharedPictures() {
    for (const auto& call : slots_) {
        for (const Slot& slot : call) vkDestroyImageView(device_, slot.shown.view, nullptr);
    }
}

Status SharedPictures::make(const gpu::Device& device, const AtlasTile& tile, Slot& slot) {
    const auto width = static_cast<std::uint32_t>(tile.width);
    const auto height = static_cast<std::uint32_t>(tile.height);
    if (slot.shown.width == width && slot.shown.height == height) return {};
    vkDestroyImageView(device_, slot.shown.view, nullptr);
    slot.shown = {};
    slot.history = {};
    HM_TAKE(slot.image,
            gpu::Image::create(device, {.width = width, .height = height},
                               VK_IMAGE_USAGE_SAMPLED_BIT | VK_IMAGE_USAGE_TRANSFER_DST_BIT |
                                   VK_IMAGE_USAGE_TRANSFER_SRC_BIT));
    // The words of pictures have no alpha.
    const VkImageViewCreateInfo info{.sType = VK_STRUCTURE_TYPE_IMAGE_VIEW_CREATE_INFO,
                                     .image = slot.image.handle(),
                                     .viewType = VK_IMAGE_VIEW_TYPE_2D,
                                     .format = slot.image.shape().format,
                                     .components = {.a = VK_COMPONENT_SWIZZLE_ONE},
                                     .subresourceRange = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 1, 0, 1}};
    HM_VK(vkCreateImageView(device_, &info, nullptr, &slot.shown.view));
    slot.shown.image = slot.image.handle();
    slot.shown.width = width;
    slot.shown.height = height;
    return {};
}

Status SharedPictures::begin(const gpu::Device& device, const AtlasLayout& layout) {
    device_ = device.handle();
    call_ = (call_ + 1) % kCalls;
    shown_ = 0;
    auto& slots = slots_[call_];
    if (slots.size() < layout.pictures) slots.resize(layout.pictures);
    for (std::size_t i = 0; i < layout.pictures; ++i) {
        HM_TRY(make(device, layout.tiles[i], slots[i]));
    }
    shown_ = layout.pictures;
    return {};
}

void SharedPictures::declare(gpu::FrameGraph& graph, gpu::Resource pictures, VkBuffer buffer,
                             const AtlasLayout& layout) {
    gpu::Pass window{.name = "window", .needed = true};
    for (std::size_t i = 0; i < layout.pictures; ++i) {
        Slot& slot = slots_[call_][i];
        const gpu::Resource image =
            graph.add_resource(gpu::image_resource(fmt::format("shared picture {}", i), slot.image,
                                                   gpu::Origin::kImported, &slot.history));
        graph.add_pass(
            {.name = fmt::format("share picture {}", i),
             .uses = {gpu::reads(pictures, gpu::Use::kCopy), gpu::writes(image, gpu::Use::kCopy)},
             .record = [&slot, buffer, tile = layout.tiles[i]](VkCommandBuffer commands) {
                 const VkBufferImageCopy region{
                     .bufferOffset = 4 * VkDeviceSize{tile.first_pixel},
                     .imageSubresource = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 0, 1},
                     .imageExtent = {slot.shown.width, slot.shown.height, 1}};
                 vkCmdCopyBufferToImage(commands, buffer, slot.image.handle(),
                                        VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, 1, &region);
             }});
        window.uses.push_back(gpu::reads(image, gpu::Use::kSampledFragment));
    }
    graph.add_pass(std::move(window));
}

void SharedPictures::clear() { shown_ = 0; }

const SharedPicture* SharedPictures::picture(std::size_t view) const {
    return view < shown_ ? &slots_[call_][view].shown : nullptr;
}

}  // namespace huntsman::engine::render
