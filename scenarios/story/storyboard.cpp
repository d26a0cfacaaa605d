// Stories, acts, manoeuvre groups, manoeuvres, events and actions.

#include "scenarios/story/compiler.h"

namespace huntsman::scenarios::story {

Index Compiler::add_element(ElementKind kind, const Element& element, Index parent) {
    const auto index = static_cast<Index>(story_.elements.size());
    StoryElement& part = story_.elements.emplace_back();
    part.kind = kind;
    part.name = text(element, "name");
    part.parent = parent;
    part.origin = element.origin;
    if (parent != kNoIndex) story_.elements[parent].children.push_back(index);
    return index;
}

void Compiler::stories(const Element& storyboard) {
    for (const Element* item : storyboard.all("Story")) {
        ScopeGuard guard(*this);
        declare(*item, guard.scope(), {});
        const Index index = add_element(ElementKind::kStory, *item, kNoIndex);
        for (const Element* each : item->all("Act")) act(*each, index);
    }
}

void Compiler::act(const Element& element, Index parent) {
    const Index index = add_element(ElementKind::kAct, element, parent);
    if (const Element* start = element.child("StartTrigger")) {
        story_.elements[index].start = trigger(*start);
    }
    if (const Element* stop = element.child("StopTrigger")) {
        story_.elements[index].stop = trigger(*stop);
    }
    for (const Element* each : element.all("ManeuverGroup")) group(*each, index);
}

void Compiler::group(const Element& element, Index parent) {
    const Index index = add_element(ElementKind::kGroup, element, parent);
    const int most = integer(element, "maximumExecutionCount").value_or(1);
    story_.elements[index].max_executions = static_cast<std::uint32_t>(std::max(most, 0));
    if (const Element* actors = element.child("Actors")) {
        story_.elements[index].select_triggering =
            flag_or(*actors, "selectTriggeringEntities", false);
        for (const Element* each : actors->all("EntityRef")) {
            story_.elements[index].actors.push_back(entity(*each));
        }
    }
    for (const Element* each : element.all("CatalogReference")) {
        with_entry(*each, "Maneuver", [&](const Element& found) { maneuver(found, index); });
    }
    for (const Element* each : element.all("Maneuver")) {
        ScopeGuard guard(*this);
        declare(*each, guard.scope(), {});
        maneuver(*each, index);
    }
}

void Compiler::maneuver(const Element& element, Index parent) {
    const Index index = add_element(ElementKind::kManeuver, element, parent);
    for (const Element* each : element.all("Event")) event(*each, index);
}

void Compiler::event(const Element& element, Index parent) {
    const Index index = add_element(ElementKind::kEvent, element, parent);
    const int most = integer(element, "maximumExecutionCount").value_or(1);
    story_.elements[index].max_executions = static_cast<std::uint32_t>(std::max(most, 0));
    story_.elements[index].priority = one_of<Priority>(element, "priority",
                                                       {{"override", Priority::kOverride},
                                                        {"overwrite", Priority::kOverride},
                                                        {"parallel", Priority::kParallel},
                                                        {"skip", Priority::kSkip}},
                                                       Priority::kOverride);
    if (const Element* start = element.child("StartTrigger")) {
        story_.elements[index].start = trigger(*start);
    }
    for (const Element* each : element.all("Action")) {
        const Index child = add_element(ElementKind::kAction, *each, index);
        bool is_private = false;
        ActionKind kind = action(*each, is_private);
        story_.elements[child].action = std::move(kind);
        story_.elements[child].is_private = is_private;
    }
}

}  // namespace huntsman::scenarios::story
