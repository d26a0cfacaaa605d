#include "engine/math/grid_index.h"

#include <algorithm>
#include <cmath>

#include "engine/core/check.h"

namespace huntsman::engine::math {

namespace {

Bounds2 common_bounds(std::span<const Bounds2> boxes) {
    if (boxes.empty()) return {};
    Bounds2 out = boxes.front();
    for (const Bounds2& box : boxes) {
        out.low = glm::min(out.low, box.low);
        out.high = glm::max(out.high, box.high);
    }
    return out;
}

}  // namespace

GridIndex::GridIndex(std::span<const Bounds2> boxes, double cell_m)
    : GridIndex(boxes, common_bounds(boxes), cell_m) {}

GridIndex::GridIndex(std::span<const Bounds2> boxes, const Bounds2& area, double cell_m,
                     double max_cells) {
    HM_CHECK(cell_m > 0, "cells of {} m", cell_m);
    if (boxes.empty()) return;
    low_ = area.low;
    const Vec2 size = area.high - area.low;
    cell_m_ = std::max(
        {cell_m, std::sqrt(size.x / max_cells * size.y), size.x / max_cells, size.y / max_cells});
    // Memory is bounded too where items lie in many cells each.
    const double max_entries = 4e7 + 4 * static_cast<double>(boxes.size());
    for (;; cell_m_ *= 2) {
        columns_ = static_cast<int>(size.x / cell_m_) + 1;
        rows_ = static_cast<int>(size.y / cell_m_) + 1;
        double entries = 0;
        for (const Bounds2& box : boxes) {
            const Vec2 cells = (box.high - box.low) / cell_m_ + 1.0;
            entries += cells.x * cells.y;
        }
        if (entries <= max_entries) break;
    }

    // Count each cell's items, then fill them in.
    const auto each_cell = [&](const Bounds2& box, auto use) {
        const Cells c = touched_or_border(box);
        for (int y = c.y0; y <= c.y1; ++y) {
            for (int x = c.x0; x <= c.x1; ++x) use(cell(x, y));
        }
    };
    const std::size_t cells = cell(0, rows_);
    begin_.assign(cells + 1, 0);
    for (const Bounds2& box : boxes) {
        each_cell(box, [&](std::size_t at) { ++begin_[at + 1]; });
    }
    for (std::size_t i = 0; i < cells; ++i) begin_[i + 1] += begin_[i];
    items_.resize(begin_[cells]);
    std::vector<std::uint32_t> next(begin_.begin(), begin_.end() - 1);
    for (std::uint32_t i = 0; i < boxes.size(); ++i) {
        each_cell(boxes[i], [&](std::size_t at) { items_[next[at]++] = i; });
    }
}

GridIndex::Cells GridIndex::touched_or_border(const Bounds2& box) const {
    HM_ASSERT(!empty(), "an empty grid has no border");
    const auto at = [&](double value, double low, int count) {
        return static_cast<int>(std::clamp((value - low) / cell_m_, 0.0, count - 1.0));
    };
    return {at(box.low.x, low_.x, columns_), at(box.high.x, low_.x, columns_),
            at(box.low.y, low_.y, rows_), at(box.high.y, low_.y, rows_)};
}

}  // namespace huntsman::engine::math
