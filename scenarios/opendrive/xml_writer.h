// An XML document, element by element: indented, numbers so that they read back exactly.
#pragma once

#include <fmt/format.h>

#include <memory>
#include <string>
#include <string_view>

namespace huntsman::scenarios::opendrive {

class XmlWriter {
  public:
    XmlWriter();
    ~XmlWriter();

    void open(const char* element);
    void close();

    // Attributes of the open element. Texts are UTF-8.
    void text(const char* attribute, std::string_view value);
    void text_if(const char* attribute, std::string_view value) {  // unless empty
        if (!value.empty()) text(attribute, value);
    }
    void number(const char* attribute, double value) { text(attribute, fmt::format("{}", value)); }
    void number_if(const char* attribute, double value) {  // unless 0
        if (value != 0) number(attribute, value);
    }
    void integer(const char* attribute, int value) { text(attribute, std::to_string(value)); }
    void flag(const char* attribute, bool value) { text(attribute, value ? "true" : "false"); }

    // Character data of the open element, as CDATA.
    void cdata(std::string_view value);

    // The document as text, once all elements are closed.
    std::string take() const;

  private:
    struct Document;
    std::unique_ptr<Document> document_;
};

}  // namespace huntsman::scenarios::opendrive
