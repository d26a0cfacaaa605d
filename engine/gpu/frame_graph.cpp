#include "engine/gpu/frame_graph.h"

#include <algorithm>
#include <map>
#include <queue>
#include <set>

namespace huntsman::engine::gpu {

using core::Error;
using core::Result;
using core::Status;

namespace {

constexpr VkAccessFlags2 kWriteAccess =
    VK_ACCESS_2_COLOR_ATTACHMENT_WRITE_BIT | VK_ACCESS_2_DEPTH_STENCIL_ATTACHMENT_WRITE_BIT |
    VK_ACCESS_2_SHADER_STORAGE_WRITE_BIT | VK_ACCESS_2_TRANSFER_WRITE_BIT |
    VK_ACCESS_2_HOST_WRITE_BIT | VK_ACCESS_2_MEMORY_WRITE_BIT | VK_ACCESS_2_SHADER_WRITE_BIT;
constexpr VkPipelineStageFlags2 kDepthTests =
    VK_PIPELINE_STAGE_2_EARLY_FRAGMENT_TESTS_BIT | VK_PIPELINE_STAGE_2_LATE_FRAGMENT_TESTS_BIT;
constexpr std::uint32_t kNone = ~0U;

// What a pass does with one layer of a resource.
struct Access {
    std::uint32_t pass = 0;
    Mode mode = Mode::kRead;
    Usage usage;
    std::uint32_t step = kNone;
    bool reads() const { return mode != Mode::kWrite; }
    bool writes() const { return mode != Mode::kRead; }
};

// One layer of an image, or a buffer: the unit that is tracked.
struct Layer {
    std::uint32_t resource = 0, layer = 0;
    std::vector<Access> accesses;  // each read after the write that it sees
};

// Accesses that need no barrier between them: one write, or reads in one layout.
struct Epoch {
    std::uint32_t first_step = 0;
    Usage usage;
    bool discards = false;
};

// Why a use does not suit a resource; null where it does.
const char* misuse(Use use, Mode mode, bool is_image) {
    const bool reads_only = mode == Mode::kRead;
    switch (use) {
        case Use::kColourAttachment:
            return !is_image    ? "buffers cannot be attachments"
                   : reads_only ? "colour attachments are written"
                                : nullptr;
        case Use::kDepthAttachment:
            return is_image ? nullptr : "buffers cannot be attachments";
        case Use::kSampledFragment:
            if (!is_image) return "fragment shaders sample no buffers";
            [[fallthrough]];
        case Use::kSampledCompute:
            return reads_only ? nullptr : "sampling only reads";
        case Use::kUniform:
        case Use::kVertex:
        case Use::kIndirect:
        case Use::kHost:
            return is_image      ? "images cannot be used so"
                   : !reads_only ? "such a use only reads"
                                 : nullptr;
        case Use::kStorage:
        case Use::kCopy:
            return nullptr;
    }
    return "unknown use";
}

class Compiler {
  public:
    explicit Compiler(const FrameGraph& graph)
        : resources_(graph.resources()), passes_(graph.passes()) {}

    Result<FramePlan> run() {
        HM_TRY(check_names());
        HM_TRY(collect());
        HM_TRY(let_reads_wait());
        drop_useless();
        HM_TRY(order());
        make_epochs();
        HM_TRY(make_barriers());
        return std::move(plan_);
    }

  private:
    Status check_names() const;
    Status collect();
    Status let_reads_wait();
    void drop_useless();
    Status order();
    Error cycle_error(const std::vector<std::set<std::uint32_t>>& waits_for,
                      const std::vector<std::uint32_t>& step_of) const;
    void make_epochs();
    Status make_barriers();
    void add_barrier(std::uint32_t step, const Layer& layer, const Usage& from, const Usage& to);
    Usage usage_before(std::size_t layer) const;

