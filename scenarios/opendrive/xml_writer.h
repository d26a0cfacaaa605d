// XML text, element by element: indented, escaped, numbers so that they read back exactly.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

namespace huntsman::scenarios::opendrive {

class XmlWriter {
  public:
    XmlWriter() : out_("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n") {}

    void open(const char* element);
    void close();

    // Attributes of the element opened last, before its first child. Texts are UTF-8.
    void text(const char* attribute, std::string_view value);
    void text_if(const char* attribute, std::string_view value);  // unless empty
    void number(const char* attribute, double value) { raw(attribute, fmt::format("{}", value)); }
    void number_if(const char* attribute, double value) {  // unless 0
        if (value != 0) number(attribute, value);
    }
    void integer(const char* attribute, int value) { raw(attribute, fmt::format("{}", value)); }
    void flag(const char* attribute, bool value) { raw(attribute, value ? "true" : "false"); }
    void raw(const char* attribute, std::string_view value);  // needs no escapes

    // Character data of the element, as one CDATA section (two where it holds "]]>").
    void cdata(std::string_view value);

    std::string take() { return std::move(out_); }

  private:
    void end_tag();

    std::string out_;
    std::vector<const char*> open_;
    bool in_tag_ = false;    // the last element's start tag is not closed yet
    bool has_text_ = false;  // the last element holds character data
};

}  // namespace huntsman::scenarios::opendrive
