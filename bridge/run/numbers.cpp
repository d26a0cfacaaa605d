#include "bridge/run/numbers.h"

#include <algorithm>
#include <cmath>

namespace huntsman::bridge::run {

using engine::core::Error;
using engine::core::Result;

std::optional<std::vector<double>> parse_numbers(const std::string& text, char separator) {
    std::vector<double> values;
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find(separator, begin), text.size());
        const auto value = parse_number<double>(text.substr(begin, end - begin));
        if (!value || !std::isfinite(*value)) return std::nullopt;
        values.push_back(*value);
        begin = end + 1;
    }
    return values;
}

Result<std::pair<std::uint64_t, std::uint64_t>> parse_seeds(const std::string& text,
                                                            std::uint64_t most) {
    const std::size_t dots = text.find("..");
    const auto first = parse_whole(text.substr(0, dots));
    const auto last = dots == std::string::npos ? first : parse_whole(text.substr(dots + 2));
    constexpr auto kLargest = static_cast<std::uint64_t>(INT64_MAX);
    if (!first || !last || *first > *last || *last > kLargest || *last - *first >= most) {
        return Error{.message =
                         fmt::format("--seeds is {}, expected FIRST..LAST, whole numbers up to {} "
                                     "in rising order and at most {} of them",
                                     text, kLargest, most)};
    }
    return std::pair(*first, *last);
}

engine::core::Status check_range(const char* name, std::int64_t value, std::int64_t low,
                                 std::int64_t high) {
    if (value >= low && value <= high) return {};
    return engine::core::Error{
        .message = fmt::format("{} is {}, expected {} to {}", name, value, low, high)};
}

}  // namespace huntsman::bridge::run
