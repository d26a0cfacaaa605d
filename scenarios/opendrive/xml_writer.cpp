#include "scenarios/opendrive/xml_writer.h"

#include "engine/core/check.h"

namespace huntsman::scenarios::opendrive {

void XmlWriter::end_tag() {
    if (in_tag_) out_ += ">\n";
    in_tag_ = false;
}

void XmlWriter::open(const char* element) {
    end_tag();
    out_.append(2 * open_.size(), ' ');
    out_ += '<';
    out_ += element;
    open_.push_back(element);
    in_tag_ = true;
}

void XmlWriter::close() {
    HM_CHECK(!open_.empty(), "no element is open");
    const char* element = open_.back();
    open_.pop_back();
    if (in_tag_) {
        out_ += "/>\n";
    } else {
        if (!has_text_) out_.append(2 * open_.size(), ' ');
        out_ += "</";
        out_ += element;
        out_ += ">\n";
    }
    in_tag_ = has_text_ = false;
}

void XmlWriter::raw(const char* attribute, std::string_view value) {
    HM_CHECK(in_tag_, "attribute {} outside a start tag", attribute);
    out_ += ' ';
    out_ += attribute;
    out_ += "=\"";
    out_ += value;
    out_ += '"';
}

void XmlWriter::text(const char* attribute, std::string_view value) {
    std::string escaped;
    escaped.reserve(value.size());
    for (const char c : value) {
        switch (c) {
            case '&':
                escaped += "&amp;";
                break;
            case '<':
                escaped += "&lt;";
                break;
            case '>':
                escaped += "&gt;";
                break;
            case '"':
                escaped += "&quot;";
                break;
            // Plain ones would be read back as spaces.
            case '\n':
                escaped += "&#10;";
                break;
            case '\r':
                escaped += "&#13;";
                break;
            case '\t':
                escaped += "&#9;";
                break;
            default:
                escaped += c;
        }
    }
    raw(attribute, escaped);
}

void XmlWriter::text_if(const char* attribute, std::string_view value) {
    if (!value.empty()) text(attribute, value);
}

void XmlWriter::cdata(std::string_view value) {
    HM_CHECK(in_tag_, "character data after a child");
    out_ += "><![CDATA[";
    for (std::size_t at = value.find("]]>"); at != value.npos; at = value.find("]]>")) {
        out_ += value.substr(0, at + 2);
        out_ += "]]><![CDATA[";
        value.remove_prefix(at + 2);
    }
    out_ += value;
    out_ += "]]>";
    in_tag_ = false;
    has_text_ = true;
}

}  // namespace huntsman::scenarios::opendrive
