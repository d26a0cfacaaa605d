// Hashes what describe.h lists, in the order of the list.
#pragma once

#include <array>
#include <string>
#include <variant>
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

// The alternative that a variant holds, without saying which one it is.
template <typename... T>
void add_to(Hasher& hasher, const std::variant<T...>& value) {
    std::visit([&](const auto& own) { add_to(hasher, own); }, value);
}

namespace detail {

template <typename T>
struct FieldHasher {
    Hasher& hasher;
    const T& object;
    template <typename M>
    void operator()(const char*, M T::*member, const About& about = {}) {
        const M& value = object.*member;
        if constexpr (requires { value.has_value(); }) {
            if (about.hashed_when_set && !value.has_value()) return;
        } else if constexpr (std::is_integral_v<M>) {
            if (about.hashed_when_set && value == 0) return;
        }
        add_to(hasher, value);
        if constexpr (requires { value.size(), typename M::value_type{}; }) {
            for (std::size_t i = value.size(); i < about.hashed_as_at_least; ++i) {
                add_to(hasher, typename M::value_type{});
            }
        }
    }
    void hash_also(const auto& constant) { add_to(hasher, constant); }
};

}  // namespace detail

template <Described T>
void add_to(Hasher& hasher, const T& object) {
    require_complete<T>();
    detail::FieldHasher<T> fields{hasher, object};
    describe(Of<T>{}, fields);
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
