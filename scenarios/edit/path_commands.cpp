// Commands on paths, and on generated actors that become the story's.

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/edit/kinds.h"
#include "scenarios/edit/references.h"
#include "scenarios/edit/request.h"
#include "scenarios/edit/storyboard.h"

namespace huntsman::scenarios::edit {

using engine::core::kRadiansInDegree;
using nlohmann::json;
using situations::element;
using story::Element;

Result<std::vector<PathPoint>> path_points(const json& list, const Vec2& origin) {
    std::vector<PathPoint> points;
    const std::size_t size = list.empty() ? 0 : list.front().size();
    for (const json& each : list) {
        if (each.size() != size) {
            return sentence(
                "the points are of different lengths, expected all as [x, y], "
                "[t, x, y] or [t, x, y, heading_deg]");
        }
        const std::size_t first = size == 2 ? 0 : 1;
        PathPoint point{
            .pose = {.p = Vec2(each[first].get<double>(), each[first + 1].get<double>()) - origin}};
        if (size > 2) point.time_s = each[0].get<double>();
        if (size > 3) point.pose.heading_rad = each[3].get<double>() * kRadiansInDegree;
        if (point.time_s &&
            (*point.time_s < 0 || (!points.empty() && *point.time_s <= *points.back().time_s))) {
            return sentence("the times of the points do not rise from 0, expected that they do");
        }
        points.push_back(point);
    }
    return points;
}

namespace {

// The event that draw_trajectory makes, to be drawn again.
std::string path_event(const std::string& actor) { return actor + "_path"; }

void set_path(Element& root, const std::string& actor, const std::vector<PathPoint>& points) {
    Element action = follow_trajectory("path", points);
    const std::string name = path_event(actor);
    for (Element* part : parts_of(root, actor)) {
        Element* event = nullptr;
        for_each_element(*part, [&](Element& each) {
            const std::string* own = each.attribute("name");
            if (each.name == "Event" && own != nullptr && *own == name) event = &each;
        });
        if (event == nullptr) continue;
        std::erase_if(event->children, [](const Element& e) { return e.name == "Action"; });
        event->children.insert(event->children.begin(),
                               element("Action", {{"name", name}}, {std::move(action)}));
        return;
    }
    add_event(root, actor, name, {std::move(action)}, time_condition(0), 0);
}

Result<Draft> draw_trajectory(const Request& request) {
    const std::string actor = request.text("actor");
    HM_TAKE(Draft next, with_own_story(request));
    HM_TRY(entity_object(next, actor));
    HM_TAKE(const Vec2 origin, story_origin(request));
    HM_TAKE(const auto points, path_points(request.command.at("points"), origin));
    set_path(edit_story(next), actor, points);
    return next;
}

Result<Draft> draw_route(const Request& request) {
    const std::string actor = request.text("actor");
    HM_TAKE(Draft next, with_own_story(request));
    HM_TRY(entity_object(next, actor));
    HM_TAKE(const Vec2 origin, story_origin(request));
    HM_TAKE(const auto points, path_points(request.command.at("points"), origin));
    std::vector<StoryPose> waypoints;
    for (const PathPoint& point : points) waypoints.push_back(point.pose);
    Element& begin = private_of(edit_story(next), actor);
    Element action = assign_route("route", waypoints);
    // One route holds at a time.
    std::erase_if(begin.children, [](const Element& each) {
        return action_in(each, "AssignRouteAction") != nullptr ||
               action_in(each, "AcquirePositionAction") != nullptr;
    });
    begin.children.push_back(std::move(action));
    return next;
}

// ---- Taking over

struct Taken {
    situations::ActorKind kind;
    engine::math::RigidTransform X_WB;
    double speed_mps = 0;
    bool person = false;
    std::string name;
};

Result<Taken> taken_of(const Request& request, const Generated& found) {
    const auto& world = request.context.place->world;
    Taken taken;
    const std::uint32_t index =
        found.spawn != nullptr ? found.spawn->archetype : found.object->archetype;
    if (index < world.archetypes.size()) {
        const auto& archetype = world.archetypes[index];
        const bool vehicle = engine::world::is_vehicle(archetype.semantic);
        taken.kind = kind_of(archetype.semantic, archetype.name, archetype.extent,
                             vehicle ? archetype.vehicle.mass_kg : 0);
        taken.person = !vehicle;
        if (!vehicle && found.spawn != nullptr) {
            taken.speed_mps = archetype.pedestrian.walk_speed_mps;
        }
    } else {
        taken.kind = kind_of(found.object->semantic, "parked", found.object->extent, 0);
    }
    if (found.spawn != nullptr) {
        taken.X_WB = found.spawn->X_WB;
        if (!taken.person) taken.speed_mps = found.spawn->speed_mps;
        taken.name = fmt::format("{}{}", taken.person ? "Person" : "Traffic", found.spawn->id);
    } else {
        taken.X_WB = found.object->X_WB;
        taken.name = fmt::format("Parked{}", found.object->id);
    }
    return taken;
}

Result<Draft> take_over(const Request& request) {
    const auto id = request.command.at("id").get<engine::world::ActorId>();
    HM_TAKE(const Generated found, generated_actor(request, id));
    HM_TAKE(Taken taken, taken_of(request, found));
    HM_TAKE(const Vec2 origin, story_origin(request));
    if (request.has("x") != request.has("y")) {
        return sentence("take_over has only one of x and y, expected both or none");
    }
    StoryPose pose{engine::math::xy(taken.X_WB.p) - origin, taken.X_WB.p.z, taken.X_WB.yaw_rad()};
    if (request.has("x")) {
        pose.p = Vec2(request.number("x"), request.number("y")) - origin;
        pose.z_m.reset();
    }
    if (request.has("heading_deg")) {
        pose.heading_rad = request.number("heading_deg") * kRadiansInDegree;
    }
    std::vector<PathPoint> path;
    if (request.has("path")) {
        HM_TAKE(path, path_points(request.command.at("path"), origin));
        pose = path.front().pose;
        if (!pose.heading_rad) pose.heading_rad = taken.X_WB.yaw_rad();
    }
    HM_TAKE(Draft next, with_own_story(request));
    Element& root = edit_story(next);
    const std::string name = fresh_entity_name(root, request.text_or("name", taken.name));
    child_of(root, "Entities")
        .children.push_back(
            element("ScenarioObject", {{"name", name}}, {situations::described(taken.kind)}));
    Element& begin = private_of(root, name);
    begin.children.push_back(teleport(pose));
    begin.children.push_back(speed_action(taken.speed_mps, "step", "time", 0));
    if (!path.empty()) set_path(root, name, path);
    next.scenario.removed.push_back(id);
    return next;
}

}  // namespace

std::vector<Command> path_commands() {
    constexpr const char* kGroup = "actors";
    constexpr double kMost = 1e5;
    const ParameterInfo actor = text_of("actor", "name of an entity");
    return {
        {{"draw_trajectory",
          kGroup,
          "Trajectory of",
          "an actor follows a line from the start, by its times where it has them",
          {actor,
           {"points", ParameterType::kPoints, "[x, y], [t, x, y] or [t, x, y, heading_deg]", false,
            2, kMost}}},
         draw_trajectory},
        {{"draw_route",
          kGroup,
          "Route of",
          "an actor drives along the roads through points",
          {actor, {"points", ParameterType::kPoints, "[x, y]", false, 2, kMost}}},
         draw_route},
        {{"take_over",
          kGroup,
          "Take over",
          "makes a generated actor one of the story; others may then react differently",
          {{"id", ParameterType::kWhole, "of the world", false, 1, 4294967295.0},
           optional(coordinate("x")),
           optional(coordinate("y")),
           heading(),
           {"path", ParameterType::kPoints, "[t, x, y] or [t, x, y, heading_deg]", true, 2, kMost},
           optional(text_of("name", "of the entity"))}},
         take_over},
    };
}

}  // namespace huntsman::scenarios::edit
