#include "apps/huntsman/numbers.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace huntsman::apps {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;

namespace {

// All of the text as a number of this type.
template <typename T>
bool read(const std::string& text, T& value) {
    const char* end = text.data() + text.size();
    const auto [at, code] = std::from_chars(text.data(), end, value);
    return code == std::errc() && at == end;
}

// Whether the option's parser and a reader understand this whole number alike: it fits, and no
// leading zero makes it octal.
template <typename T>
bool read_plainly(const std::string& text, T& value) {
    const std::size_t digits = text.find_first_not_of("+-");
    if (digits == std::string::npos || (text[digits] == '0' && digits + 1 < text.size())) {
        return false;
    }
    return read(text.starts_with('+') ? text.substr(1) : text, value);
}

}  // namespace

std::optional<std::uint64_t> parse_whole(const std::string& text) {
    std::uint64_t value = 0;
    return read(text, value) ? std::optional(value) : std::nullopt;
}

std::optional<std::vector<double>> parse_numbers(const std::string& text, char separator) {
    std::vector<double> values;
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find(separator, begin), text.size());
        double value = 0;
        if (!read(text.substr(begin, end - begin), value) || !std::isfinite(value)) {
            return std::nullopt;
        }
        values.push_back(value);
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

Status check_numbers(const CLI::App& app) {
    for (const CLI::Option* option : app.get_options()) {
        const std::string type = option->get_type_name();
        for (const std::string& text : option->results()) {
            std::int64_t whole = 0;
            std::uint64_t positive = 0;
            double real = 0;
            const bool sound = type == "INT"     ? read_plainly(text, whole)
                               : type == "UINT"  ? read_plainly(text, positive)
                               : type == "FLOAT" ? read(text, real)
                                                 : true;
            if (sound) continue;
            return Error{.message =
                             fmt::format("{} is {}, expected a {}", option->get_name(), text,
                                         type == "FLOAT" ? "number that a double can hold"
                                                         : "whole number of at most 64 bits")};
        }
    }
    for (const CLI::App* command : app.get_subcommands()) HM_TRY(check_numbers(*command));
    return {};
}

}  // namespace huntsman::apps
