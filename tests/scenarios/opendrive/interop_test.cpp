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
    // Types of objects that 1.8 does not know go on as subtypes.
    ASSERT_EQ(again->model.roads.size(), expected.roads.size());
    for (std::size_t r = 0; r < expected.roads.size(); ++r) {
        ASSERT_EQ(again->model.roads[r].objects.size(), expected.roads[r].objects.size());
        for (std::size_t i = 0; i < expected.roads[r].objects.size(); ++i) {
            auto& object = expected.roads[r].objects[i];
            if (again->model.roads[r].objects[i].type == object.type) continue;
            if (object.subtype.empty()) object.subtype = object.type;
            object.type = "none";
        }
    }
    EXPECT_TRUE(again->model == expected);
    // What was mended once needs no mending again.
    for (const Finding& finding : again->findings)
        ADD_FAILURE() << finding.line << ": " << finding.rule << ": " << finding.message;
    EXPECT_EQ(write(again->model), text);
}

}  // namespace
}  // namespace huntsman::scenarios::opendrive
