#include "scenarios/openscenario/json_form.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/core/check.h"
#include "scenarios/openscenario/standard.h"
#include "scenarios/openscenario/xml.h"
#include "scenarios/story/expression.h"

namespace huntsman::scenarios::openscenario {

using engine::core::JsonNode;
using nlohmann::ordered_json;
using story::Element;

namespace {

// How an element of a type looks in JSON.
struct Form {
    enum class Kind : std::uint8_t {
        kObject,
        kText,   // nothing but text
        kValue,  // the value of the one attribute
        kList,   // the children of the one kind that it holds
    };
    Kind kind = Kind::kObject;
    const TypeRule* rule = nullptr;
    // Every element that the content names, with how often it may stand in all.
    std::vector<const Content*> children;
    bool mixed_list = false;  // a choice that may stand several times: a list of one-key objects
};

void collect(const Content& content, std::vector<const Content*>& children) {
    if (content.kind == Content::Kind::kElement) {
        children.push_back(&content);
        return;
    }
    for (const Content& part : content.parts) collect(part, children);
}

Form make_form(std::string_view type) {
    Form form;
    form.rule = Standard::get().type(type);
    HM_CHECK(form.rule != nullptr, "OpenSCENARIO has no type {}", type);
    const TypeRule& rule = *form.rule;
    if (rule.has_content) collect(rule.content, form.children);
    const bool plain = rule.attributes.empty() && !rule.holds_text;
    if (rule.holds_text && rule.attributes.empty()) {
        form.kind = Form::Kind::kText;
    } else if (!rule.has_content && !rule.holds_text && rule.attributes.size() == 1) {
        form.kind = Form::Kind::kValue;
    } else if (plain && form.children.size() == 1 && form.children[0]->most > 1) {
        form.kind = Form::Kind::kList;
    }
    form.mixed_list =
        rule.has_content && rule.content.kind == Content::Kind::kChoice && rule.content.most > 1;
    return form;
}

// Made once for all types.
const Form& form_of(std::string_view type) {
    static const std::map<std::string, Form, std::less<>> kForms = [] {
        std::map<std::string, Form, std::less<>> forms;
        for (const TypeRule& rule : Standard::get().types()) {
            forms.emplace(rule.name, make_form(rule.name));
        }
        return forms;
    }();
    const auto at = kForms.find(type);
    HM_CHECK(at != kForms.end(), "OpenSCENARIO has no type {}", type);
    return at->second;
}

// Elements that only say which of several others follows.
constexpr std::array kChoices{"AnimationType",
                              "ByValueCondition",
                              "ComponentAnimation",
                              "ControllerAction",
                              "EntityCondition",
                              "FinalSpeed",
                              "GlobalAction",
                              "InfrastructureAction",
                              "LaneChangeTarget",
                              "LaneOffsetTarget",
                              "LateralAction",
                              "LightType",
                              "LongitudinalAction",
                              "Position",
                              "PrivateAction",
                              "RoutingAction",
                              "Shape",
                              "SpeedActionTarget",
                              "TimeReference",
                              "TrafficSignalAction",
                              "TrailerAction",
                              "AppearanceAction",
                              "TimeToCollisionConditionTarget"};

// The elements that a key of an object may stand for, each with the left-out elements around it.
struct Path {
    std::vector<const Content*> around;  // outermost first
    const Content* element = nullptr;
};

bool is_choice(const Content& element) {
    return element.name == element.type && element.most == 1 &&
           std::ranges::find(kChoices, element.name) != kChoices.end();
}

// A choice is left out unless one of the keys inside it is also a key beside it.
std::vector<Path> find_paths(const Form& form) {
    std::vector<std::vector<Path>> inside(form.children.size());
    std::map<std::string, int> uses;
    for (const AttributeRule& attribute : form.rule->attributes) ++uses[snake_case(attribute.name)];
    for (std::size_t i = 0; i < form.children.size(); ++i) {
        const Content* child = form.children[i];
        ++uses[snake_case(child->name)];
        if (!is_choice(*child)) continue;
        inside[i] = find_paths(form_of(child->type));
        for (const Path& path : inside[i]) ++uses[snake_case(path.element->name)];
    }
    std::vector<Path> paths;
    for (std::size_t i = 0; i < form.children.size(); ++i) {
        const bool left_out =
            !inside[i].empty() && std::ranges::all_of(inside[i], [&](const Path& path) {
                return uses.at(snake_case(path.element->name)) == 1;
            });
        if (!left_out) {
            paths.push_back({{}, form.children[i]});
            continue;
        }
        for (Path& path : inside[i]) {
            path.around.insert(path.around.begin(), form.children[i]);
            paths.push_back(std::move(path));
        }
    }
    return paths;
}

// Made once for all types.
const std::vector<Path>& paths_of(const Form& form) {
    static const std::map<const TypeRule*, std::vector<Path>> kPaths = [] {
        std::map<const TypeRule*, std::vector<Path>> paths;
        for (const TypeRule& rule : Standard::get().types()) {
            paths.emplace(&rule, find_paths(form_of(rule.name)));
        }
        return paths;
    }();
    return kPaths.at(form.rule);
}

bool is_number_type(std::string_view type) {
    return type == "Double" || type == "Int" || type == "UnsignedInt" || type == "UnsignedShort";
}

ordered_json attribute_to_json(const std::string& value, std::string_view type) {
    if (is_number_type(type)) {
        const auto number = story::to_number(value);
        if (number && story::to_text(*number) == value && std::abs(*number) < 1e300) {
            const auto whole = static_cast<std::int64_t>(std::abs(*number) < 1e15 ? *number : 0);
            if (static_cast<double>(whole) == *number) return whole;
            return *number;
        }
    }
    if (type == "Boolean" && (value == "true" || value == "false")) return value == "true";
    return value;
}

ordered_json raw_to_json(const Element& element) {
    ordered_json json = ordered_json::object();
    for (const story::Attribute& attribute : element.attributes) {
        json["@" + attribute.name] = attribute.value;
    }
    if (!element.text.empty()) json["text"] = element.text;
    if (!element.children.empty()) {
        auto& list = json["children"] = ordered_json::array();
        for (const Element& child : element.children) {
            list.push_back({{"<" + child.name + ">", raw_to_json(child)}});
        }
    }
    return json;
}

// Whether everything about an element fits the brief forms that leave parts of it out.
bool is_pure(const Element& element, const TypeRule& rule) {
    return std::ranges::all_of(element.attributes,
                               [&](const auto& a) { return rule.attribute(a.name) != nullptr; }) &&
           std::ranges::all_of(element.children, [&](const Element& child) {
               return !rule.child_type(child.name).empty();
           });
}

const Content* content_named(const Form& form, std::string_view name) {
    const auto at = std::ranges::find(form.children, name, &Content::name);
    return at == form.children.end() ? nullptr : *at;
}

// The path that leads from an element's child to what is written for it: through the elements that
// are left out, as long as they hold one known child and nothing else.
const Path* path_of(const std::vector<Path>& paths, const Element& child, const Element** inner) {
    for (const Path& path : paths) {
        const Element* at = &child;
        std::size_t depth = 0;
        while (depth < path.around.size() && at->name == path.around[depth]->name &&
               at->children.size() == 1 && at->attributes.empty()) {
            at = &at->children[0];
            ++depth;
        }
        if (depth == path.around.size() && at->name == path.element->name) {
            *inner = at;
            return &path;
        }
    }
    return nullptr;
}

void write_children(const Element& element, const Form& form, ordered_json& json) {
    const std::vector<Path>& paths = paths_of(form);
    for (const Element& child : element.children) {
        const Content* content = content_named(form, child.name);
        if (content == nullptr) {
            json["<" + child.name + ">"].push_back(raw_to_json(child));
            continue;
        }
        const Element* inner = &child;
        if (const Path* path = path_of(paths, child, &inner)) content = path->element;
        ordered_json value = to_json(*inner, content->type);
        const std::string key = snake_case(content->name);
        if (form.mixed_list) {
            json["items"].push_back({{key, std::move(value)}});
        } else if (content->most > 1) {
            json[key].push_back(std::move(value));
        } else {
            json[key] = std::move(value);
        }
    }
}

}  // namespace

std::string snake_case(std::string_view name) {
    std::string result;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const auto c = static_cast<unsigned char>(name[i]);
        if (std::isupper(c) != 0 && i > 0) result += '_';
        result += static_cast<char>(std::tolower(c));
    }
    return result;
}

