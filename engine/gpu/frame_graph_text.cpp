#include "engine/gpu/frame_graph.h"

namespace huntsman::engine::gpu {

namespace {

struct FlagName {
    VkFlags64 flag;
    const char* name;
};
constexpr FlagName kStages[] = {
    {VK_PIPELINE_STAGE_2_DRAW_INDIRECT_BIT, "indirect"},
    {VK_PIPELINE_STAGE_2_VERTEX_INPUT_BIT, "vertex input"},
    {VK_PIPELINE_STAGE_2_VERTEX_SHADER_BIT, "vertex"},
    {VK_PIPELINE_STAGE_2_FRAGMENT_SHADER_BIT, "fragment"},
    {VK_PIPELINE_STAGE_2_EARLY_FRAGMENT_TESTS_BIT | VK_PIPELINE_STAGE_2_LATE_FRAGMENT_TESTS_BIT,
     "depth"},
    {VK_PIPELINE_STAGE_2_COLOR_ATTACHMENT_OUTPUT_BIT, "colour"},
    {VK_PIPELINE_STAGE_2_COMPUTE_SHADER_BIT, "compute"},
    {VK_PIPELINE_STAGE_2_COPY_BIT, "copy"},
    {VK_PIPELINE_STAGE_2_HOST_BIT, "host"},
    {VK_PIPELINE_STAGE_2_ALL_COMMANDS_BIT, "all"},
};

std::string stage_text(VkPipelineStageFlags2 stages) {
    std::string text;
    for (const FlagName& known : kStages) {
        if ((stages & known.flag) == 0) continue;
        text += (text.empty() ? "" : "+") + std::string(known.name);
        stages &= ~known.flag;
    }
    if (stages != 0) text += fmt::format("{}{:#x}", text.empty() ? "" : "+", stages);
    return text.empty() ? "nothing" : text;
}

std::string layout_text(VkImageLayout layout) {
    switch (layout) {
        case VK_IMAGE_LAYOUT_UNDEFINED:
            return "undefined";
        case VK_IMAGE_LAYOUT_GENERAL:
            return "general";
        case VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL:
            return "colour attachment";
        case VK_IMAGE_LAYOUT_DEPTH_ATTACHMENT_OPTIMAL:
            return "depth attachment";
        case VK_IMAGE_LAYOUT_DEPTH_READ_ONLY_OPTIMAL:
            return "depth read-only";
        case VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL:
            return "sampled";
        case VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL:
            return "copy source";
        case VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL:
            return "copy target";
        default:
            return fmt::format("layout {}", static_cast<int>(layout));
    }
}

std::string layers_text(const ResourceInfo& resource, std::uint32_t first, std::uint32_t count) {
    if (count == resource.layers) return "";
    if (count == 1) return fmt::format(" layer {}", first);
    return fmt::format(" layers {}-{}", first, first + count - 1);
}

}  // namespace

std::string to_text(const FrameGraph& graph, const FramePlan& plan) {
    std::string text;
    const auto& resources = graph.resources();
    const auto& passes = graph.passes();
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
        for (const PlannedBarrier& b : plan.steps[i].barriers) {
            const ResourceInfo& resource = resources[b.resource];
            text += fmt::format("     | {}{}: {} -> {}", resource.name,
                                layers_text(resource, b.first_layer, b.layers),
                                stage_text(b.from.stage), stage_text(b.to.stage));
            if (resource.is_image) {
                text +=
                    fmt::format(", {} -> {}", layout_text(b.from.layout), layout_text(b.to.layout));
            }
            text += "\n";
        }
        text += fmt::format("{:4} {}\n", i, passes[plan.steps[i].pass].name);
    }
    for (const std::uint32_t pass : plan.dropped) {
        text += fmt::format("dropped {}\n", passes[pass].name);
    }
    return text;
}

}  // namespace huntsman::engine::gpu
