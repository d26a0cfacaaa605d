#include "scenarios/opendrive/reader.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>
#include <pugixml.hpp>

namespace huntsman::scenarios::opendrive {

using engine::world::Cubic;
using engine::world::LaneRange;
using engine::world::Profile;

int Reader::line(const pugi::xml_node& node) const { return lines_.at(node.offset_debug()); }

namespace {

std::string placed(const std::string& place, const std::string& message) {
    return place.empty() ? message : place + ": " + message;
}

// A text of a finding: shortened, so that a megabyte of garbage is not quoted in full.
std::string quote(std::string_view text) {
    constexpr std::size_t kLongest = 60;
    if (text.size() <= kLongest) return fmt::format("\"{}\"", text);
    std::size_t end = kLongest;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    return fmt::format("\"{}...\"", text.substr(0, end));
}

std::string_view trimmed(std::string_view text) {
    const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return text;
}

// Length of the UTF-8 sequence at the front of a text, 0 where it is none that XML may hold.
std::size_t utf8_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned first = byte(0);
    if (first < 0x80) return first >= 0x20 || first == '\t' || first == '\n' || first == '\r';
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
    unsigned code = first & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0) != 0x80) return 0;
        code = code << 6 | (byte(i) & 0x3F);
    }
    // Overlong forms, surrogates and the two codes that XML forbids.
    if ((length == 3 && code < 0x800) || (length == 4 && (code < 0x10000 || code > 0x10FFFF)))
        return 0;
    if ((code >= 0xD800 && code < 0xE000) || code == 0xFFFE || code == 0xFFFF) return 0;
    return length;
}

}  // namespace

void Reader::note(const pugi::xml_node& at, std::string_view rule, const std::string& message) {
    findings.add(Severity::kNote, line(at), rule, placed(place_, message));
}
void Reader::warn(const pugi::xml_node& at, std::string_view rule, const std::string& message) {
    findings.add(Severity::kWarning, line(at), rule, placed(place_, message));
}
void Reader::error(const pugi::xml_node& at, std::string_view rule, const std::string& message) {
    findings.add(Severity::kError, line(at), rule, placed(place_, message));
}

std::string Reader::clean(const pugi::xml_node& node, std::string_view text) {
    // Most texts are clean: look first, copy once.
    std::size_t i = 0;
    while (i < text.size()) {
        const std::size_t length = utf8_length(text.substr(i));
        if (length == 0) break;
        i += length;
    }
    if (i == text.size()) return std::string(text);
    std::string result(text.substr(0, i));
    while (i < text.size()) {
        const std::size_t length = utf8_length(text.substr(i));
        if (length == 0) {
            result += "\xEF\xBF\xBD";  // U+FFFD, the replacement character
            ++i;
        } else {
            result += text.substr(i, length);
            i += length;
        }
    }
    warn(node, "text.encoding",
         fmt::format("<{}> holds bytes that are no UTF-8 or no XML character", node.name()));
    return result;
}

std::string Reader::text(const pugi::xml_node& node, const char* attribute) {
    return clean(node, node.attribute(attribute).value());
}

bool Reader::has(const pugi::xml_node& node, const char* attribute) const {
    return !node.attribute(attribute).empty();
}

std::string Reader::at_attribute(const pugi::xml_node& node, const char* attribute) const {
    return fmt::format("<{} {}=...>", node.name(), attribute);
}

std::optional<double> Reader::number(const pugi::xml_node& node, const char* attribute,
                                     double limit) {
    const pugi::xml_attribute found = node.attribute(attribute);
    if (!found) return std::nullopt;
    std::string_view given = trimmed(found.value());
    if (!given.empty() && given.front() == '+') given.remove_prefix(1);
    double value = 0;
    const char* end = given.data() + given.size();
    auto [at, problem] = std::from_chars(given.data(), end, value);
    if (problem == std::errc::result_out_of_range && at == end && !given.empty()) {
        // Too small for a double is zero, too large is absurd.
        const bool tiny = given.find("e-") != given.npos || given.find("E-") != given.npos;
        value = tiny ? 0.0 : std::numeric_limits<double>::infinity();
    } else if (problem != std::errc{} || at != end) {
        error(node, "number.malformed",
              fmt::format("{} is {}, expected a number with a decimal point",
                          at_attribute(node, attribute), quote(clean(node, found.value()))));
        return std::nullopt;
    }
    if (!std::isfinite(value) || std::abs(value) > limit) {
        error(node, "number.absurd",
              fmt::format("{} is {}, expected a number of at most {:g}",
                          at_attribute(node, attribute), quote(clean(node, found.value())), limit));
        return std::nullopt;
    }
    return value;
}

std::optional<double> Reader::required(const pugi::xml_node& node, const char* attribute,
                                       double limit) {
    if (!has(node, attribute)) {
        error(node, "attribute.missing",
              fmt::format("<{}> lacks the attribute {}", node.name(), attribute));
        return std::nullopt;
    }
    return number(node, attribute, limit);
}

double Reader::number_or(const pugi::xml_node& node, const char* attribute, double fallback,
                         double limit) {
    return number(node, attribute, limit).value_or(fallback);
}

