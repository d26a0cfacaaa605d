#include "scenarios/edit/words.h"

#include <fmt/format.h>

#include <array>

#include "scenarios/edit/elements.h"
#include "scenarios/story/expression.h"

namespace huntsman::scenarios::edit {

using story::Element;

namespace {

// A number as it is read, at most two digits behind the point; else as it is written.
std::string shown(const Element* element, const char* key) {
    const std::string* value = element != nullptr ? element->attribute(key) : nullptr;
    if (value == nullptr) return "?";
    const auto number = story::to_number(*value);
    if (!number || std::abs(*number) > 1e9) return *value;
    std::string text = fmt::format("{:.2f}", *number);
    while (text.ends_with('0')) text.pop_back();
    if (text.ends_with('.')) text.pop_back();
    return text == "-0" ? "0" : text;
}

const Element* below(const Element& element, std::initializer_list<const char*> steps) {
    const Element* at = &element;
    for (const char* step : steps) {
        if (at != nullptr) at = at->child(step);
    }
    return at;
}

// The innermost of the elements that only say which of several follows.
const Element& unwrapped(const Element& element) {
    constexpr std::array kWrappers{
        "Action",         "PrivateAction",        "GlobalAction",        "LongitudinalAction",
        "LateralAction",  "RoutingAction",        "AppearanceAction",    "ControllerAction",
        "EntityAction",   "InfrastructureAction", "TrafficSignalAction", "ParameterAction",
        "VariableAction", "TrailerAction",        "ByValueCondition",    "EntityCondition",
        "AnimationAction"};
    const Element* at = &element;
    while (at->children.size() >= 1 &&
           std::find(kWrappers.begin(), kWrappers.end(), at->name) != kWrappers.end()) {
        if (at->name == "AnimationAction") break;
        at = &at->children.front();
    }
    return *at;
}

std::string place_words(const Element* position) {
    if (position == nullptr || position->children.empty()) return "a place";
    const Element& kind = position->children.front();
    if (kind.name == "WorldPosition") {
        return fmt::format("({}, {})", shown(&kind, "x"), shown(&kind, "y"));
    }
    if (const std::string* entity = kind.attribute("entityRef")) {
        return "a place by " + *entity;
    }
    if (const std::string* road = kind.attribute("roadId")) {
        return fmt::format("road {} at {} m", *road, shown(&kind, "s"));
    }
    return "a place";
}

std::string over_words(const Element* dynamics) {
    const std::string* shape = dynamics != nullptr ? dynamics->attribute("dynamicsShape") : nullptr;
    const std::string* kind =
        dynamics != nullptr ? dynamics->attribute("dynamicsDimension") : nullptr;
    if (shape == nullptr || kind == nullptr || *shape == "step") return {};
    const char* unit = *kind == "time" ? "s" : *kind == "distance" ? "m" : "m/s²";
    return fmt::format(" {} {} {}", *kind == "rate" ? "at" : "within", shown(dynamics, "value"),
                       unit);
}

std::string speed_words(const Element& action) {
    const std::string over = over_words(action.child("SpeedActionDynamics"));
    const Element* target = action.child("SpeedActionTarget");
    if (const Element* speed = target ? target->child("AbsoluteTargetSpeed") : nullptr) {
        const std::string value = shown(speed, "value");
        return value == "0" ? "stop" + over : fmt::format("go at {} m/s{}", value, over);
    }
    const Element* speed = target ? target->child("RelativeTargetSpeed") : nullptr;
    const std::string* entity = speed ? speed->attribute("entityRef") : nullptr;
    return fmt::format("take the speed of {}{}", entity ? *entity : "?", over);
}

std::string lane_words(const Element& action) {
    const std::string over = over_words(action.child("LaneChangeActionDynamics"));
    if (const Element* target = below(action, {"LaneChangeTarget", "RelativeTargetLane"})) {
        const std::string lanes = shown(target, "value");
        const bool right = lanes.starts_with('-');
        return fmt::format("change {} lane{} to the {}{}", right ? lanes.substr(1) : lanes,
                           lanes == "1" || lanes == "-1" ? "" : "s", right ? "right" : "left",
                           over);
    }
    return fmt::format("change to lane {}{}",
                       shown(below(action, {"LaneChangeTarget", "AbsoluteTargetLane"}), "value"),
                       over);
}

std::string name_at(const Element& element, const char* key) {
    const std::string* value = element.attribute(key);
    return value != nullptr ? *value : "?";
}

// "TeleportAction" as "Teleport".
std::string fallback(const Element& element) {
    std::string name = element.name;
    for (const char* end : {"Action", "Condition"}) {
        if (name.ends_with(end)) name.resize(name.size() - std::string_view(end).size());
    }
    std::string words = label_of_name(name);
    if (!words.empty()) words[0] = static_cast<char>(std::tolower(words[0]));
    return words;
}

}  // namespace

std::string action_words(const Element& action) {
    const Element& a = unwrapped(action);
    if (a.name == "SpeedAction") return speed_words(a);
    if (a.name == "LaneChangeAction") return lane_words(a);
    if (a.name == "LaneOffsetAction") {
        return fmt::format(
            "keep {} m to the left of the lane's middle",
            shown(below(a, {"LaneOffsetTarget", "AbsoluteTargetLaneOffset"}), "value"));
    }
    if (a.name == "LongitudinalDistanceAction") {
        const bool time = a.attribute("timeGap") != nullptr;
        return fmt::format("keep {} {} to {}", shown(&a, time ? "timeGap" : "distance"),
                           time ? "s" : "m", name_at(a, "entityRef"));
    }
    if (a.name == "FollowTrajectoryAction") {
        const Element* timing = below(a, {"TimeReference", "Timing"});
        return timing != nullptr ? "follow a trajectory by time" : "follow a trajectory";
    }
    if (a.name == "AssignRouteAction") return "take a route";
    if (a.name == "AcquirePositionAction") return "drive to " + place_words(a.child("Position"));
    if (a.name == "TeleportAction") return "jump to " + place_words(a.child("Position"));
    if (a.name == "SynchronizeAction") {
        return "arrive together with " + name_at(a, "masterEntityRef");
    }
    if (a.name == "AddEntityAction") return "appear at " + place_words(a.child("Position"));
    if (a.name == "DeleteEntityAction") return "vanish";
    if (a.name == "LightStateAction") {
        const Element* light = below(a, {"LightType", "VehicleLight"});
        const Element* state = a.child("LightState");
        return fmt::format(
            "{}: {}",
            light ? fallback(Element{.name = name_at(*light, "vehicleLightType")}) : "lamp",
            state ? name_at(*state, "mode") : "?");
    }
    if (a.name == "TrafficSignalStateAction") {
        return fmt::format("signal {} shows {}", name_at(a, "name"), name_at(a, "state"));
    }
    return fallback(a);
}

namespace {

std::string rule_words(const Element& condition) {
    const std::string* rule = condition.attribute("rule");
    if (rule == nullptr) return "is";
    if (rule->starts_with("less")) return "below";
    if (rule->starts_with("greater")) return "above";
    return *rule == "notEqualTo" ? "not" : "exactly";
}

std::string value_words(const Element& c) {
    if (c.name == "SimulationTimeCondition") return fmt::format("at {} s", shown(&c, "value"));
    if (c.name == "StoryboardElementStateCondition") {
        const std::string state = name_at(c, "state");
        const char* when = state == "completeState" || state == "endTransition"    ? "after"
                           : state == "startTransition" || state == "runningState" ? "with"
                                                                                   : "by";
        return fmt::format("{} {}", when, name_at(c, "storyboardElementRef"));
    }
    if (c.name == "TrafficSignalCondition") {
        return fmt::format("signal {} shows {}", name_at(c, "name"), name_at(c, "state"));
    }
    if (c.name == "ParameterCondition" || c.name == "VariableCondition") {
        const bool variable = c.name == "VariableCondition";
        return fmt::format("{} {} {}", name_at(c, variable ? "variableRef" : "parameterRef"),
                           rule_words(c), name_at(c, "value"));
    }
    return fallback(c);
}

std::string entity_words(const std::string& who, const Element& c) {
    const std::string other = name_at(c, "entityRef");
    if (c.name == "RelativeDistanceCondition") {
        return fmt::format("{} is {} {} m from {}", who, rule_words(c), shown(&c, "value"), other);
    }
    if (c.name == "DistanceCondition") {
        return fmt::format("{} is {} {} m from {}", who, rule_words(c), shown(&c, "value"),
                           place_words(c.child("Position")));
    }
    if (c.name == "ReachPositionCondition") {
        return fmt::format("{} is within {} m of {}", who, shown(&c, "tolerance"),
                           place_words(c.child("Position")));
    }
    if (c.name == "TimeToCollisionCondition") {
        const Element* target = c.child("TimeToCollisionConditionTarget");
        const Element* entity = target ? target->child("EntityRef") : nullptr;
        return fmt::format("{}'s time to {} is {} {} s", who,
                           entity ? name_at(*entity, "entityRef")
                                  : place_words(target ? target->child("Position") : nullptr),
                           rule_words(c), shown(&c, "value"));
    }
    if (c.name == "TimeHeadwayCondition") {
        return fmt::format("{}'s headway to {} is {} {} s", who, other, rule_words(c),
                           shown(&c, "value"));
    }
    if (c.name == "SpeedCondition") {
        return fmt::format("{}'s speed is {} {} m/s", who, rule_words(c), shown(&c, "value"));
    }
    if (c.name == "AccelerationCondition") {
        return fmt::format("{}'s acceleration is {} {} m/s²", who, rule_words(c),
                           shown(&c, "value"));
    }
    if (c.name == "StandStillCondition") {
        return fmt::format("{} has stood for {} s", who, shown(&c, "duration"));
    }
    if (c.name == "TraveledDistanceCondition") {
        return fmt::format("{} has driven {} m", who, shown(&c, "value"));
    }
    if (c.name == "CollisionCondition") {
        const Element* entity = c.child("EntityRef");
        return fmt::format("{} collides with {}", who,
                           entity ? name_at(*entity, "entityRef") : "others");
    }
    return fmt::format("{}: {}", who, fallback(c));
}

std::string condition_words(const Element& condition) {
    std::string words = "always";
    if (const Element* by_value = condition.child("ByValueCondition")) {
        if (!by_value->children.empty()) words = value_words(by_value->children.front());
    } else if (const Element* by_entity = condition.child("ByEntityCondition")) {
        std::string who;
        if (const Element* entities = by_entity->child("TriggeringEntities")) {
            for (const Element& each : entities->children) {
                who += (who.empty() ? "" : " or ") + name_at(each, "entityRef");
            }
        }
        const Element* kind = by_entity->child("EntityCondition");
        if (kind != nullptr && !kind->children.empty()) {
            words = entity_words(who, kind->children.front());
        }
    }
    const std::string delay = shown(&condition, "delay");
    if (delay != "0" && delay != "?") words += fmt::format(", {} s later", delay);
    return words;
}

}  // namespace

std::string trigger_words(const Element& trigger) {
    std::string words;
    for (const Element& group : trigger.children) {
        std::string all;
        for (const Element& condition : group.children) {
            all += (all.empty() ? "" : " and ") + condition_words(condition);
        }
        if (!all.empty()) words += (words.empty() ? "" : ", or ") + all;
    }
    return words.empty() ? "at the start" : words;
}

}  // namespace huntsman::scenarios::edit
