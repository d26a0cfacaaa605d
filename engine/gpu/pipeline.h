// Pipelines, their layouts and descriptor sets from SPIR-V that is part of the binary.
#pragma once

#include <vulkan/vulkan.h>

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "engine/core/result.h"
#include "engine/gpu/device.h"
#include "engine/gpu/resources.h"

namespace huntsman::engine::gpu {

// Any device child that is destroyed by one call; moves, does not copy.
template <typename T, void (*destroy)(VkDevice, T)>
class Owned {
  public:
    Owned() = default;
    Owned(VkDevice device, T handle) : device_(device), handle_(handle) {}
    ~Owned() {
        if (handle_ != VK_NULL_HANDLE) destroy(device_, handle_);
    }
    Owned(Owned&& other) noexcept { *this = static_cast<Owned&&>(other); }
    Owned& operator=(Owned&& other) noexcept {
        std::swap(device_, other.device_);
        std::swap(handle_, other.handle_);
        return *this;
    }
    T get() const { return handle_; }

  private:
    VkDevice device_ = VK_NULL_HANDLE;
    T handle_ = VK_NULL_HANDLE;
};

inline void destroy_pipeline(VkDevice d, VkPipeline h) { vkDestroyPipeline(d, h, nullptr); }
inline void destroy_view(VkDevice d, VkImageView h) { vkDestroyImageView(d, h, nullptr); }
inline void destroy_sampler(VkDevice d, VkSampler h) { vkDestroySampler(d, h, nullptr); }
using Pipeline = Owned<VkPipeline, destroy_pipeline>;
using ImageView = Owned<VkImageView, destroy_view>;
using Sampler = Owned<VkSampler, destroy_sampler>;

struct SamplerShape {
    bool linear = true;
    bool mipmaps = false;     // all levels
    bool trilinear = false;   // blends levels, at about twice the cost on a CPU
    bool repeat = false;      // else clamped to the edge
    bool comparison = false;  // depth comparison "less or equal"
};
core::Result<Sampler> create_sampler(const Device& device, const SamplerShape& shape);

// What stands at one binding of a set, and what is bound to it.
struct Binding {
    VkDescriptorType type = VK_DESCRIPTOR_TYPE_UNIFORM_BUFFER;
    VkBuffer buffer = VK_NULL_HANDLE;
    VkImageView view = VK_NULL_HANDLE;
    VkSampler sampler = VK_NULL_HANDLE;
    VkImageLayout layout = VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL;
    VkBufferView texels = VK_NULL_HANDLE;
};
Binding uniform(const Buffer& buffer);
Binding storage(const Buffer& buffer);
Binding texels(const Buffer& buffer);
Binding sampled(const Image& image, const Sampler& sampler);

// One descriptor set with its layout and the pipeline layout that uses it as set 0. Binding i of
// the shader is bindings[i]; all are written at creation, since some drivers fail on unwritten
// ones.
class BindingSet {
  public:
    BindingSet() = default;
    static core::Result<BindingSet> create(const Device& device, std::span<const Binding> bindings,
                                           VkShaderStageFlags stages,
                                           std::uint32_t push_constant_bytes);
    ~BindingSet();
    BindingSet(BindingSet&& other) noexcept;
    BindingSet& operator=(BindingSet&& other) noexcept;

    VkPipelineLayout layout() const { return pipeline_layout_; }
    VkDescriptorSet set() const { return set_; }
    // Binds other resources of the same types; not while the device uses the set.
    void rewrite(std::span<const Binding> bindings) const;

  private:
    VkDevice device_ = VK_NULL_HANDLE;
    VkDescriptorSetLayout set_layout_ = VK_NULL_HANDLE;
    VkPipelineLayout pipeline_layout_ = VK_NULL_HANDLE;
    VkDescriptorPool pool_ = VK_NULL_HANDLE;
    VkDescriptorSet set_ = VK_NULL_HANDLE;
};

using Spirv = std::span<const std::uint32_t>;

struct GraphicsShape {
    Spirv vertex, fragment;                    // an empty fragment shader draws depth only
    std::span<const std::uint32_t> constants;  // specialisation constants 0, 1, ... of both stages
    std::span<const VkVertexInputBindingDescription> vertex_bindings;
    std::span<const VkVertexInputAttributeDescription> vertex_attributes;
    std::span<const VkFormat> colour_formats;
    VkFormat depth_format = VK_FORMAT_D32_SFLOAT;  // undefined: no depth
    VkCompareOp depth_compare = VK_COMPARE_OP_GREATER;
    bool cull_back = true;
    bool cull_changes = false;  // vkCmdSetCullMode says instead
    bool blend = false;         // over what is there, by alpha
    float depth_bias = 0, depth_bias_slope = 0;
};
core::Result<Pipeline> create_graphics(const Device& device, VkPipelineLayout layout,
                                       const GraphicsShape& shape);

core::Result<Pipeline> create_compute(const Device& device, VkPipelineLayout layout, Spirv code,
                                      std::span<const std::uint32_t> constants);

}  // namespace huntsman::engine::gpu
