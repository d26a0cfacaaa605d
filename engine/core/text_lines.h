// Lines of a text from offsets in it, as parsers tell where they stand.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

namespace huntsman::engine::core {

class TextLines {
  public:
    TextLines() = default;  // of a text whose lines are unknown: every line is 0
    explicit TextLines(std::string_view text) {
        for (std::size_t at = text.find('\n'); at != text.npos; at = text.find('\n', at + 1)) {
            ends_.push_back(static_cast<std::ptrdiff_t>(at));
        }
        ends_.push_back(static_cast<std::ptrdiff_t>(text.size()));
    }

    // The line that holds the byte at `offset`, from 1; 0 where it is unknown or below 0.
    int at(std::ptrdiff_t offset) const {
        if (ends_.empty() || offset < 0) return 0;
        return static_cast<int>(std::ranges::lower_bound(ends_, offset) - ends_.begin()) + 1;
    }

  private:
    std::vector<std::ptrdiff_t> ends_;  // of lines
};

}  // namespace huntsman::engine::core
