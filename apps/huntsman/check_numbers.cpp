#include "apps/huntsman/check_numbers.h"

#include "bridge/run/numbers.h"

namespace huntsman::apps {

using bridge::run::parse_number;
using engine::core::Error;
using engine::core::Status;

namespace {

// Whether the option's parser and a reader understand this whole number alike: it fits, and no
// leading zero makes it octal.
template <typename T>
bool is_plain(const std::string& text) {
    const std::size_t digits = text.find_first_not_of("+-");
    if (digits == std::string::npos || (text[digits] == '0' && digits + 1 < text.size())) {
        return false;
    }
    return parse_number<T>(text.starts_with('+') ? text.substr(1) : text).has_value();
}

}  // namespace

Status check_numbers(const CLI::App& app) {
    for (const CLI::Option* option : app.get_options()) {
        const std::string type = option->get_type_name();
        for (const std::string& text : option->results()) {
            const bool sound = type == "INT"     ? is_plain<std::int64_t>(text)
                               : type == "UINT"  ? is_plain<std::uint64_t>(text)
                               : type == "FLOAT" ? parse_number<double>(text).has_value()
                                                 : true;
            if (sound) continue;
            return Error{.message =
                             fmt::format("{} is {}, expected a {}", option->get_name(), text,
                                         type == "FLOAT" ? "number that a double can hold"
                                                         : "whole number of at most 64 bits")};
        }
    }
    for (const CLI::App* command : app.get_subcommands()) HM_TRY(check_numbers(*command));
    return {};
}

}  // namespace huntsman::apps
