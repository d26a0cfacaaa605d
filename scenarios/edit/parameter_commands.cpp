// Commands on the story's parameters.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "scenarios/edit/elements.h"
#include "scenarios/edit/parameters.h"
#include "scenarios/edit/request.h"
#include "scenarios/openscenario/standard.h"
#include "scenarios/openscenario/variants.h"
#include "scenarios/story/expression.h"

namespace huntsman::scenarios::edit {

using situations::element;
using situations::text;
using story::Element;

namespace {

constexpr const char* kDistribution = "huntsman.distribution.";

Element* declaration(Element& root, const std::string& name) {
    Element* list = root.child("ParameterDeclarations");
    if (list == nullptr) return nullptr;
    for (Element& each : list->children) {
        const std::string* own = each.attribute("name");
        if (own != nullptr && *own == name) return &each;
    }
    return nullptr;
}

Status check_name(const std::string& name) {
    const auto fits = [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
    };
    if (std::ranges::all_of(name, fits) && !std::isdigit(static_cast<unsigned char>(name[0]))) {
        return {};
    }
    return sentence(
        fmt::format("\"{}\" is not a name of a parameter, expected letters, digits and "
                    "_",
                    name));
}

bool is_numeric(const std::string& type) {
    constexpr std::array kNumbers{"double", "integer", "int", "unsignedInt", "unsignedShort"};
    return std::ranges::find(kNumbers, type) != kNumbers.end();
}

Status check_value(const std::string& name, const std::string& type, const std::string& value) {
    const auto fail = [&](const char* expected) {
        return sentence(fmt::format("{} is \"{}\", expected {}", name, value, expected));
    };
    if (type == "boolean") return story::to_flag(value) ? Status() : fail("true or false");
    if (!is_numeric(type)) return {};
    const auto number = story::to_number(value);
    if (!number) return fail("a number");
    if (type != "double" && *number != static_cast<double>(static_cast<std::int64_t>(*number))) {
        return fail("a whole number");
    }
    return {};
}

void set_range(Element& parameter, const ParameterRange& range) {
    std::erase_if(parameter.children,
                  [](const Element& each) { return each.name == "ConstraintGroup"; });
    if (!range.low && !range.high) return;
    Element group = element("ConstraintGroup");
    const auto add = [&](const char* rule, const std::optional<double>& bound) {
        if (!bound) return;
        group.children.push_back(
            element("ValueConstraint", {{"rule", rule}, {"value", text(*bound)}}));
    };
    add("greaterOrEqual", range.low);
    add("lessOrEqual", range.high);
    parameter.children.push_back(std::move(group));
}

Status check_range(const std::string& name, const std::string& value, const ParameterRange& range) {
    if (range.low && range.high && *range.low > *range.high) {
        return sentence(fmt::format("the range of {} is from {} to {}, expected low before high",
                                    name, *range.low, *range.high));
    }
    const auto number = story::to_number(value);
    if (!range.low && !range.high) return {};
    if (!number) return sentence(fmt::format("{} is no number, it has no range", name));
    if (*number >= range.low.value_or(*number) && *number <= range.high.value_or(*number))
        return {};
    return sentence(fmt::format("{} is {}, expected it within its range", name, value));
}

void set_distribution(Element& root, const std::string& parameter, const std::string& word) {
    Element& properties = child_of(child_of(root, "FileHeader"), "Properties");
    const std::string name = kDistribution + parameter;
    std::erase_if(properties.children, [&](const Element& each) {
        return each.attribute("name") != nullptr && *each.attribute("name") == name;
    });
    if (!word.empty()) {
        properties.children.push_back(element("Property", {{"name", name}, {"value", word}}));
    }
    if (properties.children.empty()) {
        std::erase_if(root.child("FileHeader")->children,
                      [](const Element& each) { return each.name == "Properties"; });
    }
}

Status check_distribution(const std::string& word, const ParameterRange& range) {
    if (word.empty()) return {};
    if (word != "uniform" && word != "normal") {
        return sentence(fmt::format("the distribution is {}, expected uniform or normal", word));
    }
    if (!range.low || !range.high) {
        return sentence("a distribution needs a range, expected low and high");
    }
    return {};
}

Result<Draft> write(Draft next, const std::string& name, const std::string& type,
                    const std::string& value, const ParameterRange& range,
                    const std::string& distribution) {
    HM_TRY(check_value(name, type, value));
    HM_TRY(check_range(name, value, range));
    HM_TRY(check_distribution(distribution, range));
    Element& root = edit_story(next);
    Element* found = declaration(root, name);
    if (found == nullptr) {
        auto& list = child_of(root, "ParameterDeclarations").children;
        list.push_back(element("ParameterDeclaration", {{"name", name}}));
        found = &list.back();
    }
    found->set("parameterType", type);
    found->set("value", value);
    set_range(*found, range);
    set_distribution(root, name, distribution);
    return next;
}

Result<Element*> declared(Element& root, const std::string& name) {
    if (Element* found = declaration(root, name)) return found;
    return sentence(fmt::format("the story has no parameter {}", name));
}

// The parameter stands for an attribute's value.
Result<Draft> bound(const Draft& draft, const std::string& path, const std::string& attribute,
                    const std::string& name) {
    HM_TAKE(const ElementPlace place, element_place(draft, path));
    const auto* rule = place.rule->attribute(attribute);
    if (rule == nullptr) {
        return sentence(
            fmt::format("<{}> has no attribute \"{}\"", place.element->name, attribute));
    }
    Draft next = draft;
    Element& root = edit_story(next);
    HM_TAKE(const Element* found, declared(root, name));
    const std::string value = found->attribute("value") ? *found->attribute("value") : "";
    const std::string problem = value_problem(place.rule->name, attribute, value);
    if (!problem.empty()) {
        return sentence(fmt::format("{} does not fit there: {}", name, problem));
    }
    find_element(root, path)->set(attribute, "$" + name);
    return next;
}

Result<Draft> add_parameter(const Request& request) {
    const std::string name = request.text("name"), type = request.text_or("type", "double");
    HM_TRY(check_name(name));
    const std::string problem = value_problem("ParameterDeclaration", "parameterType", type);
    if (!problem.empty()) return sentence(problem);
    HM_TAKE(Draft next, with_own_story(request));
    Element before = next.story->root;
    if (declaration(before, name) != nullptr) {
        return sentence(
            fmt::format("there is a parameter {} already, expected another name", name));
    }
    HM_TAKE(const std::string value, attribute_text(request.command.at("value")));
    ParameterRange range;
    if (request.has("low")) range.low = request.number("low");
    if (request.has("high")) range.high = request.number("high");
    HM_TAKE(next,
            write(std::move(next), name, type, value, range, request.text_or("distribution", "")));
    if (!request.has("path") && !request.has("attribute")) return next;
    if (!request.has("path") || !request.has("attribute")) {
        return sentence("add_parameter has only one of path and attribute, expected both or none");
    }
    return bound(next, request.text("path"), request.text("attribute"), name);
}

Result<Draft> set_parameter(const Request& request) {
    if (!request.draft.story) return sentence("there is no story that could have parameters");
    const std::string name = request.text("parameter");
    Element root = request.draft.story->root;
    HM_TAKE(const Element* found, declared(root, name));
    const auto old = [&](const char* key) {
        const std::string* value = found->attribute(key);
        return value != nullptr ? *value : std::string();
    };
    std::string value = old("value");
    if (request.has("value")) {
        HM_TAKE(value, attribute_text(request.command.at("value")));
    }
    ParameterRange range = range_of(*found);
    for (const auto& [key, bound] :
         {std::pair{"low", &range.low}, std::pair{"high", &range.high}}) {
        if (!request.has(key)) continue;
        const auto& given = request.command.at(key);
        if (!given.is_null() && !given.is_number()) {
            return sentence(fmt::format("{} is {}, expected a number or null", key, given.dump()));
        }
        *bound = given.is_null() ? std::nullopt : std::optional(given.get<double>());
    }
    const std::string word =
        request.has("distribution") ? request.text("distribution") : distribution_of(root, name);
    Draft next = request.draft;
    // A value of the scenario would hide it.
    next.scenario.story.parameters.erase(name);
    return write(std::move(next), name, old("parameterType"), value, range,
                 word == "none" ? "" : word);
}

// What is written for a value now.
Result<std::string> value_of(const Draft& draft, const std::string& value) {
    const auto reading = compile(draft);
    return story::evaluate(value, [&](std::string_view name) -> const std::string* {
        for (const auto& variable : reading.story.variables) {
            if (variable.name == name) return &variable.value;
        }
        return nullptr;
    });
}

Result<Draft> remove_parameter(const Request& request) {
    if (!request.draft.story) return sentence("there is no story that could have parameters");
    const std::string name = request.text("parameter"), use = "$" + name;
    Draft next = request.draft;
    Element& root = edit_story(next);
    HM_TAKE(const Element* found, declared(root, name));
    const std::string value = found->attribute("value") ? *found->attribute("value") : "";
    // Where it was bound the value stays.
    std::string expression;
    for_each_element(root, [&](Element& each) {
        for (story::Attribute& attribute : each.attributes) {
            if (attribute.value == use) {
                attribute.value = value;
            } else if (mentions(attribute.value, name)) {
                expression = attribute.value;
            }
        }
    });
    if (!expression.empty()) {
        return sentence(fmt::format("{} is used in \"{}\", expected that to be changed first", name,
                                    expression));
    }
    auto& list = root.child("ParameterDeclarations")->children;
    std::erase_if(list, [&](const Element& each) {
        return each.attribute("name") != nullptr && *each.attribute("name") == name;
    });
    if (list.empty()) {
        std::erase_if(root.children,
                      [](const Element& each) { return each.name == "ParameterDeclarations"; });
    }
    set_distribution(root, name, "");
    next.scenario.story.parameters.erase(name);
    return next;
}

Result<Draft> bind(const Request& request) {
    return bound(request.draft, request.text("path"), request.text("attribute"),
                 request.text("parameter"));
}

Result<Draft> unbind(const Request& request) {
    const std::string path = request.text("path"), attribute = request.text("attribute");
    HM_TAKE(const ElementPlace place, element_place(request.draft, path));
    const std::string* written = place.element->attribute(attribute);
    if (written == nullptr || !story::is_expression(*written)) {
        return sentence(fmt::format("\"{}\" of <{}> is not bound to a parameter", attribute,
                                    place.element->name));
    }
    HM_TAKE(const std::string value, value_of(request.draft, *written));
    Draft next = request.draft;
    find_element(edit_story(next), path)->set(attribute, value);
    return next;
}

}  // namespace

bool mentions(const std::string& value, const std::string& parameter) {
    if (!story::is_expression(value)) return false;
    const std::string use = "$" + parameter;
    for (std::size_t at = value.find(use); at != std::string::npos; at = value.find(use, at + 1)) {
        const std::size_t end = at + use.size();
        const bool goes_on =
            end < value.size() &&
            (std::isalnum(static_cast<unsigned char>(value[end])) != 0 || value[end] == '_');
        if (!goes_on) return true;
    }
    return false;
}

ParameterRange range_of(const Element& declaration) {
    ParameterRange range;
    const Element* group = declaration.child("ConstraintGroup");
    if (group == nullptr) return range;
    for (const Element& each : group->children) {
        const std::string* rule = each.attribute("rule");
        const std::string* value = each.attribute("value");
        const auto number = value != nullptr ? story::to_number(*value) : std::nullopt;
        if (rule == nullptr || !number) continue;
        if (rule->starts_with("greater")) range.low = number;
        if (rule->starts_with("less")) range.high = number;
    }
    return range;
}

std::string distribution_of(const Element& root, const std::string& parameter) {
    const Element* header = root.child("FileHeader");
    const Element* properties = header != nullptr ? header->child("Properties") : nullptr;
    if (properties == nullptr) return {};
    for (const Element& each : properties->children) {
        const std::string* name = each.attribute("name");
        const std::string* value = each.attribute("value");
        if (name != nullptr && value != nullptr && *name == kDistribution + parameter)
            return *value;
    }
    return {};
}

std::vector<Command> parameter_commands() {
    constexpr const char* kGroup = "parameters";
    const ParameterInfo path = text_of("path", "of an element"),
                        attribute = text_of("attribute", "its name"),
                        parameter = text_of("parameter", "its name");
    const ParameterInfo value{"value", ParameterType::kAny, "a text, a number, true or false"};
    const ParameterInfo low{"low", ParameterType::kNumber, "least value", true};
    const ParameterInfo high{"high", ParameterType::kNumber, "largest value", true};
    const ParameterInfo low_or_null{"low", ParameterType::kAny, "a number, or null", true};
    const ParameterInfo high_or_null{"high", ParameterType::kAny, "a number, or null", true};
    const ParameterInfo distribution =
        optional(text_of("distribution", "uniform or normal, within the range; none"));
    return {
        {{"add_parameter",
          kGroup,
          "Parameter",
          "declares a parameter of the story",
          {text_of("name", "letters, digits and _"),
           optional(text_of("type", "double, integer, boolean, string, ...")), value, low, high,
           distribution, optional(path), optional(attribute)}},
         add_parameter},
        {{"set_parameter",
          kGroup,
          "Parameter",
          "changes value, range or distribution",
          {parameter, optional(value), low_or_null, high_or_null, distribution}},
         set_parameter},
        {{"remove_parameter",
          kGroup,
          "Remove parameter",
          "its value stays where it was bound",
          {parameter}},
         remove_parameter},
        {{"bind",
          kGroup,
          "Bind to",
          "a parameter stands for an attribute's value",
          {path, attribute, parameter}},
         bind},
        {{"unbind",
          kGroup,
          "Unbind",
          "the value that an attribute has now stays",
          {path, attribute}},
         unbind},
    };
}

}  // namespace huntsman::scenarios::edit
