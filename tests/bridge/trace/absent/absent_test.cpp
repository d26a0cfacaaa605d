#include <gtest/gtest.h>

#include "bridge/trace/trace.h"

namespace huntsman::bridge::trace {
namespace {

TEST(TracesWithoutDefinitions, SayWhatIsMissing) {
    engine::core::JobPool pool(1);
    for (const TraceFiles& files : {TraceFiles{.osi = "a.osi"}, TraceFiles{.mcap = "a.mcap"}}) {
        const auto traces = Traces::create(files, &pool);
        ASSERT_FALSE(traces);
        EXPECT_EQ(traces.error().kind, engine::core::ErrorKind::kMachine);
        EXPECT_NE(traces.error().text().find("cmake/fetch_definitions.py build/definitions"),
                  std::string::npos);
        EXPECT_FALSE(std::filesystem::exists("a.osi"));
    }
}

}  // namespace
}  // namespace huntsman::bridge::trace
