// A variant of described structs in one word, as people write it on a command line or in a list:
// NAME:KEY=VALUE,KEY=VALUE, as "blind:class=pedestrian,side=left". Keys and ranges are those of the
// lists (see describe.h); each struct has its name as `name_of(Of<T>)` in its namespace.
//
// For sources, not for headers: it includes what describe_json.h does.
#pragma once

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "engine/core/describe_json.h"
#include "engine/core/result.h"

namespace huntsman::engine::core {

// "a, b or c".
inline std::string listed(const std::vector<std::string>& words) {
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
        text += i == 0 ? "" : i + 1 == words.size() ? " or " : ", ";
        text += words[i];
    }
    return text;
}

namespace detail {

template <typename Visit, typename... Kinds>
void visit_kinds(Of<std::variant<Kinds...>>, Visit&& visit) {
    (visit(Of<Kinds>{}), ...);
}

template <typename V>
Status read_word(const std::string& key, const std::string& given, const About& about, V& value) {
    if constexpr (NamedEnum<V>) {
        const auto named = value_named<V>(given);
        if (named) {
            value = *named;
            return {};
        }
        std::vector<std::string> names;
        for (const char* one : names_of<V>()) names.emplace_back(one);
        return Error{.message = fmt::format("{} is {}, expected {}", key, given, listed(names))};
    } else if constexpr (std::is_same_v<V, std::string>) {
        value = given;
        return {};
    } else {
        static_assert(std::is_same_v<V, double>);
        double number = 0;
        const char* end = given.data() + given.size();
        const auto [at, code] = std::from_chars(given.data(), end, number);
        if (code != std::errc() || at != end || !(number >= about.low && number <= about.high)) {
            return Error{.message = fmt::format("{} is {}, expected a number from {} to {}", key,
                                                given, about.low, about.high)};
        }
        value = number;
        return {};
    }
}

template <typename V>
std::string word_of(const V& value) {
    if constexpr (NamedEnum<V>) {
        return name(value);
    } else {
        return fmt::format("{}", value);
    }
}

// The fields of T from "KEY=VALUE,KEY=VALUE".
template <Described T>
Result<T> read_words(const std::string& fields) {
    T read;
    std::vector<std::string> seen;
    for (std::size_t at = 0; at < fields.size();) {
        const std::size_t comma = std::min(fields.find(',', at), fields.size());
        const std::string pair = fields.substr(at, comma - at);
        at = comma + 1;
        const std::size_t equals = std::min(pair.find('='), pair.size());
        const std::string key = pair.substr(0, equals);
        if (std::ranges::find(seen, key) != seen.end()) {
            return Error{.message = fmt::format("has {} twice", key)};
        }
        bool known = false;
        Status status;
        for_each_field<T>([&](const char* name, auto member, const About& about) {
            if (key != about.key_or(name) || equals == pair.size()) return;
            known = true;
            status = read_word(key, pair.substr(equals + 1), about, read.*member);
        });
        if (!status) return status.error();
        if (!known) {
            std::vector<std::string> keys;
            for (const char* one : keys_of<T>()) keys.emplace_back(one);
            if (keys.empty()) {
                return Error{.message = fmt::format("has \"{}\", expected the name alone", pair)};
            }
            return Error{.message = fmt::format("has \"{}\", expected KEY=VALUE with the key {}",
                                                pair, listed(keys))};
        }
        seen.push_back(key);
    }
    Status status;
    for_each_field<T>([&](const char* name, auto, const About& about) {
        if (!about.required || std::ranges::find(seen, about.key_or(name)) != seen.end()) return;
        if (!status) return;  // the first one is named
        status =
            Error{.message = fmt::format("has no {}, expected {}", about.key_or(name), about.doc)};
    });
    if (!status) return status.error();
    return read;
}

}  // namespace detail

// Calls `visit(Of<T>)` for each kind T of the variant V, in its order.
template <typename V, typename Visit>
void for_each_kind(Visit&& visit) {
    detail::visit_kinds(Of<V>{}, std::forward<Visit>(visit));
}

// Names of all kinds in the order of the variant.
template <typename V>
std::vector<std::string> kind_names() {
    std::vector<std::string> names;
    for_each_kind<V>([&](auto of) { names.emplace_back(name_of(of)); });
    return names;
}

// The part before the colon: what `parse_kind` takes for the name.
inline std::string kind_word(const std::string& text) { return text.substr(0, text.find(':')); }

// The value that the text describes. An error says what is wrong with the text, without the text
// itself: "share is 2, expected a number from 0 to 1", or of an unknown name "is no WHAT, expected
// drop, freeze or late".
template <typename V>
Result<V> parse_kind(const std::string& text, const char* what) {
    const std::string kind = kind_word(text);
    const std::string fields = text.substr(std::min(kind.size() + 1, text.size()));
    Result<V> value =
        Error{.message = fmt::format("is no {}, expected {}", what, listed(kind_names<V>()))};
    for_each_kind<V>([&]<typename T>(Of<T> of) {
        if (kind != name_of(of)) return;
        auto read = detail::read_words<T>(fields);
        value = read ? Result<V>(V(std::move(*read))) : Result<V>(read.error());
    });
    return value;
}

// A struct with its name and every field: parse_kind of it is the struct again.
template <Described T>
std::string text_of_kind(const T& one) {
    std::string text = name_of(Of<T>{});
    char separator = ':';
    for_each_field<T>([&](const char* name, auto member, const About& about) {
        text += std::exchange(separator, ',');
        text += std::string(about.key_or(name)) + "=" + detail::word_of(one.*member);
    });
    return text;
}

// A list of values as files hold it: texts, each read by `parse`, which gives a Result. A list that
// is not there is empty, and an empty one is not written.
template <typename T, typename Parse>
void read_texts(const JsonNode& node, const char* key, std::vector<T>& values, Parse&& parse) {
    values.clear();
    for (const auto& [name, list] : node.members()) {
        if (name != key) continue;
        for (const auto& item : list.items()) {
            auto value = item.value().is_string() ? parse(item.value().template get<std::string>())
                                                  : Result<T>(Error{.message = "is not a text"});
            if (value) {
                values.push_back(std::move(*value));
            } else {
                item.fail(value.error().message);
            }
        }
    }
}
template <typename T, typename Text>
void write_texts(nlohmann::ordered_json& json, const char* key, const std::vector<T>& values,
                 Text&& text) {
    if (values.empty()) return;
    auto& list = json[key] = nlohmann::ordered_json::array();
    for (const T& value : values) list.push_back(text(value));
}

}  // namespace huntsman::engine::core
