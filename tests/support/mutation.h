// Texts with faults in them, for parsers that must read or refuse whatever they are given.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <string>

#include "engine/core/dice.h"

namespace huntsman::tests {

// The text with one to four places changed, left out, doubled, cut off or replaced by a number
// that is out of range.
inline std::string mutated(std::string text, engine::core::Dice dice) {
    for (int i = dice.integer(1, 4); i > 0 && !text.empty(); --i) {
        const std::size_t at = dice.index(text.size());
        const std::size_t length = std::min(text.size() - at, 1 + dice.index(12));
        switch (dice.index(5)) {
            case 0:
                text[at] = static_cast<char>(dice.integer(0, 255));
                break;
            case 1:
                text.erase(at, length);
                break;
            case 2:
                text.insert(at, text.substr(at, length));
                break;
            case 3:
                text.resize(at);
                break;
            default:
                text.replace(at, length, "-1e999");
        }
    }
    return text;
}

// How many mutations of each text a test tries: the variable HUNTSMAN_MUTATIONS, else `usual`.
inline std::uint64_t mutations(std::uint64_t usual) {
    const char* given = std::getenv("HUNTSMAN_MUTATIONS");
    return given != nullptr ? std::strtoull(given, nullptr, 10) : usual;
}

}  // namespace huntsman::tests
