#include "engine/math/grid_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "engine/core/random.h"

namespace huntsman::engine::math {
namespace {

bool intersect(const Bounds2& a, const Bounds2& b) {
    return a.low.x <= b.high.x && b.low.x <= a.high.x && a.low.y <= b.high.y && b.low.y <= a.high.y;
}

std::vector<Bounds2> random_boxes(std::size_t count, double extent_m, double size_m,
                                  std::uint64_t seed) {
    std::vector<Bounds2> boxes;
    for (std::size_t i = 0; i < count; ++i) {
        const auto key = core::Key(seed).with(i);
        const Vec2 low(key.uniform(-extent_m, extent_m, 0), key.uniform(-extent_m, extent_m, 1));
        boxes.push_back({low, low + Vec2(key.uniform(0, size_m, 2), key.uniform(0, size_m, 3))});
    }
    return boxes;
}

std::vector<std::uint32_t> found(const GridIndex& index, const Bounds2& box) {
    std::vector<std::uint32_t> items;
    index.each(box, [&](std::uint32_t i) { items.push_back(i); });
    std::sort(items.begin(), items.end());
    items.erase(std::unique(items.begin(), items.end()), items.end());
    return items;
}

TEST(GridIndex, FindsEveryBoxThatAQueryMeets) {
    const auto boxes = random_boxes(300, 60.0, 25.0, 1);
    const GridIndex index(boxes, 7.0);
    std::size_t met = 0;
    for (const Bounds2& query : random_boxes(200, 90.0, 20.0, 2)) {
        const auto items = found(index, query);
        for (std::uint32_t i = 0; i < boxes.size(); ++i) {
            if (!intersect(boxes[i], query)) continue;
            EXPECT_TRUE(std::binary_search(items.begin(), items.end(), i)) << "box " << i;
            ++met;
        }
    }
    EXPECT_GT(met, 500U);
}

TEST(GridIndex, GivesNothingFurtherThanACell) {
    constexpr double kCell_m = 7.0;
    const auto boxes = random_boxes(300, 60.0, 25.0, 3);
    const GridIndex index(boxes, kCell_m);
    for (const Bounds2& query : random_boxes(200, 90.0, 20.0, 4)) {
        for (const std::uint32_t i : found(index, query)) {
            EXPECT_TRUE(intersect(boxes[i], {query.low - kCell_m, query.high + kCell_m}));
        }
    }
}

TEST(GridIndex, CellOfAPointListsBoxesInAscendingOrder) {
    const auto boxes = random_boxes(200, 20.0, 15.0, 5);
    const GridIndex index(boxes, 4.0);
    for (const Bounds2& query : random_boxes(100, 15.0, 1.0, 6)) {
        const auto items = index.at(query.low);
        EXPECT_TRUE(std::is_sorted(items.begin(), items.end()));
        const auto same = found(index, {query.low, query.low});
        EXPECT_TRUE(std::equal(items.begin(), items.end(), same.begin(), same.end()));
    }
}

TEST(GridIndex, HasNoItemsBeyondTheGrid) {
    const Bounds2 boxes[] = {{{0, 0}, {10, 10}}};
    const GridIndex index(boxes, 4.0);
    EXPECT_EQ(index.columns(), 3);
    EXPECT_EQ(index.at({11.9, 5}).size(), 1U);  // the last cell reaches to 12
    constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
    for (const Vec2& p : {Vec2(-0.1, 5), Vec2(12.1, 5), Vec2(5, -0.1), Vec2(5, 12.1),
                          Vec2(1e300, 5), Vec2(5, -1e300), Vec2(kNaN, 5), Vec2(5, kNaN)}) {
        EXPECT_TRUE(index.at(p).empty()) << p.x << ' ' << p.y;
        EXPECT_TRUE(found(index, {p, p}).empty()) << p.x << ' ' << p.y;
    }
    EXPECT_EQ(found(index, {{-1e300, -1e300}, {1e300, 1e300}}).size(), 1U);
}

TEST(GridIndex, BorderCellsStandForWhatLiesBeyond) {
    const Bounds2 boxes[] = {{{0, 0}, {10, 10}}, {{-50, 2}, {-40, 3}}};
    const GridIndex index(boxes, {{0, 0}, {10, 10}}, 4.0);
    EXPECT_EQ(index.touched_or_border({{-9, 5}, {-8, 30}}), (GridIndex::Cells{0, 0, 1, 2}));
    EXPECT_EQ(index.touched({{-9, 5}, {-8, 30}}).x1, -1);
    // An item beyond the area is listed in its border.
    const auto items = index.at({1, 2});
    EXPECT_EQ(std::vector<std::uint32_t>(items.begin(), items.end()),
              (std::vector<std::uint32_t>{0, 1}));
}

TEST(GridIndex, AnyStopsAtTheFirstItemThatItAccepts) {
    const auto boxes = random_boxes(50, 5.0, 5.0, 7);
    const GridIndex index(boxes, 2.0);
    int asked = 0;
    EXPECT_TRUE(index.any({{-10, -10}, {10, 10}}, [&](std::uint32_t) { return ++asked == 3; }));
    EXPECT_EQ(asked, 3);
}

TEST(GridIndex, WithoutItemsFindsNothing) {
    for (const GridIndex& index : {GridIndex(), GridIndex({}, 4.0)}) {
        EXPECT_TRUE(index.empty());
        EXPECT_TRUE(index.at({0, 0}).empty());
        EXPECT_TRUE(found(index, {{-1, -1}, {1, 1}}).empty());
    }
}

TEST(GridIndex, CellsGrowWhereTheAreaIsHuge) {
    const Bounds2 boxes[] = {{{0, 0}, {1, 1}}, {{4e7, 1e7}, {4e7 + 1, 1e7 + 1}}};
    const GridIndex index(boxes, 4.0);
    EXPECT_GT(index.cell_m(), 4.0);
    EXPECT_LE(static_cast<double>(index.columns()) * index.rows(), 1.1 * GridIndex::kMaxCells);
    EXPECT_EQ(found(index, boxes[1]), (std::vector<std::uint32_t>{1}));
}

}  // namespace
}  // namespace huntsman::engine::math