ordered_json to_json(const Element& element, std::string_view type) {
    const Form& form = form_of(type);
    const TypeRule& rule = *form.rule;
    if (is_pure(element, rule)) {
        if (form.kind == Form::Kind::kText) return element.text;
        if (form.kind == Form::Kind::kValue && element.attributes.size() == 1) {
            return attribute_to_json(element.attributes[0].value, rule.attributes[0].type);
        }
        if (form.kind == Form::Kind::kList) {
            ordered_json list = ordered_json::array();
            for (const Element& child : element.children) {
                list.push_back(to_json(child, form.children[0]->type));
            }
            return list;
        }
    }
    ordered_json json = ordered_json::object();
    for (const AttributeRule& attribute : rule.attributes) {
        if (const std::string* value = element.attribute(attribute.name)) {
            json[snake_case(attribute.name)] = attribute_to_json(*value, attribute.type);
        }
    }
    for (const story::Attribute& attribute : element.attributes) {
        if (rule.attribute(attribute.name) == nullptr) json["@" + attribute.name] = attribute.value;
    }
    if (rule.holds_text && !element.text.empty()) json["text"] = element.text;
    write_children(element, form, json);
    return json;
}

namespace {

class Reader {
  public:
    explicit Reader(std::uint32_t file) : file_(file) {}

