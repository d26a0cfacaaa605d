#include "scenarios/story/expression.h"

#include <fmt/format.h>
#include <muParser.h>

#include <charconv>
#include <cmath>
#include <limits>
#include <map>

namespace huntsman::scenarios::story {

using engine::core::Error;
using engine::core::Result;

namespace {

constexpr std::size_t kLongestExpression = 4096;

double modulo(double a, double b) { return std::fmod(a, b); }
double logical_not(double a) { return a != 0 ? 0 : 1; }

bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// An expression in the words of muParser: "$name" becomes "p_name", whose number goes into
// `values`; "and", "or" and "not" become operators.
Result<std::string> translate(std::string_view text, const Lookup& parameters,
                              std::map<std::string, double>& values) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        const bool parameter = text[i] == '$';
        std::size_t end = i + (parameter ? 1 : 0);
        while (end < text.size() && is_name_character(text[end])) ++end;
        if (end == i + (parameter ? 1U : 0U)) {
            if (parameter) return Error{"a '$' without a parameter's name"};
            out += text[i++];
            continue;
        }
        const std::string_view word = text.substr(i, end - i);
        i = end;
        if (word == "and") {
            out += "&&";
        } else if (word == "or") {
            out += "||";
        } else if (word == "not") {
            out += "!";
        } else if (!parameter) {
            out += word;
        } else {
            const std::string name(word.substr(1));
            const std::string* value = parameters(name);
            if (value == nullptr)
                return Error{fmt::format("no parameter \"{}\" is declared", name)};
            const auto number = to_number(*value);
            const auto flag = to_flag(*value);
            if (!number && !flag) {
                return Error{fmt::format("parameter \"{}\" is \"{}\", an expression needs a number",
                                         name, *value)};
            }
            const std::string variable = "p_" + name;
            values[variable] = number ? *number : (*flag ? 1 : 0);
            out += variable;
        }
    }
    return out;
}

Result<double> compute(std::string_view text, const Lookup& parameters) {
    std::map<std::string, double> values;
    HM_TAKE(const std::string translated, translate(text, parameters, values));
    try {
        mu::Parser parser;
        for (auto& [name, value] : values) parser.DefineVar(name, &value);
        parser.DefineFun("floor", [](double a) { return std::floor(a); });
        parser.DefineFun("ceil", [](double a) { return std::ceil(a); });
        parser.DefineFun("pow", [](double a, double b) { return std::pow(a, b); });
        parser.DefineFun("round", [](double a) { return std::round(a); });
        parser.DefineOprt("%", modulo, mu::prMUL_DIV, mu::oaLEFT, true);
        parser.DefineInfixOprt("!", logical_not);
        parser.SetExpr(translated);
        return parser.Eval();
    } catch (const mu::Parser::exception_type& error) {
        return Error{error.GetMsg()};
    }
}

}  // namespace

bool is_expression(std::string_view value) { return !value.empty() && value.front() == '$'; }

Result<std::string> evaluate(const std::string& value, const Lookup& parameters) {
    if (value.starts_with("\\$")) return value.substr(1);
    if (!is_expression(value)) return value;
    if (value.size() > kLongestExpression) {
        return Error{fmt::format("an expression of {} characters, {} are allowed", value.size(),
                                 kLongestExpression)};
    }
    if (value.starts_with("${")) {
        if (value.back() != '}') return Error{fmt::format("\"{}\" lacks its \"}}\"", value)};
        const auto number =
            compute(std::string_view(value).substr(2, value.size() - 3), parameters);
        if (!number) return Error{fmt::format("\"{}\": {}", value, number.error().message)};
        if (!std::isfinite(*number)) {
            return Error{fmt::format("\"{}\" is not a finite number", value)};
        }
        return to_text(*number);
    }
    const std::string name = value.substr(1);
    const std::string* found = parameters(name);
    if (found == nullptr) return Error{fmt::format("no parameter \"{}\" is declared", name)};
    return *found;
}

std::optional<double> to_number(std::string_view text) {
    if (text == "INF" || text == "+INF") return std::numeric_limits<double>::infinity();
    if (text == "-INF") return -std::numeric_limits<double>::infinity();
    if (text.starts_with('+')) text.remove_prefix(1);
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number)) {
        return std::nullopt;
    }
    return number;
}

std::optional<bool> to_flag(std::string_view text) {
    if (text == "true" || text == "1") return true;
    if (text == "false" || text == "0") return false;
    return std::nullopt;
}

std::string to_text(double number) { return fmt::format("{}", number); }

}  // namespace huntsman::scenarios::story
