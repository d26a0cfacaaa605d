#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "scenarios/openscenario/standard.h"
#include "scenarios/openscenario/xml.h"
#include "scenarios/story/expression.h"

namespace huntsman::scenarios::openscenario {

using engine::core::Findings;
using engine::core::Severity;
using story::Element;

namespace {

std::string in_quotes(std::string_view text) {
    constexpr std::size_t kLongest = 60;
    if (text.size() <= kLongest) return fmt::format("\"{}\"", text);
    return fmt::format("\"{}...\"", text.substr(0, kLongest));
}

bool is_whole(std::string_view text) {
    const auto number = story::to_number(text);
    return number && *number == static_cast<double>(static_cast<std::int64_t>(*number));
}

// What a value of a type looks like, where this one does not; empty where it does.
std::string expectation(std::string_view type, const std::string& value) {
    if (const EnumRule* rule = Standard::get().enumeration(type)) {
        if (std::ranges::find(rule->values, value) != rule->values.end()) return {};
        return fmt::format("one of {}", fmt::join(rule->values, ", "));
    }
    if (type == "Double") return story::to_number(value) ? "" : "a number";
    if (type == "Boolean") return story::to_flag(value) ? "" : "true or false";
    if (type == "Int") return is_whole(value) ? "" : "a whole number";
    if (type == "UnsignedInt" || type == "UnsignedShort") {
        return is_whole(value) && value.front() != '-' ? "" : "a whole number from 0";
    }
    return {};
}

class Checker {
  public:
    explicit Checker(Findings& findings) : findings_(findings) {}

    void element(const Element& element, const TypeRule& rule) {
        attributes(element, rule);
        for (const Element& child : element.children) {
            const std::string_view type = rule.child_type(child.name);
            if (type.empty()) {
                report(Severity::kWarning, child, "element.unknown",
                       fmt::format("<{}> is not known in <{}>; it is kept and not played",
                                   child.name, element.name));
                continue;
            }
            this->element(child, *Standard::get().type(type));
        }
        if (rule.has_content) occurrences(element, rule.content, true);
    }

  private:
    void report(Severity severity, const Element& at, std::string_view kind, std::string message) {
        findings_.add(severity, at.origin.line, kind, std::move(message), at.origin.file);
    }

    void attributes(const Element& element, const TypeRule& rule) {
        for (const AttributeRule& wanted : rule.attributes) {
            const std::string* value = element.attribute(wanted.name);
            if (value == nullptr) {
                if (wanted.required) {
                    report(Severity::kError, element, "attribute.missing",
                           fmt::format("<{}> lacks \"{}\"", element.name, wanted.name));
                }
                continue;
            }
            if (story::is_expression(*value)) continue;
            const std::string expected = expectation(wanted.type, *value);
            if (!expected.empty()) {
                report(Severity::kError, element, "attribute.value",
                       fmt::format("<{}>: \"{}\" is {}, expected {}", element.name, wanted.name,
                                   in_quotes(*value), expected));
            }
        }
        for (const story::Attribute& given : element.attributes) {
            if (rule.attribute(given.name) != nullptr) continue;
            report(Severity::kWarning, element, "attribute.unknown",
                   fmt::format("<{}> has the unknown attribute \"{}\"", element.name, given.name));
        }
    }

    static std::size_t count(const Element& element, const Content& content) {
        if (content.kind == Content::Kind::kElement) {
            return static_cast<std::size_t>(
                std::ranges::count(element.children, content.name, &Element::name));
        }
        std::size_t sum = 0;
        for (const Content& part : content.parts) sum += count(element, part);
        return sum;
    }
    static std::string describe(const Content& content) {
        if (content.kind == Content::Kind::kElement) return "<" + content.name + ">";
        std::string text;
        for (const Content& part : content.parts) {
            if (!text.empty()) text += content.kind == Content::Kind::kChoice ? " or " : " and ";
            text += describe(part);
        }
        return text;
    }

    // Whether the children occur as often as the content asks. Of a choice that stands once, one
    // part may be there.
    void occurrences(const Element& element, const Content& content, bool needed) {
        const std::size_t found = count(element, content);
        const bool once = content.most == 1;
        if (found == 0) {
            if (needed && content.least > 0 && !optional(content)) {
                report(Severity::kError, element, "element.missing",
                       fmt::format("<{}> lacks {}", element.name, describe(content)));
            }
            return;
        }
        if (content.kind == Content::Kind::kElement) {
            if (once && found > 1) {
                report(Severity::kError, element, "element.repeated",
                       fmt::format("<{}> has {} of <{}>, expected one", element.name, found,
                                   content.name));
            } else if (found < static_cast<std::size_t>(content.least)) {
                report(Severity::kError, element, "element.missing",
                       fmt::format("<{}> has {} of <{}>, expected at least {}", element.name, found,
                                   content.name, content.least));
            }
            return;
        }
        if (content.kind == Content::Kind::kSequence) {
            for (const Content& part : content.parts) occurrences(element, part, true);
            return;
        }
        std::vector<const Content*> present;
        for (const Content& part : content.parts) {
            if (count(element, part) > 0) present.push_back(&part);
        }
        if (!once) return;
        if (present.size() > 1) {
            report(Severity::kError, element, "element.choice",
                   fmt::format("<{}> has both {} and {}, expected one of them", element.name,
                               describe(*present[0]), describe(*present[1])));
        } else {
            occurrences(element, *present[0], true);
        }
    }
    // Whether a content is satisfied by nothing.
    static bool optional(const Content& content) {
        if (content.least == 0) return true;
        if (content.kind == Content::Kind::kElement) return false;
        if (content.kind == Content::Kind::kChoice) {
            return std::ranges::any_of(content.parts, optional);
        }
        return std::ranges::all_of(content.parts, optional);
    }

    Findings& findings_;
};

}  // namespace

void check(const Element& element, std::string_view type, Findings& findings) {
    const TypeRule* rule = Standard::get().type(type);
    if (rule != nullptr) Checker(findings).element(element, *rule);
}

}  // namespace huntsman::scenarios::openscenario