    Element read(const JsonNode& node, std::string_view name, std::string_view type) {
        Element element;
        element.name = name;
        element.origin = {file_, node.line()};
        if (++depth_ > story::kMaxDepth) {
            node.fail(fmt::format("nests more than {} deep", story::kMaxDepth));
            return element;
        }
        const Form& form = form_of(type);
        const nlohmann::json& value = node.value();
        if (form.kind == Form::Kind::kText && value.is_string()) {
            element.text = value.get<std::string>();
        } else if (form.kind == Form::Kind::kValue && !value.is_object()) {
            const AttributeRule& attribute = form.rule->attributes[0];
            element.set(attribute.name, scalar(node));
        } else if (form.kind == Form::Kind::kList && value.is_array()) {
            const Content& child = *form.children[0];
            for (const JsonNode& item : node.items()) {
                element.children.push_back(read(item, child.name, child.type));
            }
        } else {
            read_object(node, form, element);
        }
        canonicalise(element, type);
        --depth_;
        return element;
    }

  private:
    static std::string scalar(const JsonNode& node) {
        const nlohmann::json& value = node.value();
        if (value.is_string()) return value.get<std::string>();
        if (value.is_boolean()) return value.get<bool>() ? "true" : "false";
        if (value.is_number_integer()) return fmt::format("{}", value.get<std::int64_t>());
        if (value.is_number()) return story::to_text(value.get<double>());
        node.fail("is a list or an object, expected a text, number or flag");
        return {};
    }

    void read_object(const JsonNode& node, const Form& form, Element& element) {
        const std::vector<Path>& paths = paths_of(form);
        for (const auto& [key, member] : node.members()) {
            if (read_attribute(key, member, form, element)) continue;
            if (key == "items" && form.mixed_list) {
                for (const JsonNode& item : member.items()) {
                    for (const auto& [inner_key, inner] : item.members()) {
                        read_child(inner_key, inner, form, paths, false, element);
                    }
                }
                continue;
            }
            if (key.starts_with('<') && key.ends_with('>')) {
                for (const JsonNode& item : member.items()) {
                    element.children.push_back(raw(item, key.substr(1, key.size() - 2)));
                }
                continue;
            }
            read_child(key, member, form, paths, true, element);
        }
    }

