#include "scenarios/edit/parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "scenarios/story/expression.h"

namespace huntsman::scenarios::edit {

using situations::element;
using situations::text;
using story::Element;

// ---- Making

Element position(const StoryPose& pose) {
    Element world = element("WorldPosition", {{"x", text(pose.p.x)}, {"y", text(pose.p.y)}});
    if (pose.z_m) world.set("z", text(*pose.z_m));
    if (pose.heading_rad) world.set("h", text(*pose.heading_rad));
    return element("Position", {}, {std::move(world)});
}

namespace {

Element private_action(const char* group, Element action) {
    return element("PrivateAction", {}, {element(group, {}, {std::move(action)})});
}

}  // namespace

Element teleport(const StoryPose& pose) { return private_action("TeleportAction", position(pose)); }

Element speed_action(double mps, const char* shape, const char* dimension, double value) {
    return private_action(
        "LongitudinalAction",
        element("SpeedAction", {},
                {element("SpeedActionDynamics", {{"dynamicsShape", shape},
                                                 {"dynamicsDimension", dimension},
                                                 {"value", text(value)}}),
                 element("SpeedActionTarget", {},
                         {element("AbsoluteTargetSpeed", {{"value", text(mps)}})})}));
}

Element follow_trajectory(const std::string& name, const std::vector<PathPoint>& points) {
    const bool timed = !points.empty() && std::ranges::all_of(points, [](const PathPoint& point) {
        return point.time_s.has_value();
    });
    Element line = element("Polyline");
    for (const PathPoint& point : points) {
        Element vertex = element("Vertex", {}, {position(point.pose)});
        if (timed) vertex.set("time", text(*point.time_s));
        line.children.push_back(std::move(vertex));
    }
    // Times count from the event's start.
    Element reference = element("None");
    if (timed) {
        reference = element(
            "Timing", {{"domainAbsoluteRelative", "relative"}, {"scale", "1"}, {"offset", "0"}});
    }
    return private_action(
        "RoutingAction",
        element("FollowTrajectoryAction", {},
                {element("Trajectory", {{"name", name}, {"closed", "false"}},
                         {element("Shape", {}, {std::move(line)})}),
                 element("TimeReference", {}, {std::move(reference)}),
                 element("TrajectoryFollowingMode", {{"followingMode", "position"}})}));
}

Element assign_route(const std::string& name, const std::vector<StoryPose>& waypoints) {
    Element route = element("Route", {{"name", name}, {"closed", "false"}});
    for (const StoryPose& waypoint : waypoints) {
        route.children.push_back(
            element("Waypoint", {{"routeStrategy", "shortest"}}, {position(waypoint)}));
    }
    return private_action("RoutingAction", element("AssignRouteAction", {}, {std::move(route)}));
}

Element condition(const std::string& name, Element kind, double delay_s) {
    return element("Condition",
                   {{"name", name}, {"delay", text(delay_s)}, {"conditionEdge", "none"}},
                   {std::move(kind)});
}

Element trigger(const char* name, Element condition) {
    return element(name, {}, {element("ConditionGroup", {}, {std::move(condition)})});
}

Element time_condition(double time_s) {
    return element("ByValueCondition", {},
                   {element("SimulationTimeCondition",
                            {{"rule", "greaterOrEqual"}, {"value", text(time_s)}})});
}

Element by_entity(const std::string& entity, Element kind) {
    return element("ByEntityCondition", {},
                   {element("TriggeringEntities", {{"triggeringEntitiesRule", "any"}},
                            {element("EntityRef", {{"entityRef", entity}})}),
                    element("EntityCondition", {}, {std::move(kind)})});
}

Element empty_story(const std::string& map) {
    Element roads = element("RoadNetwork");
    if (!map.empty()) roads.children.push_back(element("LogicFile", {{"filepath", map}}));
    return element("OpenSCENARIO", {},
                   {element("FileHeader", {{"author", "Huntsman"},
                                           {"date", "2026-01-01T00:00:00"},
                                           {"description", ""},
                                           {"revMajor", "1"},
                                           {"revMinor", "3"}}),
                    element("CatalogLocations"), std::move(roads), element("Entities"),
                    element("Storyboard", {},
                            {element("Init", {}, {element("Actions")}), element("StopTrigger")})});
}

// ---- Finding

Element& child_of(Element& parent, const char* name) {
    if (Element* child = parent.child(name)) return *child;
    parent.children.push_back(element(name));
    return parent.children.back();
}

Element& init_actions(Element& root) {
    return child_of(child_of(child_of(root, "Storyboard"), "Init"), "Actions");
}

namespace {

template <typename E>
E* named(E* parent, const char* tag, const char* key, const std::string& value) {
    if (parent == nullptr) return nullptr;
    for (auto& child : parent->children) {
        const std::string* found = child.name == tag ? child.attribute(key) : nullptr;
        if (found != nullptr && *found == value) return &child;
    }
    return nullptr;
}

template <typename E>
E* find_action(E& within, std::string_view kind) {
    if (within.name == kind) return &within;
    constexpr const char* kGroups[] = {"Private",       "PrivateAction",    "LongitudinalAction",
                                       "LateralAction", "ControllerAction", "RoutingAction"};
    if (std::ranges::find(kGroups, within.name) == std::end(kGroups)) return nullptr;
    for (auto& child : within.children) {
        if (E* found = find_action(child, kind)) return found;
    }
    return nullptr;
}

}  // namespace

Element& private_of(Element& root, const std::string& entity) {
    Element& actions = init_actions(root);
    if (Element* found = named(&actions, "Private", "entityRef", entity)) return *found;
    actions.children.push_back(element("Private", {{"entityRef", entity}}));
    return actions.children.back();
}

Element* object_of(Element& root, const std::string& entity) {
    return named(root.child("Entities"), "ScenarioObject", "name", entity);
}
const Element* object_of(const Element& root, const std::string& entity) {
    return named(root.child("Entities"), "ScenarioObject", "name", entity);
}

const Element* find_private(const Element& root, const std::string& entity) {
    const Element* at = &root;
    for (const char* step : {"Storyboard", "Init", "Actions"}) {
        if (at != nullptr) at = at->child(step);
    }
    return named(at, "Private", "entityRef", entity);
}

Element* action_in(Element& private_actions, const char* kind) {
    return find_action(private_actions, kind);
}
const Element* action_in(const Element& private_actions, const char* kind) {
    return find_action(private_actions, kind);
}

std::vector<std::string> entity_names(const Element& root) {
    std::vector<std::string> names;
    const Element* entities = root.child("Entities");
    if (entities == nullptr) return names;
    for (const Element* object : entities->all("ScenarioObject")) {
        const std::string* name = object->attribute("name");
        names.push_back(name != nullptr ? *name : "");
    }
    return names;
}

namespace {

std::string fresh(const std::set<std::string>& taken, const std::string& wanted) {
    std::string name = wanted;
    for (int i = 2; taken.contains(name); ++i) name = fmt::format("{}_{}", wanted, i);
    return name;
}

}  // namespace

std::string fresh_entity_name(const Element& root, const std::string& wanted) {
    const auto names = entity_names(root);
    return fresh({names.begin(), names.end()}, wanted);
}

std::string fresh_element_name(const Element& root, const std::string& wanted) {
    std::set<std::string> names;
    if (const Element* storyboard = root.child("Storyboard")) {
        for_each_element(*storyboard, [&](const Element& each) {
            if (const std::string* name = each.attribute("name")) names.insert(*name);
        });
    }
    return fresh(names, wanted);
}

std::optional<StoryPose> written_pose(const Element& position) {
    const Element* world = position.child("WorldPosition");
    if (world == nullptr) return std::nullopt;
    const auto number = [&](const char* key) -> std::optional<double> {
        const std::string* value = world->attribute(key);
        return value != nullptr ? story::to_number(*value) : std::nullopt;
    };
    const auto x = number("x"), y = number("y");
    if (!x || !y) return std::nullopt;
    return StoryPose{{*x, *y}, number("z"), number("h")};
}

}  // namespace huntsman::scenarios::edit
