// What a frame does, declared first, ordered and synchronised afterwards.
//
//   FrameGraph graph;
//   const Resource depth = graph.add_resource(image_resource("depth", image, Origin::kScratch));
//   graph.add_pass({.name = "surfaces", .uses = {writes(depth, Use::kDepthAttachment)},
//                   .record = ...});
//   graph.add_pass({.name = "resolve", .uses = {reads(depth, Use::kSampledCompute)},
//                   .record = ...});
//   auto plan = compile(graph);  // order, dropped passes, barriers: no device needed
//
// A pass sees the latest write declared before it. Where a resource has no content of its own and
// no earlier pass writes it, a read waits for the first later pass that does; so passes may be
// declared in any order as long as each thing is written once. Passes run in the order of their
// declaration unless that forces another one. FrameRunner executes a plan.
#pragma once

#include <vulkan/vulkan.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "engine/gpu/resources.h"

namespace huntsman::engine::gpu {

// How a pass touches a resource; with the mode it gives pipeline stage, access and image layout.
enum class Use : std::uint8_t {
    kColourAttachment,
    kDepthAttachment,
    kSampledFragment,
    kSampledCompute,  // also a buffer as texels
    kStorage,         // of compute shaders: an image or a buffer
    kUniform,         // by all shader stages
    kVertex,          // vertices, indices and streams that step per instance
    kIndirect,
    kCopy,
    kHost,  // read by the host after the frame was waited for
};

enum class Mode : std::uint8_t {
    kRead,
    kWrite,   // replaces the whole content; what was there before is of no use
    kModify,  // keeps what it does not touch: blending, partial copies, drawing on top
};

// What the content of a resource is worth before and after a frame. Its memory is the caller's.
enum class Origin : std::uint8_t {
    kImported,  // content lives from frame to frame, so writing it is never useless
    kReadOnly,  // no pass may write it
    kScratch,   // content is worthless before the frame and after it
};

// The state in which a resource, or a layer of it, was left.
struct Usage {
    VkPipelineStageFlags2 stage = VK_PIPELINE_STAGE_2_NONE;
    VkAccessFlags2 access = VK_ACCESS_2_NONE;
    VkImageLayout layout = VK_IMAGE_LAYOUT_UNDEFINED;  // of images
    bool operator==(const Usage&) const = default;
};
// Of each layer; buffers have one. Empty: never used.
using History = std::vector<Usage>;

struct ResourceInfo {
    std::string name;  // unique in the graph
    Origin origin = Origin::kScratch;
    bool is_image = false;
    std::uint32_t layers = 1;
    // Compilation does not look at the handles.
    VkImage image = VK_NULL_HANDLE;
    VkBuffer buffer = VK_NULL_HANDLE;
    VkImageAspectFlags aspect = VK_IMAGE_ASPECT_COLOR_BIT;
    // Where the caller keeps the state between frames; FrameRunner brings it up to date. Without
    // one, the resource counts as never used, which is right for what the host fills.
    History* history = nullptr;
};
ResourceInfo image_resource(std::string name, const Image& image, Origin origin,
                            History* history = nullptr);
ResourceInfo buffer_resource(std::string name, const Buffer& buffer, Origin origin,
                             History* history = nullptr);

struct Resource {
    std::uint32_t index = 0;
};

constexpr std::uint32_t kAllLayers = ~0U;

struct PassUse {
    Resource resource;
    Use use = Use::kCopy;
    Mode mode = Mode::kRead;
    std::uint32_t layer = kAllLayers;  // or one layer of an image
};
PassUse reads(Resource resource, Use use, std::uint32_t layer = kAllLayers);
PassUse writes(Resource resource, Use use, std::uint32_t layer = kAllLayers);
PassUse modifies(Resource resource, Use use, std::uint32_t layer = kAllLayers);

struct Pass {
    std::string name;  // unique in the graph
    // Several uses of the same layer must all be reads in one layout.
    std::vector<PassUse> uses;
    std::function<void(VkCommandBuffer)> record;  // may be empty
    bool needed = false;                          // runs even if no pass reads what it writes
};

class FrameGraph {
  public:
    Resource add_resource(ResourceInfo info);
    void add_pass(Pass pass);
    // Forgets all passes and resources.
    void clear();

    const std::vector<ResourceInfo>& resources() const { return resources_; }
    const std::vector<Pass>& passes() const { return passes_; }

  private:
    std::vector<ResourceInfo> resources_;
    std::vector<Pass> passes_;
};

struct PlannedBarrier {
    std::uint32_t resource = 0;
    std::uint32_t first_layer = 0, layers = 1;
    Usage from, to;  // from's layout is "undefined" where the old content is of no use
};

struct Step {
    std::uint32_t pass = 0;
    std::vector<PlannedBarrier> barriers;  // before the pass
};

struct FramePlan {
    std::vector<Step> steps;             // in order
    std::vector<std::uint32_t> dropped;  // passes whose results nobody needs
    std::vector<History> after;          // state of each resource after the frame
};

// Errors, each naming pass and resource: two passes or resources of one name, a read of what nobody
// writes, a write to what is read-only, passes that wait for each other, a use that does not suit
// the resource, contradicting uses in one pass.
// Cost: microseconds a pass.
core::Result<FramePlan> compile(const FrameGraph& graph);

// Stage, access and layout of a use.
Usage usage_of(Use use, Mode mode, bool is_image);

// The plan for people: passes in order with the barriers before each, dropped passes.
std::string to_text(const FrameGraph& graph, const FramePlan& plan);

}  // namespace huntsman::engine::gpu
