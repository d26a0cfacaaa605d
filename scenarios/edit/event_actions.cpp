// What events do.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "scenarios/edit/elements.h"
#include "scenarios/edit/storyboard.h"

namespace huntsman::scenarios::edit {

using engine::core::kRadiansInDegree;
using nlohmann::json;
using situations::element;
using situations::text;
using story::Element;

namespace {

struct ActionRequest {
    const Request& request;
    const json& values;
    const std::string& actor;
    Vec2 origin;

    bool has(const char* key) const { return values.contains(key); }
    double number(const char* key) const { return values.at(key).get<double>(); }
    double number_or(const char* key, double fallback) const {
        return has(key) ? number(key) : fallback;
    }
    std::string word(const char* key) const { return values.at(key).get<std::string>(); }
    StoryPose pose() const {
        StoryPose pose{.p = Vec2(number("x"), number("y")) - origin};
        if (has("heading_deg")) pose.heading_rad = number("heading_deg") * kRadiansInDegree;
        return pose;
    }
};
using Elements = std::vector<Element>;
using ActionMaker = Result<Elements> (*)(const ActionRequest&);

Element private_action(const char* group, Element action) {
    return element("PrivateAction", {}, {element(group, {}, {std::move(action)})});
}
Element global_action(Element action) { return element("GlobalAction", {}, {std::move(action)}); }

Result<Elements> change_speed(const ActionRequest& r) {
    if (r.has("over_s") && r.has("rate_mps2")) {
        return sentence("speed has over_s and rate_mps2, expected one of them or none");
    }
    if (r.has("over_s")) {
        return Elements{speed_action(r.number("mps"), "linear", "time", r.number("over_s"))};
    }
    if (r.has("rate_mps2")) {
        return Elements{speed_action(r.number("mps"), "linear", "rate", r.number("rate_mps2"))};
    }
    return Elements{speed_action(r.number("mps"), "step", "time", 0)};
}

Result<Elements> stop(const ActionRequest& r) {
    constexpr double kUsual_mps2 = 4;
    return Elements{speed_action(0, "linear", "rate", r.number_or("rate_mps2", kUsual_mps2))};
}

Element dynamics(const char* name, const char* shape, const char* dimension, double value) {
    return element(
        name, {{"dynamicsShape", shape}, {"dynamicsDimension", dimension}, {"value", text(value)}});
}

Result<Elements> lane_change(const ActionRequest& r) {
    constexpr double kUsual_s = 3;
    return Elements{private_action(
        "LateralAction",
        element("LaneChangeAction", {},
                {dynamics("LaneChangeActionDynamics", "sinusoidal", "time",
                          r.number_or("over_s", kUsual_s)),
                 element("LaneChangeTarget", {},
                         {element(
                             "RelativeTargetLane",
                             {{"entityRef", r.actor},
                              {"value", fmt::format("{}", r.values.at("lanes").get<int>())}})})}))};
}

Result<Elements> lane_offset(const ActionRequest& r) {
    constexpr double kUsual_mps2 = 1.5;
    return Elements{private_action(
        "LateralAction",
        element("LaneOffsetAction", {{"continuous", "false"}},
                {element("LaneOffsetActionDynamics",
                         {{"dynamicsShape", "sinusoidal"},
                          {"maxLateralAcc", text(r.number_or("lateral_mps2", kUsual_mps2))}}),
                 element("LaneOffsetTarget", {},
                         {element("AbsoluteTargetLaneOffset",
                                  {{"value", text(r.number("offset_m"))}})})}))};
}

Result<Elements> trajectory(const ActionRequest& r) {
    HM_TAKE(const auto points, path_points(r.values.at("points"), r.origin));
    Elements actions{follow_trajectory("path", points)};
    if (r.has("mps")) actions.push_back(speed_action(r.number("mps"), "step", "time", 0));
    return actions;
}

Result<Elements> route(const ActionRequest& r) {
    HM_TAKE(const auto points, path_points(r.values.at("points"), r.origin));
    std::vector<StoryPose> waypoints;
    for (const PathPoint& point : points) waypoints.push_back(point.pose);
    return Elements{assign_route("route", waypoints)};
}

Result<Elements> drive_to(const ActionRequest& r) {
    return Elements{private_action("RoutingAction",
                                   element("AcquirePositionAction", {}, {position(r.pose())}))};
}

Result<Elements> keep_distance(const ActionRequest& r) {
    if (r.has("distance_m") == r.has("time_s")) {
        return sentence("keep_distance wants one of distance_m and time_s");
    }
    Element action = element(
        "LongitudinalDistanceAction",
        {{"entityRef", r.word("to")},
         {"continuous", "true"},
         {"freespace", "true"},
         {"coordinateSystem", "road"},
         {"displacement", "trailingReferencedEntity"}},
        {element("DynamicConstraints",
                 {{"maxAcceleration", "4"}, {"maxDeceleration", "6"}, {"maxSpeed", "60"}})});
    if (r.has("distance_m")) action.set("distance", text(r.number("distance_m")));
    if (r.has("time_s")) action.set("timeGap", text(r.number("time_s")));
    return Elements{private_action("LongitudinalAction", std::move(action))};
}

Result<Elements> teleport_to(const ActionRequest& r) { return Elements{teleport(r.pose())}; }

Result<Elements> light(const ActionRequest& r) {
    return Elements{private_action(
        "AppearanceAction",
        element("LightStateAction", {{"transitionTime", "0"}},
                {element("LightType", {},
                         {element("VehicleLight", {{"vehicleLightType", r.word("light")}})}),
                 element("LightState", {{"mode", r.word("mode")}})}))};
}

Result<Elements> open_part(const ActionRequest& r) {
    constexpr double kUsual_s = 1;
    return Elements{private_action(
        "AppearanceAction",
        element("AnimationAction",
                {{"loop", "false"}, {"animationDuration", text(r.number_or("over_s", kUsual_s))}},
                {element("AnimationType", {},
                         {element("ComponentAnimation", {},
                                  {element("VehicleComponent",
                                           {{"vehicleComponentType", r.word("part")}})})}),
                 element("AnimationState", {{"state", text(r.number_or("state", 1))}})}))};
}

Result<Elements> appear(const ActionRequest& r) {
    return Elements{global_action(element("EntityAction", {{"entityRef", r.actor}},
                                          {element("AddEntityAction", {}, {position(r.pose())})}))};
}

Result<Elements> vanish(const ActionRequest& r) {
    return Elements{global_action(
        element("EntityAction", {{"entityRef", r.actor}}, {element("DeleteEntityAction")}))};
}

Result<Elements> set_signal_state(const ActionRequest& r) {
    return Elements{global_action(
        element("InfrastructureAction", {},
                {element("TrafficSignalAction", {},
                         {element("TrafficSignalStateAction",
                                  {{"name", r.word("signal")}, {"state", r.word("state")}})})}))};
}

struct ActionKind {
    CommandInfo info;
    ActionMaker make;
};

ParameterInfo duration(const char* doc) { return optional(number("over_s", doc, 0, 1000)); }

std::vector<ActionKind> motion_kinds() {
    constexpr const char* kOwn = "actor";
    const ParameterInfo points{
        "points", ParameterType::kPoints, "[x, y], [t, x, y] or [t, x, y, heading_deg]", false, 2,
        1e5};
    return {
        {{"speed",
          kOwn,
          "Drive at",
          "changes the speed, at once, in a time or at a rate",
          {number("mps", "m/s", -100, 100), duration("s"),
           optional(number("rate_mps2", "m/s²", 0.01, 100))}},
         change_speed},
        {{"stop",
          kOwn,
          "Stop",
          "brakes to rest",
          {optional(number("rate_mps2", "m/s²; 4 without it", 0.01, 100))}},
         stop},
        {{"lane_change",
          kOwn,
          "Change lane",
          "to a lane beside its own",
          {{"lanes", ParameterType::kWhole, "to the left; negative to the right", false, -10, 10},
           duration("s; 3 without it")}},
         lane_change},
        {{"lane_offset",
          kOwn,
          "Keep aside",
          "drives beside the middle of its lane",
          {number("offset_m", "to the left", -20, 20),
           optional(number("lateral_mps2", "m/s²; 1.5 without it", 0.01, 20))}},
         lane_offset},
        {{"walk",
          kOwn,
          "Walk along",
          "follows a line at a speed",
          {points, optional(number("mps", "m/s", 0, 20))}},
         trajectory},
        {{"follow_trajectory",
          kOwn,
          "Follow a trajectory",
          "follows a line, by times if it has any",
          {points}},
         trajectory},
        {{"route", kOwn, "Take a route", "drives along the roads through points", {points}}, route},
        {{"drive_to",
          kOwn,
          "Drive to",
          "drives along the roads to a place",
          {coordinate("x"), coordinate("y")}},
         drive_to},
    };
}

std::vector<ActionKind> other_kinds() {
    constexpr const char* kOwn = "actor";
    constexpr const char* kWorld = "world";
    return {
        {{"keep_distance",
          kOwn,
          "Follow at a distance",
          "stays behind another one",
          {text_of("to", "an entity"),
           optional(number("distance_m", "m, bumper to bumper", 0, 1000)),
           optional(number("time_s", "s", 0, 100))}},
         keep_distance},
        {{"teleport",
          kOwn,
          "Jump to",
          "is at once at another place",
          {coordinate("x"), coordinate("y"), heading()}},
         teleport_to},
        {{"light",
          kOwn,
          "Lamp",
          "switches a lamp",
          {text_of("light", "indicatorLeft, brakeLights, ..."),
           text_of("mode", "on, off, flashing")}},
         light},
        {{"open",
          kOwn,
          "Open",
          "opens a door, or closes it",
          {text_of("part", "doorFrontLeft, trunk, ..."),
           optional(number("state", "1 open, 0 closed", 0, 1)), duration("s; 1 without it")}},
         open_part},
        {{"appear",
          kOwn,
          "Appear",
          "is there from now on",
          {coordinate("x"), coordinate("y"), heading()}},
         appear},
        {{"vanish", kOwn, "Vanish", "is not there any more", {}}, vanish},
        {{"signal",
          kWorld,
          "Switch a signal",
          "sets the state of a signal of the map",
          {text_of("signal", "its id"), text_of("state", "red, green, off;off;on, ...")}},
         set_signal_state},
    };
}

const std::vector<ActionKind>& kinds() {
    static const std::vector<ActionKind> kKinds = [] {
        auto all = motion_kinds();
        std::ranges::move(other_kinds(), std::back_inserter(all));
        return all;
    }();
    return kKinds;
}

// What the standard says of a whole action.
Status check_elements(const Elements& actions) {
    for (const Element& action : actions) HM_TRY(check_element(action, action.name));
    return {};
}

}  // namespace

std::span<const CommandInfo> action_kinds() {
    static const std::vector<CommandInfo> kInfos = [] {
        std::vector<CommandInfo> infos;
        for (const ActionKind& kind : kinds()) infos.push_back(kind.info);
        return infos;
    }();
    return kInfos;
}

Result<Elements> actions_of(const Request& request, const json& action, const std::string& actor) {
    std::vector<std::string> names;
    for (const ActionKind& kind : kinds()) names.emplace_back(kind.info.name);
    const std::string wanted =
        action.contains("kind") && action.at("kind").is_string() ? action.at("kind") : json("");
    const auto at = std::ranges::find(names, wanted);
    if (at == names.end()) {
        return sentence(fmt::format("there is no action \"{}\", expected the kind {}", wanted,
                                    fmt::join(names, ", ")));
    }
    const ActionKind& kind = kinds()[static_cast<std::size_t>(at - names.begin())];
    HM_TRY(check_arguments(action, kind.info.parameters, "the action " + wanted, {"kind"}));
    if (actor.empty() && std::string_view(kind.info.group) != "world") {
        return sentence(fmt::format("nobody could do {}, expected an event of one actor", wanted));
    }
    if (action.contains("to")) HM_TRY(entity_object(request.draft, action.at("to")));
    HM_TAKE(const Vec2 origin, story_origin(request));
    HM_TAKE(Elements made, kind.make({request, action, actor, origin}));
    HM_TRY(check_elements(made));
    return made;
}

}  // namespace huntsman::scenarios::edit
