// Where places of a story are.

#include "scenarios/player/stage.h"

namespace huntsman::scenarios::player {

namespace {

constexpr double kRoadReach_m = 5;  // a point further than this from all lanes is off the road

Vec3 rotated(const Vec3& v, double heading_rad) {
    const double c = std::cos(heading_rad), s = std::sin(heading_rad);
    return {c * v.x - s * v.y, s * v.x + c * v.y, v.z};
}

// Turns a pose by what is given relative to it, or to what is given absolutely.
void orient(Pose& pose, const story::Orientation& orientation) {
    const auto apply = [&](double& angle, const std::optional<double>& given) {
        if (!given) return;
        angle = wrap_angle(orientation.relative ? angle + *given : *given);
    };
    apply(pose.heading_rad, orientation.heading_rad);
    apply(pose.pitch_rad, orientation.pitch_rad);
    apply(pose.roll_rad, orientation.roll_rad);
    pose.has_heading |= orientation.heading_rad.has_value();
}

}  // namespace

Pose Step::pose_on_road(const OnRoad& place, const story::Orientation& orientation) const {
    const auto at = walk_.geometry().pose({place.road, place.s_m, place.t_m, 0});
    Pose pose{.p_W = at.p,
              .heading_rad = walk_.geometry().reference(place.road, place.s_m).heading_rad,
              .pitch_rad = at.pitch_rad,
              .roll_rad = at.roll_rad,
              .on_road = place};
    // Headings are with the traffic of the lane, and relative ones are against that.
    if ((!orientation.heading_rad || orientation.relative) && !walk_.drives_forward(place)) {
        pose.heading_rad = wrap_angle(pose.heading_rad + kPi);
        pose.pitch_rad = -pose.pitch_rad;
        pose.roll_rad = -pose.roll_rad;
    }
    orient(pose, orientation);
    return pose;
}

std::optional<OnRoad> Step::road_place(const Vec3& p, double heading_rad) const {
    return walk_.nearest(p, heading_rad, kRoadReach_m);
}

bool refers_to_entity(const story::Place& place) {
    // Waypoints and vertices may refer to entities.
    if (std::holds_alternative<story::RoutePlace>(place) ||
        std::holds_alternative<story::TrajectoryPlace>(place)) {
        return true;
    }
    return std::visit(
        [](const auto& kind) {
            if constexpr (requires { kind.entity; }) return true;
            return false;
        },
        place);
}

std::optional<Pose> Step::find(const story::Place& place) const {
    const auto fixed = script_.fixed_places.find(&place);
    return fixed != script_.fixed_places.end() ? fixed->second : search(place);
}

std::optional<Pose> Step::search(const story::Place& place) const {
    if (const auto* world = std::get_if<story::WorldPlace>(&place)) {
        Pose pose{.p_W = {Vec2(world->x_m, world->y_m) + script_.origin_W, world->z_m.value_or(0)}};
        orient(pose, world->orientation);
        pose.on_road = road_place(pose.p_W, pose.heading_rad);
        if (pose.on_road && !world->z_m) {
            const OnRoad& on = *pose.on_road;
            pose.p_W.z = walk_.geometry().pose({on.road, on.s_m, on.t_m, 0}).p.z;
        }
        return pose;
    }
    if (const auto* road = std::get_if<story::RoadPlace>(&place)) {
        const auto index = walk_.road_named(road->road);
        if (!index) return std::nullopt;
        return pose_on_road(walk_.at_t(*index, road->s_m, road->t_m), road->orientation);
    }
    if (const auto* lane = std::get_if<story::LanePlace>(&place)) {
        const auto index = walk_.road_named(lane->road);
        if (!index) return std::nullopt;
        return pose_on_road(walk_.in_lane(*index, lane->lane, lane->s_m, lane->offset_m),
                            lane->orientation);
    }
    if (const auto* trajectory = std::get_if<story::TrajectoryPlace>(&place)) {
        if (trajectory->trajectory.empty()) return std::nullopt;
        const auto curve = curve_of(trajectory->trajectory.front(), {});
        if (!curve) return std::nullopt;
        const CurvePoint at = curve->at_s(trajectory->s_m);
        Pose pose{.p_W = at.p_W + rotated({0, trajectory->t_m, 0}, at.heading_rad),
                  .heading_rad = at.heading_rad};
        orient(pose, trajectory->orientation);
        pose.on_road = road_place(pose.p_W, pose.heading_rad);
        return pose;
    }
    if (const auto* route = std::get_if<story::RoutePlace>(&place)) return find_on_route(*route);
    return find_by_entity(place);
}

std::optional<Curve> Step::curve_of(const story::Trajectory& trajectory,
                                    const ScriptedEntity& here) const {
    const auto start = [this](const story::Place& place) -> std::optional<CurveStart> {
        const auto found = find(place);
        if (!found) return std::nullopt;
        return CurveStart{found->p_W, found->heading_rad, found->has_heading};
    };
    return make_curve(trajectory, start, {here.p_W, here.heading_rad, true});
}

std::optional<Pose> Step::find_by_entity(const story::Place& place) const {
    const auto entity_of = [&](Index index) -> const ScriptedEntity* {
        return index < state_.entities.size() ? &state_.entities[index] : nullptr;
    };
    if (const auto* at = std::get_if<story::RelativeWorldPlace>(&place)) {
        const ScriptedEntity* entity = entity_of(at->entity);
        if (entity == nullptr) return std::nullopt;
        Pose pose{.p_W = entity->p_W + Vec3(at->dx_m, at->dy_m, at->dz_m),
                  .heading_rad = entity->heading_rad};
        orient(pose, at->orientation);
        pose.on_road = road_place(pose.p_W, pose.heading_rad);
        return pose;
    }
    if (const auto* at = std::get_if<story::RelativeObjectPlace>(&place)) {
        const ScriptedEntity* entity = entity_of(at->entity);
        if (entity == nullptr) return std::nullopt;
        Pose pose{.p_W = entity->p_W + rotated({at->dx_m, at->dy_m, at->dz_m}, entity->heading_rad),
                  .heading_rad = entity->heading_rad};
        orient(pose, at->orientation);
        pose.on_road = road_place(pose.p_W, pose.heading_rad);
        return pose;
    }
    if (const auto* at = std::get_if<story::RelativeRoadPlace>(&place)) {
        const ScriptedEntity* entity = entity_of(at->entity);
        if (entity == nullptr || entity->on_road.road == engine::world::kNone) return std::nullopt;
        OnRoad on = entity->on_road;
        bool forward = at->ds_m >= 0;
        std::uint32_t route_at = entity->route_at;
        walk_.move(on, forward, std::abs(at->ds_m), entity->route, route_at,
                   RoadWalk::Along::kReferenceLine);
        return pose_on_road(walk_.at_t(on.road, on.s_m, entity->on_road.t_m + at->dt_m),
                            at->orientation);
    }
    const auto* at = std::get_if<story::RelativeLanePlace>(&place);
    if (at == nullptr) return std::nullopt;
    const ScriptedEntity* entity = entity_of(at->entity);
    if (entity == nullptr || entity->on_road.road == engine::world::kNone) return std::nullopt;
    OnRoad on = entity->on_road;
    on.offset_m = 0;
    on.lane = RoadWalk::lane_beside(on.lane, at->lanes);
    on = walk_.in_lane(on.road, on.lane, on.s_m, 0);
    // Ahead is where the reference entity faces, and so does what is placed.
    const bool along = faces_along(*entity);
    bool forward = along == (at->ds_m >= 0);
    const bool direction = forward;
    std::uint32_t route_at = entity->route_at;
    walk_.move(on, forward, std::abs(at->ds_m), entity->route, route_at,
               at->along_lane ? RoadWalk::Along::kOffset : RoadWalk::Along::kReferenceLine);
    story::Orientation orientation = at->orientation;
    if (!orientation.heading_rad) orientation = {.relative = true, .heading_rad = 0};
    const OnRoad there = walk_.in_lane(on.road, on.lane, on.s_m, at->offset_m);
    if (orientation.relative && walk_.drives_forward(there) != (along == (forward == direction))) {
        *orientation.heading_rad += kPi;
    }
    return pose_on_road(there, orientation);
}

std::optional<Pose> Step::find_on_route(const story::RoutePlace& place) const {
    if (place.entity < state_.entities.size()) {
        const ScriptedEntity& entity = state_.entities[place.entity];
        Pose pose{.p_W = entity.p_W, .heading_rad = entity.heading_rad};
        if (entity.on_road.road != engine::world::kNone) pose.on_road = entity.on_road;
        return pose;
    }
    if (place.route.empty() || place.route.front().waypoints.empty()) return std::nullopt;
    std::vector<OnRoad> places;
    for (const story::Waypoint& waypoint : place.route.front().waypoints) {
        const auto found = find(waypoint.place);
        if (!found || !found->on_road) return std::nullopt;
        places.push_back(*found->on_road);
    }
    const auto roads = walk_.route(places);
    if (roads.empty()) return std::nullopt;
    OnRoad on = places.front();
    bool forward = roads.front().forward;
    std::uint32_t route_at = 0;
    walk_.move(on, forward, place.path_s_m, roads, route_at, RoadWalk::Along::kReferenceLine);
    if (place.lane) {
        on = walk_.in_lane(on.road, *place.lane, on.s_m, place.lane_offset_m);
    } else {
        on = walk_.at_t(on.road, on.s_m, place.t_m.value_or(0));
    }
    Pose pose = pose_on_road(on, place.orientation);
    if (!place.orientation.heading_rad) {
        pose.heading_rad =
            walk_.geometry().reference(on.road, on.s_m).heading_rad + (forward ? 0 : kPi);
        pose.heading_rad = wrap_angle(pose.heading_rad);
    }
    return pose;
}

void Step::place_entity(ScriptedEntity& entity, const Pose& pose) const {
    entity.p_W = pose.p_W;
    entity.heading_rad = pose.heading_rad;
    entity.pitch_rad = pose.pitch_rad;
    entity.roll_rad = pose.roll_rad;
    entity.on_road = pose.on_road.value_or(OnRoad{});
    entity.heading_to_road_rad = 0;
    if (pose.on_road) {
        const OnRoad& on = *pose.on_road;
        entity.heading_to_road_rad =
            wrap_angle(pose.heading_rad - walk_.geometry().reference(on.road, on.s_m).heading_rad);
    }
}

void Step::follow_road(ScriptedEntity& entity) const {
    const OnRoad& on = entity.on_road;
    const auto at = walk_.geometry().pose({on.road, on.s_m, on.t_m, 0});
    entity.p_W = at.p;
    const auto reference = walk_.geometry().reference(on.road, on.s_m);
    entity.heading_rad = wrap_angle(reference.heading_rad + entity.heading_to_road_rad);
    const double c = std::cos(entity.heading_to_road_rad), s = std::sin(entity.heading_to_road_rad);
    entity.pitch_rad = c * at.pitch_rad - s * at.roll_rad;
    entity.roll_rad = c * at.roll_rad + s * at.pitch_rad;
}

void Step::find_road(ScriptedEntity& entity) const {
    std::optional<OnRoad> found;
    if (entity.on_road.road != engine::world::kNone) {
        const auto near =
            walk_.geometry().project_near(entity.on_road.road, entity.p_W, entity.on_road.s_m);
        const double length = walk_.geometry().model().roads[near.road].length_m;
        if (near.s_m > 0 && near.s_m < length &&
            walk_.geometry().lane_at(near.road, near.s_m, near.t_m) != 0) {
            found = walk_.at_t(near.road, near.s_m, near.t_m);
        }
    }
    if (!found) found = road_place(entity.p_W, entity.heading_rad);
    entity.on_road = found.value_or(OnRoad{});
    if (!found) return;
    const auto reference = walk_.geometry().reference(found->road, found->s_m);
    entity.heading_to_road_rad = wrap_angle(entity.heading_rad - reference.heading_rad);
}

}  // namespace huntsman::scenarios::player
