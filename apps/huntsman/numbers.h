// Numbers in options, strictly: all of the text is the number, and it fits.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/result.h"

namespace huntsman::apps {

// Digits only, up to 2^64 - 1.
std::optional<std::uint64_t> parse_whole(const std::string& text);
// Finite numbers with `separator` between, as "1.5,-2,0".
std::optional<std::vector<double>> parse_numbers(const std::string& text, char separator);

// "A..B" or "A", whole numbers up to 2^63 - 1 in rising order, at most `most` of them.
engine::core::Result<std::pair<std::uint64_t, std::uint64_t>> parse_seeds(const std::string& text,
                                                                          std::uint64_t most);

// Whether what was given for every option of a number's type is a number that fits it; the parser
// takes the closest one that does instead.
engine::core::Status check_numbers(const CLI::App& app);

}  // namespace huntsman::apps
