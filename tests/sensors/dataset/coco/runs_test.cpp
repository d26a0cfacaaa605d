#include "sensors/dataset/coco/runs.h"

#include <gtest/gtest.h>

namespace huntsman::sensors::dataset::coco {
namespace {

TEST(CocoRuns, AreaSurvivesAndDamageIsFound) {
    Runs runs;
    // Picture of 1000 pixels with runs of 3 and 40, and one to the end.
    for (const auto& [from, to] : {std::pair{7U, 10U}, {500U, 540U}, {980U, 1000U}}) {
        for (std::uint32_t at = from; at < to; ++at) runs.add(at);
    }
    const std::string text = runs.text(1000);
    EXPECT_EQ(area_of_runs(text, 1000), 63);
    EXPECT_EQ(area_of_runs(text, 999), -1);
    EXPECT_EQ(area_of_runs(text.substr(0, text.size() - 1), 1000), -1);
    EXPECT_EQ(area_of_runs("\x7f\x01", 1000), -1);
}

}  // namespace
}  // namespace huntsman::sensors::dataset::coco
