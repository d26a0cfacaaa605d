#include "scenarios/story/element.h"

#include <algorithm>

namespace huntsman::scenarios::story {

const std::string* Element::attribute(std::string_view wanted) const {
    const auto at = std::ranges::find(attributes, wanted, &Attribute::name);
    return at == attributes.end() ? nullptr : &at->value;
}

const Element* Element::child(std::string_view wanted) const {
    const auto at = std::ranges::find(children, wanted, &Element::name);
    return at == children.end() ? nullptr : &*at;
}

Element* Element::child(std::string_view wanted) {
    const auto at = std::ranges::find(children, wanted, &Element::name);
    return at == children.end() ? nullptr : &*at;
}

std::vector<const Element*> Element::all(std::string_view wanted) const {
    std::vector<const Element*> found;
    for (const Element& child : children) {
        if (child.name == wanted) found.push_back(&child);
    }
    return found;
}

void Element::set(std::string_view attribute_name, std::string value) {
    const auto at = std::ranges::find(attributes, attribute_name, &Attribute::name);
    if (at != attributes.end()) {
        at->value = std::move(value);
    } else {
        attributes.push_back({std::string(attribute_name), std::move(value)});
    }
}

}  // namespace huntsman::scenarios::story
