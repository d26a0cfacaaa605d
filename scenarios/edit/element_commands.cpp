// Commands on any element of the story, for panes that follow the standard.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "scenarios/edit/elements.h"
#include "scenarios/edit/references.h"
#include "scenarios/edit/request.h"
#include "scenarios/openscenario/standard.h"
#include "scenarios/openscenario/xml.h"
#include "scenarios/story/expression.h"

namespace huntsman::scenarios::edit {

using nlohmann::json;
using openscenario::Standard;
using openscenario::TypeRule;
using story::Element;

Result<ElementPlace> element_place(const Draft& draft, const std::string& path) {
    if (!draft.story) {
        return sentence(draft.scenario.story.situation.empty()
                            ? "there is no story whose elements could be edited"
                            : "a placed situation has no elements, expected it to be turned into "
                              "a story first");
    }
    const Element* found = find_element(draft.story->root, path);
    if (found == nullptr) {
        return sentence(fmt::format("there is no element \"{}\" in the story", path));
    }
    const std::string_view type = type_at(path);
    const TypeRule* rule = type.empty() ? nullptr : Standard::get().type(type);
    if (rule == nullptr) {
        return sentence(
            fmt::format("\"{}\" is not known to the standard, it can be removed only", path));
    }
    return ElementPlace{found, rule};
}

Result<std::string> attribute_text(const json& value) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_boolean()) return std::string(value.get<bool>() ? "true" : "false");
    if (value.is_number_integer()) return value.dump();
    if (value.is_number()) return situations::text(value.get<double>());
    return sentence("the value is a list or object, expected a text, a number, true or false");
}