    bool read_attribute(const std::string& key, const JsonNode& member, const Form& form,
                        Element& element) {
        if (key.starts_with('@')) {
            element.set(key.substr(1), scalar(member));
            return true;
        }
        if (key == "text" && form.rule->holds_text) {
            element.text = scalar(member);
            return true;
        }
        for (const AttributeRule& attribute : form.rule->attributes) {
            if (snake_case(attribute.name) != key) continue;
            element.set(attribute.name, scalar(member));
            return true;
        }
        return false;
    }

    void read_child(const std::string& key, const JsonNode& member, const Form& form,
                    const std::vector<Path>& paths, bool lists, Element& element) {
        // A left-out element may also be written out.
        const auto direct = std::ranges::find_if(
            form.children, [&](const Content* child) { return snake_case(child->name) == key; });
        Path path;
        if (direct != form.children.end()) {
            path.element = *direct;
        } else {
            const auto at = std::ranges::find_if(paths, [&](const Path& candidate) {
                return snake_case(candidate.element->name) == key;
            });
            if (at == paths.end()) {
                std::vector<std::string> known;
                for (const auto& a : form.rule->attributes) known.push_back(snake_case(a.name));
                for (const Path& p : paths) known.push_back(snake_case(p.element->name));
                member.fail(
                    fmt::format("is not known here; known are: {}", fmt::join(known, ", ")));
                return;
            }
            path = *at;
        }
        Element* into = &element;
        for (const Content* around : path.around) {
            Element* inside = into->child(around->name);
            if (inside == nullptr) {
                inside = &into->children.emplace_back();
                inside->name = around->name;
                inside->origin = {file_, member.line()};
            }
            into = inside;
        }
        const Content& content = *path.element;
        if (content.most > 1 && lists) {
            for (const JsonNode& item : member.items()) {
                into->children.push_back(read(item, content.name, content.type));
            }
        } else {
            into->children.push_back(read(member, content.name, content.type));
        }
    }

    Element raw(const JsonNode& node, const std::string& name) {
        Element element;
        element.name = name;
        element.origin = {file_, node.line()};
        if (++depth_ > story::kMaxDepth) {
            node.fail(fmt::format("nests more than {} deep", story::kMaxDepth));
            return element;
        }
        for (const auto& [key, member] : node.members()) {
            if (key.starts_with('@')) {
                element.set(key.substr(1), scalar(member));
            } else if (key == "text") {
                element.text = scalar(member);
            } else if (key == "children") {
                for (const JsonNode& item : member.items()) {
                    for (const auto& [tag, inner] : item.members()) {
                        if (tag.size() > 2 && tag.starts_with('<') && tag.ends_with('>')) {
                            element.children.push_back(raw(inner, tag.substr(1, tag.size() - 2)));
                        } else {
                            inner.fail("is not an element \"<name>\"");
                        }
                    }
                }
            } else {
                member.fail("is not known in an element that the standard does not know");
            }
        }
        --depth_;
        return element;
    }

    std::uint32_t file_;
    int depth_ = 0;
};

}  // namespace

std::string ambiguous_keys() {
    std::string found;
    for (const TypeRule& rule : Standard::get().types()) {
        const Form form = form_of(rule.name);
        const std::vector<Path> paths = find_paths(form);
        std::set<std::string> keys;
        for (const AttributeRule& attribute : rule.attributes)
            keys.insert(snake_case(attribute.name));
        for (const Path& path : paths) {
            const std::string key = snake_case(path.element->name);
            if (!keys.insert(key).second) found += fmt::format("{}.{} ", rule.name, key);
        }
    }
    return found;
}

Element from_json(const JsonNode& node, std::string_view name, std::string_view type,
                  std::uint32_t file) {
    return Reader(file).read(node, name, type);
}

}  // namespace huntsman::scenarios::openscenario
