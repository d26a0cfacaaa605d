// Dates with times, as OpenSCENARIO writes them: "2024-06-21T12:30:00", with fractions of seconds
// and a time zone ("Z", "+02:00") where they are given.
#pragma once

#include <optional>
#include <string_view>

namespace huntsman::scenarios::story {

// Seconds since 1970-01-01T00:00:00; without a time zone the clock's own. Nothing where it is not
// such a text, or the day does not exist.
std::optional<double> parse_date_time(std::string_view text);

}  // namespace huntsman::scenarios::story
