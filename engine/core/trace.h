// What took how long, for people: spans of time on named tracks, written in the Chrome trace format
// [Trace Event Format, Google 2016], which ui.perfetto.dev and chrome://tracing open.
//
// A trace is passed as a pointer to where it is wanted; a null pointer records nothing and costs
// nothing. Wall time never enters a run's state.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <mutex>
#include <string>
#include <vector>

#include "engine/core/result.h"

namespace huntsman::engine::core {

using TraceClock = std::chrono::steady_clock;

inline double milliseconds(TraceClock::duration time) {
    return std::chrono::duration<double, std::milli>(time).count();
}

struct Span {
    std::string name;
    TraceClock::time_point start, end;
};

// Any thread may add spans at any time. Spans of one track nest or follow one another.
class Trace {
  public:
    // Times count from here.
    Trace() : zero_(TraceClock::now()) {}

    // Tracks are shown in the order in which they are first used.
    void add(const std::string& track, Span span);

    // {"traceEvents": [...]} with complete ("X") events in microseconds, sorted by track and start.
    std::string json() const;
    Status write(const std::filesystem::path& path) const;

  private:
    struct Event {
        std::size_t track = 0;
        Span span;
    };
    TraceClock::time_point zero_;
    mutable std::mutex mutex_;
    std::vector<std::string> tracks_;
    std::vector<Event> events_;
};

// Adds the span from its construction to its destruction; does nothing without a trace. The names
// must outlive it.
class TraceSpan {
  public:
    TraceSpan(Trace* trace, const char* track, const char* name)
        : trace_(trace), track_(track), name_(name) {
        if (trace_) start_ = TraceClock::now();
    }
    ~TraceSpan() {
        if (trace_) trace_->add(track_, {name_, start_, TraceClock::now()});
    }
    TraceSpan(const TraceSpan&) = delete;
    TraceSpan& operator=(const TraceSpan&) = delete;

  private:
    Trace* trace_;
    const char* track_;
    const char* name_;
    TraceClock::time_point start_{};
};

}  // namespace huntsman::engine::core
