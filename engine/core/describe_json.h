// Reads and writes what describe.h lists in files that people write: keys and units as the list has
// them, errors with file, line and what was expected (see json_file.h). For sources, not for
// headers: it includes the JSON library.
//
// A type that files hold in a way of its own has `read_json(node, key, value)` and
// `write_json(json, key, value)` in its namespace.
//
// A value that is not there keeps what it is unless its field is required. Enumerations are
// written by name where their namespace has `name(E)` and `value_count(Of<E>)`, the number of their
// values, which count from 0.
#pragma once

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/core/describe.h"
#include "engine/core/json_file.h"

namespace huntsman::engine::core {

template <typename T>
concept NamedEnum = std::is_enum_v<T> && requires(T value) {
    { value_count(Of<T>{}) } -> std::convertible_to<int>;
    name(value);
};

template <NamedEnum T>
std::vector<const char*> names_of() {
    std::vector<const char*> names;
    for (int i = 0; i < value_count(Of<T>{}); ++i) names.push_back(name(static_cast<T>(i)));
    return names;
}
// The value of a name.
template <NamedEnum T>
std::optional<T> value_named(std::string_view text) {
    for (int i = 0; i < value_count(Of<T>{}); ++i) {
        if (text == name(static_cast<T>(i))) return static_cast<T>(i);
    }
    return std::nullopt;
}

template <Described T>
void read_fields(const JsonNode& node, T& object, std::vector<const char*> others = {});
template <Described T>
void write_fields(const T& object, nlohmann::ordered_json& json);
template <Described T>
void read_json(const JsonNode& node, const char* key, Partial<T>& some);
template <Described T>
void write_json(nlohmann::ordered_json& json, const char* key, const Partial<T>& some);

namespace detail {

template <typename T>
constexpr bool kIsVector = false;
template <typename T>
constexpr bool kIsVector<std::vector<T>> = true;
template <typename T>
constexpr bool kIsArray = false;  // of numbers
template <typename T, std::size_t N>
requires std::is_floating_point_v<T>
constexpr bool kIsArray<std::array<T, N>> = true;

template <typename T>
concept OwnJson = requires(const JsonNode& node, nlohmann::ordered_json& json, T& value) {
    read_json(node, "", value);
    write_json(json, "", value);
};

// What can be read from a key, and written to one.
template <typename T>
constexpr bool kInFiles =
    OwnJson<T> || kIsArray<T> || Described<T> || std::is_arithmetic_v<T> || NamedEnum<T> ||
    std::is_same_v<T, std::string> || std::is_same_v<T, std::filesystem::path>;
template <typename T>
constexpr bool kInFiles<std::optional<T>> = kInFiles<T>;
template <typename T>
constexpr bool kInFiles<std::vector<T>> = Described<T>;

template <typename T>
void read_value(const JsonNode& node, const char* key, const About& about, T& value) {
    if constexpr (OwnJson<T>) {
        read_json(node, key, value);
    } else if constexpr (kIsOptional<T>) {
        read_value(node, key, about, value.emplace());
    } else if constexpr (kIsVector<T>) {
        for (const JsonNode& item : node.array(key)) read_fields(item, value.emplace_back());
    } else if constexpr (Described<T>) {
        read_fields(node.object(key), value);
    } else if constexpr (NamedEnum<T>) {
        if (const auto read = value_named<T>(node.one_of(key, names_of<T>()))) value = *read;
    } else if constexpr (kIsArray<T>) {
        const auto read = node.numbers(key, value.size(), about.low, about.high);
        for (std::size_t i = 0; i < read.size(); ++i) {
            value[i] = static_cast<typename T::value_type>(read[i] * about.scale);
        }
    } else if constexpr (std::is_same_v<T, bool>) {
        value = about.as_number ? node.integer(key, 0, 1) == 1 : node.flag(key);
    } else if constexpr (std::is_integral_v<T>) {
        constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
        const auto within = [](double bound) {
            return std::abs(bound) < 9e18 ? static_cast<std::int64_t>(bound)
                   : bound > 0            ? kMost
                                          : -kMost;
        };
        value = static_cast<T>(node.integer(key, within(about.low), within(about.high)));
    } else if constexpr (std::is_floating_point_v<T>) {
        value = static_cast<T>(node.number(key, about.low, about.high) * about.scale);
    } else {
        value = node.text(key);
    }
}

template <typename T>
void write_value(nlohmann::ordered_json& json, const char* key, const About& about,
                 const T& value) {
    if constexpr (OwnJson<T>) {
        write_json(json, key, value);
    } else if constexpr (kIsOptional<T>) {
        if (value) write_value(json, key, about, *value);
    } else if constexpr (kIsVector<T>) {
        auto& list = json[key] = nlohmann::ordered_json::array();
        for (const auto& item : value) write_fields(item, list.emplace_back());
    } else if constexpr (Described<T>) {
        write_fields(value, json[key]);
    } else if constexpr (NamedEnum<T>) {
        json[key] = name(value);
    } else if constexpr (kIsArray<T>) {
        auto& list = json[key] = nlohmann::ordered_json::array();
        for (const auto number : value) list.push_back(static_cast<double>(number) / about.scale);
    } else if constexpr (std::is_same_v<T, bool>) {
        if (about.only_when_set && !value) return;
        if (about.as_number) {
            json[key] = value ? 1 : 0;
        } else {
            json[key] = value;
        }
    } else if constexpr (std::is_floating_point_v<T>) {
        json[key] = static_cast<double>(value) / about.scale;
    } else if constexpr (std::is_same_v<T, std::filesystem::path>) {
        if (!about.only_when_set || !value.empty()) json[key] = value.string();
    } else if constexpr (std::is_same_v<T, std::string>) {
        if (!about.only_when_set || !value.empty()) json[key] = value;
    } else {
        json[key] = value;
    }
}

// Calls `visit(key, member, about)` for each field that files hold.
template <Described T, typename Visit>
void for_each_file_field(Visit&& visit) {
    for_each_field<T>([&](const char* name, auto member, const About& about) {
        using Value = std::remove_cvref_t<decltype(std::declval<T&>().*member)>;
        if constexpr (kInFiles<Value>) {
            if (about.in_files) visit(about.key_or(name), member, about);
        }
    });
}

}  // namespace detail

// The keys of T's fields in files.
template <Described T>
std::vector<const char*> keys_of() {
    std::vector<const char*> keys;
    for_each_field<T>([&](const char* name, auto, const About& about) {
        if (about.in_files) keys.push_back(about.key_or(name));
    });
    return keys;
}

// Reads the fields that are there; keys that are neither fields nor `others` are errors.
template <Described T>
void read_fields(const JsonNode& node, T& object, std::vector<const char*> others) {
    const auto keys = keys_of<T>();
    others.insert(others.end(), keys.begin(), keys.end());
    node.only(others);
    detail::for_each_file_field<T>([&](const char* key, auto member, const About& about) {
        if (about.required || node.has(key)) {
            detail::read_value(node, key, about, object.*member);
        }
    });
}
template <Described T>
void read_json(const JsonNode& parent, const char* name, Partial<T>& some) {
    const JsonNode node = parent.object(name);
    node.only(keys_of<T>());
    detail::for_each_file_field<T>([&](const char* key, auto member, const About& about) {
        if (!node.has(key)) return;
        std::remove_cvref_t<decltype(std::declval<T&>().*member)> value{};
        detail::read_value(node, key, about, value);
        some.set(member, std::move(value));
    });
}

template <Described T>
void write_fields(const T& object, nlohmann::ordered_json& json) {
    if (json.is_null()) json = nlohmann::ordered_json::object();
    detail::for_each_file_field<T>([&](const char* key, auto member, const About& about) {
        detail::write_value(json, key, about, object.*member);
    });
}
template <Described T>
void write_json(nlohmann::ordered_json& parent, const char* name, const Partial<T>& some) {
    auto& json = parent[name] = nlohmann::ordered_json::object();
    detail::for_each_file_field<T>([&](const char* key, auto member, const About& about) {
        if (const auto* value = some.get(member)) detail::write_value(json, key, about, *value);
    });
}

}  // namespace huntsman::engine::core
