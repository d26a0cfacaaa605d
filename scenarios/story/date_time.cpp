#include "scenarios/story/date_time.h"

#include <charconv>
#include <chrono>

namespace huntsman::scenarios::story {

namespace {

// Takes `digits` digits off the text.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
    if (text.size() < digits) return std::nullopt;
    int value = 0;
    const char* const end = text.data() + digits;
    if (text.front() == '-' || std::from_chars(text.data(), end, value).ptr != end) return {};
    text.remove_prefix(digits);
    return value;
}
bool take(std::string_view& text, char wanted) {
    if (!text.starts_with(wanted)) return false;
    text.remove_prefix(1);
    return true;
}

// "", "Z", "+02:00": seconds to the east.
std::optional<double> zone_s(std::string_view text) {
    if (text.empty() || text == "Z") return 0.0;
    const bool east = take(text, '+');
    if (!east && !take(text, '-')) return {};
    const auto hours = take_number(text, 2);
    take(text, ':');
    const auto minutes = take_number(text, 2);
    if (!hours || !minutes || !text.empty() || *hours > 14 || *minutes > 59) return {};
    return (east ? 1.0 : -1.0) * (3600.0 * *hours + 60.0 * *minutes);
}

}  // namespace

std::optional<double> parse_date_time(std::string_view text) {
    const auto year = take_number(text, 4);
    if (!year || !take(text, '-')) return {};
    const auto month = take_number(text, 2);
    if (!month || !take(text, '-')) return {};
    const auto day = take_number(text, 2);
    if (!day || !take(text, 'T')) return {};
    const auto hour = take_number(text, 2);
    if (!hour || !take(text, ':')) return {};
    const auto minute = take_number(text, 2);
    if (!minute || !take(text, ':')) return {};
    const auto second = take_number(text, 2);
    if (!second || *hour > 24 || *minute > 59 || *second > 60) return {};
    double fraction = 0.0;
    if (take(text, '.')) {
        for (double place = 0.1; !text.empty() && text.front() >= '0' && text.front() <= '9';
             place *= 0.1) {
            fraction += place * (text.front() - '0');
            text.remove_prefix(1);
        }
    }
    const auto zone = zone_s(text);
    const std::chrono::year_month_day date{std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    if (!zone || !date.ok()) return {};
    const auto days = std::chrono::sys_days(date).time_since_epoch().count();
    return 86400.0 * static_cast<double>(days) + 3600.0 * *hour + 60.0 * *minute + *second +
           fraction - *zone;
}

}  // namespace huntsman::scenarios::story
