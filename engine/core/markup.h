// Text inside HTML, SVG and XML.
#pragma once

#include <string>
#include <string_view>

namespace huntsman::engine::core {

// The text with &, <, > and " written as entities; control characters, which XML does not allow,
// become spaces.
std::string markup_escaped(std::string_view text);

}  // namespace huntsman::engine::core
