// Field lists of latencies; see engine/core/describe.h. Keys are those that people write.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "bridge/loop/latency.h"
#include "engine/core/describe.h"
#include "engine/core/json_file.h"

namespace huntsman::bridge::loop {

constexpr engine::core::About milliseconds(const char* key, const char* doc, bool required = true) {
    return {.low = 0, .high = kMostLatency_ms, .doc = doc, .key = key, .required = required};
}

constexpr const char* name_of(engine::core::Of<NormalLatency>) { return "normal"; }
constexpr void describe(engine::core::Of<NormalLatency>, auto&& field) {
    field("mean_ms", &NormalLatency::mean_ms, milliseconds("mean", "the mean [ms]"));
    field("sd_ms", &NormalLatency::sd_ms, milliseconds("sd", "the standard deviation [ms]"));
}
constexpr const char* name_of(engine::core::Of<UniformLatency>) { return "uniform"; }
constexpr void describe(engine::core::Of<UniformLatency>, auto&& field) {
    field("low_ms", &UniformLatency::low_ms, milliseconds("low", "the shortest time [ms]"));
    field("high_ms", &UniformLatency::high_ms, milliseconds("high", "the longest time [ms]"));
}
constexpr const char* name_of(engine::core::Of<LogNormalLatency>) { return "lognormal"; }
constexpr void describe(engine::core::Of<LogNormalLatency>, auto&& field) {
    field("median_ms", &LogNormalLatency::median_ms, milliseconds("median", "the median [ms]"));
    field(
        "sigma", &LogNormalLatency::sigma,
        {.low = 0, .high = 5, .doc = "the standard deviation of the logarithm", .required = true});
    field("most_ms", &LogNormalLatency::most_ms,
          milliseconds("most", "the longest time [ms]", false));
}

// As options hold it: a constant as a number, others as `text` has them.
void read_json(const engine::core::JsonNode& node, const char* key, Latency& latency);
void write_json(nlohmann::ordered_json& json, const char* key, const Latency& latency);

}  // namespace huntsman::bridge::loop
