#include "apps/editor/gui_renderer.h"

#include <imgui.h>

#include <algorithm>
#include <cstring>

#include "engine/core/check.h"
#include "engine/render/device_picture.h"

namespace huntsman::apps::editor {

using engine::core::Image;
using engine::core::Result;
using engine::core::Status;
namespace gpu = engine::gpu;

namespace {

constexpr std::uint32_t kVertexCode[] = {
#include "apps/editor/shaders/gui_vert.inc"
};
constexpr std::uint32_t kFragmentCode[] = {
#include "apps/editor/shaders/gui_frag.inc"
};

constexpr VkShaderStageFlags kStages = VK_SHADER_STAGE_VERTEX_BIT | VK_SHADER_STAGE_FRAGMENT_BIT;
constexpr int kKeptFrames = 120;  // a picture that is not shown is kept this long

struct Push {
    float scale[2], translate[2];
};

// RGBA, as the device wants it.
void copy_pixels(const Image& from, std::uint8_t* to) {
    const std::size_t count =
        static_cast<std::size_t>(from.width) * static_cast<std::size_t>(from.height);
    if (from.channels == 4) {
        std::memcpy(to, from.pixels.data(), 4 * count);
        return;
    }
    const std::uint8_t* p = from.pixels.data();
    for (std::size_t i = 0; i < count; ++i, p += 3, to += 4) {
        to[0] = p[0];
        to[1] = p[1];
        to[2] = p[2];
        to[3] = 255;
    }
}

// A buffer of at least `bytes` that the host writes each frame; grows by half.
Status ensure(const gpu::Device& device, VkDeviceSize bytes, VkBufferUsageFlags usage,
              gpu::Buffer& buffer) {
    if (buffer.size() >= bytes && buffer.handle() != VK_NULL_HANDLE) return {};
    const VkDeviceSize size = std::max<VkDeviceSize>(bytes + bytes / 2, 1 << 16);
    HM_TAKE(buffer, gpu::Buffer::create(device, size, usage, gpu::MemoryUse::kUpload));
    return {};
}

}  // namespace

Result<std::unique_ptr<GuiRenderer>> GuiRenderer::create(const gpu::Device& device,
                                                         VkFormat target) {
    std::unique_ptr<GuiRenderer> gui(new GuiRenderer(device));
    HM_TAKE(gui->sampler_, gpu::create_sampler(device, {.linear = true}));
    HM_TRY(gui->upload_fonts());
    const VkVertexInputBindingDescription binding{.binding = 0, .stride = sizeof(ImDrawVert)};
    const VkVertexInputAttributeDescription attributes[] = {
        {.location = 0, .format = VK_FORMAT_R32G32_SFLOAT, .offset = offsetof(ImDrawVert, pos)},
        {.location = 1, .format = VK_FORMAT_R32G32_SFLOAT, .offset = offsetof(ImDrawVert, uv)},
        {.location = 2, .format = VK_FORMAT_R8G8B8A8_UNORM, .offset = offsetof(ImDrawVert, col)}};
    HM_TAKE(gui->pipeline_, gpu::create_graphics(device, gui->fonts_->set.layout(),
                                                 {.vertex = kVertexCode,
                                                  .fragment = kFragmentCode,
                                                  .vertex_bindings = {&binding, 1},
                                                  .vertex_attributes = attributes,
                                                  .colour_formats = {&target, 1},
                                                  .depth_format = VK_FORMAT_UNDEFINED,
                                                  .cull_back = false,
                                                  .blend = true}));
    return gui;
}

GuiRenderer::~GuiRenderer() {
    const std::lock_guard lock(device_.queue_mutex());
    vkDeviceWaitIdle(device_.handle());
}

Result<std::unique_ptr<GuiRenderer::Texture>> GuiRenderer::make_texture(int width, int height) {
    auto texture = std::make_unique<Texture>();
    const gpu::ImageShape shape{.width = static_cast<std::uint32_t>(width),
                                .height = static_cast<std::uint32_t>(height),
                                .format = VK_FORMAT_R8G8B8A8_UNORM};
    HM_TAKE(texture->image,
            gpu::Image::create(device_, shape,
                               VK_IMAGE_USAGE_SAMPLED_BIT | VK_IMAGE_USAGE_TRANSFER_DST_BIT));
    HM_TAKE(texture->staging,
            gpu::Buffer::create(device_, VkDeviceSize{4} * shape.width * shape.height,
                                VK_BUFFER_USAGE_TRANSFER_SRC_BIT, gpu::MemoryUse::kUpload));
    const gpu::Binding bindings[] = {gpu::sampled(texture->image, sampler_)};
    HM_TAKE(texture->set, gpu::BindingSet::create(device_, bindings, kStages, sizeof(Push)));
    return texture;
}

Status GuiRenderer::upload_fonts() {
    unsigned char* pixels = nullptr;
    int width = 0, height = 0;
    ImGui::GetIO().Fonts->GetTexDataAsRGBA32(&pixels, &width, &height);
    if (fonts_) retired_.push_back(std::move(fonts_));
    HM_TAKE(fonts_, make_texture(width, height));
    std::memcpy(fonts_->staging.mapped<std::uint8_t>(), pixels,
                std::size_t{4} * static_cast<std::size_t>(width * height));
    fonts_->fresh = true;
    ImGui::GetIO().Fonts->SetTexID(fonts_.get());
    return {};
}

void GuiRenderer::begin_frame() {
    retired_.clear();
    std::erase_if(textures_,
                  [](auto& entry) { return ++entry.second->unused_frames > kKeptFrames; });
}

void* GuiRenderer::texture(const std::string& name, const std::shared_ptr<const Image>& picture) {
    if (!picture || picture->width <= 0 || picture->height <= 0) return nullptr;
    auto& texture = textures_[name];
    const auto width = static_cast<std::uint32_t>(picture->width);
    const auto height = static_cast<std::uint32_t>(picture->height);
    if (!texture || texture->on_device || texture->image.shape().width != width ||
        texture->image.shape().height != height) {
        if (texture) retired_.push_back(std::move(texture));
        auto made = make_texture(picture->width, picture->height);
        if (!made.ok()) {
            textures_.erase(name);
            return nullptr;
        }
        texture = std::move(made.value());
    }
    texture->unused_frames = 0;
    if (texture->picture != picture) {
        copy_pixels(*picture, texture->staging.mapped<std::uint8_t>());
        texture->picture = picture;
        texture->fresh = true;
    }
    return texture.get();
}

void* GuiRenderer::texture(const std::string& name,
                           const std::shared_ptr<const engine::render::DevicePicture>& picture) {
    if (!picture) return nullptr;
    auto& texture = textures_[name];
    if (!texture || texture->on_device != picture) {
        // What the frame in flight shows is kept until it is done.
        if (texture) retired_.push_back(std::move(texture));
        auto made = std::make_unique<Texture>();
        const gpu::Binding binding{.type = VK_DESCRIPTOR_TYPE_COMBINED_IMAGE_SAMPLER,
                                   .view = picture->view(),
                                   .sampler = sampler_.get()};
        auto set = gpu::BindingSet::create(device_, {&binding, 1}, kStages, sizeof(Push));
        if (!set.ok()) {
            textures_.erase(name);
            return nullptr;
        }
        made->set = std::move(set.value());
        made->on_device = picture;
        made->filled = true;
        texture = std::move(made);
    }
    texture->unused_frames = 0;
    return texture.get();
}

void GuiRenderer::record_uploads(VkCommandBuffer commands) {
    std::vector<Texture*> fresh;
    if (fonts_->fresh) fresh.push_back(fonts_.get());
    for (auto& [name, texture] : textures_) {
        if (texture->fresh) fresh.push_back(texture.get());
    }
    if (fresh.empty()) return;
    std::vector<gpu::ImageBarrier> before, after;
    for (const Texture* texture : fresh) {
        before.push_back({.image = texture->image.handle(),
                          .from_stage = VK_PIPELINE_STAGE_2_FRAGMENT_SHADER_BIT,
                          .to_stage = VK_PIPELINE_STAGE_2_COPY_BIT,
                          .from_access = 0,
                          .to_access = VK_ACCESS_2_TRANSFER_WRITE_BIT,
                          .from_layout = VK_IMAGE_LAYOUT_UNDEFINED,
                          .to_layout = VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL});
        after.push_back({.image = texture->image.handle(),
                         .from_stage = VK_PIPELINE_STAGE_2_COPY_BIT,
                         .to_stage = VK_PIPELINE_STAGE_2_FRAGMENT_SHADER_BIT,
                         .from_access = VK_ACCESS_2_TRANSFER_WRITE_BIT,
                         .to_access = VK_ACCESS_2_SHADER_SAMPLED_READ_BIT,
                         .from_layout = VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL,
                         .to_layout = VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL});
    }
    gpu::barrier(commands, before);
    for (Texture* texture : fresh) {
        const gpu::ImageShape& shape = texture->image.shape();
        const VkBufferImageCopy region{
            .imageSubresource = {.aspectMask = VK_IMAGE_ASPECT_COLOR_BIT, .layerCount = 1},
            .imageExtent = {shape.width, shape.height, 1}};
        vkCmdCopyBufferToImage(commands, texture->staging.handle(), texture->image.handle(),
                               VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, 1, &region);
        texture->fresh = false;
        texture->filled = true;
    }
    gpu::barrier(commands, after);
}

Status GuiRenderer::upload_geometry(const ImDrawData& data) {
    const auto vertex_bytes = static_cast<VkDeviceSize>(data.TotalVtxCount) * sizeof(ImDrawVert);
    const auto index_bytes = static_cast<VkDeviceSize>(data.TotalIdxCount) * sizeof(ImDrawIdx);
    HM_TRY(ensure(device_, vertex_bytes, VK_BUFFER_USAGE_VERTEX_BUFFER_BIT, vertices_));
    HM_TRY(ensure(device_, index_bytes, VK_BUFFER_USAGE_INDEX_BUFFER_BIT, indices_));
    auto* vertices = vertices_.mapped<ImDrawVert>();
    auto* indices = indices_.mapped<ImDrawIdx>();
    for (int i = 0; i < data.CmdListsCount; ++i) {
        const ImDrawList& list = *data.CmdLists[i];
        vertices = std::copy(list.VtxBuffer.begin(), list.VtxBuffer.end(), vertices);
        indices = std::copy(list.IdxBuffer.begin(), list.IdxBuffer.end(), indices);
    }
    return {};
}

std::span<const DamagedRect> GuiRenderer::prepare(const ImDrawData& data, VkExtent2D extent,
                                                  bool anew) {
    std::vector<ImTextureID> fresh;
    if (fonts_->fresh) fresh.push_back(fonts_.get());
    for (auto& [name, texture] : textures_) {
        if (texture->fresh) fresh.push_back(texture.get());
    }
    if (anew) damage_.reset();
    parts_ = damage_.update(data, fresh, static_cast<int>(extent.width),
                            static_cast<int>(extent.height));
    return parts_;
}

Status GuiRenderer::draw(const ImDrawData& data, VkCommandBuffer commands, VkImageView target,
                         VkExtent2D extent, const float (&clear)[3]) {
    record_uploads(commands);
    HM_TRY(upload_geometry(data));
    const VkRenderingAttachmentInfo colour{.sType = VK_STRUCTURE_TYPE_RENDERING_ATTACHMENT_INFO,
                                           .imageView = target,
                                           .imageLayout = VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL,
                                           .loadOp = VK_ATTACHMENT_LOAD_OP_LOAD,
                                           .storeOp = VK_ATTACHMENT_STORE_OP_STORE};
    const VkRenderingInfo rendering{.sType = VK_STRUCTURE_TYPE_RENDERING_INFO,
                                    .renderArea = {.extent = extent},
                                    .layerCount = 1,
                                    .colorAttachmentCount = 1,
                                    .pColorAttachments = &colour};
    vkCmdBeginRendering(commands, &rendering);
    vkCmdBindPipeline(commands, VK_PIPELINE_BIND_POINT_GRAPHICS, pipeline_.get());
    const VkViewport viewport{.width = static_cast<float>(extent.width),
                              .height = static_cast<float>(extent.height),
                              .maxDepth = 1};
    vkCmdSetViewport(commands, 0, 1, &viewport);
    const VkDeviceSize zero = 0;
    const VkBuffer vertices = vertices_.handle();
    vkCmdBindVertexBuffers(commands, 0, 1, &vertices, &zero);
    vkCmdBindIndexBuffer(commands, indices_.handle(), 0,
                         sizeof(ImDrawIdx) == 2 ? VK_INDEX_TYPE_UINT16 : VK_INDEX_TYPE_UINT32);
    const Push push{{2.0F / data.DisplaySize.x, 2.0F / data.DisplaySize.y},
                    {-1.0F - data.DisplayPos.x * 2.0F / data.DisplaySize.x,
                     -1.0F - data.DisplayPos.y * 2.0F / data.DisplaySize.y}};
    vkCmdPushConstants(commands, fonts_->set.layout(), kStages, 0, sizeof(push), &push);
    const VkClearAttachment cleared{
        .aspectMask = VK_IMAGE_ASPECT_COLOR_BIT,
        .clearValue = {.color = {.float32 = {clear[0], clear[1], clear[2], 1}}}};
    for (const DamagedRect& part : parts_) {
        const VkClearRect rect{.rect = {{part.left, part.top},
                                        {static_cast<std::uint32_t>(part.right - part.left),
                                         static_cast<std::uint32_t>(part.bottom - part.top)}},
                               .layerCount = 1};
        vkCmdClearAttachments(commands, 1, &cleared, 1, &rect);
        draw_part(data, commands, part);
    }
    vkCmdEndRendering(commands);
    return {};
}

void GuiRenderer::draw_part(const ImDrawData& data, VkCommandBuffer commands,
                            const DamagedRect& part) const {
    int first_vertex = 0;
    std::uint32_t first_index = 0;
    const Texture* bound = nullptr;
    for (int i = 0; i < data.CmdListsCount; ++i) {
        const ImDrawList& list = *data.CmdLists[i];
        for (const ImDrawCmd& command : list.CmdBuffer) {
            // Callbacks are not used. A rectangle outside of the part is left out.
            const auto within = [](float value, int low, int high) {
                return std::clamp(static_cast<int>(value), low, high);
            };
            const int left = within(command.ClipRect.x - data.DisplayPos.x, part.left, part.right);
            const int top = within(command.ClipRect.y - data.DisplayPos.y, part.top, part.bottom);
            const int right = within(command.ClipRect.z - data.DisplayPos.x, part.left, part.right);
            const int bottom =
                within(command.ClipRect.w - data.DisplayPos.y, part.top, part.bottom);
            const auto* texture = static_cast<const Texture*>(command.GetTexID());
            if (right <= left || bottom <= top || texture == nullptr || !texture->filled) continue;
            if (texture != bound) {
                const VkDescriptorSet set = texture->set.set();
                vkCmdBindDescriptorSets(commands, VK_PIPELINE_BIND_POINT_GRAPHICS,
                                        fonts_->set.layout(), 0, 1, &set, 0, nullptr);
                bound = texture;
            }
            const VkRect2D scissor{{left, top},
                                   {static_cast<std::uint32_t>(right - left),
                                    static_cast<std::uint32_t>(bottom - top)}};
            vkCmdSetScissor(commands, 0, 1, &scissor);
            vkCmdDrawIndexed(commands, command.ElemCount, 1, first_index + command.IdxOffset,
                             first_vertex + static_cast<int>(command.VtxOffset), 0);
        }
        first_vertex += list.VtxBuffer.Size;
        first_index += static_cast<std::uint32_t>(list.IdxBuffer.Size);
    }
}

}  // namespace huntsman::apps::editor
