#include "engine/core/trace.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/core/files.h"

namespace huntsman::engine::core {

using nlohmann::ordered_json;

void Trace::add(const std::string& track, Span span) {
    const std::lock_guard lock(mutex_);
    const auto found = std::find(tracks_.begin(), tracks_.end(), track);
    const auto index = static_cast<std::size_t>(found - tracks_.begin());
    if (found == tracks_.end()) tracks_.push_back(track);
    events_.push_back({index, std::move(span)});
}

std::string Trace::json() const {
    const std::lock_guard lock(mutex_);
    constexpr int kProcess = 1;
    ordered_json events = ordered_json::array();
    events.push_back({{"name", "process_name"},
                      {"ph", "M"},
                      {"pid", kProcess},
                      {"args", {{"name", "huntsman"}}}});
    for (std::size_t t = 0; t < tracks_.size(); ++t) {
        events.push_back({{"name", "thread_name"},
                          {"ph", "M"},
                          {"pid", kProcess},
                          {"tid", t},
                          {"args", {{"name", tracks_[t]}}}});
        events.push_back({{"name", "thread_sort_index"},
                          {"ph", "M"},
                          {"pid", kProcess},
                          {"tid", t},
                          {"args", {{"sort_index", t}}}});
    }

    // What encloses comes before what it encloses.
    std::vector<const Event*> sorted;
    for (const Event& event : events_) sorted.push_back(&event);
    std::stable_sort(sorted.begin(), sorted.end(), [](const Event* a, const Event* b) {
        if (a->track != b->track) return a->track < b->track;
        if (a->span.start != b->span.start) return a->span.start < b->span.start;
        return a->span.end > b->span.end;
    });
    for (const Event* event : sorted) {
        // Both ends are rounded to nanoseconds alike, so that what nests stays nested.
        const auto us = [&](TraceClock::time_point time) {
            return 1e-3 *
                   static_cast<double>(
                       std::chrono::duration_cast<std::chrono::nanoseconds>(time - zero_).count());
        };
        const double start = us(event->span.start);
        events.push_back({{"name", event->span.name},
                          {"ph", "X"},
                          {"pid", kProcess},
                          {"tid", event->track},
                          {"ts", start},
                          {"dur", std::max(0.0, us(event->span.end) - start)}});
    }
    return ordered_json{{"displayTimeUnit", "ms"}, {"traceEvents", std::move(events)}}.dump() +
           "\n";
}

Status Trace::write(const std::filesystem::path& path) const { return write_file(path, json()); }

}  // namespace huntsman::engine::core
