// When events start.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "scenarios/edit/elements.h"
#include "scenarios/edit/references.h"
#include "scenarios/edit/storyboard.h"

namespace huntsman::scenarios::edit {

using nlohmann::json;
using situations::element;
using situations::text;
using story::Element;

namespace {

struct TriggerRequest {
    const Request& request;
    const json& values;
    std::string actor, ego;
    Vec2 origin;

    bool has(const char* key) const { return values.contains(key); }
    double number(const char* key) const { return values.at(key).get<double>(); }
    std::string word(const char* key) const { return values.at(key).get<std::string>(); }
    // Who is looked at: as given, else the ego.
    std::string who() const { return has("who") ? word("who") : ego; }
    // The other one: as given, else who acts.
    std::string to() const { return has("to") ? word("to") : actor; }
};
using TriggerMaker = Result<Element> (*)(const TriggerRequest&);

Result<Element> at_time(const TriggerRequest& r) { return time_condition(r.number("time_s")); }

// Conditions on two: who, and to whom.
Status needs_two(const TriggerRequest& r) {
    if (r.who().empty()) return sentence("the story has no ego, expected \"who\"");
    if (r.to().empty()) return sentence("nobody acts, expected \"to\"");
    if (r.who() != r.to()) return {};
    return sentence(
        fmt::format("\"{}\" is looked at from itself, expected another \"who\" or "
                    "\"to\"",
                    r.who()));
}

Result<Element> distance(const TriggerRequest& r) {
    HM_TRY(needs_two(r));
    return by_entity(r.who(), element("RelativeDistanceCondition",
                                      {{"entityRef", r.to()},
                                       {"freespace", "true"},
                                       {"relativeDistanceType", "euclidianDistance"},
                                       {"rule", "lessOrEqual"},
                                       {"value", text(r.number("distance_m"))}}));
}

Result<Element> time_to_collision(const TriggerRequest& r) {
    HM_TRY(needs_two(r));
    return by_entity(r.who(), element("TimeToCollisionCondition",
                                      {{"freespace", "true"},
                                       {"rule", "lessOrEqual"},
                                       {"value", text(r.number("time_s"))},
                                       {"relativeDistanceType", "euclidianDistance"}},
                                      {element("TimeToCollisionConditionTarget", {},
                                               {element("EntityRef", {{"entityRef", r.to()}})})}));
}

Result<Element> time_headway(const TriggerRequest& r) {
    HM_TRY(needs_two(r));
    return by_entity(r.who(),
                     element("TimeHeadwayCondition", {{"entityRef", r.to()},
                                                      {"freespace", "true"},
                                                      {"rule", "lessOrEqual"},
                                                      {"value", text(r.number("time_s"))},
                                                      {"relativeDistanceType", "longitudinal"},
                                                      {"coordinateSystem", "road"}}));
}

Status needs_one(const TriggerRequest& r) {
    return r.who().empty() ? Status(sentence("the story has no ego, expected \"who\"")) : Status();
}

Result<Element> reach_position(const TriggerRequest& r) {
    HM_TRY(needs_one(r));
    return by_entity(r.who(),
                     element("ReachPositionCondition", {{"tolerance", text(r.number("radius_m"))}},
                             {position({.p = Vec2(r.number("x"), r.number("y")) - r.origin})}));
}

Result<Element> time_to_position(const TriggerRequest& r) {
    HM_TRY(needs_one(r));
    return by_entity(
        r.who(),
        element("TimeToCollisionCondition",
                {{"freespace", "true"},
                 {"rule", "lessOrEqual"},
                 {"value", text(r.number("time_s"))},
                 {"relativeDistanceType", "euclidianDistance"}},
                {element("TimeToCollisionConditionTarget", {},
                         {position({.p = Vec2(r.number("x"), r.number("y")) - r.origin})})}));
}

Result<Element> speed_condition(const TriggerRequest& r, const char* rule) {
    HM_TRY(needs_one(r));
    return by_entity(r.who(),
                     element("SpeedCondition", {{"rule", rule}, {"value", text(r.number("mps"))}}));
}
Result<Element> faster(const TriggerRequest& r) { return speed_condition(r, "greaterThan"); }
Result<Element> slower(const TriggerRequest& r) { return speed_condition(r, "lessThan"); }

Result<Element> stands(const TriggerRequest& r) {
    HM_TRY(needs_one(r));
    return by_entity(r.who(),
                     element("StandStillCondition", {{"duration", text(r.number("duration_s"))}}));
}

Result<Element> has_driven(const TriggerRequest& r) {
    HM_TRY(needs_one(r));
    return by_entity(
        r.who(), element("TraveledDistanceCondition", {{"value", text(r.number("distance_m"))}}));
}

Result<Element> collision(const TriggerRequest& r) {
    HM_TRY(needs_two(r));
    return by_entity(r.who(), element("CollisionCondition", {},
                                      {element("EntityRef", {{"entityRef", r.to()}})}));
}

Result<Element> after_event(const TriggerRequest& r) {
    HM_TAKE(const std::string path, event_path(r.request.draft, r.word("event")));
    const std::string* name = find_element(r.request.draft.story->root, path)->attribute("name");
    if (name == nullptr || name->empty()) return sentence("the event has no name, expected one");
    return element("ByValueCondition", {},
                   {element("StoryboardElementStateCondition", {{"storyboardElementType", "event"},
                                                                {"storyboardElementRef", *name},
                                                                {"state", "completeState"}})});
}

Result<Element> signal(const TriggerRequest& r) {
    return element("ByValueCondition", {},
                   {element("TrafficSignalCondition",
                            {{"name", r.word("signal")}, {"state", r.word("state")}})});
}

struct TriggerKind {
    CommandInfo info;
    TriggerMaker make;
};

const std::vector<TriggerKind>& kinds() {
    constexpr const char* kGroup = "trigger";
    const ParameterInfo who = optional(text_of("who", "an entity; the ego without it"));
    const ParameterInfo to = optional(text_of("to", "another one; who acts without it"));
    const auto seconds = [](const char* name) { return number(name, "s", 0, 86400); };
    const ParameterInfo metres = number("distance_m", "m", 0, 1e5);
    const ParameterInfo mps = number("mps", "m/s", 0, 100);
    static const std::vector<TriggerKind> kKinds{
        {{"time", kGroup, "At a time", "when the run has lasted so long", {seconds("time_s")}},
         at_time},
        {{"distance_to_ego",
          kGroup,
          "Ego is near",
          "when the ego is as near to who acts",
          {metres, who, to}},
         distance},
        {{"time_to_collision",
          kGroup,
          "Time to collision",
          "when the two would collide within this time",
          {seconds("time_s"), who, to}},
         time_to_collision},
        {{"time_headway",
          kGroup,
          "Time headway",
          "when one follows the other so closely",
          {seconds("time_s"), who, to}},
         time_headway},
        {{"reach_position",
          kGroup,
          "Ego reaches a place",
          "when somebody is in a circle",
          {coordinate("x"), coordinate("y"), number("radius_m", "m", 0.1, 1000), who}},
         reach_position},
        {{"time_to_position",
          kGroup,
          "Ego is near a place in time",
          "when somebody would be at a place within this time",
          {coordinate("x"), coordinate("y"), seconds("time_s"), who}},
         time_to_position},
        {{"after_event",
          kGroup,
          "After another event",
          "when another event has ended",
          {text_of("event", "its name")}},
         after_event},
        {{"faster", kGroup, "Faster than", "when somebody is faster", {mps, who}}, faster},
        {{"slower", kGroup, "Slower than", "when somebody is slower", {mps, who}}, slower},
        {{"stands",
          kGroup,
          "Stands still",
          "when somebody has stood so long",
          {seconds("duration_s"), who}},
         stands},
        {{"has_driven", kGroup, "Has driven", "when somebody has driven so far", {metres, who}},
         has_driven},
        {{"collision", kGroup, "Collision", "when the two collide", {who, to}}, collision},
        {{"signal",
          kGroup,
          "Signal",
          "when a signal has a state",
          {text_of("signal", "its id"), text_of("state", "red, green, ...")}},
         signal},
    };
    return kKinds;
}

}  // namespace

std::span<const CommandInfo> trigger_kinds() {
    static const std::vector<CommandInfo> kInfos = [] {
        std::vector<CommandInfo> infos;
        for (const TriggerKind& kind : kinds()) infos.push_back(kind.info);
        return infos;
    }();
    return kInfos;
}

Result<TriggerParts> trigger_of(const Request& request, const json& trigger,
                                const std::string& actor) {
    std::vector<std::string> names;
    for (const TriggerKind& kind : kinds()) names.emplace_back(kind.info.name);
    const std::string wanted =
        trigger.contains("kind") && trigger.at("kind").is_string() ? trigger.at("kind") : json("");
    const auto at = std::ranges::find(names, wanted);
    if (at == names.end()) {
        return sentence(fmt::format("there is no trigger \"{}\", expected the kind {}", wanted,
                                    fmt::join(names, ", ")));
    }
    const TriggerKind& kind = kinds()[static_cast<std::size_t>(at - names.begin())];
    auto parameters = kind.info.parameters;
    parameters.push_back(optional(number("delay_s", "after it is met", 0, 86400)));
    HM_TRY(check_arguments(trigger, parameters, "the trigger " + wanted, {"kind"}));
    for (const char* key : {"who", "to"}) {
        if (trigger.contains(key)) HM_TRY(entity_object(request.draft, trigger.at(key)));
    }
    HM_TAKE(const Vec2 origin, story_origin(request));
    HM_TAKE(Element made, kind.make({request, trigger, actor, ego_of(request.draft), origin}));
    return TriggerParts{std::move(made), trigger.value("delay_s", 0.0)};
}

}  // namespace huntsman::scenarios::edit
