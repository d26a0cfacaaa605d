// How far nlohmann-json's SAX parser has read, which it does not tell by itself. For the sources of
// this room that need places of what they find.
#pragma once

#include <cstddef>
#include <iterator>

namespace huntsman::engine::core {

// An input iterator that writes to `*read` the position up to which was read.
struct PositionIterator {
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;
    const char* at;
    const char** read;
    const char& operator*() const { return *at; }
    PositionIterator& operator++() {
        *read = ++at;
        return *this;
    }
    PositionIterator operator++(int) {
        PositionIterator before = *this;
        ++*this;
        return before;
    }
    bool operator==(const PositionIterator& other) const { return at == other.at; }
    bool operator!=(const PositionIterator& other) const { return at != other.at; }
};

}  // namespace huntsman::engine::core
