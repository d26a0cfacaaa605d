#include "engine/gpu/pipeline.h"

#include <utility>

#include "engine/gpu/check.h"

namespace huntsman::engine::gpu {

using core::Result;

namespace {

void destroy_module(VkDevice d, VkShaderModule h) { vkDestroyShaderModule(d, h, nullptr); }
using ShaderModule = Owned<VkShaderModule, destroy_module>;

Result<ShaderModule> create_module(const Device& device, Spirv code) {
    const VkShaderModuleCreateInfo info{.sType = VK_STRUCTURE_TYPE_SHADER_MODULE_CREATE_INFO,
                                        .codeSize = code.size_bytes(),
                                        .pCode = code.data()};
    VkShaderModule handle = VK_NULL_HANDLE;
    HM_VK(vkCreateShaderModule(device.handle(), &info, nullptr, &handle));
    return ShaderModule(device.handle(), handle);
}

// Specialisation constants 0..n-1, four bytes each.
struct Specialisation {
    explicit Specialisation(std::span<const std::uint32_t> constants) {
        for (std::uint32_t i = 0; i < constants.size(); ++i) {
            entries.push_back({.constantID = i, .offset = 4 * i, .size = 4});
        }
        info = {.mapEntryCount = static_cast<std::uint32_t>(entries.size()),
                .pMapEntries = entries.data(),
                .dataSize = constants.size_bytes(),
                .pData = constants.data()};
    }
    std::vector<VkSpecializationMapEntry> entries;
    VkSpecializationInfo info{};
};

VkPipelineShaderStageCreateInfo stage(VkShaderStageFlagBits bit, const ShaderModule& module,
                                      const Specialisation& specialisation) {
    return {.sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO,
            .stage = bit,
            .module = module.get(),
            .pName = "main",
            .pSpecializationInfo = &specialisation.info};
}

}  // namespace

Result<Sampler> create_sampler(const Device& device, const SamplerShape& shape) {
    const VkFilter filter = shape.linear ? VK_FILTER_LINEAR : VK_FILTER_NEAREST;
    const VkSamplerAddressMode mode =
        shape.repeat ? VK_SAMPLER_ADDRESS_MODE_REPEAT : VK_SAMPLER_ADDRESS_MODE_CLAMP_TO_EDGE;
    const VkSamplerCreateInfo info{.sType = VK_STRUCTURE_TYPE_SAMPLER_CREATE_INFO,
                                   .magFilter = filter,
                                   .minFilter = filter,
                                   .mipmapMode = shape.trilinear ? VK_SAMPLER_MIPMAP_MODE_LINEAR
                                                                 : VK_SAMPLER_MIPMAP_MODE_NEAREST,
                                   .addressModeU = mode,
                                   .addressModeV = mode,
                                   .addressModeW = mode,
                                   .compareEnable = shape.comparison,
                                   .compareOp = VK_COMPARE_OP_LESS_OR_EQUAL,
                                   .maxLod = shape.mipmaps ? VK_LOD_CLAMP_NONE : 0.0F};
    VkSampler handle = VK_NULL_HANDLE;
    HM_VK(vkCreateSampler(device.handle(), &info, nullptr, &handle));
    return Sampler(device.handle(), handle);
}

// --- Descriptor sets ---

Binding uniform(const Buffer& buffer) {
    return {.type = VK_DESCRIPTOR_TYPE_UNIFORM_BUFFER, .buffer = buffer.handle()};
}
Binding storage(const Buffer& buffer) {
    return {.type = VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, .buffer = buffer.handle()};
}
Binding texels(const Buffer& buffer) {
    return {.type = VK_DESCRIPTOR_TYPE_UNIFORM_TEXEL_BUFFER, .texels = buffer.texels()};
}
Binding sampled(const Image& image, const Sampler& sampler) {
    return {.type = VK_DESCRIPTOR_TYPE_COMBINED_IMAGE_SAMPLER,
            .view = image.view(),
            .sampler = sampler.get()};
}

Result<BindingSet> BindingSet::create(const Device& device, std::span<const Binding> bindings,
                                      VkShaderStageFlags stages,
                                      std::uint32_t push_constant_bytes) {
    BindingSet result;
    result.device_ = device.handle();
    std::vector<VkDescriptorSetLayoutBinding> slots;
    std::vector<VkDescriptorPoolSize> sizes;
    for (std::uint32_t i = 0; i < bindings.size(); ++i) {
        slots.push_back({.binding = i,
                         .descriptorType = bindings[i].type,
                         .descriptorCount = 1,
                         .stageFlags = stages});
        sizes.push_back({.type = bindings[i].type, .descriptorCount = 1});
    }
    // A pool must have room for something even when the set is empty.
    if (sizes.empty())
        sizes.push_back({.type = VK_DESCRIPTOR_TYPE_UNIFORM_BUFFER, .descriptorCount = 1});
    const VkDescriptorSetLayoutCreateInfo set_layout{
        .sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_LAYOUT_CREATE_INFO,
        .bindingCount = static_cast<std::uint32_t>(slots.size()),
        .pBindings = slots.data()};
    HM_VK(vkCreateDescriptorSetLayout(device.handle(), &set_layout, nullptr, &result.set_layout_));
    const VkPushConstantRange range{.stageFlags = stages, .size = push_constant_bytes};
    const VkPipelineLayoutCreateInfo layout{
        .sType = VK_STRUCTURE_TYPE_PIPELINE_LAYOUT_CREATE_INFO,
        .setLayoutCount = 1,
        .pSetLayouts = &result.set_layout_,
        .pushConstantRangeCount = push_constant_bytes > 0 ? 1U : 0U,
        .pPushConstantRanges = &range};
    HM_VK(vkCreatePipelineLayout(device.handle(), &layout, nullptr, &result.pipeline_layout_));
    const VkDescriptorPoolCreateInfo pool{.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_POOL_CREATE_INFO,
                                          .maxSets = 1,
                                          .poolSizeCount = static_cast<std::uint32_t>(sizes.size()),
                                          .pPoolSizes = sizes.data()};
    HM_VK(vkCreateDescriptorPool(device.handle(), &pool, nullptr, &result.pool_));
    const VkDescriptorSetAllocateInfo allocation{
        .sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_ALLOCATE_INFO,
        .descriptorPool = result.pool_,
        .descriptorSetCount = 1,
        .pSetLayouts = &result.set_layout_};
    HM_VK(vkAllocateDescriptorSets(device.handle(), &allocation, &result.set_));
    result.rewrite(bindings);
    return result;
}

void BindingSet::rewrite(std::span<const Binding> bindings) const {
    std::vector<VkDescriptorBufferInfo> buffers(bindings.size());
    std::vector<VkDescriptorImageInfo> images(bindings.size());
    std::vector<VkWriteDescriptorSet> writes;
    for (std::uint32_t i = 0; i < bindings.size(); ++i) {
        const Binding& b = bindings[i];
        buffers[i] = {.buffer = b.buffer, .range = VK_WHOLE_SIZE};
        images[i] = {.sampler = b.sampler, .imageView = b.view, .imageLayout = b.layout};
        writes.push_back({.sType = VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET,
                          .dstSet = set_,
                          .dstBinding = i,
                          .descriptorCount = 1,
                          .descriptorType = b.type,
                          .pImageInfo = &images[i],
                          .pBufferInfo = &buffers[i],
                          .pTexelBufferView = &b.texels});
    }
    vkUpdateDescriptorSets(device_, static_cast<std::uint32_t>(writes.size()), writes.data(), 0,
                           nullptr);
}

BindingSet::~BindingSet() {
    if (device_ == VK_NULL_HANDLE) return;
    vkDestroyDescriptorPool(device_, pool_, nullptr);
    vkDestroyPipelineLayout(device_, pipeline_layout_, nullptr);
    vkDestroyDescriptorSetLayout(device_, set_layout_, nullptr);
}

BindingSet::BindingSet(BindingSet&& other) noexcept { *this = std::move(other); }

BindingSet& BindingSet::operator=(BindingSet&& other) noexcept {
    std::swap(device_, other.device_);
    std::swap(set_layout_, other.set_layout_);
    std::swap(pipeline_layout_, other.pipeline_layout_);
    std::swap(pool_, other.pool_);
    std::swap(set_, other.set_);
    return *this;
}

// --- Pipelines ---

namespace {

// All channels; over what is there, or in its place.
VkPipelineColorBlendAttachmentState attachment(bool blend) {
    constexpr VkColorComponentFlags kAll = VK_COLOR_COMPONENT_R_BIT | VK_COLOR_COMPONENT_G_BIT |
                                           VK_COLOR_COMPONENT_B_BIT | VK_COLOR_COMPONENT_A_BIT;
    return {.blendEnable = blend,
            .srcColorBlendFactor = VK_BLEND_FACTOR_SRC_ALPHA,
            .dstColorBlendFactor = VK_BLEND_FACTOR_ONE_MINUS_SRC_ALPHA,
            .srcAlphaBlendFactor = VK_BLEND_FACTOR_ONE,
            .dstAlphaBlendFactor = VK_BLEND_FACTOR_ONE_MINUS_SRC_ALPHA,
            .colorWriteMask = kAll};
}

}  // namespace

Result<Pipeline> create_graphics(const Device& device, VkPipelineLayout layout,
                                 const GraphicsShape& shape) {
    ShaderModule vertex, fragment;
    HM_TAKE(vertex, create_module(device, shape.vertex));
    const Specialisation specialisation(shape.constants);
    std::vector<VkPipelineShaderStageCreateInfo> stages = {
        stage(VK_SHADER_STAGE_VERTEX_BIT, vertex, specialisation)};
    if (!shape.fragment.empty()) {
        HM_TAKE(fragment, create_module(device, shape.fragment));
        stages.push_back(stage(VK_SHADER_STAGE_FRAGMENT_BIT, fragment, specialisation));
    }
    const VkPipelineVertexInputStateCreateInfo input{
        .sType = VK_STRUCTURE_TYPE_PIPELINE_VERTEX_INPUT_STATE_CREATE_INFO,
        .vertexBindingDescriptionCount = static_cast<std::uint32_t>(shape.vertex_bindings.size()),
        .pVertexBindingDescriptions = shape.vertex_bindings.data(),
        .vertexAttributeDescriptionCount =
            static_cast<std::uint32_t>(shape.vertex_attributes.size()),
        .pVertexAttributeDescriptions = shape.vertex_attributes.data()};
    const VkPipelineInputAssemblyStateCreateInfo assembly{
        .sType = VK_STRUCTURE_TYPE_PIPELINE_INPUT_ASSEMBLY_STATE_CREATE_INFO,
        .topology = VK_PRIMITIVE_TOPOLOGY_TRIANGLE_LIST};
    const VkPipelineViewportStateCreateInfo viewport{
        .sType = VK_STRUCTURE_TYPE_PIPELINE_VIEWPORT_STATE_CREATE_INFO,
        .viewportCount = 1,
        .scissorCount = 1};
    const VkPipelineRasterizationStateCreateInfo raster{
        .sType = VK_STRUCTURE_TYPE_PIPELINE_RASTERIZATION_STATE_CREATE_INFO,
        .polygonMode = VK_POLYGON_MODE_FILL,
        .cullMode = shape.cull_back ? static_cast<VkCullModeFlags>(VK_CULL_MODE_BACK_BIT)
                                    : static_cast<VkCullModeFlags>(VK_CULL_MODE_NONE),
        .frontFace = VK_FRONT_FACE_COUNTER_CLOCKWISE,
        .depthBiasEnable = shape.depth_bias != 0 || shape.depth_bias_slope != 0,
        .depthBiasConstantFactor = shape.depth_bias,
        .depthBiasSlopeFactor = shape.depth_bias_slope,
        .lineWidth = 1};
    const VkPipelineMultisampleStateCreateInfo samples{
        .sType = VK_STRUCTURE_TYPE_PIPELINE_MULTISAMPLE_STATE_CREATE_INFO,
        .rasterizationSamples = VK_SAMPLE_COUNT_1_BIT};
    const VkPipelineDepthStencilStateCreateInfo depth{
        .sType = VK_STRUCTURE_TYPE_PIPELINE_DEPTH_STENCIL_STATE_CREATE_INFO,
        .depthTestEnable = shape.depth_format != VK_FORMAT_UNDEFINED,
        .depthWriteEnable = shape.depth_format != VK_FORMAT_UNDEFINED,
        .depthCompareOp = shape.depth_compare};
    const std::vector<VkPipelineColorBlendAttachmentState> attachments(shape.colour_formats.size(),
                                                                       attachment(shape.blend));
    const VkPipelineColorBlendStateCreateInfo blend{
        .sType = VK_STRUCTURE_TYPE_PIPELINE_COLOR_BLEND_STATE_CREATE_INFO,
        .attachmentCount = static_cast<std::uint32_t>(attachments.size()),
        .pAttachments = attachments.data()};
    const VkDynamicState dynamic_states[] = {VK_DYNAMIC_STATE_VIEWPORT, VK_DYNAMIC_STATE_SCISSOR,
                                             VK_DYNAMIC_STATE_CULL_MODE};
    const VkPipelineDynamicStateCreateInfo dynamic{
        .sType = VK_STRUCTURE_TYPE_PIPELINE_DYNAMIC_STATE_CREATE_INFO,
        .dynamicStateCount = shape.cull_changes ? 3U : 2U,
        .pDynamicStates = dynamic_states};
    const VkPipelineRenderingCreateInfo rendering{
        .sType = VK_STRUCTURE_TYPE_PIPELINE_RENDERING_CREATE_INFO,
        .colorAttachmentCount = static_cast<std::uint32_t>(shape.colour_formats.size()),
        .pColorAttachmentFormats = shape.colour_formats.data(),
        .depthAttachmentFormat = shape.depth_format};
    const VkGraphicsPipelineCreateInfo info{
        .sType = VK_STRUCTURE_TYPE_GRAPHICS_PIPELINE_CREATE_INFO,
        .pNext = &rendering,
        .stageCount = static_cast<std::uint32_t>(stages.size()),
        .pStages = stages.data(),
        .pVertexInputState = &input,
        .pInputAssemblyState = &assembly,
        .pViewportState = &viewport,
        .pRasterizationState = &raster,
        .pMultisampleState = &samples,
        .pDepthStencilState = &depth,
        .pColorBlendState = &blend,
        .pDynamicState = &dynamic,
        .layout = layout};
    VkPipeline handle = VK_NULL_HANDLE;
    HM_VK(vkCreateGraphicsPipelines(device.handle(), device.pipeline_cache(), 1, &info, nullptr,
                                    &handle));
    return Pipeline(device.handle(), handle);
}

Result<Pipeline> create_compute(const Device& device, VkPipelineLayout layout, Spirv code,
                                std::span<const std::uint32_t> constants) {
    ShaderModule module;
    HM_TAKE(module, create_module(device, code));
    const Specialisation specialisation(constants);
    const VkComputePipelineCreateInfo info{
        .sType = VK_STRUCTURE_TYPE_COMPUTE_PIPELINE_CREATE_INFO,
        .stage = stage(VK_SHADER_STAGE_COMPUTE_BIT, module, specialisation),
        .layout = layout};
    VkPipeline handle = VK_NULL_HANDLE;
    HM_VK(vkCreateComputePipelines(device.handle(), device.pipeline_cache(), 1, &info, nullptr,
                                   &handle));
    return Pipeline(device.handle(), handle);
}

}  // namespace huntsman::engine::gpu
