#include "engine/gpu/frame_runner.h"

#include <utility>

#include "engine/gpu/check.h"

namespace huntsman::engine::gpu {

using core::milliseconds;
using core::Result;
using core::Status;

namespace {

using Clock = core::TraceClock;

void record_barriers(VkCommandBuffer commands, const FrameGraph& graph, const Step& step) {
    std::vector<VkImageMemoryBarrier2> images;
    std::vector<VkBufferMemoryBarrier2> buffers;
    for (const PlannedBarrier& b : step.barriers) {
        const ResourceInfo& resource = graph.resources()[b.resource];
        if (resource.is_image) {
            images.push_back({.sType = VK_STRUCTURE_TYPE_IMAGE_MEMORY_BARRIER_2,
                              .srcStageMask = b.from.stage,
                              .srcAccessMask = b.from.access,
                              .dstStageMask = b.to.stage,
                              .dstAccessMask = b.to.access,
                              .oldLayout = b.from.layout,
                              .newLayout = b.to.layout,
                              .srcQueueFamilyIndex = VK_QUEUE_FAMILY_IGNORED,
                              .dstQueueFamilyIndex = VK_QUEUE_FAMILY_IGNORED,
                              .image = resource.image,
                              .subresourceRange = {resource.aspect, 0, VK_REMAINING_MIP_LEVELS,
                                                   b.first_layer, b.layers}});
        } else {
            buffers.push_back({.sType = VK_STRUCTURE_TYPE_BUFFER_MEMORY_BARRIER_2,
                               .srcStageMask = b.from.stage,
                               .srcAccessMask = b.from.access,
                               .dstStageMask = b.to.stage,
                               .dstAccessMask = b.to.access,
                               .srcQueueFamilyIndex = VK_QUEUE_FAMILY_IGNORED,
                               .dstQueueFamilyIndex = VK_QUEUE_FAMILY_IGNORED,
                               .buffer = resource.buffer,
                               .size = VK_WHOLE_SIZE});
        }
    }
    if (images.empty() && buffers.empty()) return;
    const VkDependencyInfo info{
        .sType = VK_STRUCTURE_TYPE_DEPENDENCY_INFO,
        .bufferMemoryBarrierCount = static_cast<std::uint32_t>(buffers.size()),
        .pBufferMemoryBarriers = buffers.data(),
        .imageMemoryBarrierCount = static_cast<std::uint32_t>(images.size()),
        .pImageMemoryBarriers = images.data()};
    vkCmdPipelineBarrier2(commands, &info);
}

}  // namespace

Result<FrameRunner> FrameRunner::create(const Device& device) {
    FrameRunner runner;
    runner.device_ = &device;
    HM_TAKE(runner.commands_, device.command_buffer());
    return runner;
}

FrameRunner::~FrameRunner() {
    if (timestamps_) vkDestroyQueryPool(device_->handle(), timestamps_, nullptr);
}

FrameRunner::FrameRunner(FrameRunner&& other) noexcept { *this = std::move(other); }

FrameRunner& FrameRunner::operator=(FrameRunner&& other) noexcept {
    std::swap(device_, other.device_);
    std::swap(commands_, other.commands_);
    std::swap(timestamps_, other.timestamps_);
    std::swap(timestamp_count_, other.timestamp_count_);
    return *this;
}

PassTiming FrameRunner::best_timing() const {
    return device_->info().timestamp_bits > 0 ? PassTiming::kTimestamps : PassTiming::kAlone;
}

// Records steps [first, first + count), with a timestamp before the first and after each.
Status FrameRunner::record(const FrameGraph& graph, const FramePlan& plan, std::size_t first,
                           std::size_t count, bool timestamps) const {
    const VkCommandBufferBeginInfo begin{.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO,
                                         .flags = VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT};
    HM_VK(vkBeginCommandBuffer(commands_, &begin));
    std::uint32_t query = 0;
    const auto timestamp = [&] {
        if (!timestamps) return;
        vkCmdWriteTimestamp2(commands_, VK_PIPELINE_STAGE_2_ALL_COMMANDS_BIT, timestamps_, query++);
    };
    if (timestamps) vkCmdResetQueryPool(commands_, timestamps_, 0, timestamp_count_);
    timestamp();
    for (std::size_t i = first; i < first + count; ++i) {
        record_barriers(commands_, graph, plan.steps[i]);
        const Pass& pass = graph.passes()[plan.steps[i].pass];
        if (pass.record) pass.record(commands_);
        timestamp();
    }
    HM_VK(vkEndCommandBuffer(commands_));
    return {};
}

Status FrameRunner::reserve_timestamps(std::uint32_t count) {
    if (count <= timestamp_count_) return {};
    if (timestamps_) vkDestroyQueryPool(device_->handle(), timestamps_, nullptr);
    timestamps_ = VK_NULL_HANDLE;
    timestamp_count_ = 0;
    const VkQueryPoolCreateInfo info{.sType = VK_STRUCTURE_TYPE_QUERY_POOL_CREATE_INFO,
                                     .queryType = VK_QUERY_TYPE_TIMESTAMP,
                                     .queryCount = 2 * count};  // room to grow
    HM_VK(vkCreateQueryPool(device_->handle(), &info, nullptr, &timestamps_));
    timestamp_count_ = info.queryCount;
    return {};
}

Result<FrameTiming> FrameRunner::run(const FrameGraph& graph, PassTiming timing) {
    FrameTiming result;
    const auto start = Clock::now();
    HM_TAKE(FramePlan plan, compile(graph));
    const auto& steps = plan.steps;
    const auto name = [&](std::size_t i) { return graph.passes()[steps[i].pass].name; };
    if (timing == PassTiming::kTimestamps && device_->info().timestamp_bits == 0) {
        timing = PassTiming::kNone;
    }

    if (timing == PassTiming::kAlone) {
        for (std::size_t i = 0; i < steps.size(); ++i) {
            const auto recording = Clock::now();
            HM_TRY(record(graph, plan, i, 1, false));
            const auto submitted = Clock::now();
            HM_TRY(device_->submit_and_wait(commands_));
            result.finished = Clock::now();
            if (i == 0) result.submitted = submitted;
            result.record_ms += milliseconds(submitted - recording);
            result.gpu_ms += milliseconds(result.finished - submitted);
            result.passes.push_back({name(i), submitted, result.finished});
        }
    } else {
        const auto queries = static_cast<std::uint32_t>(steps.size() + 1);
        const bool timestamps = timing == PassTiming::kTimestamps;
        if (timestamps) HM_TRY(reserve_timestamps(queries));
        HM_TRY(record(graph, plan, 0, steps.size(), timestamps));
        result.submitted = Clock::now();
        HM_TRY(device_->submit_and_wait(commands_));
        result.finished = Clock::now();
        result.record_ms = milliseconds(result.submitted - start);
        result.gpu_ms = milliseconds(result.finished - result.submitted);
        if (timestamps) {
            std::vector<std::uint64_t> ticks(queries);
            HM_VK(vkGetQueryPoolResults(device_->handle(), timestamps_, 0, queries,
                                        ticks.size() * sizeof(std::uint64_t), ticks.data(),
                                        sizeof(std::uint64_t),
                                        VK_QUERY_RESULT_64_BIT | VK_QUERY_RESULT_WAIT_BIT));
            // The device's clock has another zero: its last tick is when waiting ended.
            const double ms_per_tick = 1e-6 * device_->info().limits.timestampPeriod;
            const std::uint64_t mask = ~std::uint64_t{0} >> (64 - device_->info().timestamp_bits);
            const auto time_of = [&](std::size_t i) {
                const std::uint64_t to_end = (ticks.back() - ticks[i]) & mask;
                return result.finished - std::chrono::duration_cast<Clock::duration>(
                                             std::chrono::duration<double, std::milli>(
                                                 ms_per_tick * static_cast<double>(to_end)));
            };
            for (std::size_t i = 0; i < steps.size(); ++i) {
                result.passes.push_back({name(i), time_of(i), time_of(i + 1)});
            }
        }
    }

    for (std::size_t r = 0; r < graph.resources().size(); ++r) {
        if (graph.resources()[r].history) {
            *graph.resources()[r].history = std::move(plan.after[r]);
        }
    }
    return result;
}

}  // namespace huntsman::engine::gpu
