// Command lines for people to copy.
#pragma once

#include <string>

namespace huntsman::engine::core {

// A text as one word of a POSIX shell's command line; quoted where it must be.
std::string shell_word(const std::string& text);

}  // namespace huntsman::engine::core
