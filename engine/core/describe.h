// Fields of a struct, listed once: hash, JSON, comparison, ranges and the tables of the docs follow
// from the list.
//
//   struct Wind {
//       double speed_mps = 0;
//       double from_rad = 0;
//   };
//   constexpr void describe(core::Of<Wind>, auto&& field) {
//       field("speed_mps", &Wind::speed_mps, {.high = 60, .doc = "mean at 10 m"});
//       field("from_rad", &Wind::from_rad, core::degrees("from_deg", -360, 360, "its origin"));
//   }
//
// `describe` stands in the namespace of its struct and calls `field` once for each member, in the
// order in which members are hashed and written. A member that is left out does not compile where
// the list is used: see `require_complete`.
//
// What uses lists: describe_hash.h, describe_json.h, describe_compare.h, describe_numbers.h,
// describe_table.h. This header includes next to nothing.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

namespace huntsman::engine::core {

// Names a struct in a call without making one; argument-dependent lookup finds its `describe`.
template <typename T>
struct Of {
    using type = T;
};

// What is known of a field besides its name and its member.
struct About {
    // Range of the member in the unit of `key`; for numbers.
    double low = -std::numeric_limits<double>::infinity();
    double high = std::numeric_limits<double>::infinity();
    const char* doc = "";        // one phrase for the docs' tables
    const char* key = "";        // in files that people write, where it is not the name
    double scale = 1;            // members' units in one of the key's
    bool required = false;       // in files that people write
    bool in_files = true;        // false: hashed and compared, written to no file by itself
    bool id = false;             // kNone (all bits set) is null in JSON
    bool as_number = false;      // a bool that JSON has as 0 or 1
    bool only_when_set = false;  // left out of JSON while false or empty
    // Bits that name the parts of a whole, for hashes of some of them; see describe_hash.h. 0: no
    // part of its own.
    std::uint32_t parts = 0;

    constexpr const char* key_or(const char* name) const { return *key != '\0' ? key : name; }
};

constexpr double kRadiansInDegree = 3.14159265358979323846 / 180;

// An angle that files give in degrees and members in radians.
constexpr About degrees(const char* key, double low_deg, double high_deg, const char* doc) {
    return {.low = low_deg, .high = high_deg, .doc = doc, .key = key, .scale = kRadiansInDegree};
}

// A share or level.
constexpr About share(const char* doc) { return {.low = 0, .high = 1, .doc = doc}; }

namespace detail {

struct FieldCounter {
    std::size_t count = 0;
    template <typename Member>
    constexpr void operator()(const char*, Member, const About& = {}) {
        ++count;
    }
};

template <typename T>
constexpr bool kIsOptional = false;
template <typename T>
constexpr bool kIsOptional<std::optional<T>> = true;

// Stands for any member of an aggregate. An optional takes it as its value: both ways would be
// ambiguous.
struct AnyMember {
    template <typename T>
    requires(!kIsOptional<T>) operator T() const;
};

template <typename T, typename... Members>
constexpr std::size_t count_members() {
    if constexpr (requires { T{Members{}..., AnyMember{}}; }) {
        return count_members<T, Members..., AnyMember>();
    } else {
        return sizeof...(Members);
    }
}

}  // namespace detail

template <typename T>
concept Described = requires(detail::FieldCounter& counter) {
    describe(Of<T>{}, counter);
};

// Fields of the list, and members of the aggregate.
template <Described T>
constexpr std::size_t described_fields() {
    detail::FieldCounter counter;
    describe(Of<T>{}, counter);
    return counter.count;
}
template <typename T>
requires std::is_aggregate_v<T>
constexpr std::size_t member_count() { return detail::count_members<T>(); }

// Compiles only where the list names as many fields as the struct has members. Everything that
// uses a list calls it.
template <Described T>
constexpr void require_complete() {
    if constexpr (std::is_aggregate_v<T>) {
        static_assert(described_fields<T>() == member_count<T>(),
                      "a member of this struct is missing in its describe()");
    }
}

// Calls `visit(name, member, about)` for each field of T's list.
template <Described T, typename Visit>
constexpr void for_each_field(Visit&& visit) {
    require_complete<T>();
    describe(Of<T>{}, [&](const char* name, auto member, const About& about = {}) {
        visit(name, member, about);
    });
}

// Copies the fields of the same name and type.
template <Described From, Described To>
void copy_common(const From& from, To& to) {
    for_each_field<From>([&](std::string_view name, auto member, const About&) {
        for_each_field<To>([&](std::string_view other, auto target, const About&) {
            using Value = std::remove_cvref_t<decltype(from.*member)>;
            if constexpr (std::is_same_v<decltype(target), Value To::*>) {
                if (name == other) to.*target = from.*member;
            }
        });
    });
}

// Every number between a (u = 0) and b (u = 1), linear.
template <Described T>
T between(const T& a, const T& b, double u) {
    T mixed = a;
    for_each_field<T>([&](const char*, auto member, const About&) {
        static_assert(std::is_same_v<std::remove_cvref_t<decltype(a.*member)>, double>);
        mixed.*member = a.*member + u * (b.*member - a.*member);
    });
    return mixed;
}

// Some fields of a T: those that a file or an option gives.
template <Described T>
class Partial {
  public:
    template <typename M>
    void set(M T::*member, std::type_identity_t<M> value) {
        values_.*member = std::move(value);
        given_ |= bit(member);
    }
    // nullptr where it is not given.
    template <typename M>
    const M* get(M T::*member) const {
        return (given_ & bit(member)) != 0 ? &(values_.*member) : nullptr;
    }
    template <typename M>
    M value_or(M T::*member, std::type_identity_t<M> fallback) const {
        return (given_ & bit(member)) != 0 ? values_.*member : std::move(fallback);
    }
    void apply_to(T& target) const {
        for_each_field<T>([&](const char*, auto member, const About&) {
            if (const auto* value = get(member)) target.*member = *value;
        });
    }

  private:
    static_assert(described_fields<T>() <= 64, "a bit tells of each field whether it is given");
    template <typename M>
    static std::uint64_t bit(M T::*wanted) {
        std::uint64_t at = 1, found = 0;
        for_each_field<T>([&](const char*, auto member, const About&) {
            if constexpr (std::is_same_v<decltype(member), M T::*>) {
                if (member == wanted) found = at;
            }
            at <<= 1;
        });
        return found;
    }
    T values_;
    std::uint64_t given_ = 0;
};

template <Described From, Described To>
void copy_common(const From& from, Partial<To>& to) {
    for_each_field<From>([&](std::string_view name, auto member, const About&) {
        for_each_field<To>([&](std::string_view other, auto target, const About&) {
            using Value = std::remove_cvref_t<decltype(from.*member)>;
            if constexpr (std::is_same_v<decltype(target), Value To::*>) {
                if (name == other) to.set(target, from.*member);
            }
        });
    });
}

}  // namespace huntsman::engine::core
