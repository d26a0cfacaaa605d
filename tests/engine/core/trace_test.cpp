#include "engine/core/trace.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>

#include "engine/core/files.h"

namespace huntsman::engine::core {
namespace {

using nlohmann::json;
using std::chrono::microseconds;

TEST(Trace, EventsHaveTheChromeFormatAndTheirTracksNames) {
    Trace trace;
    const auto now = TraceClock::now();
    trace.add("loop", {"tick", now, now + microseconds(100)});
    trace.add("device", {"resolve \"2\"", now + microseconds(20), now + microseconds(50)});
    trace.add("loop", {"think", now, now + microseconds(30)});
    const json document = json::parse(trace.json());
    std::map<int, std::string> tracks;
    std::vector<json> spans;
    for (const json& event : document.at("traceEvents")) {
        if (event.at("name") == "thread_name") {
            tracks[event.at("tid")] = event.at("args").at("name");
        }
        if (event.at("ph") == "X") spans.push_back(event);
    }
    ASSERT_EQ(spans.size(), 3U);
    // The enclosing span comes first although both start together.
    EXPECT_EQ(spans[0].at("name"), "tick");
    EXPECT_EQ(spans[1].at("name"), "think");
    EXPECT_EQ(spans[2].at("name"), "resolve \"2\"");
    EXPECT_EQ(tracks.at(spans[0].at("tid")), "loop");
    EXPECT_EQ(tracks.at(spans[2].at("tid")), "device");
    // Microseconds; a nanosecond is lost to rounding at most.
    EXPECT_NEAR(spans[0].at("dur"), 100.0, 0.002);
    EXPECT_NEAR(spans[2].at("ts").get<double>() - spans[0].at("ts").get<double>(), 20.0, 0.002);
}

TEST(Trace, ScopedSpansNestAndANullTraceTakesNone) {
    Trace trace;
    {
        const TraceSpan outer(&trace, "loop", "outer");
        const TraceSpan inner(&trace, "loop", "inner");
        const TraceSpan none(nullptr, "loop", "none");
    }
    const json document = json::parse(trace.json());
    const auto& events = document.at("traceEvents");
    const json outer = events[events.size() - 2], inner = events[events.size() - 1];
    EXPECT_EQ(outer.at("name"), "outer");
    EXPECT_EQ(inner.at("name"), "inner");
    EXPECT_GE(inner.at("ts"), outer.at("ts"));
    EXPECT_LE(inner.at("ts").get<double>() + inner.at("dur").get<double>(),
              outer.at("ts").get<double>() + outer.at("dur").get<double>() + 1e-3);
    EXPECT_EQ(trace.json().find("none"), std::string::npos);
}

TEST(Trace, ThreadsMayAddAtTheSameTime) {
    Trace trace;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i < 500; ++i) {
                const auto now = TraceClock::now();
                trace.add(fmt::format("thread {}", t), {"work", now, now});
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    const json document = json::parse(trace.json());
    const auto& events = document.at("traceEvents");
    EXPECT_EQ(std::count_if(events.begin(), events.end(),
                            [](const json& event) { return event.at("ph") == "X"; }),
              2000);
}

TEST(Trace, ABadPathIsOneSentenceThatNamesIt) {
    const Trace trace;
    const Status status = trace.write("/nonexistent/folder/trace.json");
    ASSERT_FALSE(status.ok());
    EXPECT_NE(status.error().text().find("/nonexistent/folder/trace.json"), std::string::npos)
        << status.error().text();
    const auto good = std::filesystem::temp_directory_path() / "huntsman_trace_test.json";
    ASSERT_TRUE(trace.write(good).ok());
    EXPECT_TRUE(json::accept(*read_file(good)));
    std::filesystem::remove(good);
}

}  // namespace
}  // namespace huntsman::engine::core
