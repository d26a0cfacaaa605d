#include <algorithm>

#include "scenarios/openscenario/openscenario.h"

namespace huntsman::scenarios::openscenario {

using engine::core::Error;
using engine::core::Status;
using story::Document;
using story::Element;

namespace {

constexpr const char *kEntityAction = "EntityAction", *kReference = "entityRef",
                     *kAdd = "AddEntityAction", *kDelete = "DeleteEntityAction";

std::vector<std::string> entities_of(const Element& root) {
    std::vector<std::string> names;
    const Element* entities = root.child("Entities");
    if (entities == nullptr) return names;
    for (const Element* object : entities->all("ScenarioObject")) {
        if (const std::string* name = object->attribute("name")) names.push_back(*name);
    }
    return names;
}

// What would add the entity deletes it.
void never_add(Element& element, const std::string& name) {
    const std::string* who =
        element.name == kEntityAction ? element.attribute(kReference) : nullptr;
    if (who != nullptr && *who == name) {
        if (Element* add = element.child(kAdd)) *add = Element{.name = kDelete};
        return;
    }
    for (Element& child : element.children) never_add(child, name);
}

// An action of the start: GlobalAction elements come before all others.
void delete_at_start(Element& root, const std::string& name) {
    Element* storyboard = root.child("Storyboard");
    Element* init = storyboard != nullptr ? storyboard->child("Init") : nullptr;
    Element* actions = init != nullptr ? init->child("Actions") : nullptr;
    if (actions == nullptr) return;
    Element action{.name = kEntityAction,
                   .attributes = {{kReference, name}},
                   .children = {Element{.name = kDelete}}};
    actions->children.insert(actions->children.begin(),
                             Element{.name = "GlobalAction", .children = {std::move(action)}});
}

}  // namespace

Status take_out(Document& document, const std::vector<std::string>& entities) {
    const auto names = entities_of(document.root);
    for (const std::string& entity : entities) {
        if (std::ranges::find(names, entity) == names.end()) {
            std::string known;
            for (const auto& name : names) known += (known.empty() ? "" : ", ") + name;
            return Error{.message = fmt::format("has no entity {} to be left out, expected one of "
                                                "{}",
                                                entity, known),
                         .file = document.files.empty() ? "" : document.files.front().string()};
        }
        never_add(document.root, entity);
        delete_at_start(document.root, entity);
    }
    return {};
}

}  // namespace huntsman::scenarios::openscenario
