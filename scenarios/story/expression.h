// Expressions of OpenSCENARIO 1.3: "$name", "${2 * $gap + 1}", with the functions and operators of
// the standard's section "Expressions".
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "engine/core/result.h"

namespace huntsman::scenarios::story {

// The value of a parameter as text; nullptr where there is none of this name.
using Lookup = std::function<const std::string*(std::string_view name)>;

// Whether a value is written as a parameter or an expression: begins with '$'.
bool is_expression(std::string_view value);

// The text that a value stands for: itself, the parameter's value, or an expression's value with
// as many digits as give the same number again. `\$` at the beginning stands for a plain '$'.
// Errors, without place: an unknown parameter, text that is not a number within an expression, a
// syntax error, a result that is not finite.
engine::core::Result<std::string> evaluate(const std::string& value, const Lookup& parameters);

// A finite number as the standard writes it; nothing where the text is none. "INF" is infinite.
std::optional<double> to_number(std::string_view text);
// "true", "false", "1", "0".
std::optional<bool> to_flag(std::string_view text);
// As few digits as give the same number again.
std::string to_text(double number);

}  // namespace huntsman::scenarios::story
