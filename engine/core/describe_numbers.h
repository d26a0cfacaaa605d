// Numbers of what describe.h lists: their ranges, and access by key. Files are checked as they are
// read (describe_json.h); this is for values that come from code, options and draws.
#pragma once

#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/describe.h"
#include "engine/core/result.h"

namespace huntsman::engine::core {

struct NumberField {
    std::string key;
    double low = 0, high = 0;  // in the key's unit
    bool whole = false;
};

namespace detail {

template <typename T>
constexpr bool kIsNumber = std::is_arithmetic_v<T> && !std::is_same_v<T, bool>;
template <typename T>
constexpr bool kIsNumber<std::optional<T>> = kIsNumber<T>;

// The type of a number, and of one that may be missing.
template <typename T>
struct NumberType {
    using Type = T;
};
template <typename T>
struct NumberType<std::optional<T>> {
    using Type = T;
};

// Calls `visit(key, member, about)` for each number and each number that may be missing.
template <Described T, typename Visit>
void for_each_number(Visit&& visit) {
    for_each_field<T>([&](const char* name, auto member, const About& about) {
        using Value = std::remove_cvref_t<decltype(std::declval<T&>().*member)>;
        if constexpr (kIsNumber<Value>) visit(about.key_or(name), member, about);
    });
}

}  // namespace detail

// The numbers among T's fields, in the list's order.
template <Described T>
std::vector<NumberField> number_fields() {
    std::vector<NumberField> fields;
    detail::for_each_number<T>([&](const char* key, auto member, const About& about) {
        using Member = std::remove_cvref_t<decltype(std::declval<T&>().*member)>;
        using Value = typename detail::NumberType<Member>::Type;
        fields.push_back({key, about.low, about.high, std::is_integral_v<Value>});
    });
    return fields;
}

// Sets the number of this key, given in the key's unit; false where there is none. Whole numbers
// lose what follows the point.
template <Described T>
bool set_number(T& object, std::string_view wanted, double value) {
    bool found = false;
    detail::for_each_number<T>([&](std::string_view key, auto member, const About& about) {
        if (key != wanted) return;
        using Member = std::remove_cvref_t<decltype(object.*member)>;
        using Value = typename detail::NumberType<Member>::Type;
        object.*member = static_cast<Value>(value * about.scale);
        found = true;
    });
    return found;
}
// "size_m is 100, expected 500 to 3000" for the first number that is out of its range or not a
// number.
template <Described T>
Status check_ranges(const T& object) {
    Status status;
    detail::for_each_number<T>([&](const char* key, auto member, const About& about) {
        double value = 0;
        if constexpr (requires { (object.*member).has_value(); }) {
            if (!(object.*member).has_value()) return;
            value = *(object.*member) / about.scale;
        } else {
            value = static_cast<double>(object.*member) / about.scale;
        }
        if (!status.ok() || (value >= about.low && value <= about.high)) return;  // false for NaN
        status = Error{.message = fmt::format("{} is {}, expected {} to {}", key, value, about.low,
                                              about.high)};
    });
    return status;
}

}  // namespace huntsman::engine::core
