// Hashes what describe.h lists, in the order of the list: all of it, or some of its parts.
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
template <typename T, std::size_t N>
void add_to(Hasher& hasher, const std::array<T, N>& values);
// Their number, then one after the other.
template <typename T>
void add_to(Hasher& hasher, const std::vector<T>& values);

template <typename T>
void add_to(Hasher& hasher, const std::optional<T>& value) {
    hasher.add(value.has_value());
    if (value) add_to(hasher, *value);
}

// Which alternative a variant holds, and the alternative.
template <typename... T>
void add_to(Hasher& hasher, const std::variant<T...>& value) {
    hasher.add(value.index());
    std::visit([&](const auto& own) { add_to(hasher, own); }, value);
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
    hasher.add(values.size());
    for (const T& value : values) add_to(hasher, value);
}

// --- Parts ---
//
// A struct is split into parts where each of its fields names the parts that it belongs to
// (About::parts), or is itself split, or is a list of what is split.

namespace detail {

struct PartsOf {
    std::uint32_t all = 0;
    bool complete = true;  // each field belongs to a part
};
template <typename M>
struct PartsIn {
    static constexpr PartsOf value{.complete = false};
};
template <typename M>
constexpr PartsOf kPartsOf = PartsIn<M>::value;
template <Described T>
struct PartsIn<T> {
    static constexpr PartsOf value = [] {
        PartsOf parts;
        for_each_field<T>([&]<typename M>(const char*, M T::*, const About& about) {
            const PartsOf own = about.parts != 0 ? PartsOf{about.parts, true} : kPartsOf<M>;
            parts.all |= own.all;
            parts.complete = parts.complete && own.complete;
        });
        return parts;
    }();
};
template <Described T>
struct PartsIn<std::vector<T>> : PartsIn<T> {};

}  // namespace detail

// The fields of the given parts, and no others: the number of elements of a list that is split is
// not hashed. Does not compile where a field belongs to no part.
template <Described T>
void add_parts(Hasher& hasher, const T& object, std::uint32_t parts) {
    static_assert(detail::kPartsOf<T>.complete, "a field of this struct belongs to no part");
    for_each_field<T>([&]<typename M>(const char*, M T::*member, const About& about) {
        if (about.parts != 0) {
            if ((about.parts & parts) != 0) add_to(hasher, object.*member);
        } else if ((detail::kPartsOf<M>.all & parts) != 0) {
            if constexpr (Described<M> && detail::kPartsOf<M>.complete) {
                add_parts(hasher, object.*member, parts);
            } else if constexpr (detail::kPartsOf<M>.complete) {
                for (const auto& element : object.*member) add_parts(hasher, element, parts);
            }
        }
    });
}

}  // namespace huntsman::engine::core
