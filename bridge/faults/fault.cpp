#include "bridge/faults/fault.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "bridge/faults/fault_fields.h"
#include "engine/core/describe_json.h"

namespace huntsman::bridge::faults {

using engine::core::About;
using engine::core::Error;
using engine::core::Result;
using engine::core::Status;

namespace {

// Calls `visit(Of<T>)` for each kind of fault, in the order of the variant.
template <typename Visit, typename... Kinds>
void for_each_kind(Of<std::variant<Kinds...>>, Visit&& visit) {
    (visit(Of<Kinds>{}), ...);
}

std::string listed(const std::vector<std::string>& words) {
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
        text += i == 0 ? "" : i + 1 == words.size() ? " or " : ", ";
        text += words[i];
    }
    return text;
}

template <typename T>
std::vector<std::string> keys() {
    std::vector<std::string> keys;
    for (const char* key : engine::core::keys_of<T>()) keys.emplace_back(key);
    return keys;
}

template <typename V>
Status read(const std::string& key, const std::string& given, const About& about, V& value) {
    if constexpr (engine::core::NamedEnum<V>) {
        const auto named = engine::core::value_named<V>(given);
        if (named) {
            value = *named;
            return {};
        }
        std::vector<std::string> names;
        for (const char* one : engine::core::names_of<V>()) names.emplace_back(one);
        return Error{.message = fmt::format("{} is {}, expected {}", key, given, listed(names))};
    } else if constexpr (std::is_same_v<V, std::string>) {
        value = given;
        return {};
    } else {
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

template <typename T>
Result<Fault> read_fields_of(const std::string& fields) {
    T fault;
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
        engine::core::for_each_field<T>([&](const char* name, auto member, const About& about) {
            if (key != about.key_or(name) || equals == pair.size()) return;
            known = true;
            status = read(key, pair.substr(equals + 1), about, fault.*member);
        });
        if (!status) return status.error();
        if (!known) {
            return Error{.message = fmt::format("has \"{}\", expected KEY=VALUE with the key {}",
                                                pair, listed(keys<T>()))};
        }
        seen.push_back(key);
    }
    Status status;
    engine::core::for_each_field<T>([&](const char* name, auto, const About& about) {
        if (!about.required || std::ranges::find(seen, about.key_or(name)) != seen.end()) return;
        status =
            Error{.message = fmt::format("has no {}, expected {}", about.key_or(name), about.doc)};
    });
    if (!status) return status.error();
    return Fault(fault);
}

}  // namespace

Result<Fault> parse(const std::string& text) {
    const std::size_t colon = std::min(text.find(':'), text.size());
    const std::string kind = text.substr(0, colon);
    const std::string fields = text.substr(std::min(colon + 1, text.size()));
    Result<Fault> fault =
        Error{.message = fmt::format("is no fault, expected {}", listed(fault_names()))};
    for_each_kind(Of<Fault>{}, [&]<typename T>(Of<T> of) {
        if (kind == name_of(of)) fault = read_fields_of<T>(fields);
    });
    if (!fault) return Error{.message = fmt::format("fault {}: {}", text, fault.error().message)};
    return fault;
}

std::string text(const Fault& fault) {
    return std::visit(
        []<typename T>(const T& one) {
            std::string text = name_of(Of<T>{});
            char separator = ':';
            engine::core::for_each_field<T>([&](const char* name, auto member, const About& about) {
                const auto& value = one.*member;
                using V = std::remove_cvref_t<decltype(value)>;
                text += std::exchange(separator, ',');
                text += std::string(about.key_or(name)) + "=";
                if constexpr (engine::core::NamedEnum<V>) {
                    text += faults::name(value);
                } else if constexpr (std::is_same_v<V, std::string>) {
                    text += value;
                } else {
                    text += fmt::format("{}", value);
                }
            });
            return text;
        },
        fault);
}

std::vector<std::string> fault_names() {
    std::vector<std::string> names;
    for_each_kind(Of<Fault>{}, [&](auto of) { names.emplace_back(name_of(of)); });
    return names;
}

void read_json(const engine::core::JsonNode& node, const char* key, std::vector<Fault>& faults) {
    faults.clear();
    for (const auto& [name, list] : node.members()) {
        if (name != key) continue;
        for (const auto& item : list.items()) {
            auto fault = item.value().is_string()
                             ? parse(item.value().get<std::string>())
                             : Result<Fault>(Error{.message = "is not a text"});
            if (fault) {
                faults.push_back(std::move(*fault));
            } else {
                item.fail(fault.error().message);
            }
        }
    }
}

void write_json(nlohmann::ordered_json& json, const char* key, const std::vector<Fault>& faults) {
    if (faults.empty()) return;
    auto& list = json[key] = nlohmann::ordered_json::array();
    for (const Fault& fault : faults) list.push_back(text(fault));
}

std::vector<std::pair<std::string, std::string>> fault_keys(const std::string& fault_name) {
    std::vector<std::pair<std::string, std::string>> rows;
    for_each_kind(Of<Fault>{}, [&]<typename T>(Of<T> of) {
        if (fault_name != name_of(of)) return;
        engine::core::for_each_field<T>([&](const char* name, auto, const About& about) {
            rows.emplace_back(about.key_or(name), about.doc);
        });
    });
    return rows;
}

}  // namespace huntsman::bridge::faults
