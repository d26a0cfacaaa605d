#include "bridge/loop/latency.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>

#include "bridge/loop/latency_fields.h"
#include "engine/core/describe_words.h"

namespace huntsman::bridge::loop {

using engine::core::Error;
using engine::core::Key;
using engine::core::Result;
using engine::core::TimeUs;

namespace {

constexpr const char *kConstant = "constant", *kMeasured = "measured";
constexpr int kMostDeclared_ms = 2000;  // of a constant, as people give it

using Distribution = std::variant<NormalLatency, UniformLatency, LogNormalLatency>;

// Of no answers there is no figure.
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

Result<Latency> parse_distribution(const std::string& text) {
    const auto read = engine::core::parse_kind<Distribution>(text, "distribution");
    if (!read) return Error{.message = fmt::format("is {}: {}", text, read.error().message)};
    const auto* uniform = std::get_if<UniformLatency>(&*read);
    if (uniform != nullptr && uniform->low_ms > uniform->high_ms) {
        return Error{.message = fmt::format("is {}: low is {}, expected at most high, which is {}",
                                            text, uniform->low_ms, uniform->high_ms)};
    }
    return std::visit([](const auto& one) { return Latency(one); }, *read);
}

double drawn_ms(const NormalLatency& one, const Key& key, std::uint64_t frame) {
    return one.mean_ms + one.sd_ms * key.normal(frame);
}
double drawn_ms(const UniformLatency& one, const Key& key, std::uint64_t frame) {
    return key.uniform(one.low_ms, one.high_ms, frame);
}
double drawn_ms(const LogNormalLatency& one, const Key& key, std::uint64_t frame) {
    return std::min(one.most_ms, one.median_ms * std::exp(one.sigma * key.normal(frame)));
}
double drawn_ms(const ConstantLatency& one, const Key&, std::uint64_t) { return one.ms; }
double drawn_ms(const MeasuredLatency&, const Key&, std::uint64_t) {
    HM_CHECK(false, "a measured latency is drawn");
    return 0;
}

}  // namespace

const char* kind(const Latency& latency) {
    return std::visit(
        []<typename T>(const T&) {
            if constexpr (std::is_same_v<T, ConstantLatency>) {
                return kConstant;
            } else if constexpr (std::is_same_v<T, MeasuredLatency>) {
                return kMeasured;
            } else {
                return name_of(engine::core::Of<T>{});
            }
        },
        latency);
}

Result<Latency> parse_latency(const std::string& text) {
    const auto names = engine::core::kind_names<Distribution>();
    if (std::ranges::find(names, engine::core::kind_word(text)) != names.end()) {
        return parse_distribution(text);
    }
    int ms = 0;
    const char* end = text.data() + text.size();
    const auto [at, code] = std::from_chars(text.data(), end, ms);
    if (code == std::errc() && at == end && ms >= 0 && ms <= kMostDeclared_ms) {
        return Latency(ConstantLatency{ms});
    }
    return Error{.message = fmt::format("is {}, expected a whole number from 0 to {}, or {} "
                                        "with its keys, as normal:mean=60,sd=10",
                                        text, kMostDeclared_ms, engine::core::listed(names))};
}

std::string text(const Latency& latency) {
    return std::visit(
        []<typename T>(const T& one) -> std::string {
            if constexpr (std::is_same_v<T, ConstantLatency>) {
                return fmt::format("{}", one.ms);
            } else if constexpr (std::is_same_v<T, MeasuredLatency>) {
                return kMeasured;
            } else {
                return engine::core::text_of_kind(one);
            }
        },
        latency);
}

void read_json(const engine::core::JsonNode& node, const char* key, Latency& latency) {
    const auto members = node.members();
    const auto found = std::ranges::find(members, key, [](const auto& one) { return one.first; });
    if (found == members.end() || !found->second.value().is_string()) {
        latency = ConstantLatency{static_cast<int>(node.integer(key, 0, kMostLatency_ms))};
        return;
    }
    const auto given = found->second.value().get<std::string>();
    if (given == kMeasured) {
        latency = MeasuredLatency{};
    } else if (const auto read = parse_latency(given)) {
        latency = *read;
    } else {
        found->second.fail(read.error().message);
    }
}

void write_json(nlohmann::ordered_json& json, const char* key, const Latency& latency) {
    if (const auto* constant = std::get_if<ConstantLatency>(&latency)) {
        json[key] = constant->ms;
    } else {
        json[key] = text(latency);
    }
}

TimeUs draw_latency_us(const Latency& latency, const Key& key, std::uint64_t frame) {
    const double ms =
        std::visit([&](const auto& one) { return drawn_ms(one, key, frame); }, latency);
    return std::llround(1e3 * std::clamp(ms, 0.0, static_cast<double>(kMostLatency_ms)));
}

LatencySummary summary(const LatencyLog& log) {
    if (log.answers_us.empty()) return {kNone, kNone, kNone, kNone};
    std::vector<TimeUs> sorted = log.answers_us;
    std::ranges::sort(sorted);
    const auto count = static_cast<double>(sorted.size());
    // The smallest value that at least this share of them does not exceed.
    const auto quantile_ms = [&](double share) {
        const auto rank = static_cast<std::size_t>(std::ceil(share * count));
        return 1e-3 * static_cast<double>(sorted[std::max<std::size_t>(rank, 1) - 1]);
    };
    const auto sum_us = std::accumulate(sorted.begin(), sorted.end(), TimeUs{0});
    return {.mean_ms = 1e-3 * static_cast<double>(sum_us) / count,
            .median_ms = quantile_ms(0.5),
            .p95_ms = quantile_ms(0.95),
            .max_ms = quantile_ms(1)};
}

bool DriverTime::takes_frame(TimeUs now_us) {
    if (!is_measured(latency_) || now_us >= busy_until_us_) return true;
    ++log_.frames_dropped;
    return false;
}

TimeUs DriverTime::latency_us(std::uint64_t frame, TimeUs measured_us) const {
    return is_measured(latency_) ? measured_us : draw_latency_us(latency_, key_, frame);
}

void DriverTime::answered(TimeUs seen_us, TimeUs latency_us) {
    busy_until_us_ = seen_us + latency_us;
    log_.answers_us.push_back(latency_us);
}

}  // namespace huntsman::bridge::loop
