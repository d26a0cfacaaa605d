// Numbers as text, read strictly: all of the text is the number, and it fits.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/result.h"

namespace huntsman::bridge::run {

// A whole number in decimal digits, or a floating-point number, that this type can hold.
template <typename T>
std::optional<T> parse_number(const std::string& text) {
    T value{};
    const char* end = text.data() + text.size();
    const auto [at, code] = std::from_chars(text.data(), end, value);
    return code == std::errc() && at == end ? std::optional(value) : std::nullopt;
}

// Digits only, up to 2^64 - 1.
inline std::optional<std::uint64_t> parse_whole(const std::string& text) {
    return parse_number<std::uint64_t>(text);
}
// Finite numbers with `separator` between, as "1.5,-2,0".
std::optional<std::vector<double>> parse_numbers(const std::string& text, char separator);

// An error that says "NAME is VALUE, expected LOW to HIGH" where a setting is out of its range.
engine::core::Status check_range(const char* name, std::int64_t value, std::int64_t low,
                                 std::int64_t high);

// "A..B" or "A", whole numbers up to 2^63 - 1 in rising order, at most `most` of them: the first
// and the last. The error speaks of --seeds.
engine::core::Result<std::pair<std::uint64_t, std::uint64_t>> parse_seeds(const std::string& text,
                                                                          std::uint64_t most);

}  // namespace huntsman::bridge::run
