// Maps written by others.
#include "tests/scenarios/opendrive/interop.h"

#include "scenarios/opendrive/opendrive.h"

namespace huntsman::scenarios::opendrive {
namespace {

TEST_P(InteropMap, IsReadWithoutErrors) {
    auto reading = read(path());
    ASSERT_TRUE(reading.ok()) << reading.error().text();
    EXPECT_FALSE(reading->model.roads.empty());
    for (const Finding& finding : reading->findings)
        EXPECT_NE(finding.severity, Severity::kError)
            << finding.line << ": " << finding.rule << ": " << finding.message;
}
INSTANTIATE_TEST_SUITE_P(Maps, InteropMap, testing::ValuesIn(interop_maps()),
                         [](const auto& instance) { return instance.param; });

}  // namespace
}  // namespace huntsman::scenarios::opendrive
