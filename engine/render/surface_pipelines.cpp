#include "engine/render/surface_pipelines.h"

#include <cstddef>

#include "engine/gpu/check.h"
#include "engine/render/shader_types.h"

namespace huntsman::engine::render {

namespace {

const std::uint32_t kPlainVertex[] = {
#include "engine/render/shaders/plain_vert.inc"
};
const std::uint32_t kLeavesVertex[] = {
#include "engine/render/shaders/leaves_vert.inc"
};
const std::uint32_t kFacadeVertex[] = {
#include "engine/render/shaders/facade_vert.inc"
};
const std::uint32_t kFacadeFragment[] = {
#include "engine/render/shaders/facade_frag.inc"
};
const std::uint32_t kTexturedVertex[] = {
#include "engine/render/shaders/textured_vert.inc"
};
const std::uint32_t kCabinVertex[] = {
#include "engine/render/shaders/cabin_vert.inc"
};
const std::uint32_t kCabinFragment[] = {
#include "engine/render/shaders/cabin_frag.inc"
};
const std::uint32_t kCabinWeatherFragment[] = {
#include "engine/render/shaders/cabin_weather_frag.inc"
};
const std::uint32_t kGroundVertex[] = {
#include "engine/render/shaders/ground_vert.inc"
};
const std::uint32_t kPlainFragment[] = {
#include "engine/render/shaders/plain_frag.inc"
};
const std::uint32_t kPlainWeatherFragment[] = {
#include "engine/render/shaders/plain_weather_frag.inc"
};
const std::uint32_t kTexturedFragment[] = {
#include "engine/render/shaders/textured_frag.inc"
};
const std::uint32_t kTexturedWeatherFragment[] = {
#include "engine/render/shaders/textured_weather_frag.inc"
};
const std::uint32_t kLeavesFragment[] = {
#include "engine/render/shaders/leaves_frag.inc"
};
const std::uint32_t kLeavesWeatherFragment[] = {
#include "engine/render/shaders/leaves_weather_frag.inc"
};
const std::uint32_t kGroundFragment[] = {
#include "engine/render/shaders/ground_frag.inc"
};
const std::uint32_t kGroundWeatherFragment[] = {
#include "engine/render/shaders/ground_weather_frag.inc"
};
}  // namespace

core::Result<SurfacePipelines> create_surface_pipelines(const gpu::Device& device,
                                                        VkPipelineLayout layout) {
    SurfacePipelines surfaces;
    const VkVertexInputBindingDescription streams[] = {
        {0, sizeof(shader::GpuVertex), VK_VERTEX_INPUT_RATE_VERTEX},
        {1, sizeof(shader::GpuDraw), VK_VERTEX_INPUT_RATE_INSTANCE}};
    const VkVertexInputAttributeDescription attributes[] = {
        {0, 0, VK_FORMAT_R32G32B32_SFLOAT, 0},
        {1, 0, VK_FORMAT_R16G16B16A16_SNORM, offsetof(shader::GpuVertex, normal)},
        {2, 0, VK_FORMAT_R32G32_SFLOAT, offsetof(shader::GpuVertex, uv)},
        {3, 0, VK_FORMAT_R8G8B8A8_UNORM, offsetof(shader::GpuVertex, colour)},
        {4, 1, VK_FORMAT_R32G32B32A32_SFLOAT, offsetof(shader::GpuDraw, q)},
        {5, 1, VK_FORMAT_R32G32B32A32_SFLOAT, offsetof(shader::GpuDraw, p_layer)},
        {6, 1, VK_FORMAT_R32G32B32A32_SFLOAT, offsetof(shader::GpuDraw, tint_uv)},
        {7, 1, VK_FORMAT_R32G32B32A32_UINT, offsetof(shader::GpuDraw, packed)}};
    const VkFormat formats[] = {kPixelFormat};
    const std::array<gpu::Spirv, 2 * kPipelineClasses> fragments = {
        kPlainFragment,        kTexturedFragment, kCabinFragment,         kFacadeFragment,
        kLeavesFragment,       kGroundFragment,   kPlainWeatherFragment,  kTexturedWeatherFragment,
        kCabinWeatherFragment, kFacadeFragment,   kLeavesWeatherFragment, kGroundWeatherFragment};
    const std::array<gpu::Spirv, kPipelineClasses> vertices = {
        kPlainVertex, kTexturedVertex, kCabinVertex, kFacadeVertex, kLeavesVertex, kGroundVertex};
    for (std::size_t i = 0; i < fragments.size(); ++i) {
        HM_TAKE(surfaces[i], gpu::create_graphics(device, layout,
                                                  {.vertex = vertices[i % kPipelineClasses],
                                                   .fragment = fragments[i],
                                                   .vertex_bindings = streams,
                                                   .vertex_attributes = attributes,
                                                   .colour_formats = formats,
                                                   .cull_changes = true}));
    }
    return surfaces;
}

}  // namespace huntsman::engine::render
