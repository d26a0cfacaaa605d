// Tables of the docs from what describe.h lists.
#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>
#include <vector>

#include "engine/core/describe.h"

namespace huntsman::engine::core {

struct FieldRow {
    std::string key, doc, fallback;  // fallback: the value where a file gives none
    double low = 0, high = 0;
    bool number = false, required = false;
};

// "mm/h" of "rain_mm_h", as units end the names of quantities; empty where there is none.
std::string unit_of(const std::string& key);

// A Markdown table: key, meaning, unit, range and, with `fallbacks`, the value where a file gives
// none.
std::string field_table(const std::vector<FieldRow>& rows, bool fallbacks = true);

// Rows of the fields that files hold as numbers, texts, or true and false.
template <Described T>
std::vector<FieldRow> field_rows() {
    std::vector<FieldRow> rows;
    const T fallback{};
    for_each_field<T>([&](const char* name, auto member, const About& about) {
        using Value = std::remove_cvref_t<decltype(fallback.*member)>;
        if (!about.in_files) return;
        FieldRow row{.key = about.key_or(name),
                     .doc = about.doc,
                     .low = about.low,
                     .high = about.high,
                     .required = about.required};
        if constexpr (std::is_same_v<Value, bool>) {
            row.fallback = fallback.*member ? "true" : "false";
        } else if constexpr (std::is_arithmetic_v<Value>) {
            row.number = true;
            row.fallback =
                fmt::format("{:.6g}", static_cast<double>(fallback.*member) / about.scale);
        } else if constexpr (requires { double((fallback.*member).value()); }) {
            row.number = true;
        } else if constexpr (requires {
                                 fallback.*member == "text";
                                 (fallback.*member).c_str();
                             }) {
            row.fallback = fallback.*member;
        }
        rows.push_back(row);
    });
    return rows;
}

// "key: what was wrong" for the first difference between a table and the one that stands in a page
// between the lines "<!-- fields: NAME -->" and "<!-- end -->"; empty where there is none.
std::string table_difference(const std::string& page, const std::string& name,
                             const std::string& table);

}  // namespace huntsman::engine::core
