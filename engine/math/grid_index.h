// Which items lie near a place: a uniform grid over the plane whose cells list the items that they
// touch.
//
// Built once; then it does not change. Looking up a cell takes constant time and does not allocate.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/math/vec.h"

namespace huntsman::engine::math {

// A rectangle along the axes [m].
struct Bounds2 {
    Vec2 low{0, 0}, high{0, 0};
};

class GridIndex {
  public:
    static constexpr double kMaxCells = 4e6;

    GridIndex() = default;  // no items
    // An index of boxes, by their position in `boxes`. The grid covers `area`; what reaches beyond
    // it counts to its border cells. Where it would have more than `max_cells` cells, or each item
    // would lie in too many, the cells are larger than `cell_m`.
    GridIndex(std::span<const Bounds2> boxes, const Bounds2& area, double cell_m,
              double max_cells = kMaxCells);
    // The same over the boxes' common bounds.
    GridIndex(std::span<const Bounds2> boxes, double cell_m);

    bool empty() const { return begin_.empty(); }
    const Vec2& low() const { return low_; }  // corner of the first cell
    double cell_m() const { return cell_m_; }
    int columns() const { return columns_; }
    int rows() const { return rows_; }

    // Cells of the grid, both ends included; x along columns. No cell where an end lies before its
    // beginning.
    struct Cells {
        int x0 = 0, x1 = -1, y0 = 0, y1 = -1;
        friend bool operator==(const Cells&, const Cells&) = default;
    };
    // Those that a box touches: none beyond the grid.
    Cells touched(const Bounds2& box) const {
        const Ends x = clipped(box.low.x - low_.x, box.high.x - low_.x, columns_);
        const Ends y = clipped(box.low.y - low_.y, box.high.y - low_.y, rows_);
        return {x.first, x.last, y.first, y.last};
    }
    // The same, but beyond the grid its border cells. Not of an empty index.
    Cells touched_or_border(const Bounds2& box) const;

    std::size_t cell(int x, int y) const {
        return static_cast<std::size_t>(y) * static_cast<std::size_t>(columns_) +
               static_cast<std::size_t>(x);
    }
    // The items of a cell in ascending order.
    std::span<const std::uint32_t> items(int x, int y) const {
        const std::size_t at = cell(x, y);
        return {items_.data() + begin_[at], begin_[at + 1] - begin_[at]};
    }
    // Those of the cell that holds p; none beyond the grid.
    std::span<const std::uint32_t> at(const Vec2& p) const {
        const double x = (p.x - low_.x) / cell_m_, y = (p.y - low_.y) / cell_m_;
        if (!(x >= 0 && x < columns_ && y >= 0 && y < rows_)) return {};
        return items(static_cast<int>(x), static_cast<int>(y));
    }

    // Whether the predicate holds for an item of the cells that a box touches, which it is asked
    // for row by row until it does. An item of several cells comes several times.
    template <typename Predicate>
    bool any(const Bounds2& box, Predicate holds) const {
        const Cells c = touched(box);
        for (int y = c.y0; y <= c.y1; ++y) {
            for (int x = c.x0; x <= c.x1; ++x) {
                for (const std::uint32_t item : items(x, y)) {
                    if (holds(item)) return true;
                }
            }
        }
        return false;
    }
    // Calls visit(item) for all of them.
    template <typename Visit>
    void each(const Bounds2& box, Visit visit) const {
        any(box, [&](std::uint32_t item) {
            visit(item);
            return false;
        });
    }

  private:
    struct Ends {
        int first, last;
    };
    Ends clipped(double low_m, double high_m, int count) const {
        const double low = low_m / cell_m_, high = high_m / cell_m_;
        if (!(high >= 0 && low < count)) return {0, -1};  // NaN too
        return {low > 0 ? static_cast<int>(low) : 0,
                high < count ? static_cast<int>(high) : count - 1};
    }

    Vec2 low_{0, 0};
    double cell_m_ = 1;
    int columns_ = 0, rows_ = 0;
    std::vector<std::uint32_t> begin_;  // into items_, one more than cells
    std::vector<std::uint32_t> items_;
};

}  // namespace huntsman::engine::math
