#include "engine/core/describe_table.h"

#include <array>
#include <cmath>

namespace huntsman::engine::core {

std::string unit_of(const std::string& key) {
    // Longer ends first.
    constexpr std::array<std::array<const char*, 2>, 17> kUnits = {{{"_deg_per_sqrt_s", "°/√s"},
                                                                    {"_mm_h", "mm/h"},
                                                                    {"_per_m", "1/m"},
                                                                    {"_kg_m2", "kg m²"},
                                                                    {"_mps", "m/s"},
                                                                    {"_deg_s", "°/s"},
                                                                    {"_rad_s", "rad/s"},
                                                                    {"_rad", "rad"},
                                                                    {"_deg", "°"},
                                                                    {"_kg", "kg"},
                                                                    {"_ms", "ms"},
                                                                    {"_px", "px"},
                                                                    {"_hz", "Hz"},
                                                                    {"_m2", "m²"},
                                                                    {"_m", "m"},
                                                                    {"_s", "s"},
                                                                    {"_n", "N"}}};
    for (const auto& [end, unit] : kUnits) {
        if (key.ends_with(end)) return unit;
    }
    return key.ends_with("_w") ? "W" : key.starts_with("hour") ? "h" : "";
}

std::string field_table(const std::vector<FieldRow>& rows, bool fallbacks) {
    std::string table =
        fallbacks ? "| key | meaning | unit | range | without it |\n|---|---|---|---|---|\n"
                  : "| key | meaning | unit | range |\n|---|---|---|---|\n";
    for (const FieldRow& row : rows) {
        std::string range;
        if (row.number && std::isfinite(row.low)) {
            range = std::isfinite(row.high) ? fmt::format("{:.10g} to {:.10g}", row.low, row.high)
                                            : fmt::format("{:g} and more", row.low);
        }
        table += fmt::format("| `{}` | {} | {} | {} |", row.key, row.doc, unit_of(row.key), range);
        if (fallbacks) table += fmt::format(" {} |", row.required ? "an error" : row.fallback);
        table += "\n";
    }
    return table;
}

std::string table_difference(const std::string& page, const std::string& name,
                             const std::string& table) {
    const std::string begin = "<!-- fields: " + name + " -->\n", end = "<!-- end -->";
    const std::size_t from = page.find(begin);
    if (from == std::string::npos) return "the line " + begin + " is missing; expected\n" + table;
    const std::size_t to = page.find(end, from);
    const std::string there = page.substr(from + begin.size(), to - from - begin.size());
    return there == table ? "" : "the table of " + name + " differs; expected\n" + table;
}

}  // namespace huntsman::engine::core
