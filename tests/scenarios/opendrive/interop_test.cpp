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

TEST_P(InteropMap, IsTheSameAfterWritingAndReading) {
    const auto first = read(path());
    ASSERT_TRUE(first.ok());
    const std::string text = write(first->model);
    const auto again = parse(text, "written");
    ASSERT_TRUE(again.ok()) << again.error().text();
    auto expected = first->model;
    expected.revision_minor = 8;
    EXPECT_TRUE(again->model == expected);
    // What was mended once needs no mending again.
    for (const Finding& finding : again->findings)
        ADD_FAILURE() << finding.line << ": " << finding.rule << ": " << finding.message;
    EXPECT_EQ(write(again->model), text);
}

}  // namespace
}  // namespace huntsman::scenarios::opendrive