    const std::vector<ResourceInfo>& resources_;
    const std::vector<Pass>& passes_;
    std::vector<Layer> layers_;
    std::vector<std::size_t> first_layer_;    // of each resource, in layers_
    std::vector<std::vector<Epoch>> epochs_;  // of each layer
    FramePlan plan_;
};

Status Compiler::check_names() const {
    std::set<std::string> names;
    for (const ResourceInfo& resource : resources_) {
        if (!names.insert(resource.name).second) {
            return Error{.message = fmt::format("two resources of the frame have the name \"{}\"",
                                                resource.name)};
        }
    }
    names.clear();
    for (const Pass& pass : passes_) {
        if (!names.insert(pass.name).second) {
            return Error{
                .message = fmt::format("two passes of the frame have the name \"{}\"", pass.name)};
        }
    }
    return {};
}

// Lists the accesses to each layer in the order of declaration.
Status Compiler::collect() {
    for (std::uint32_t r = 0; r < resources_.size(); ++r) {
        first_layer_.push_back(layers_.size());
        for (std::uint32_t l = 0; l < resources_[r].layers; ++l) layers_.push_back({r, l, {}});
    }
    for (std::uint32_t p = 0; p < passes_.size(); ++p) {
        for (const PassUse& use : passes_[p].uses) {
            HM_CHECK(use.resource.index < resources_.size(), "pass {} uses resource {} of {}",
                     passes_[p].name, use.resource.index, resources_.size());
            const ResourceInfo& resource = resources_[use.resource.index];
            const auto error = [&](const std::string& why) {
                return Error{.message = fmt::format("pass \"{}\" cannot use \"{}\": {}",
                                                    passes_[p].name, resource.name, why)};
            };
            if (const char* why = misuse(use.use, use.mode, resource.is_image)) return error(why);
            if (use.mode != Mode::kRead && resource.origin == Origin::kReadOnly) {
                return error("it is read-only");
            }
            const bool all = use.layer == kAllLayers;
            if (!all && use.layer >= resource.layers) {
                return error(
                    fmt::format("layer {} is asked for, it has {}", use.layer, resource.layers));
            }
            const std::uint32_t begin = all ? 0 : use.layer;
            const std::uint32_t end = all ? resource.layers : use.layer + 1;
            const Usage usage = usage_of(use.use, use.mode, resource.is_image);
            for (std::uint32_t l = begin; l < end; ++l) {
                auto& accesses = layers_[first_layer_[use.resource.index] + l].accesses;
                if (accesses.empty() || accesses.back().pass != p) {
                    accesses.push_back({p, use.mode, usage});
                    continue;
                }
                Access& same = accesses.back();
                if (same.writes() || use.mode != Mode::kRead || same.usage.layout != usage.layout) {
                    return error("two of its uses there contradict each other");
                }
                same.usage.stage |= usage.stage;
                same.usage.access |= usage.access;
            }
        }
    }
    return {};
}

// Where a resource has no content of its own, what comes before its first write waits for it.
Status Compiler::let_reads_wait() {
    for (Layer& layer : layers_) {
        const ResourceInfo& resource = resources_[layer.resource];
        if (resource.origin == Origin::kImported || resource.origin == Origin::kReadOnly) continue;
        auto& accesses = layer.accesses;
        if (accesses.empty()) continue;
        const auto first = std::find_if(accesses.begin(), accesses.end(),
                                        [](const Access& a) { return a.mode == Mode::kWrite; });
        if (first == accesses.end()) {
            return Error{.message = fmt::format(
                             "pass \"{}\" reads \"{}\"{}, which no pass writes",
                             passes_[accesses.front().pass].name, resource.name,
                             resource.layers > 1 ? fmt::format(" layer {}", layer.layer) : "")};
        }
        std::rotate(accesses.begin(), first, first + 1);
    }
    return {};
}

void Compiler::drop_useless() {
    // A pass needs the passes that wrote what it reads; what outlives the frame is needed.
    std::vector<std::vector<std::uint32_t>> producers(passes_.size());
    std::vector<std::uint32_t> open;
    for (std::uint32_t p = 0; p < passes_.size(); ++p) {
        if (passes_[p].needed) open.push_back(p);
    }
    for (const Layer& layer : layers_) {
        std::uint32_t writer = kNone;
        for (const Access& access : layer.accesses) {
            if (access.reads() && writer != kNone) producers[access.pass].push_back(writer);
            if (access.writes()) writer = access.pass;
        }
        if (resources_[layer.resource].origin == Origin::kImported && writer != kNone) {
            open.push_back(writer);
        }
    }
    std::vector<bool> needed(passes_.size(), false);
    while (!open.empty()) {
        const std::uint32_t pass = open.back();
        open.pop_back();
        if (needed[pass]) continue;
        needed[pass] = true;
        open.insert(open.end(), producers[pass].begin(), producers[pass].end());
    }
    for (std::uint32_t p = 0; p < passes_.size(); ++p) {
        if (!needed[p]) plan_.dropped.push_back(p);
    }
    for (Layer& layer : layers_) {
        std::erase_if(layer.accesses, [&](const Access& access) { return !needed[access.pass]; });
    }
}

Status Compiler::order() {
    // Read after write, write after read, write after write.
    std::vector<std::set<std::uint32_t>> waits_for(passes_.size());
    for (const Layer& layer : layers_) {
        std::uint32_t writer = kNone;
        std::vector<std::uint32_t> readers;
        for (const Access& access : layer.accesses) {
            if (writer != kNone) waits_for[access.pass].insert(writer);
            if (access.writes()) {
                waits_for[access.pass].insert(readers.begin(), readers.end());
                readers.clear();
                writer = access.pass;
            } else {
                readers.push_back(access.pass);
            }
        }
    }

    // Of the passes that wait for nothing any more, the first declared one is next.
    std::vector<std::size_t> left(passes_.size());
    std::vector<std::vector<std::uint32_t>> waiting(passes_.size());
    std::priority_queue<std::uint32_t, std::vector<std::uint32_t>, std::greater<>> ready;
    std::vector<std::uint32_t> step_of(passes_.size(), kNone);
    for (std::uint32_t p = 0; p < passes_.size(); ++p) {
        left[p] = waits_for[p].size();
        for (const std::uint32_t other : waits_for[p]) waiting[other].push_back(p);
        const bool dropped = std::binary_search(plan_.dropped.begin(), plan_.dropped.end(), p);
        if (left[p] == 0 && !dropped) ready.push(p);
    }
    while (!ready.empty()) {
        const std::uint32_t pass = ready.top();
        ready.pop();
        step_of[pass] = static_cast<std::uint32_t>(plan_.steps.size());
        plan_.steps.push_back({pass, {}});
        for (const std::uint32_t next : waiting[pass]) {
            if (--left[next] == 0) ready.push(next);
        }
    }
    if (plan_.steps.size() + plan_.dropped.size() < passes_.size()) {
        return cycle_error(waits_for, step_of);
    }
    for (Layer& layer : layers_) {
        for (Access& access : layer.accesses) access.step = step_of[access.pass];
        std::sort(layer.accesses.begin(), layer.accesses.end(),
                  [](const Access& a, const Access& b) { return a.step < b.step; });
    }
    return {};
}

Error Compiler::cycle_error(const std::vector<std::set<std::uint32_t>>& waits_for,
                            const std::vector<std::uint32_t>& step_of) const {
    const auto stuck = [&](std::uint32_t p) {
        return step_of[p] == kNone &&
               !std::binary_search(plan_.dropped.begin(), plan_.dropped.end(), p);
    };
    // From any stuck pass, walk to one that it waits for until one comes twice.
    std::uint32_t at = 0;
    while (!stuck(at)) ++at;
    std::vector<std::uint32_t> walked;
    while (std::find(walked.begin(), walked.end(), at) == walked.end()) {
        walked.push_back(at);
        at = *std::find_if(waits_for[at].begin(), waits_for[at].end(), stuck);
    }
    std::string names;
    for (auto i = std::find(walked.begin(), walked.end(), at); i != walked.end(); ++i) {
        names += fmt::format("\"{}\" waits for ", passes_[*i].name);
    }
    return {.message = fmt::format("passes go in a circle: {}\"{}\"", names, passes_[at].name)};
}

void Compiler::make_epochs() {
    for (const Layer& layer : layers_) {
        std::vector<Epoch> epochs;
        bool joinable = false;
        for (const Access& access : layer.accesses) {
            if (joinable && !access.writes() && epochs.back().usage.layout == access.usage.layout) {
                epochs.back().usage.stage |= access.usage.stage;
                epochs.back().usage.access |= access.usage.access;
                continue;
            }
            epochs.push_back({access.step, access.usage, access.mode == Mode::kWrite});
            joinable = !access.writes();
        }
        epochs_.push_back(std::move(epochs));
    }
}

// The state of a layer before its first use in the frame.
Usage Compiler::usage_before(std::size_t layer) const {
    const ResourceInfo& resource = resources_[layers_[layer].resource];
    if (resource.history == nullptr || resource.history->empty()) return {};
    HM_CHECK(resource.history->size() == resource.layers, "the history of {} has {} layers",
             resource.name, resource.history->size());
    return (*resource.history)[layers_[layer].layer];
}

Status Compiler::make_barriers() {
    plan_.after.resize(resources_.size());
    for (std::size_t i = 0; i < layers_.size(); ++i) {
        const Layer& layer = layers_[i];
        const ResourceInfo& resource = resources_[layer.resource];
        const bool lasting =
            resource.origin == Origin::kImported || resource.origin == Origin::kReadOnly;
        Usage before = usage_before(i);
        for (std::size_t e = 0; e < epochs_[i].size(); ++e) {
            const Epoch& epoch = epochs_[i][e];
            const Usage& to = epoch.usage;
            if (e == 0 && lasting && resource.is_image && !epoch.discards &&
                before.layout == VK_IMAGE_LAYOUT_UNDEFINED) {
                return Error{.message = fmt::format(
                                 "pass \"{}\" reads \"{}\", which has no content yet",
                                 passes_[plan_.steps[epoch.first_step].pass].name, resource.name)};
            }
            const bool only_reads = ((before.access | to.access) & kWriteAccess) == 0;
            const bool same_layout = before.layout == to.layout;
            if (e == 0 && only_reads && same_layout && (to.stage & ~before.stage) == 0 &&
                (to.access & ~before.access) == 0) {
                continue;  // as in the frame before, and its readers still count
            }
            // What nobody touched before needs no barrier, but images need their layout.
            const bool untouched = before.stage == VK_PIPELINE_STAGE_2_NONE;
            if (!untouched || (resource.is_image && !same_layout)) {
                const bool worthless = epoch.discards || (e == 0 && !lasting);
                const Usage from{before.stage, before.access & kWriteAccess,
                                 worthless ? VK_IMAGE_LAYOUT_UNDEFINED : before.layout};
                add_barrier(epoch.first_step, layer, from, to);
            }
            before = to;
        }
        // The host reads after waiting for the frame, so that nothing has to wait for it.
        if (before.stage == VK_PIPELINE_STAGE_2_HOST_BIT) before = {};
        plan_.after[layer.resource].push_back(before);
    }
    return {};
}

void Compiler::add_barrier(std::uint32_t step, const Layer& layer, const Usage& from,
                           const Usage& to) {
    auto& barriers = plan_.steps[step].barriers;
    if (!barriers.empty()) {
        PlannedBarrier& last = barriers.back();
        if (last.resource == layer.resource && last.first_layer + last.layers == layer.layer &&
            last.from == from && last.to == to) {
            ++last.layers;
            return;
        }
    }
    barriers.push_back({layer.resource, layer.layer, 1, from, to});
}

}  // namespace

// --- Declaration ---

ResourceInfo image_resource(std::string name, const Image& image, Origin origin, History* history) {
    return {.name = std::move(name),
            .origin = origin,
            .is_image = true,
            .layers = image.shape().layers,
            .image = image.handle(),
            .aspect = image.aspect(),
            .history = history};
}

ResourceInfo buffer_resource(std::string name, const Buffer& buffer, Origin origin,
                             History* history) {
    return {
        .name = std::move(name), .origin = origin, .buffer = buffer.handle(), .history = history};
}

PassUse reads(Resource resource, Use use, std::uint32_t layer) {
    return {resource, use, Mode::kRead, layer};
}
PassUse writes(Resource resource, Use use, std::uint32_t layer) {
    return {resource, use, Mode::kWrite, layer};
}
PassUse modifies(Resource resource, Use use, std::uint32_t layer) {
    return {resource, use, Mode::kModify, layer};
}

Resource FrameGraph::add_resource(ResourceInfo info) {
    resources_.push_back(std::move(info));
    return {static_cast<std::uint32_t>(resources_.size() - 1)};
}

void FrameGraph::add_pass(Pass pass) { passes_.push_back(std::move(pass)); }

void FrameGraph::clear() {
    resources_.clear();
    passes_.clear();
}

// --- Compilation ---

Result<FramePlan> compile(const FrameGraph& graph) { return Compiler(graph).run(); }

Usage usage_of(Use use, Mode mode, bool is_image) {
    Usage usage;
    const bool reads = mode != Mode::kWrite, writes = mode != Mode::kRead;
    switch (use) {
        case Use::kColourAttachment:
            usage = {VK_PIPELINE_STAGE_2_COLOR_ATTACHMENT_OUTPUT_BIT,
                     VK_ACCESS_2_COLOR_ATTACHMENT_WRITE_BIT,
                     VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL};
            if (reads) usage.access |= VK_ACCESS_2_COLOR_ATTACHMENT_READ_BIT;
            break;
        case Use::kDepthAttachment:
            // Depth tests read what the same pass wrote.
            usage = {kDepthTests, VK_ACCESS_2_DEPTH_STENCIL_ATTACHMENT_READ_BIT,
                     writes ? VK_IMAGE_LAYOUT_DEPTH_ATTACHMENT_OPTIMAL
                            : VK_IMAGE_LAYOUT_DEPTH_READ_ONLY_OPTIMAL};
            if (writes) usage.access |= VK_ACCESS_2_DEPTH_STENCIL_ATTACHMENT_WRITE_BIT;
            break;
        case Use::kSampledFragment:
        case Use::kSampledCompute:
            usage = {use == Use::kSampledFragment ? VK_PIPELINE_STAGE_2_FRAGMENT_SHADER_BIT
                                                  : VK_PIPELINE_STAGE_2_COMPUTE_SHADER_BIT,
                     VK_ACCESS_2_SHADER_SAMPLED_READ_BIT, VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL};
            break;
        case Use::kStorage:
            usage = {VK_PIPELINE_STAGE_2_COMPUTE_SHADER_BIT, 0, VK_IMAGE_LAYOUT_GENERAL};
            if (reads) usage.access |= VK_ACCESS_2_SHADER_STORAGE_READ_BIT;
            if (writes) usage.access |= VK_ACCESS_2_SHADER_STORAGE_WRITE_BIT;
            break;
        case Use::kUniform:
            usage = {VK_PIPELINE_STAGE_2_VERTEX_SHADER_BIT |
                         VK_PIPELINE_STAGE_2_FRAGMENT_SHADER_BIT |
                         VK_PIPELINE_STAGE_2_COMPUTE_SHADER_BIT,
                     VK_ACCESS_2_UNIFORM_READ_BIT};
            break;
        case Use::kVertex:
            usage = {VK_PIPELINE_STAGE_2_VERTEX_INPUT_BIT,
                     VK_ACCESS_2_VERTEX_ATTRIBUTE_READ_BIT | VK_ACCESS_2_INDEX_READ_BIT};
            break;
        case Use::kIndirect:
            usage = {VK_PIPELINE_STAGE_2_DRAW_INDIRECT_BIT, VK_ACCESS_2_INDIRECT_COMMAND_READ_BIT};
            break;
        case Use::kCopy:
            // Writing goes to the target; modifying too: a copy never reads its target.
            usage = {VK_PIPELINE_STAGE_2_COPY_BIT,
                     writes ? VK_ACCESS_2_TRANSFER_WRITE_BIT : VK_ACCESS_2_TRANSFER_READ_BIT,
                     writes ? VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL
                            : VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL};
            break;
        case Use::kHost:
            usage = {VK_PIPELINE_STAGE_2_HOST_BIT, VK_ACCESS_2_HOST_READ_BIT};
            break;
    }
    if (!is_image) usage.layout = VK_IMAGE_LAYOUT_UNDEFINED;
    return usage;
}

}  // namespace huntsman::engine::gpu
