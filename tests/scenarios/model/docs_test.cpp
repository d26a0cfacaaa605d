// The tables of docs/scenarios.md and docs/towns.md say what the field lists say. A table that
// differs is printed as it should be.
#include <gtest/gtest.h>

#include "engine/core/describe_table.h"
#include "engine/core/files.h"
#include "scenarios/model/scenario_fields.h"

namespace huntsman::scenarios::model {
namespace {

using engine::core::field_rows;
using engine::core::field_table;
using engine::core::table_difference;

std::string page(const std::string& name) {
    return engine::core::read_file(std::string(HUNTSMAN_SOURCE_DIR) + "/docs/" + name).value();
}

TEST(ScenarioDocs, TablesAreThoseOfTheFieldLists) {
    const std::string scenarios = page("scenarios.md");
    EXPECT_EQ(table_difference(scenarios, "scenario", field_table(field_rows<Scenario>())), "");
    EXPECT_EQ(table_difference(scenarios, "ego", field_table(field_rows<journey::Way>())), "");
    EXPECT_EQ(table_difference(scenarios, "environment",
                               field_table(field_rows<engine::world::Environment>(), false)),
              "");
    EXPECT_EQ(
        table_difference(scenarios, "weather", field_table(field_rows<engine::world::SunClock>())),
        "");
    EXPECT_EQ(table_difference(scenarios, "states",
                               field_table(field_rows<engine::world::WeatherState>())),
              "");
    EXPECT_EQ(
        table_difference(page("towns.md"), "town", field_table(field_rows<town::TownParameters>())),
        "");
}

}  // namespace
}  // namespace huntsman::scenarios::model
