// The step from a town or map to a story that stands on it.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "engine/core/random.h"
#include "engine/road/road_map.h"
#include "engine/world/ids.h"
#include "scenarios/edit/request.h"

namespace huntsman::scenarios::edit {

using engine::road::LanePlace;
using engine::road::RoadMap;
using engine::world::LaneId;
using engine::world::World;
using situations::element;
using story::Element;

namespace {

constexpr const char* kEgoName = "Ego";
constexpr double kReach_m = 30.0;  // from a waypoint to its lane, as stories are read

double heading_of(const engine::math::RigidTransform& X_WB) { return X_WB.yaw_rad(); }

Error still_built() {
    return sentence("the place is still being built, expected it to be there for this command");
}

// A waypoint that is read as this lane; nothing where others are nearer all along.
std::optional<StoryPose> waypoint_on(const RoadMap& map, LaneId lane, const Vec2& origin) {
    constexpr std::array kShares{0.5, 0.3, 0.7, 0.15, 0.85, 0.05, 0.95};
    for (const double share : kShares) {
        const auto sample = map.at(lane, share * map.lane(lane).length_m);
        const auto read = map.nearest_lane(sample.p, sample.heading_rad, kReach_m);
        if (!read || read->lane != lane) continue;
        return StoryPose{engine::math::xy(sample.p) - origin, sample.p.z, sample.heading_rad};
    }
    return std::nullopt;
}

// Waypoints between which the roads' cheapest ways are the route.
std::vector<StoryPose> waypoints_of(const World& world) {
    const RoadMap map(world);
    const auto& route = world.ego_route;
    const Vec2 origin = world.story_origin_W;
    std::vector<StoryPose> points;
    const auto add_at = [&](LaneId lane, double s_m) {
        const auto sample = map.at(lane, s_m);
        points.push_back({engine::math::xy(sample.p) - origin, sample.p.z, sample.heading_rad});
    };
    add_at(route.front(), world.spawns.front().lane_s_m);
    std::size_t from = 0;
    while (from + 1 < route.size()) {
        // As far as the cheapest way is the route's, and a waypoint can be set.
        std::size_t best = from + 1;
        std::optional<StoryPose> point = waypoint_on(map, route[best], origin);
        for (std::size_t to = from + 1; to < route.size(); ++to) {
            const auto way = map.route(route[from], route[to]);
            if (!std::ranges::equal(way, std::span(route).subspan(from, to - from + 1))) break;
            if (auto here = waypoint_on(map, route[to], origin)) {
                best = to;
                point = here;
            }
        }
        if (best + 1 < route.size() && point) points.push_back(*point);
        from = best;
    }
    add_at(route.back(), world.ego_goal_s_m);
    return points;
}

Element ego_object(const World& world) {
    const auto& archetype = world.archetype_of(world.spawns.front());
    const auto& extent = archetype.extent;
    constexpr double kMaxSpeed_mps = 70, kMaxAcceleration_mps2 = 10;
    return situations::described({.type = "vehicle",
                                  .category = "car",
                                  .role = "none",
                                  .model = "ego",
                                  .length_m = extent.length_m(),
                                  .width_m = extent.width_m,
                                  .height_m = extent.height_m,
                                  .x_m = extent.centre_x_m(),
                                  .mass_kg = archetype.vehicle.mass_kg,
                                  .max_speed_mps = kMaxSpeed_mps,
                                  .max_acceleration_mps2 = kMaxAcceleration_mps2,
                                  .max_deceleration_mps2 = kMaxAcceleration_mps2});
}

}  // namespace

Result<Vec2> story_origin(const Request& request) {
    // Towns lie where they are written; maps may have been moved.
    if (request.draft.scenario.map.empty()) return Vec2(0, 0);
    if (!request.context.place) return still_built();
    return request.context.place->world.story_origin_W;
}

Element& edit_story(Draft& draft) {
    auto copy = std::make_shared<story::Document>(*draft.story);
    Element& root = copy->root;
    draft.story = std::move(copy);
    return root;
}

Status fix_people(const Request& request, Draft& draft) {
    if (draft.scenario.town.pedestrians) return {};
    if (!request.context.place) return still_built();
    const World& world = request.context.place->world;
    draft.scenario.town.pedestrians = static_cast<int>(
        std::ranges::count_if(world.spawns, [&](const engine::world::Spawn& spawn) {
            return engine::world::is_person(world.archetype_of(spawn).semantic);
        }));
    return {};
}

Result<Draft> with_own_story(const Request& request) {
    if (request.draft.story) return request.draft;
    if (!request.draft.scenario.story.situation.empty()) return expanded(request);
    if (!request.draft.scenario.story.file.empty()) {
        return sentence(fmt::format("the story {} could not be read, expected one that can",
                                    request.draft.scenario.story.file));
    }
    if (!request.context.place) return still_built();
    const World& world = request.context.place->world;
    if (world.spawns.empty() || world.ego_route.empty()) {
        return sentence("the place has no way for the ego");
    }
    Draft next = request.draft;
    HM_TRY(fix_people(request, next));
    auto document = std::make_shared<story::Document>();
    document->root = empty_story(next.scenario.map);
    document->root.child("Entities")
        ->children.push_back(element("ScenarioObject", {{"name", kEgoName}}, {ego_object(world)}));
    const auto& ego = world.spawns.front();
    Element& actions = private_of(document->root, kEgoName);
    actions.children.push_back(teleport(
        {engine::math::xy(ego.X_WB.p) - world.story_origin_W, ego.X_WB.p.z, heading_of(ego.X_WB)}));
    actions.children.push_back(speed_action(ego.speed_mps, "step", "time", 0));
    actions.children.push_back(assign_route("route", waypoints_of(world)));
    next.story = std::move(document);
    return next;
}

Result<const Element*> entity_object(const Draft& draft, const std::string& name) {
    if (!draft.story) return sentence(fmt::format("there is no actor \"{}\": no story", name));
    if (const Element* found = object_of(draft.story->root, name)) return found;
    return sentence(fmt::format("there is no actor \"{}\", expected one of {}", name,
                                fmt::join(entity_names(draft.story->root), ", ")));
}

}  // namespace huntsman::scenarios::edit
