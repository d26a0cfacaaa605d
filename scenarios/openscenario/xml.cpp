#include "scenarios/openscenario/xml.h"

#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>
#include <sstream>

#include "engine/core/files.h"
#include "engine/core/text_lines.h"
#include "scenarios/openscenario/standard.h"

namespace huntsman::scenarios::openscenario {

using engine::core::Error;
using engine::core::Result;
using engine::core::TextLines;
using story::Element;

namespace {

struct Converter {
    const TextLines& lines;
    std::uint32_t file;

    // False where elements nest too deeply.
    bool convert(const pugi::xml_node& node, int depth, Element& element) const {
        if (depth > story::kMaxDepth) return false;
        element.name = node.name();
        element.origin = {file, lines.at(node.offset_debug())};
        for (const pugi::xml_attribute& attribute : node.attributes()) {
            const std::string_view name = attribute.name();
            if (name.starts_with("xmlns") || name.starts_with("xsi:")) continue;
            element.attributes.push_back({std::string(name), attribute.value()});
        }
        for (const pugi::xml_node& child : node.children()) {
            if (child.type() == pugi::node_element) {
                if (!convert(child, depth + 1, element.children.emplace_back())) return false;
            } else if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) {
                element.text += child.value();
            }
        }
        return true;
    }
};

Error at_line(const std::string& name, int line, std::string message) {
    return {.message = std::move(message), .file = name, .line = line};
}

void append(pugi::xml_node parent, const Element& element) {
    pugi::xml_node node = parent.append_child(element.name.c_str());
    for (const story::Attribute& attribute : element.attributes) {
        node.append_attribute(attribute.name.c_str()).set_value(attribute.value.c_str());
    }
    for (const Element& child : element.children) append(node, child);
    if (!element.text.empty()) {
        node.append_child(pugi::node_pcdata).set_value(element.text.c_str());
    }
}

}  // namespace

Result<Element> parse_xml(const std::string& text, const std::string& name, std::uint32_t file) {
    if (text.size() > kMaxFileBytes) {
        return at_line(name, 0,
                       fmt::format("has {} MB, expected at most {} MB", text.size() >> 20,
                                   kMaxFileBytes >> 20));
    }
    const TextLines lines(text);
    pugi::xml_document document;
    const pugi::xml_parse_result parsed =
        document.load_buffer(text.data(), text.size(), pugi::parse_default | pugi::parse_doctype);
    if (!parsed) {
        return at_line(name, lines.at(parsed.offset),
                       fmt::format("is not well-formed XML: {}", parsed.description()));
    }
    for (const pugi::xml_node& node : document.children()) {
        if (node.type() == pugi::node_doctype) {
            return at_line(name, lines.at(node.offset_debug()),
                           "declares a document type, expected none: entities are not expanded");
        }
    }
    const pugi::xml_node root = document.document_element();
    if (std::string_view(root.name()) != Standard::kRootElement) {
        return at_line(
            name, lines.at(root.offset_debug()),
            fmt::format("begins with <{}>, expected <{}>", root.name(), Standard::kRootElement));
    }
    Element element;
    if (!Converter{lines, file}.convert(root, 0, element)) {
        return at_line(name, 0, fmt::format("elements nest more than {} deep", story::kMaxDepth));
    }
    return element;
}

Result<Element> read_xml(const std::filesystem::path& path, std::uint32_t file) {
    HM_TAKE(const std::string text, engine::core::read_file(path));
    return parse_xml(text, path.string(), file);
}

std::string write_xml(const Element& root) {
    Element sorted = root;
    canonicalise(sorted, Standard::kRootType);
    pugi::xml_document document;
    pugi::xml_node declaration = document.append_child(pugi::node_declaration);
    declaration.append_attribute("version") = "1.0";
    declaration.append_attribute("encoding") = "UTF-8";
    append(document, sorted);
    std::ostringstream out;
    document.save(out, "  ");
    return out.str();
}

namespace {

// The names of a content in the order in which the schema lists them.
void rank(const Content& content, std::vector<std::string_view>& order) {
    if (content.kind == Content::Kind::kElement) {
        order.push_back(content.name);
        return;
    }
    for (const Content& part : content.parts) rank(part, order);
}

}  // namespace

void canonicalise(Element& element, std::string_view type) {
    const TypeRule* rule = Standard::get().type(type);
    if (rule == nullptr) return;
    std::vector<std::string_view> order;
    // A choice that may stand several times keeps the order in which its elements stand.
    if (rule->content.kind != Content::Kind::kChoice) rank(rule->content, order);
    std::ranges::stable_sort(element.children, {}, [&](const Element& child) {
        return std::ranges::find(order, child.name) - order.begin();
    });
    std::ranges::stable_sort(element.attributes, {}, [&](const story::Attribute& attribute) {
        return std::ranges::find(rule->attributes, attribute.name, &AttributeRule::name) -
               rule->attributes.begin();
    });
    // Blanks between children, and around them, mean nothing.
    if (!rule->holds_text) element.text.clear();
    for (Element& child : element.children) canonicalise(child, rule->child_type(child.name));
}

}  // namespace huntsman::scenarios::openscenario
