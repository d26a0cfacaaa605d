// Draws what Dear ImGui asks for, with pictures of one's own as textures.
//
// One frame is in flight: `begin_frame` is called when the device has finished the one before.
// Colours and pictures are sRGB values and go to a UNORM target as they are.
#pragma once

#include <vulkan/vulkan.h>

#include <list>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "apps/editor/damage.h"
#include "engine/core/image.h"
#include "engine/core/result.h"
#include "engine/gpu/pipeline.h"
#include "engine/gpu/resources.h"

struct ImDrawData;

namespace huntsman::engine::render {
class DevicePicture;
}

namespace huntsman::apps::editor {

class GuiRenderer {
  public:
    // Uploads the font atlas of the current ImGui context, whose fonts must have been added.
    static engine::core::Result<std::unique_ptr<GuiRenderer>> create(
        const engine::gpu::Device& device, VkFormat target);
    ~GuiRenderer();

    // Uploads the font atlas anew, after fonts were added or scaled.
    engine::core::Status upload_fonts();

    // Forgets pictures that were not shown for some frames.
    void begin_frame();

    // The texture (an ImTextureID) of the picture called `name`, 3 or 4 channels. The picture is
    // copied when it is another one than in the frame before. Null where it cannot be had.
    void* texture(const std::string& name,
                  const std::shared_ptr<const engine::core::Image>& picture);

    // The same of a picture that is on this device already.
    void* texture(const std::string& name,
                  const std::shared_ptr<const engine::render::DevicePicture>& picture);

    // The parts of a picture of this size that `draw` will draw for `data`: what differs from the
    // call before. `anew`: the picture holds nothing yet, or no longer.
    std::span<const DamagedRect> prepare(const ImDrawData& data, VkExtent2D extent, bool anew);
    // Records the uploads that are due, then `data` into those parts of the target, which is in
    // layout COLOR_ATTACHMENT_OPTIMAL; they are cleared with `clear` (RGB, 0..1).
    engine::core::Status draw(const ImDrawData& data, VkCommandBuffer commands, VkImageView target,
                              VkExtent2D extent, const float (&clear)[3]);

  private:
    struct Texture {
        engine::gpu::Image image;
        engine::gpu::Buffer staging;
        engine::gpu::BindingSet set;
        std::shared_ptr<const engine::core::Image> picture;
        std::shared_ptr<const engine::render::DevicePicture> on_device;  // in the place of `image`
        bool fresh = false;  // staging holds what the image does not yet
        bool filled = false;
        int unused_frames = 0;
    };

    explicit GuiRenderer(const engine::gpu::Device& device) : device_(device) {}
    engine::core::Result<std::unique_ptr<Texture>> make_texture(int width, int height);
    void record_uploads(VkCommandBuffer commands);
    engine::core::Status upload_geometry(const ImDrawData& data);
    void draw_part(const ImDrawData& data, VkCommandBuffer commands, const DamagedRect& part) const;

    const engine::gpu::Device& device_;
    engine::gpu::Sampler sampler_;
    engine::gpu::Pipeline pipeline_;
    std::unique_ptr<Texture> fonts_;
    std::map<std::string, std::unique_ptr<Texture>> textures_;
    std::list<std::unique_ptr<Texture>> retired_;  // may be in use by the frame in flight
    engine::gpu::Buffer vertices_, indices_;
    Damage damage_;
    std::vector<DamagedRect> parts_;  // of the frame
};

}  // namespace huntsman::apps::editor
