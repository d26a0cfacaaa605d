// The driver's time: how long after a camera frame the action that answers it takes effect.
//
// It is declared, a constant or a distribution, so that a run is a function of its options on every
// machine; then each frame is looked at, however long the answers take (a pipeline). Or it is
// measured: the wall time of each call of the driver. The frames that come while the driver is
// still busy are then not shown to it, as in a car, and the run cannot be compared with others.
//
// docs/using.md explains how a latency is written.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "engine/core/random.h"
#include "engine/core/result.h"
#include "engine/core/time.h"

namespace huntsman::bridge::loop {

// All times in milliseconds. What is drawn is clipped to 0 to kMostLatency_ms and rounded to whole
// microseconds.
constexpr int kMostLatency_ms = 10'000;

struct ConstantLatency {
    int ms = 50;
    bool operator==(const ConstantLatency&) const = default;
};
struct NormalLatency {
    double mean_ms = 50, sd_ms = 10;
    bool operator==(const NormalLatency&) const = default;
};
struct UniformLatency {
    double low_ms = 40, high_ms = 60;
    bool operator==(const UniformLatency&) const = default;
};
// The logarithm is normal, with the standard deviation `sigma`; nothing is above `most_ms`.
struct LogNormalLatency {
    double median_ms = 50, sigma = 0.3, most_ms = kMostLatency_ms;
    bool operator==(const LogNormalLatency&) const = default;
};
// The wall time of the driver's call, neither clipped nor drawn.
struct MeasuredLatency {
    bool operator==(const MeasuredLatency&) const = default;
};

using Latency =
    std::variant<ConstantLatency, NormalLatency, UniformLatency, LogNormalLatency, MeasuredLatency>;

// "constant", "normal", "uniform", "lognormal" or "measured".
const char* kind(const Latency& latency);
inline bool is_measured(const Latency& latency) {
    return std::holds_alternative<MeasuredLatency>(latency);
}

// A declared latency: "50" (whole milliseconds, 0 to 2000) or "normal:mean=60,sd=10". The error
// begins with "is": whoever has asked says for what.
engine::core::Result<Latency> parse_latency(const std::string& text);
// "50", "normal:mean=60,sd=10" with every field, or "measured".
std::string text(const Latency& latency);

// Of a frame. `key` is the run's; the same key, frame and latency give the same time. Precondition:
// the latency is declared.
engine::core::TimeUs draw_latency_us(const Latency& latency, const engine::core::Key& key,
                                     std::uint64_t frame);

// What became of a run's frames and answers.
struct LatencyLog {
    std::vector<engine::core::TimeUs> answers_us;  // latency of each answer, in their order
    std::uint64_t frames_dropped = 0;  // came while the driver was busy, and were not shown to it
    std::uint64_t answers_late = 0;    // a newer one took effect no later: they never did
};

// Over the answers; NaN without any.
struct LatencySummary {
    double mean_ms, median_ms, p95_ms, max_ms;
};
LatencySummary summary(const LatencyLog& log);

// Follows a run's driver from frame to frame.
class DriverTime {
  public:
    DriverTime(const Latency& latency, const engine::core::Key& key)
        : latency_(latency), key_(key) {}

    // A frame comes. False: the driver is busy with an earlier one, and the frame is dropped.
    // Always true with a declared latency.
    bool takes_frame(engine::core::TimeUs now_us);
    // The latency of an answer to the frame, of which the driver's call took `measured_us`.
    engine::core::TimeUs latency_us(std::uint64_t frame, engine::core::TimeUs measured_us) const;
    // The driver answers what it saw at `seen_us` after this latency.
    void answered(engine::core::TimeUs seen_us, engine::core::TimeUs latency_us);
    void late(std::uint64_t answers) { log_.answers_late += answers; }

    const LatencyLog& log() const { return log_; }

  private:
    Latency latency_;
    engine::core::Key key_;
    engine::core::TimeUs busy_until_us_ = 0;
    LatencyLog log_;
};

}  // namespace huntsman::bridge::loop