namespace {

Status check_attribute(const ElementPlace& place, const std::string& attribute) {
    if (place.rule->attribute(attribute) != nullptr) return {};
    std::vector<std::string> known;
    for (const auto& each : place.rule->attributes) known.push_back(each.name);
    return sentence(fmt::format(
        "<{}> has no attribute \"{}\", expected {}", place.element->name, attribute,
        known.empty() ? "none at all" : fmt::format("one of {}", fmt::join(known, ", "))));
}

Result<Draft> set_attribute(const Request& request) {
    const std::string path = request.text("path"), attribute = request.text("attribute");
    HM_TAKE(const ElementPlace place, element_place(request.draft, path));
    HM_TRY(check_attribute(place, attribute));
    if (attribute == "name" &&
        (place.element->name == "ScenarioObject" || place.element->name == "Event")) {
        return sentence(fmt::format("others refer to the name of <{}>, expected the command {}",
                                    place.element->name,
                                    place.element->name == "Event" ? "rename_event" : "rename"));
    }
    HM_TAKE(const std::string value, attribute_text(request.command.at("value")));
    const std::string problem = value_problem(place.rule->name, attribute, value);
    if (!problem.empty()) return sentence(problem);
    Draft next = request.draft;
    find_element(edit_story(next), path)->set(attribute, value);
    return next;
}

Result<Draft> remove_attribute(const Request& request) {
    const std::string path = request.text("path"), attribute = request.text("attribute");
    HM_TAKE(const ElementPlace place, element_place(request.draft, path));
    const auto* rule = place.rule->attribute(attribute);
    if (rule != nullptr && rule->required) {
        return sentence(fmt::format("<{}> needs \"{}\"", place.element->name, attribute));
    }
    if (place.element->attribute(attribute) == nullptr) HM_TRY(check_attribute(place, attribute));
    Draft next = request.draft;
    std::erase_if(find_element(edit_story(next), path)->attributes,
                  [&](const story::Attribute& each) { return each.name == attribute; });
    return next;
}

// ---- Elements

std::multiset<std::string> errors_of(const Element& element, const std::string& type) {
    engine::core::Findings findings;
    openscenario::check(element, type, findings);
    std::multiset<std::string> errors;
    for (const auto& finding : findings.take()) {
        if (finding.severity == engine::core::Severity::kError) errors.insert(finding.message);
    }
    return errors;
}

// Whether a change has brought errors that were not there.
Status no_worse(const Element& before, const Element& after, const std::string& type) {
    const auto was = errors_of(before, type), is = errors_of(after, type);
    for (const std::string& error : is) {
        if (is.count(error) > was.count(error)) return sentence(error);
    }
    return {};
}

// Before the `at`-th of its name, from 1; else after the last.
void insert(Element& parent, Element child, std::size_t at) {
    std::size_t count = 0;
    auto where = parent.children.end();
    for (auto each = parent.children.begin(); each != parent.children.end(); ++each) {
        if (each->name == child.name && ++count == at) where = each;
    }
    parent.children.insert(where, std::move(child));
}

Result<std::string> child_type(const ElementPlace& parent, const std::string& name) {
    const std::string_view type = parent.rule->child_type(name);
    if (!type.empty()) return std::string(type);
    return sentence(fmt::format("<{}> cannot hold <{}>", parent.element->name, name));
}

Result<Draft> insert_element(const Request& request) {
    const std::string path = request.text_or("path", ""), name = request.text("element");
    HM_TAKE(const ElementPlace parent, element_place(request.draft, path));
    HM_TAKE(const std::string type, child_type(parent, name));
    Draft next = request.draft;
    Element& root = edit_story(next);
    Element& into = *find_element(root, path);
    Element child = make_default(name, type, root);
    insert(into, std::move(child),
           request.has("at") ? request.command.at("at").get<std::size_t>() : 0);
    HM_TRY(no_worse(*parent.element, into, parent.rule->name));
    return next;
}

// The path of the parent.
std::string parent_of(const Element& root, const Element* element) {
    const std::string path = path_of(root, element);
    // Numbers stand in the brackets of such a path, no slashes.
    const std::size_t slash = path.rfind('/');
    return slash == std::string::npos ? "" : path.substr(0, slash);
}

Result<Draft> remove_element(const Request& request) {
    const std::string path = request.text("path");
    if (!request.draft.story) return element_place(request.draft, path).error();
    const Element& before = request.draft.story->root;
    const Element* found = find_element(before, path);
    if (found == nullptr || found == &before)
        return sentence(fmt::format("there is no element \"{}\" to be removed", path));
    if (found->name == "ScenarioObject") {
        return sentence(
            "an actor is removed with all that refers to it, expected the command "
            "remove");
    }
    Draft next = request.draft;
    Element& root = edit_story(next);
    constexpr const char* kStoryboard[] = {"Story", "Act", "ManeuverGroup", "Maneuver", "Event"};
    if (std::ranges::find(kStoryboard, found->name) != std::end(kStoryboard)) {
        prune_at(root, path);
        return next;
    }
    const std::string above = parent_of(before, found);
    const Element* parent = find_element(before, above);
    const std::string own = path_of(before, found);
    Element& changed = *find_element(root, above);
    const Element* goes = find_element(root, own);
    std::erase_if(changed.children, [&](const Element& each) { return &each == goes; });
    const std::string_view type = type_at(above);
    if (!type.empty()) HM_TRY(no_worse(*parent, changed, std::string(type)));
    return next;
}

Result<Draft> replace_element(const Request& request) {
    const std::string path = request.text("path"), name = request.text("element");
    HM_TAKE(const ElementPlace place, element_place(request.draft, path));
    const Element& before = request.draft.story->root;
    if (place.element == &before || place.element->name == "ScenarioObject") {
        return sentence("this element cannot be replaced by another one");
    }
    const std::string above = parent_of(before, place.element);
    HM_TAKE(const ElementPlace parent, element_place(request.draft, above));
    HM_TAKE(const std::string type, child_type(parent, name));
    const std::string own = path_of(before, place.element);
    Draft next = request.draft;
    Element& root = edit_story(next);
    Element made = make_default(name, type, root);
    *find_element(root, own) = std::move(made);
    HM_TRY(no_worse(*parent.element, *find_element(root, above), parent.rule->name));
    return next;
}

Result<Draft> move_element(const Request& request) {
    const std::string path = request.text("path");
    HM_TAKE(const ElementPlace place, element_place(request.draft, path));
    const Element& before = request.draft.story->root;
    if (place.element == &before) return sentence("the story itself cannot be moved");
    Draft next = request.draft;
    Element& root = edit_story(next);
    Element* moved = find_element(root, path_of(before, place.element));
    Element& parent = *find_element(root, parent_of(before, place.element));
    Element copy = *moved;
    std::erase_if(parent.children, [&](const Element& each) { return &each == moved; });
    insert(parent, std::move(copy), request.command.at("at").get<std::size_t>());
    return next;
}

}  // namespace

std::vector<Command> element_commands() {
    constexpr const char* kGroup = "elements";
    const ParameterInfo path = text_of("path", "as \"Entities/ScenarioObject[2]/Vehicle\"");
    const ParameterInfo attribute = text_of("attribute", "its name");
    const ParameterInfo child = text_of("element", "its name");
    const ParameterInfo at{
        "at", ParameterType::kWhole, "before which of its name, from 1", false, 1, 1e6};
    return {
        {{"set_attribute",
          kGroup,
          "Change",
          "sets an attribute of an element",
          {path, attribute, {"value", ParameterType::kAny, "a text, a number, true or false"}}},
         set_attribute},
        {{"remove_attribute",
          kGroup,
          "Clear",
          "removes an attribute that may be missing",
          {path, attribute}},
         remove_attribute},
        {{"insert_element",
          kGroup,
          "Insert",
          "adds an element with plain values",
          {optional(path), child, optional(at)}},
         insert_element},
        {{"remove_element",
          kGroup,
          "Remove element",
          "removes an element that may be missing",
          {path}},
         remove_element},
        {{"replace_element",
          kGroup,
          "Replace by",
          "puts another element in the place of one",
          {path, child}},
         replace_element},
        {{"move_element",
          kGroup,
          "Reorder",
          "moves an element among those of its name",
          {path, at}},
         move_element},
    };
}

}  // namespace huntsman::scenarios::edit
