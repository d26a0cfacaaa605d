// Copying and pasting entities with what they do.

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/core/json_file.h"
#include "scenarios/edit/references.h"
#include "scenarios/openscenario/json_form.h"
#include "scenarios/openscenario/standard.h"
#include "scenarios/openscenario/xml.h"

namespace huntsman::scenarios::edit {

using engine::core::JsonFile;
using engine::core::JsonNode;
using nlohmann::ordered_json;
using openscenario::from_json;
using story::Element;

namespace {

constexpr int kVersion = 1;

bool acts_alone(const Element& group, const std::string& entity) {
    const Element* actors = group.child("Actors");
    if (actors == nullptr || actors->children.size() != 1) return false;
    const std::string* actor = actors->children.front().attribute("entityRef");
    return actor != nullptr && *actor == entity;
}

// Acts with the groups in which nobody else takes part.
std::vector<Element> acts_of(const Element& root, const std::string& entity) {
    std::vector<Element> acts;
    for_each_element(root, [&](const Element& each) {
        if (each.name != "Act") return;
        Element act = each;
        std::erase_if(act.children, [&](const Element& child) {
            return child.name == "ManeuverGroup" && !acts_alone(child, entity);
        });
        if (act.child("ManeuverGroup") != nullptr) acts.push_back(std::move(act));
    });
    return acts;
}

ordered_json as_json(Element element, const char* type) {
    openscenario::canonicalise(element, type);
    return openscenario::to_json(element, type);
}

struct Copied {
    Element object, begin;
    std::vector<Element> acts;
};

Result<std::vector<Copied>> read_copied(const std::string& text) {
    const auto fail = [](const std::string& why) {
        return sentence("the text is not what copying gives: " + why);
    };
    const auto file = JsonFile::parse(text, "");
    if (!file) return fail(file.error().message);
    const JsonNode root = (*file)->root();
    root.only({"huntsman_actors", "actors"});
    root.integer("huntsman_actors", kVersion, kVersion);
    std::vector<Copied> copied;
    for (const JsonNode& node : root.array("actors")) {
        node.only({"object", "private", "acts"});
        Copied& each = copied.emplace_back();
        each.object = from_json(node.object("object"), "ScenarioObject", "ScenarioObject");
        if (node.has("private")) {
            each.begin = from_json(node.object("private"), "Private", "Private");
        }
        for (const JsonNode& act : node.array("acts")) {
            each.acts.push_back(from_json(act, "Act", "Act"));
        }
    }
    if (!(*file)->status().ok()) return fail((*file)->status().error().message);
    for (const Copied& each : copied) {
        const std::string* name = each.object.attribute("name");
        if (name == nullptr || name->empty()) return fail("an actor has no name");
    }
    return copied;
}

// Gives what the storyboard calls by name new names, one for each old one.
class Renaming {
  public:
    explicit Renaming(const Element& root) : root_(root) {}

    void apply(Element& act) {
        for_each_element(act, [&](Element& each) {
            const bool named = each.name == "Act" || each.name == "ManeuverGroup" ||
                               each.name == "Maneuver" || each.name == "Event" ||
                               each.name == "Action";
            const std::string* name = named ? each.attribute("name") : nullptr;
            if (name != nullptr) each.set("name", renamed(*name));
        });
    }
    void refer(Element& act) const {
        for_each_element(act, [&](Element& each) {
            const std::string* wanted = each.attribute("storyboardElementRef");
            if (wanted == nullptr) return;
            std::string result;
            std::size_t begin = 0;
            while (true) {
                const std::size_t end = wanted->find("::", begin);
                const std::string part = wanted->substr(begin, end - begin);
                const auto at = names_.find(part);
                result += at != names_.end() ? at->second : part;
                if (end == std::string::npos) break;
                result += "::";
                begin = end + 2;
            }
            each.set("storyboardElementRef", result);
        });
    }

  private:
    const std::string& renamed(const std::string& name) {
        const auto at = names_.find(name);
        if (at != names_.end()) return at->second;
        std::string fresh = fresh_element_name(root_, name);
        for (int i = 2; taken_.contains(fresh); ++i) {
            fresh = fresh_element_name(root_, fmt::format("{}_{}", name, i));
        }
        taken_.insert(fresh);
        return names_.emplace(name, fresh).first->second;
    }
    const Element& root_;
    std::map<std::string, std::string> names_;
    std::set<std::string> taken_;
};

}  // namespace

Result<std::string> copy_text(const Draft& draft, const std::vector<std::string>& names) {
    ordered_json json{{"huntsman_actors", kVersion}, {"actors", ordered_json::array()}};
    std::set<std::string> done;
    for (const std::string& name : names) {
        HM_TAKE(const Element* object, entity_object(draft, name));
        if (!done.insert(name).second) continue;
        ordered_json each{{"object", as_json(*object, "ScenarioObject")}};
        if (const Element* begin = find_private(draft.story->root, name)) {
            each["private"] = as_json(*begin, "Private");
        }
        each["acts"] = ordered_json::array();
        for (Element& act : acts_of(draft.story->root, name)) {
            each["acts"].push_back(as_json(std::move(act), "Act"));
        }
        json["actors"].push_back(std::move(each));
    }
    return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

Result<std::vector<std::string>> paste_text(const std::string& text, Draft& draft) {
    HM_TAKE(std::vector<Copied> copied, read_copied(text));
    const Element before = draft.story->root;
    Element& root = edit_story(draft);
    // Names first, then what refers to them.
    std::map<std::string, std::string> names;
    std::vector<std::string> added;
    Renaming renaming(before);
    for (Copied& each : copied) {
        const std::string name = *each.object.attribute("name");
        const std::string fresh = fresh_entity_name(root, name);
        if (!names.emplace(name, fresh).second) return sentence("an actor is copied twice");
        added.push_back(fresh);
        each.object.set("name", fresh);
        child_of(root, "Entities").children.push_back(each.object);
        for (Element& act : each.acts) renaming.apply(act);
    }
    std::string missing;
    const auto rename = [&](Element& element) {
        for_each_reference(element, [&](std::string& reference) {
            const std::string base = reference.substr(0, reference.find_last_not_of('+') + 1);
            const auto at = names.find(base);
            if (at != names.end()) {
                reference = at->second + reference.substr(base.size());
            } else if (!base.empty() && base.front() != '$' && object_of(root, base) == nullptr) {
                missing = base;
            }
        });
    };
    for (Copied& each : copied) {
        if (!each.begin.children.empty()) {
            rename(each.begin);
            init_actions(root).children.push_back(std::move(each.begin));
        }
        for (Element& act : each.acts) {
            rename(act);
            renaming.refer(act);
            Element& storyboard = child_of(root, "Storyboard");
            Element* story = storyboard.child("Story");
            if (story == nullptr) {
                storyboard.children.push_back(situations::element("Story", {{"name", "story"}}));
                story = &storyboard.children.back();
            }
            story->children.push_back(std::move(act));
        }
    }
    if (missing.empty()) return added;
    return sentence(
        fmt::format("what was copied refers to \"{}\", who is not in this story, "
                    "expected to be copied along",
                    missing));
}

}  // namespace huntsman::scenarios::edit
