// A view on a two-dimensional array in row-major order: a picture's plane, a mask, a grid of cells.
#pragma once

#include <concepts>
#include <cstddef>
#include <span>

#include "engine/core/check.h"

namespace huntsman::engine::core {

template <typename T>
class ArrayView {
  public:
    ArrayView() = default;
    // `values` has rows × columns elements and must outlive the view. No number is negative.
    ArrayView(std::span<T> values, std::integral auto rows, std::integral auto columns)
        : values_(values),
          rows_(static_cast<std::size_t>(rows)),
          columns_(static_cast<std::size_t>(columns)) {
        HM_CHECK(values.size() == rows_ * columns_, "{} values for {} rows of {} columns",
                 values.size(), rows_, columns_);
    }

    std::size_t rows() const { return rows_; }
    std::size_t columns() const { return columns_; }

    // Not checked: inner loops read through it.
    T& operator()(std::integral auto row, std::integral auto column) const {
        return values_[static_cast<std::size_t>(row) * columns_ + static_cast<std::size_t>(column)];
    }
    std::span<T> row(std::integral auto row) const {
        return values_.subspan(static_cast<std::size_t>(row) * columns_, columns_);
    }
    std::span<T> values() const { return values_; }

  private:
    std::span<T> values_;
    std::size_t rows_ = 0, columns_ = 0;
};

}  // namespace huntsman::engine::core