double Reader::size_or(const pugi::xml_node& node, const char* attribute, double fallback,
                       double limit) {
    const double value = number_or(node, attribute, fallback, limit);
    if (value >= 0) return value;
    warn(node, "number.negative",
         fmt::format("{} is {}, which cannot be negative; 0 is taken",
                     at_attribute(node, attribute), value));
    return 0;
}

std::optional<int> Reader::integer(const pugi::xml_node& node, const char* attribute) {
    const pugi::xml_attribute found = node.attribute(attribute);
    if (!found) return std::nullopt;
    std::string_view given = trimmed(found.value());
    if (!given.empty() && given.front() == '+') given.remove_prefix(1);
    int value = 0;
    const char* end = given.data() + given.size();
    const auto [at, problem] = std::from_chars(given.data(), end, value);
    if (problem != std::errc{} || at != end) {
        error(node, "number.malformed",
              fmt::format("{} is {}, expected a whole number", at_attribute(node, attribute),
                          quote(clean(node, found.value()))));
        return std::nullopt;
    }
    return value;
}

std::optional<int> Reader::required_integer(const pugi::xml_node& node, const char* attribute) {
    if (!has(node, attribute)) {
        error(node, "attribute.missing",
              fmt::format("<{}> lacks the attribute {}", node.name(), attribute));
        return std::nullopt;
    }
    return integer(node, attribute);
}

bool Reader::flag_or(const pugi::xml_node& node, const char* attribute, bool fallback) {
    const std::string_view given = node.attribute(attribute).value();
    if (given == "true" || given == "yes" || given == "1") return true;
    if (given == "false" || given == "no" || given == "0") return false;
    if (!given.empty()) unknown_word(node, attribute, text(node, attribute));
    return fallback;
}

std::optional<double> Reader::speed(const pugi::xml_node& node) {
    const std::string_view given = trimmed(node.attribute("max").value());
    if (given == "no limit" || given == "nolimit") return std::numeric_limits<double>::infinity();
    if (given == "undefined") return 0.0;
    constexpr double kFastest = 1e4;
    const std::optional<double> value = required(node, "max", kFastest);
    if (!value) return std::nullopt;
    if (*value < 0) {
        warn(node, "number.negative",
             fmt::format("<{} max=...> is {}, which is not a speed", node.name(), *value));
        return std::nullopt;
    }
    if (*value == 0) {
        warn(node, "number.zero",
             fmt::format("<{} max=...> is 0, at which nobody could drive; it counts as not given",
                         node.name()));
    }
    const std::string unit = text(node, "unit");
    if (unit.empty() || unit == "m/s" || unit == "mps") return value;
    if (unit == "km/h" || unit == "kmh" || unit == "kph") return *value / 3.6;
    if (unit == "mph") return *value * 0.44704;
    unknown_word(node, "unit", unit);
    return std::nullopt;
}

std::optional<Cubic> Reader::cubic(const pugi::xml_node& node, const char* start, double limit) {
    Cubic result;
    const auto s = has(node, start) ? number(node, start, kMaxRoadLength_m)
                                    : required(node, start, kMaxRoadLength_m);
    if (!s) return std::nullopt;
    result.s_m = *s;
    for (const auto& [attribute, value] : {std::pair<const char*, double*>{"a", &result.a},
                                           {"b", &result.b},
                                           {"c", &result.c},
                                           {"d", &result.d}}) {
        if (!has(node, attribute)) {
            warn(node, "attribute.missing",
                 fmt::format("<{}> lacks the coefficient {}; 0 is taken", node.name(), attribute));
            continue;
        }
        const auto given = number(node, attribute, limit);
        if (!given) return std::nullopt;
        *value = *given;
    }
    return result;
}

Profile Reader::profile(const pugi::xml_node& parent, const char* element, const char* start,
                        double limit) {
    Profile result;
    for (const pugi::xml_node& node : parent.children(element)) {
        if (const auto record = cubic(node, start, limit)) result.push_back(*record);
    }
    sort_records(*this, parent, element, result, [](const Cubic& c) { return c.s_m; });
    return result;
}

std::vector<LaneRange> Reader::validity(const pugi::xml_node& parent) {
    std::vector<LaneRange> result;
    for (const pugi::xml_node& node : parent.children("validity")) {
        const auto from = required_integer(node, "fromLane");
        const auto to = required_integer(node, "toLane");
        if (from && to) result.push_back({*from, *to});
    }
    return result;
}

void Reader::unknown_word(const pugi::xml_node& node, const char* attribute,
                          const std::string& given) {
    warn(node, "word.unknown",
         fmt::format("{} is {}, which the standard does not know", at_attribute(node, attribute),
                     quote(given)));
}

void Reader::skipped(const pugi::xml_node& node, const char* what) {
    if (!skipped_.emplace(what, true).second) return;
    note(node, "element.skipped",
         fmt::format("<{}>: {} are left out, here and elsewhere", node.name(), what));
}

void report_unsorted(Reader& reader, const pugi::xml_node& parent, const char* element) {
    reader.warn(parent, "records.unsorted",
                fmt::format("<{}> records of <{}> do not ascend along the road; they were sorted",
                            element, parent.name()));
}

}  // namespace huntsman::scenarios::opendrive
