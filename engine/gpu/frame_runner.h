// Executes frame graphs: records barriers and passes, submits, waits and measures.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/core/trace.h"
#include "engine/gpu/device.h"
#include "engine/gpu/frame_graph.h"

namespace huntsman::engine::gpu {

enum class PassTiming : std::uint8_t {
    kNone,
    kTimestamps,  // the device's own clock between the passes of one submission
    // Each pass is submitted alone and waited for: for devices without such a clock. The whole
    // frame takes longer than without.
    kAlone,
};

struct FrameTiming {
    double record_ms = 0;  // compiling and recording
    double gpu_ms = 0;     // submission to completion
    // When each pass ran, its barriers included, in order; empty unless asked for.
    std::vector<core::Span> passes;
    core::TraceClock::time_point submitted, finished;
};

class FrameRunner {
  public:
    FrameRunner() = default;
    static core::Result<FrameRunner> create(const Device& device);
    ~FrameRunner();
    FrameRunner(FrameRunner&& other) noexcept;
    FrameRunner& operator=(FrameRunner&& other) noexcept;

    // Compiles the graph, runs it to completion and brings the histories of its resources up to
    // date. Without timestamps on the device, PassTiming::kTimestamps measures nothing.
    core::Result<FrameTiming> run(const FrameGraph& graph, PassTiming timing);

    // What measures passes best on this device. Lavapipe's timestamps wait for the work before
    // them, and agree with passes that are submitted alone.
    PassTiming best_timing() const;

  private:
    core::Status record(const FrameGraph& graph, const FramePlan& plan, std::size_t first,
                        std::size_t count, bool timestamps) const;
    core::Status reserve_timestamps(std::uint32_t count);

    const Device* device_ = nullptr;
    VkCommandBuffer commands_ = VK_NULL_HANDLE;
    VkQueryPool timestamps_ = VK_NULL_HANDLE;
    std::uint32_t timestamp_count_ = 0;
};

}  // namespace huntsman::engine::gpu
