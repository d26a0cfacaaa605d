// Compares what describe.h lists.
#pragma once

#include <cmath>
#include <string>
#include <variant>

#include "engine/core/describe.h"

namespace huntsman::engine::core {

// The first field in which two values differ, as "actors[3].wheels[0].load_n"; empty where they are
// equal. Two values that are not numbers (NaN) are equal.
template <typename T>
std::string first_difference(const T& a, const T& b, const std::string& name = "value") {
    if constexpr (Described<T>) {
        std::string found;
        for_each_field<T>([&](const char* field, auto member, const About&) {
            if (!found.empty()) return;
            const std::string inner = name == "value" ? field : name + "." + field;
            found = first_difference(a.*member, b.*member, inner);
        });
        return found;
    } else if constexpr (detail::kIsOptional<T>) {
        if (a.has_value() != b.has_value()) return name;
        return a ? first_difference(*a, *b, name) : std::string();
    } else if constexpr (requires { a.valueless_by_exception(); }) {
        if (a.index() != b.index()) return name;
        return std::visit(
            [&](const auto& own) {
                return first_difference(own, std::get<std::remove_cvref_t<decltype(own)>>(b), name);
            },
            a);
    } else if constexpr (
        requires { a.size(), a[0]; } && !requires { a.c_str(); }) {
        if (a.size() != b.size()) return name + ".size";
        std::string found;
        for (std::size_t i = 0; i < a.size() && found.empty(); ++i) {
            found = first_difference(a[i], b[i], name + "[" + std::to_string(i) + "]");
        }
        return found;
    } else if constexpr (std::is_floating_point_v<T>) {
        return a == b || (std::isnan(a) && std::isnan(b)) ? std::string() : name;
    } else {
        return a == b ? std::string() : name;
    }
}

}  // namespace huntsman::engine::core
