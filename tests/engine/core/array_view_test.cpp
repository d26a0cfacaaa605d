#include "engine/core/array_view.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace huntsman::engine::core {
namespace {

TEST(ArrayView, ElementsStandRowByRow) {
    std::vector<int> values = {0, 1, 2, 10, 11, 12};
    const ArrayView<int> view(values, 2, 3);
    EXPECT_EQ(view.rows(), 2U);
    EXPECT_EQ(view.columns(), 3U);
    for (std::size_t row = 0; row < 2; ++row) {
        for (std::size_t column = 0; column < 3; ++column) {
            EXPECT_EQ(view(row, column), static_cast<int>(10 * row + column));
        }
    }
    EXPECT_EQ(&view(1, 0), values.data() + 3);
}

TEST(ArrayView, WritesGoToTheViewedValues) {
    std::vector<float> values(6);
    const ArrayView<float> view(values, 3, 2);
    view(2, 1) = 5;
    view.row(1)[0] = 7;
    EXPECT_EQ(values, (std::vector<float>{0, 0, 7, 0, 0, 5}));
}

TEST(ArrayView, ARowHasTheElementsOfItsColumns) {
    const std::vector<std::uint8_t> values = {1, 2, 3, 4, 5, 6};
    const ArrayView<const std::uint8_t> view(values, 2, 3);
    const auto row = view.row(1);
    EXPECT_EQ(std::vector<std::uint8_t>(row.begin(), row.end()),
              (std::vector<std::uint8_t>{4, 5, 6}));
    EXPECT_EQ(view.values().data(), values.data());
    EXPECT_EQ(view.values().size(), values.size());
}

TEST(ArrayView, WithoutValuesItHasNoRows) {
    const ArrayView<int> view;
    EXPECT_EQ(view.rows(), 0U);
    EXPECT_EQ(view.columns(), 0U);
    EXPECT_TRUE(view.values().empty());
}

TEST(ArrayViewDeathTest, SizesThatDoNotFitAreRefused) {
    std::vector<int> values(5);
    EXPECT_DEATH((ArrayView<int>(values, 2, 3)), "5 values for 2 rows of 3 columns");
}

}  // namespace
}  // namespace huntsman::engine::core
