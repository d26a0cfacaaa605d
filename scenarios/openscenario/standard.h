// The classes of OpenSCENARIO XML 1.3: which attributes and child elements each has. StoryFile,
// writing, checking and the JSON form follow this table.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace huntsman::scenarios::openscenario {

struct AttributeRule {
    std::string name, type;  // type: "Double", "Int", ..., or the name of an enumeration
    bool required = false;
};

// What an element holds: an element, or a sequence or choice of others, and how often.
struct Content {
    enum class Kind : std::uint8_t { kElement, kSequence, kChoice };
    Kind kind = Kind::kSequence;
    std::string name, type;      // of elements
    std::vector<Content> parts;  // of sequences and choices
    int least = 1;
    int most = 1;  // kUnbounded: any number
    static constexpr int kUnbounded = 1 << 30;
};

struct TypeRule {
    std::string name;
    std::vector<AttributeRule> attributes;
    bool holds_text = false;
    bool has_content = false;
    Content content;

    const AttributeRule* attribute(std::string_view wanted) const;  // nullptr: none
    // The type of a child element; empty where it has none of this name.
    std::string_view child_type(std::string_view element) const;
};

struct EnumRule {
    std::string name;
    std::vector<std::string> values;
};

class Standard {
  public:
    // OpenSCENARIO XML 1.3.
    static const Standard& get();

    const TypeRule* type(std::string_view name) const;  // nullptr: none
    const EnumRule* enumeration(std::string_view name) const;
    const std::vector<TypeRule>& types() const { return types_; }         // sorted by name
    const std::vector<EnumRule>& enumerations() const { return enums_; }  // sorted by name

    static constexpr const char* kRootType = "OpenScenario";
    static constexpr const char* kRootElement = "OpenSCENARIO";

  private:
    Standard();
    std::vector<TypeRule> types_;
    std::vector<EnumRule> enums_;
};

}  // namespace huntsman::scenarios::openscenario
