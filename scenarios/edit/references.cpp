#include "scenarios/edit/references.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "scenarios/edit/elements.h"
#include "scenarios/story/expression.h"

namespace huntsman::scenarios::edit {

using story::Element;

namespace {

constexpr std::array kReferences{"entityRef", "masterEntityRef", "trailerRef"};

template <typename E, typename Visit>
void visit_references(E& element, Visit&& visit) {
    for_each_element(element, [&](auto& each) {
        for (auto& attribute : each.attributes) {
            if (std::ranges::find(kReferences, attribute.name) != kReferences.end()) {
                visit(attribute.value);
            }
        }
    });
}

// Trailers that are described inside "Truck" are called "Truck+".
bool is_or_tows(const std::string& reference, const std::string& entity) {
    return reference.starts_with(entity) &&
           reference.find_first_not_of('+', entity.size()) == std::string::npos;
}

bool refers(const Element& element, const std::string& entity) {
    return std::ranges::any_of(element.attributes, [&](const story::Attribute& attribute) {
        return std::ranges::find(kReferences, attribute.name) != kReferences.end() &&
               is_or_tows(attribute.value, entity);
    });
}

}  // namespace

std::string ego_of(const Draft& draft) {
    if (!draft.story) return {};
    const auto reading = compile(draft);
    const auto ego = reading.story.ego;
    return ego == story::kNoIndex ? std::string() : reading.story.entities[ego].name;
}

std::vector<Element*> parts_of(Element& root, const std::string& entity) {
    std::vector<Element*> parts;
    for_each_element(root, [&](Element& each) {
        const std::string* own = each.attribute("entityRef");
        if (each.name == "Private" && own != nullptr && *own == entity) parts.push_back(&each);
        if (each.name != "ManeuverGroup") return;
        const Element* actors = each.child("Actors");
        if (actors == nullptr || actors->children.size() != 1) return;
        const std::string* actor = actors->children.front().attribute("entityRef");
        if (actor != nullptr && *actor == entity) parts.push_back(&each);
    });
    return parts;
}

std::string reference_of(const Element& position) {
    for (const Element& child : position.children) {
        if (const std::string* entity = child.attribute("entityRef")) return *entity;
    }
    return {};
}

void shift_positions(Element& element, const Vec2& by) {
    for_each_element(element, [&](Element& each) {
        if (each.name != "WorldPosition") return;
        for (const auto& [key, shift] : {std::pair{"x", by.x}, std::pair{"y", by.y}}) {
            const std::string* value = each.attribute(key);
            const auto number = value != nullptr ? story::to_number(*value) : std::nullopt;
            if (number) each.set(key, situations::text(*number + shift));
        }
    });
}

void for_each_reference(Element& element, const std::function<void(std::string&)>& visit) {
    visit_references(element, visit);
}

void rename_references(Element& element, const std::string& from, const std::string& to) {
    visit_references(element, [&](std::string& name) {
        if (is_or_tows(name, from)) name = to + name.substr(from.size());
    });
}

void rename_in_criteria(std::vector<story::Criterion>& criteria, const std::string& from,
                        const std::string& to) {
    for (story::Criterion& criterion : criteria) {
        std::visit(
            [&](auto& rule) {
                if constexpr (requires { rule.entity; }) {
                    if (rule.entity == from) rule.entity = to;
                }
            },
            criterion.rule);
    }
}

// ---- Removing

namespace {

std::set<std::string> storyboard_names(const Element& root) {
    constexpr std::array kNamed{"Story", "Act", "ManeuverGroup", "Maneuver", "Event", "Action"};
    std::set<std::string> names;
    for_each_element(root, [&](const Element& each) {
        const std::string* name = each.attribute("name");
        if (name != nullptr && std::ranges::find(kNamed, each.name) != kNamed.end()) {
            names.insert(*name);
        }
    });
    return names;
}

bool is_empty_of(const Element& element, std::initializer_list<const char*> kinds) {
    return std::ranges::none_of(kinds,
                                [&](const char* kind) { return element.child(kind) != nullptr; });
}

// Whether an element goes, too, now that children of it are gone.
bool falls(const Element& element, const std::set<std::string>& gone) {
    const std::string& name = element.name;
    const auto lost = [&](const char* child) { return gone.contains(child); };
    // What may hold less.
    constexpr std::array kStay{"OpenSCENARIO", "Entities", "Storyboard",  "Init",
                               "Actions",      "Private",  "StopTrigger", "Vehicle"};
    if (std::ranges::find(kStay, name) != kStay.end()) return false;
    if (name == "Actors" || name == "TriggeringEntities" || name == "Members" ||
        name == "RelativeClearanceCondition") {
        return is_empty_of(element, {"EntityRef", "ByType"});
    }
    // One group of conditions is enough.
    if (name == "StartTrigger" || name == "Trigger") {
        return is_empty_of(element, {"ConditionGroup"});
    }
    if (name == "Event") return lost("StartTrigger") || is_empty_of(element, {"Action"});
    if (name == "Maneuver") return is_empty_of(element, {"Event"});
    if (name == "ManeuverGroup") {
        return lost("Actors") || is_empty_of(element, {"Maneuver", "CatalogReference"});
    }
    if (name == "Act") return lost("StartTrigger") || is_empty_of(element, {"ManeuverGroup"});
    if (name == "Story") return is_empty_of(element, {"Act"});
    return true;
}

bool prune_below(Element& element, const std::function<bool(const Element&)>& goes) {
    if (goes(element)) return true;
    std::set<std::string> gone;
    std::erase_if(element.children, [&](Element& child) {
        if (!prune_below(child, goes)) return false;
        gone.insert(child.name);
        return true;
    });
    return !gone.empty() && falls(element, gone);
}

// Whether a condition is on an element that was there and is not any more.
bool waits_for(const Element& element, const std::set<std::string>& gone) {
    const std::string* wanted = element.name == "StoryboardElementStateCondition"
                                    ? element.attribute("storyboardElementRef")
                                    : nullptr;
    if (wanted == nullptr) return false;
    const std::size_t colons = wanted->rfind("::");
    return gone.contains(colons == std::string::npos ? *wanted : wanted->substr(colons + 2));
}

}  // namespace

void prune(Element& root, const std::function<bool(const Element&)>& goes) {
    std::set<std::string> before = storyboard_names(root);
    prune_below(root, goes);
    while (true) {
        std::set<std::string> after = storyboard_names(root), gone;
        std::ranges::set_difference(before, after, std::inserter(gone, gone.end()));
        if (gone.empty()) return;
        prune_below(root, [&](const Element& each) { return waits_for(each, gone); });
        before = std::move(after);
    }
}

void prune_at(Element& root, std::string_view path) {
    constexpr const char* kMark = "\x01goes";
    if (Element* found = find_element(root, path)) found->set(kMark, "");
    prune(root, [&](const Element& each) { return each.attribute(kMark) != nullptr; });
}

Status remove_entity(Element& root, const std::string& name) {
    for (const Element& each : init_actions(root).children) {
        const std::string* other = each.attribute("entityRef");
        if (each.name != "Private" || other == nullptr || *other == name) continue;
        const Element* teleport = action_in(each, "TeleportAction");
        const Element* where = teleport != nullptr ? teleport->child("Position") : nullptr;
        if (where != nullptr && is_or_tows(reference_of(*where), name)) {
            return sentence(
                fmt::format("\"{}\" stands relative to \"{}\", expected it to be moved "
                            "to a place of its own first",
                            *other, name));
        }
    }
    prune(root, [&](const Element& each) {
        const std::string* own = each.attribute("name");
        return (each.name == "ScenarioObject" && own != nullptr && *own == name) ||
               refers(each, name);
    });
    return {};
}

// ---- Generated actors

Result<Generated> generated_actor(const Request& request, engine::world::ActorId id) {
    if (!request.context.place) {
        return sentence("the place is still being built, expected it to be there");
    }
    const auto& removed = request.draft.scenario.removed;
    if (std::ranges::find(removed, id) != removed.end()) {
        return sentence(fmt::format("{} is removed already", id));
    }
    const auto& world = request.context.place->world;
    const auto is_it = [&](const auto& each) { return each.id == id; };
    const auto spawn = std::ranges::find_if(world.spawns, is_it);
    if (spawn != world.spawns.end() && id != engine::world::kEgo) return Generated{&*spawn};
    const auto object = std::ranges::find_if(world.objects, is_it);
    if (object != world.objects.end() && object->labelled) return Generated{nullptr, &*object};
    return sentence(
        fmt::format("{} is {}, expected the id of another road user or of a parked "
                    "vehicle of the place",
                    id, id == engine::world::kEgo ? "the ego" : "nobody here"));
}

}  // namespace huntsman::scenarios::edit
