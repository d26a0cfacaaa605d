// A story as it is written: a tree of elements with attributes, in the terms of OpenSCENARIO.
//
// The tree is plain data that can be copied, compared and edited, and it keeps values as they are
// written ("$speed", "${2 * $gap}"), so that a file can be varied and written again without loss.
// What a tree means, with values put in for parameters, is a Story: see story.h.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace huntsman::scenarios::story {

// Where an element was read. Comparisons ignore it.
struct Origin {
    std::uint32_t file = 0;  // index in Document::files
    int line = 0;            // from 1; 0: made, not read
    friend bool operator==(const Origin&, const Origin&) { return true; }
};

struct Attribute {
    std::string name, value;
    friend bool operator==(const Attribute&, const Attribute&) = default;
};

struct Element {
    std::string name;
    std::vector<Attribute> attributes;  // in the order of the file
    std::vector<Element> children;
    std::string text;  // of elements that hold text instead of children
    Origin origin;

    // nullptr where there is none; the first of several.
    const std::string* attribute(std::string_view wanted) const;
    const Element* child(std::string_view wanted) const;
    Element* child(std::string_view wanted);
    std::vector<const Element*> all(std::string_view wanted) const;
    // Sets or adds.
    void set(std::string_view attribute_name, std::string value);

    friend bool operator==(const Element&, const Element&) = default;
};

// One file, and the catalogues that were read for it.
struct Document {
    Element root;                              // "OpenSCENARIO"
    std::vector<std::filesystem::path> files;  // the document's own first
};

// Elements nest at most this deep in what is read; the standard needs 25.
constexpr int kMaxDepth = 100;

}  // namespace huntsman::scenarios::story
