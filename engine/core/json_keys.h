// Keys that stand twice in one object of a JSON text: parsers take the last of them without a word,
// and a file's author believes in the other.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace huntsman::engine::core {

struct RepeatedKey {
    std::string name;
    int line = 0, column = 0;  // of the second one; from 1, columns in bytes
    std::string message() const;
};
// The first one of a text that is JSON.
std::optional<RepeatedKey> repeated_key(std::string_view text);

}  // namespace huntsman::engine::core
