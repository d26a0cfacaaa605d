// A view on a two-dimensional array in row-major order: a picture's plane, a mask, a grid of cells.
#pragma once

#include <cstddef>
#include <span>

#include "engine/core/check.h"

namespace huntsman::engine::core {

template <typename T>
class ArrayView {
  public:
    ArrayView() = default;
    // `values` has rows × columns elements and must outlive the view.
    ArrayView(std::span<T> values, std::size_t rows, std::size_t columns)
        : values_(values), rows_(rows), columns_(columns) {
        HM_CHECK(values.size() == rows * columns, "{} values for {} rows of {} columns",
                 values.size(), rows, columns);
    }

    std::size_t rows() const { return rows_; }
    std::size_t columns() const { return columns_; }

    // Not checked: inner loops read through it.
    T& operator()(std::size_t row, std::size_t column) const {
        return values_[row * columns_ + column];
    }
    std::span<T> row(std::size_t row) const { return values_.subspan(row * columns_, columns_); }
    std::span<T> values() const { return values_; }

  private:
    std::span<T> values_;
    std::size_t rows_ = 0, columns_ = 0;
};

}  // namespace huntsman::engine::core
