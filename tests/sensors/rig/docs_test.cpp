// The table of docs/sensors.md says what the field list says.
#include <gtest/gtest.h>

#include "engine/core/describe_table.h"
#include "engine/core/files.h"
#include "engine/world/rig_fields.h"

namespace huntsman::sensors::rig {
namespace {

TEST(RigDocs, TheTableOfCalibrationErrorsIsThatOfTheFieldList) {
    const auto page =
        engine::core::read_file(std::string(HUNTSMAN_SOURCE_DIR) + "/docs/sensors.md").value();
    EXPECT_EQ(
        engine::core::table_difference(
            page, "calibration_error",
            engine::core::field_table(engine::core::field_rows<engine::world::CalibrationError>())),
        "");
}

}  // namespace
}  // namespace huntsman::sensors::rig
