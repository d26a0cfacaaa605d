// Parameters of stories: their ranges and distributions.
#pragma once

#include <optional>
#include <string>

#include "scenarios/story/element.h"

namespace huntsman::scenarios::edit {

struct ParameterRange {
    std::optional<double> low, high;
};
// Of the first group of constraints of a <ParameterDeclaration>.
ParameterRange range_of(const story::Element& declaration);
// "uniform", "normal", or empty; the header keeps it as a property "huntsman.distribution.NAME".
std::string distribution_of(const story::Element& root, const std::string& parameter);
// Whether a value is an expression that names the parameter.
bool mentions(const std::string& value, const std::string& parameter);

}  // namespace huntsman::scenarios::edit
