// Hashes what describe.h lists, in the order of the list.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "engine/core/describe.h"
#include "engine/core/hash.h"

namespace huntsman::engine::core {

template <typename T>
requires(std::is_arithmetic_v<T> || std::is_enum_v<T>) void add_to(Hasher& hasher, const T& value) {
    hasher.add(value);
}
inline void add_to(Hasher& hasher, const std::string& text) { hasher.add(std::string_view(text)); }
// Elements one after the other, without their number.
template <typename T, std::size_t N>
void add_to(Hasher& hasher, const std::array<T, N>& values);
template <typename T>
void add_to(Hasher& hasher, const std::vector<T>& values);

template <typename T>
void add_to(Hasher& hasher, const std::optional<T>& value) {
    hasher.add(value.has_value());
    if (value) add_to(hasher, *value);
}

template <Described T>
void add_to(Hasher& hasher, const T& object) {
    for_each_field<T>(
        [&](const char*, auto member, const About&) { add_to(hasher, object.*member); });
}

template <typename T, std::size_t N>
void add_to(Hasher& hasher, const std::array<T, N>& values) {
    for (const T& value : values) add_to(hasher, value);
}
template <typename T>
void add_to(Hasher& hasher, const std::vector<T>& values) {
    for (const T& value : values) add_to(hasher, value);
}

}  // namespace huntsman::engine::core
