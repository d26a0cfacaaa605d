#include "engine/render/finish_pass.h"

#include <algorithm>
#include <cmath>

#include "engine/gpu/check.h"

namespace huntsman::engine::render {

using core::Result;
using core::Status;

namespace {

const std::uint32_t kScanning[] = {
#include "engine/render/shaders/scan_comp.inc"
};
const std::uint32_t kGlare[] = {
#include "engine/render/shaders/glare_comp.inc"
};
const std::uint32_t kFinishing[] = {
#include "engine/render/shaders/finish_comp.inc"
};
const std::uint32_t kCollecting[] = {
#include "engine/render/shaders/collect_comp.inc"
};
const std::uint32_t kSmoothing[] = {
#include "engine/render/shaders/smooth_comp.inc"
};

const std::uint32_t kSmoothingLinear[] = {
#include "engine/render/shaders/smooth_linear_comp.inc"
};
const std::uint32_t kPuttingBack[] = {
#include "engine/render/shaders/put_back_comp.inc"
};

// Standard deviations of the glare, in shares of the picture's diagonal; as of the image sensors.
constexpr double kNear = 0.01, kFar = 0.045;
constexpr std::size_t kListHead = 4;  // words before the pixels of a view's list, see smooth.comp

std::uint32_t u32(std::size_t n) { return static_cast<std::uint32_t>(n); }

std::size_t list_of(const AtlasTile& tile, std::size_t view) {
    return tile.first_pixel + kListHead * view;
}

shader::FinishView push_of(const AtlasLayout& layout, std::size_t view, double lens_px) {
    const AtlasTile& tile = layout.tiles[view];
    const double neighbour = std::exp(-0.5 / (lens_px * lens_px)), sum = 1 + 2 * neighbour;
    const double diagonal = std::hypot(tile.width, tile.height) / shader::kGlareCell;
    return {.size = {tile.width, tile.height, 0, 0},
            .words = {u32(tile.first_edge_word), u32(tile.first_edge_word + tile.row_edge_words()),
                      u32(tile.first_pixel), 0},
            .cells = {u32(tile.first_glare_cell), tile.glare_columns(), tile.glare_rows(), 0},
            .lists = {u32(list_of(tile, view)), u32(tile.first_pixel), 0, 0},
            .kernel = {static_cast<float>(neighbour / sum), static_cast<float>(1 / sum),
                       static_cast<float>(1 / std::max(0.4, kNear * diagonal)),
                       static_cast<float>(1 / std::max(0.4, kFar * diagonal))},
            .spread = {static_cast<float>(0.5 / (lens_px * lens_px)), 0, 0, 0}};
}

}  // namespace

Result<FinishPass> FinishPass::create(const gpu::Device& device, double lens_px) {
    FinishPass pass;
    pass.lens_px_ = lens_px;
    // Long columns suit a few wide cores, few pixels a GPU's many threads.
    pass.rows_ = device.info().software ? 32 : 4;
    return pass;
}

Status FinishPass::set_layout(const gpu::Device& device, const AtlasLayout& layout,
                              const gpu::Buffer& pictures) {
    layout_ = layout;
    const auto fit = [&](gpu::Buffer& buffer, std::size_t bytes,
                         VkBufferUsageFlags more) -> Status {
        if (buffer.size() >= bytes) return {};
        HM_TAKE(buffer,
                gpu::Buffer::create(device, bytes, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT | more,
                                    gpu::MemoryUse::kDevice));
        return {};
    };
    HM_TRY(fit(radiance_, 4 * layout.pixels, VK_BUFFER_USAGE_UNIFORM_TEXEL_BUFFER_BIT));
    HM_TRY(fit(edges_, 4 * layout.edge_words, VK_BUFFER_USAGE_UNIFORM_TEXEL_BUFFER_BIT));
    HM_TRY(fit(cells_, 16 * layout.glare_cells, 0));
    HM_TRY(fit(blurred_, 2 * 16 * layout.glare_cells, 0));
    HM_TRY(fit(glare_, 4 * layout.glare_cells, VK_BUFFER_USAGE_UNIFORM_TEXEL_BUFFER_BIT));
    HM_TRY(fit(lists_, 4 * (layout.pixels + kListHead * layout.tiles.size()),
               VK_BUFFER_USAGE_INDIRECT_BUFFER_BIT));
    pictures_ = &pictures;
    if (linear_ != nullptr) return prepare_linear(device, *linear_);
    return bind(device);
}

Status FinishPass::prepare_linear(const gpu::Device& device, const gpu::Buffer& linear) {
    linear_ = &linear;
    if (aside_.size() < 12 * layout_.pixels) {
        HM_TAKE(aside_,
                gpu::Buffer::create(device, 12 * layout_.pixels, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT,
                                    gpu::MemoryUse::kDevice));
    }
    return bind(device);
}

Status FinishPass::bind(const gpu::Device& device) {
    // Every binding must be written, used or not.
    const gpu::Buffer& linear = linear_ != nullptr ? *linear_ : lists_;
    const gpu::Buffer& aside = linear_ != nullptr ? aside_ : lists_;
    const gpu::Binding bindings[] = {
        gpu::texels(radiance_), gpu::storage(edges_),     gpu::storage(cells_),
        gpu::storage(blurred_), gpu::storage(*pictures_), gpu::storage(lists_),
        gpu::texels(edges_),    gpu::storage(glare_),     gpu::texels(glare_),
        gpu::storage(linear),   gpu::storage(aside)};
    if (set_.set() != VK_NULL_HANDLE) {
        set_.rewrite(bindings);
        return {};
    }
    HM_TAKE(set_, gpu::BindingSet::create(device, bindings, VK_SHADER_STAGE_COMPUTE_BIT,
                                          sizeof(shader::FinishView)));
    return create_pipelines(device);
}

Status FinishPass::create_pipelines(const gpu::Device& device) {
    const auto make = [&](Step step, gpu::Spirv code, std::uint32_t constant) -> Status {
        HM_TAKE(pipelines_[step], gpu::create_compute(device, set_.layout(), code, {&constant, 1}));
        return {};
    };
    HM_TRY(make(kScan, kScanning, 0));
    HM_TRY(make(kGlareAcross, kGlare, 0));
    HM_TRY(make(kGlareDown, kGlare, 1));
    HM_TRY(make(kFinish, kFinishing, rows_));
    HM_TRY(make(kCollect, kCollecting, 0));
    HM_TRY(make(kSmooth, kSmoothing, 0));
    HM_TRY(make(kSmoothLinear, kSmoothingLinear, 0));
    return make(kPutBack, kPuttingBack, 0);
}

gpu::Resource FinishPass::declare_radiance(gpu::FrameGraph& graph) const {
    return graph.add_resource(gpu::buffer_resource("radiance", radiance_, gpu::Origin::kScratch));
}

void FinishPass::declare(gpu::FrameGraph& graph, gpu::Resource radiance,
                         const Wanted& wanted) const {
    using gpu::Use;
    const auto scratch = [&](const char* name, const gpu::Buffer& buffer) {
        return graph.add_resource(gpu::buffer_resource(name, buffer, gpu::Origin::kScratch));
    };
    const gpu::Resource edges = scratch("edges", edges_), cells = scratch("cells of glare", cells_),
                        lists = scratch("pixels at edges", lists_);
    const auto add = [&](const char* name, Step step, std::vector<gpu::PassUse> uses) {
        uses.push_back(gpu::reads(radiance, Use::kSampledCompute));
        graph.add_pass({.name = name,
                        .uses = std::move(uses),
                        .record = [this, step](VkCommandBuffer c) { dispatch(c, step); }});
    };
    const std::vector<gpu::PassUse> of_lists = {gpu::reads(edges, Use::kSampledCompute),
                                                gpu::reads(lists, Use::kStorage),
                                                gpu::reads(lists, Use::kIndirect)};
    const auto with = [](std::vector<gpu::PassUse> uses, std::initializer_list<gpu::PassUse> more) {
        uses.insert(uses.end(), more);
        return uses;
    };
    add("scan", kScan,
        {gpu::writes(edges, Use::kStorage), gpu::writes(cells, Use::kStorage),
         gpu::writes(lists, Use::kStorage)});
    add("collect edges", kCollect,
        {gpu::reads(edges, Use::kSampledCompute), gpu::modifies(lists, Use::kStorage)});
    if (wanted.pictures) {
        const gpu::Resource glare = scratch("glare", glare_),
                            blurred = scratch("glare blurred", blurred_);
        add("glare across", kGlareAcross,
            {gpu::reads(cells, Use::kStorage), gpu::writes(blurred, Use::kStorage)});
        add("glare down", kGlareDown,
            {gpu::reads(blurred, Use::kStorage), gpu::writes(glare, Use::kStorage)});
        add("finish", kFinish,
            {gpu::reads(glare, Use::kSampledCompute),
             gpu::writes(*wanted.pictures, Use::kStorage)});
        add("smooth edges", kSmooth,
            with(of_lists, {gpu::reads(glare, Use::kSampledCompute),
                            gpu::modifies(*wanted.pictures, Use::kStorage)}));
    }
    if (wanted.linear) {
        const gpu::Resource aside = scratch("smooth pixels", aside_);
        add("smooth linear edges", kSmoothLinear,
            with(of_lists,
                 {gpu::reads(*wanted.linear, Use::kStorage), gpu::writes(aside, Use::kStorage)}));
        add("put back", kPutBack,
            with(of_lists,
                 {gpu::reads(aside, Use::kStorage), gpu::modifies(*wanted.linear, Use::kStorage)}));
    }
}

void FinishPass::dispatch(VkCommandBuffer commands, Step step) const {
    const VkDescriptorSet set = set_.set();
    vkCmdBindDescriptorSets(commands, VK_PIPELINE_BIND_POINT_COMPUTE, set_.layout(), 0, 1, &set, 0,
                            nullptr);
    vkCmdBindPipeline(commands, VK_PIPELINE_BIND_POINT_COMPUTE, pipelines_[step].get());
    const auto groups = [](std::size_t n, std::size_t covered) {
        return u32((n + covered - 1) / covered);
    };
    for (std::size_t i = 0; i < layout_.pictures; ++i) {
        const AtlasTile& tile = layout_.tiles[i];
        const shader::FinishView push = push_of(layout_, i, lens_px_);
        vkCmdPushConstants(commands, set_.layout(), VK_SHADER_STAGE_COMPUTE_BIT, 0, sizeof push,
                           &push);
        switch (step) {
            case kScan:  // groups of 8 blocks of 32 x 32 pixels
                vkCmdDispatch(commands, groups(tile.width, 8 * 32), groups(tile.height, 32), 1);
                break;
            case kFinish:  // groups of 8 blocks, 4 pixels wide
                vkCmdDispatch(commands, groups(tile.width, 8 * 4), groups(tile.height, rows_), 1);
                break;
            case kCollect:
                vkCmdDispatch(commands, groups(tile.width, 64), groups(tile.height, 32), 1);
                break;
            case kSmooth:
            case kSmoothLinear:
            case kPutBack:
                vkCmdDispatchIndirect(commands, lists_.handle(), 4 * list_of(tile, i));
                break;
            default:
                vkCmdDispatch(commands, groups(tile.glare_cells(), 64), 1, 1);
        }
    }
}

}  // namespace huntsman::engine::render
