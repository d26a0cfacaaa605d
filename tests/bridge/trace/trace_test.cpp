#include "bridge/trace/trace.h"

#include <gtest/gtest.h>

#include "engine/core/files.h"

namespace huntsman::bridge::trace {
namespace {

namespace fs = std::filesystem;

std::string error_of(const TraceFiles& files) {
    engine::core::JobPool pool(1);
    const auto traces = Traces::create(files, &pool);
    return traces ? "" : traces.error().text();
}

TEST(Traces, UnknownEndingsAreErrors) {
    EXPECT_EQ(error_of({.osi = "a.txt"}),
              "a.txt: --trace-osi is a file of another ending, expected .osi or .mcap");
    EXPECT_EQ(error_of({.mcap = "a.osi"}),
              "a.osi: --mcap is a file of another ending, expected .mcap");
}

TEST(Traces, OneFileForBothIsAnError) {
    EXPECT_EQ(error_of({.osi = "a.mcap", .mcap = "./a.mcap"}),
              "a.mcap: --trace-osi and --mcap are the same file, expected two");
}

TEST(Traces, NothingIsWrittenUnlessItIsAskedFor) {
    engine::core::JobPool pool(1);
    EXPECT_FALSE(TraceFiles{}.any());
    EXPECT_TRUE(Traces::create({}, &pool));
}

}  // namespace
}  // namespace huntsman::bridge::trace
