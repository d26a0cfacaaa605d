#include "scenarios/opendrive/xml_writer.h"

#include <pugixml.hpp>

#include "engine/core/check.h"

namespace huntsman::scenarios::opendrive {

struct XmlWriter::Document {
    pugi::xml_document tree;
    pugi::xml_node element;  // that is open
};

XmlWriter::XmlWriter() : document_(std::make_unique<Document>()) {
    pugi::xml_node declaration = document_->tree.append_child(pugi::node_declaration);
    declaration.append_attribute("version") = "1.0";
    declaration.append_attribute("encoding") = "UTF-8";
    document_->element = document_->tree;
}
XmlWriter::~XmlWriter() = default;

void XmlWriter::open(const char* element) {
    document_->element = document_->element.append_child(element);
}

void XmlWriter::close() {
    HM_CHECK(document_->element != document_->tree, "no element is open");
    document_->element = document_->element.parent();
}

void XmlWriter::text(const char* attribute, std::string_view value) {
    document_->element.append_attribute(attribute).set_value(value.data(), value.size());
}

void XmlWriter::cdata(std::string_view value) {
    document_->element.append_child(pugi::node_cdata).set_value(value.data(), value.size());
}

std::string XmlWriter::take() const {
    HM_CHECK(document_->element == document_->tree, "element {} is open",
             document_->element.name());
    struct Sink : pugi::xml_writer {
        std::string text;
        void write(const void* data, std::size_t size) override {
            text.append(static_cast<const char*>(data), size);
        }
    } sink;
    document_->tree.save(sink, "  ");
    return std::move(sink.text);
}

}  // namespace huntsman::scenarios::opendrive
