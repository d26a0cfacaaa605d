// Commands on events.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "scenarios/edit/elements.h"
#include "scenarios/edit/references.h"
#include "scenarios/edit/storyboard.h"
#include "scenarios/story/expression.h"

namespace huntsman::scenarios::edit {

using nlohmann::json;
using situations::element;
using situations::text;
using story::Element;

namespace {

// The manoeuvre that commands add events to: the last one in which the actor acts alone.
Element* maneuver_of(Element& root, const std::string& actor) {
    Element* found = nullptr;
    for_each_element(root, [&](Element& each) {
        if (each.name != "ManeuverGroup") return;
        const Element* actors = each.child("Actors");
        if (actors == nullptr) return;
        const bool alone = actor.empty()
                               ? actors->children.empty()
                               : actors->children.size() == 1 &&
                                     actors->children.front().attribute("entityRef") != nullptr &&
                                     *actors->children.front().attribute("entityRef") == actor;
        if (alone && each.child("Maneuver") != nullptr) found = each.child("Maneuver");
    });
    return found;
}

Element& new_maneuver(Element& root, const std::string& actor) {
    const std::string who = actor.empty() ? "world" : actor;
    Element& storyboard = child_of(root, "Storyboard");
    if (storyboard.child("Story") == nullptr) {
        storyboard.children.push_back(
            element("Story", {{"name", fresh_element_name(root, "story")}}));
    }
    Element actors = element("Actors", {{"selectTriggeringEntities", "false"}});
    if (!actor.empty()) actors.children.push_back(element("EntityRef", {{"entityRef", actor}}));
    Element act = element(
        "Act", {{"name", fresh_element_name(root, who + "_act")}},
        {element(
             "ManeuverGroup",
             {{"name", fresh_element_name(root, who + "_group")}, {"maximumExecutionCount", "1"}},
             {std::move(actors),
              element("Maneuver", {{"name", fresh_element_name(root, who + "_maneuver")}})}),
         trigger("StartTrigger", condition("start", time_condition(0)))});
    Element& story = *storyboard.child("Story");
    story.children.push_back(std::move(act));
    return *story.children.back().child("ManeuverGroup")->child("Maneuver");
}

}  // namespace

void add_event(Element& root, const std::string& actor, const std::string& name,
               std::vector<Element> actions, Element start, double delay_s) {
    Element event = element(
        "Event", {{"name", name}, {"priority", "parallel"}, {"maximumExecutionCount", "1"}});
    std::string own = fresh_element_name(root, name + "_action");
    for (std::size_t i = 0; i < actions.size(); ++i) {
        const std::string action = i == 0 ? own : fmt::format("{}_{}", own, i + 1);
        event.children.push_back(element("Action", {{"name", action}}, {std::move(actions[i])}));
    }
    event.children.push_back(
        trigger("StartTrigger", condition(name + "_start", std::move(start), delay_s)));
    Element* maneuver = maneuver_of(root, actor);
    if (maneuver == nullptr) maneuver = &new_maneuver(root, actor);
    maneuver->children.push_back(std::move(event));
}

Result<std::string> event_path(const Draft& draft, const std::string& name_or_path) {
    if (!draft.story) return sentence("there is no story that could have events");
    const Element& root = draft.story->root;
    const Element* direct = find_element(root, name_or_path);
    if (direct != nullptr && direct->name == "Event") return path_of(root, direct);
    std::vector<const Element*> found;
    std::vector<std::string> known;
    for_each_element(root, [&](const Element& each) {
        const std::string* name = each.name == "Event" ? each.attribute("name") : nullptr;
        if (name == nullptr) return;
        known.push_back(*name);
        if (*name == name_or_path) found.push_back(&each);
    });
    if (found.size() == 1) return path_of(root, found.front());
    if (found.size() > 1) {
        return sentence(fmt::format("there are {} events \"{}\", expected the path of one",
                                    found.size(), name_or_path));
    }
    return sentence(fmt::format("there is no event \"{}\", expected {}", name_or_path,
                                known.empty() ? "one that is added first"
                                              : fmt::format("one of {}", fmt::join(known, ", "))));
}

namespace {

// Who acts in an event; empty: nobody, or several.
std::string actor_of_event(Element& root, const Element* event) {
    std::string actor;
    for_each_element(root, [&](Element& each) {
        if (each.name != "ManeuverGroup") return;
        bool inside = false;
        for_each_element(each, [&](Element& below) { inside = inside || &below == event; });
        const Element* actors = each.child("Actors");
        if (!inside || actors == nullptr || actors->children.size() != 1) return;
        if (const auto* name = actors->children.front().attribute("entityRef")) actor = *name;
    });
    return actor;
}

Result<Draft> add(const Request& request) {
    const std::string actor = request.text_or("actor", "");
    if (!actor.empty()) {
        HM_TRY(entity_object(request.draft, actor));
    } else if (!request.draft.story) {
        return sentence("there is no story that could have events");
    }
    const json& action = request.command.at("action");
    HM_TAKE(auto actions, actions_of(request, action, actor));
    const json start = request.has("trigger") ? request.command.at("trigger")
                                              : json{{"kind", "time"}, {"time_s", 0}};
    HM_TAKE(auto trigger, trigger_of(request, start, actor));
    Draft next = request.draft;
    Element& root = edit_story(next);
    const std::string kind = action.at("kind");
    const std::string wanted = request.text_or("name", actor.empty() ? kind : actor + "_" + kind);
    const std::string name = fresh_element_name(root, wanted);
    if (request.has("name") && name != wanted) {
        return sentence(
            fmt::format("there is \"{}\" already in the storyboard, expected another "
                        "name",
                        wanted));
    }
    add_event(root, actor, name, std::move(actions), std::move(trigger.condition), trigger.delay_s);
    return next;
}

Result<Draft> set_trigger(const Request& request) {
    HM_TAKE(const std::string path, event_path(request.draft, request.text("event")));
    Draft next = request.draft;
    Element& root = edit_story(next);
    Element* event = find_element(root, path);
    const std::string actor = actor_of_event(root, event);
    HM_TAKE(auto parts, trigger_of(request, request.command.at("trigger"), actor));
    const std::string* name = event->attribute("name");
    child_of(*event, "StartTrigger") =
        trigger("StartTrigger", condition((name != nullptr ? *name : "event") + "_start",
                                          std::move(parts.condition), parts.delay_s));
    return next;
}

Result<Draft> set_action(const Request& request) {
    HM_TAKE(const std::string path, event_path(request.draft, request.text("event")));
    Draft next = request.draft;
    Element& root = edit_story(next);
    Element* event = find_element(root, path);
    const std::string actor = actor_of_event(root, event);
    HM_TAKE(auto actions, actions_of(request, request.command.at("action"), actor));
    const std::string* own = event->attribute("name");
    const std::string name = (own != nullptr ? *own : "event") + "_action";
    std::erase_if(event->children, [](const Element& each) { return each.name == "Action"; });
    for (std::size_t i = 0; i < actions.size(); ++i) {
        event->children.push_back(
            element("Action", {{"name", i == 0 ? name : fmt::format("{}_{}", name, i + 1)}},
                    {std::move(actions[i])}));
    }
    return next;
}

Result<Draft> move_event(const Request& request) {
    HM_TAKE(const std::string path, event_path(request.draft, request.text("event")));
    Draft next = request.draft;
    Element* event = find_element(edit_story(next), path);
    Element* time = nullptr;
    if (Element* start = event->child("StartTrigger")) {
        for_each_element(*start, [&](Element& each) {
            if (each.name == "SimulationTimeCondition" && time == nullptr) time = &each;
        });
    }
    if (time == nullptr) {
        return sentence(fmt::format("\"{}\" does not start by time, expected set_trigger for it",
                                    request.text("event")));
    }
    time->set("value", text(request.number("time_s")));
    return next;
}

Result<Draft> remove_event(const Request& request) {
    HM_TAKE(const std::string path, event_path(request.draft, request.text("event")));
    Draft next = request.draft;
    prune_at(edit_story(next), path);
    return next;
}

Result<Draft> rename_event(const Request& request) {
    HM_TAKE(const std::string path, event_path(request.draft, request.text("event")));
    Draft next = request.draft;
    Element& root = edit_story(next);
    const std::string wanted = request.text("name");
    if (fresh_element_name(root, wanted) != wanted) {
        return sentence(
            fmt::format("there is \"{}\" already in the storyboard, expected another "
                        "name",
                        wanted));
    }
    Element* event = find_element(root, path);
    const std::string before = event->attribute("name") ? *event->attribute("name") : "";
    event->set("name", wanted);
    for_each_element(root, [&](Element& each) {
        const std::string* waits = each.attribute("storyboardElementRef");
        if (waits == nullptr) return;
        if (*waits == before) each.set("storyboardElementRef", wanted);
        if (waits->ends_with("::" + before)) {
            each.set("storyboardElementRef",
                     waits->substr(0, waits->size() - before.size()) + wanted);
        }
    });
    return next;
}

}  // namespace

std::vector<Command> storyboard_commands() {
    constexpr const char* kGroup = "storyboard";
    const ParameterInfo event = text_of("event", "its name or path");
    const ParameterInfo action{"action", ParameterType::kObject,
                               "{\"kind\": ...}: see action_kinds"};
    const ParameterInfo start{"trigger", ParameterType::kObject,
                              "{\"kind\": ...}: see trigger_kinds"};
    return {
        {{"add_event",
          kGroup,
          "Event of",
          "adds an event: what an actor does, and when",
          {optional(text_of("actor", "without one nobody's: signals, weather")),
           optional(text_of("name", "of the event")), action, optional(start)}},
         add},
        {{"set_trigger", kGroup, "Trigger of", "changes when an event starts", {event, start}},
         set_trigger},
        {{"set_action", kGroup, "Action of", "changes what an event does", {event, action}},
         set_action},
        {{"move_event",
          kGroup,
          "Move event",
          "changes the time at which an event starts",
          {event, number("time_s", "of the run", 0, 86400)}},
         move_event},
        {{"rename_event",
          kGroup,
          "Rename event",
          "gives an event another name",
          {event, text_of("name", "the new one")}},
         rename_event},
        {{"remove_event",
          kGroup,
          "Remove event",
          "removes an event, and those that wait for it",
          {event}},
         remove_event},
    };
}

}  // namespace huntsman::scenarios::edit
