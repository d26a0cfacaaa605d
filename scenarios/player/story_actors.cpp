#include "scenarios/player/story_actors.h"

#include <algorithm>
#include <cctype>
#include <cmath>

#include "engine/driving/pedals.h"
#include "engine/road/walkways.h"

namespace huntsman::scenarios::player {

using engine::core::Status;
using engine::math::Quat;
using engine::math::RigidTransform;
using engine::math::Vec3;
using engine::world::ActorState;
using engine::world::kEgo;
using engine::world::kNoActor;
using engine::world::ScriptedEntity;
using engine::world::State;
using story::Index;

namespace {

// Heading about z, then pitch about y, then roll about x.
Quat rotation(double heading_rad, double pitch_rad, double roll_rad) {
    return engine::math::yaw_rotation(heading_rad) * glm::angleAxis(pitch_rad, Vec3(0, 1, 0)) *
           glm::angleAxis(roll_rad, Vec3(1, 0, 0));
}

}  // namespace

namespace {

Observed observed(const ActorState& actor) {
    const Quat& q = actor.X_WB.q;
    const Vec3 x = q * Vec3(1, 0, 0), y = q * Vec3(0, 1, 0), z = q * Vec3(0, 0, 1);
    return {.p_W = actor.X_WB.p,
            .heading_rad = std::atan2(x.y, x.x),
            .pitch_rad = std::asin(std::clamp(-x.z, -1.0, 1.0)),
            .roll_rad = std::atan2(y.z, z.z),
            .v_W = actor.v_W,
            .a_W = actor.a_W,
            .steer_rad = actor.steer_rad};
}

bool has_property(const std::vector<story::Attribute>& properties, const story::Attribute& wanted) {
    return std::ranges::find(properties, wanted) != properties.end();
}

}  // namespace

StoryActors::StoryActors(const story::Story& story, const engine::road::RoadGeometry& roads,
                         const engine::world::World& world, const engine::road::RoadMap& map,
                         bool all_physical)
    : story_(story),
      world_(world),
      map_(map),
      player_(story, roads, world.story_origin_W),
      traffic_(story, world, map, player_) {
    HM_CHECK(world.story_roles.size() == story.entities.size(),
             "{} entities, but the world has roles for {}", story.entities.size(),
             world.story_roles.size());
    for (const story::Entity& entity : story.entities) {
        const story::Attribute physical{"physical", "true"};
        physical_.push_back(
            all_physical || has_property(entity.properties, physical) ||
            std::ranges::any_of(entity.controllers, [&](const story::Controller& controller) {
                return has_property(controller.properties, physical);
            }));
        joins_traffic_.push_back(has_property(entity.properties, {"after_story", "traffic"}));
    }
    for (const engine::world::SignalHead& head : world.roads.signal_heads) {
        if (head.group >= world.roads.signal_groups.size() ||
            head.road >= world.road_model.roads.size()) {
            continue;
        }
        const auto& signals = world.road_model.roads[head.road].signals;
        if (head.signal >= signals.size()) continue;
        groups_of_signal_.emplace(signals[head.signal].id, head.group);
    }
    groups_.resize(story.entities.size());
    for (Index i = 0; i < story.elements.size(); ++i) {
        for (const Index entity : story.elements[i].actors) {
            if (entity < groups_.size()) groups_[entity].push_back(i);
        }
    }
}

// On the ground that the run's vehicles and people stand on, where it is near.
RigidTransform StoryActors::pose_of(const ScriptedEntity& entity) const {
    constexpr double kNear_m = 1.0;
    Vec3 p = entity.p_W;
    const double ground_m = map_.surface(p + Vec3(0, 0, kNear_m)).height_m;
    if (std::abs(ground_m - p.z) < kNear_m || entity.on_road.road == engine::world::kNone) {
        p.z = ground_m;
    }
    return {rotation(entity.heading_rad, entity.pitch_rad, entity.roll_rad + entity.lean_rad), p};
}

Status StoryActors::begin(State& state) const {
    state.story = player_.begin();
    for (Index i = 0; i < story_.entities.size(); ++i) {
        if (i == story_.ego) state.story->entities[i].actor = kEgo;
        HM_TRY(bring(state, i));
        send(state, i);
    }
    return {};
}

Status StoryActors::step(State& state) const {
    const engine::core::TimeUs dt_us = engine::core::kTick_us;
    for (Index i = 0; i < story_.entities.size(); ++i) tell(state, i);
    player_.step(*state.story, dt_us);
    for (Index i = 0; i < story_.entities.size(); ++i) {
        HM_TRY(bring(state, i));
        if (joins_traffic_[i] && is_over(*state.story, i)) hand_to_traffic(state, i);
        send(state, i);
    }
    show_signals(state);
    return traffic_.step(state, dt_us);
}

// An actor appears with its entity, and vanishes with it.
Status StoryActors::bring(State& state, Index index) const {
    ScriptedEntity& entity = state.story->entities[index];
    if (index == story_.ego) return {};
    if (!entity.present && entity.actor != kNoActor) {
        engine::world::remove_actor(state, entity.actor);
        entity.actor = kNoActor;
    }
    if (!entity.present || entity.actor != kNoActor || entity.released) return {};
    const engine::world::StoryRole& role = world_.story_roles[index];
    HM_TAKE(entity.actor, engine::world::add_actor(state, world_,
                                                   {.archetype = role.archetype,
                                                    .X_WB = pose_of(entity),
                                                    .speed_mps = entity.speed_mps,
                                                    .tint = role.tint}));
    return {};
}

// Where a scripted actor goes in the tick.
void StoryActors::send(State& state, Index index) const {
    const ScriptedEntity& entity = state.story->entities[index];
    ActorState* actor = entity.external ? nullptr : state.find(entity.actor);
    if (actor == nullptr) return;
    using namespace engine::world;
    actor->hidden_from = static_cast<std::uint8_t>((entity.graphics ? 0 : kPictures) |
                                                   (entity.sensors ? 0 : kSensors) |
                                                   (entity.traffic ? 0 : kTraffic));
    const double steer_rad = std::clamp(entity.steer_rad, -0.7, 0.7);
    actor->scripted = {.X_WB = pose_of(entity),
                       .v_W = entity.v_W,
                       .steer_rad = steer_rad,
                       .lamps_ruled = entity.lamps_ruled,
                       .lamps_lit = entity.lamps_lit};
    if (physical_[index] && actor->id != kEgo) {
        actor->scripted->commands = true;
        steer(*actor, entity);
        return;
    }
    // What others see of its lamps.
    const double forward_mps2 =
        std::cos(entity.heading_rad) * entity.a_W.x + std::sin(entity.heading_rad) * entity.a_W.y;
    constexpr double kBraking_mps2 = 0.7;
    actor->vehicle.brake =
        forward_mps2 * (entity.speed_mps < 0 ? -1 : 1) < -kBraking_mps2 ? 0.5 : 0;
    actor->vehicle.reverse = entity.speed_mps < 0;
    actor->vehicle.steer_rad = steer_rad;
    actor->walk.heading_rad = entity.heading_rad;
}

// What has become of an actor that the story does not move, or no more.
void StoryActors::tell(State& state, Index index) const {
    ScriptedEntity& entity = state.story->entities[index];
    ActorState* actor = state.find(entity.actor);
    if (actor == nullptr) return;
    // A collision ends a script, as does a vehicle that has got away from it: it stops there.
    constexpr double kAway_m = 5.0;
    const bool lost = physical_[index] && actor->id != kEgo
                          ? glm::length(actor->X_WB.p - entity.p_W) > kAway_m
                          : !actor->scripted;
    if (!entity.external && lost) {
        player_.let_go(*state.story, index);
        entity.released = true;
        actor->vehicle = {.brake = 1.0};
        actor->walk.velocity_mps = {0, 0};
    }
    if (!entity.external) return;
    player_.observe(*state.story, index, observed(*actor), engine::core::kTick_us);
}

void StoryActors::place(State& state, engine::world::ActorId id) const {
    const ActorState* actor = state.find(id);
    if (actor == nullptr) return;
    for (Index i = 0; i < story_.entities.size(); ++i) {
        if (state.story->entities[i].actor != id) continue;
        player_.place(*state.story, i, observed(*actor));
    }
}

// Pedals, steering and legs that follow the story's motion. Steering: curvature of the motion, and
// [Stanley] of what is off. G. Hoffmann et al., Autonomous Automobile Trajectory Tracking, 2007.
void StoryActors::steer(ActorState& actor, const ScriptedEntity& to) const {
    const engine::world::Archetype& archetype = world_.archetypes[actor.archetype];
    const Vec3 off_W = to.p_W - actor.X_WB.p;
    if (!engine::world::is_vehicle(archetype.semantic)) {
        constexpr double kCatchUp_per_s = 2.0;
        actor.walk.velocity_mps = engine::math::xy(to.v_W + kCatchUp_per_s * off_W);
        actor.walk.heading_rad = to.heading_rad;
        return;
    }
    const Vec3 off_B = glm::conjugate(actor.X_WB.q) * off_W;
    const double v = (glm::conjugate(actor.X_WB.q) * actor.v_W).x;
    const double turn_rad = engine::math::wrap_angle(to.heading_rad - actor.X_WB.yaw_rad());
    constexpr double kAcross_per_s = 1.5, kSlow_mps = 2.0, kAhead_per_s2 = 1.0, kSpeed_per_s = 2.0;
    const double along_mps2 =
        std::cos(to.heading_rad) * to.a_W.x + std::sin(to.heading_rad) * to.a_W.y;
    engine::driving::set_pedals(
        archetype.vehicle, along_mps2 + kAhead_per_s2 * off_B.x + kSpeed_per_s * (to.speed_mps - v),
        v, actor.X_WB.rotate({1, 0, 0}).z, actor.vehicle);
    const double most = archetype.vehicle.max_steer_rad;
    actor.vehicle.steer_rad = std::clamp(
        to.steer_rad + turn_rad + std::atan2(kAcross_per_s * off_B.y, kSlow_mps + std::abs(v)),
        -most, most);
    actor.vehicle.reverse = to.speed_mps < 0;
}

namespace {

// "green", "Red" and the like, or the lamps from the top as "off;off;on".
std::optional<engine::world::Aspect> aspect_of(std::string text) {
    using engine::world::Aspect;
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
    if (text.find(';') == std::string::npos) {
        if (text == "red" || text == "stop") return Aspect::kRed;
        if (text == "yellow" || text == "amber" || text == "caution") return Aspect::kYellow;
        if (text == "green" || text == "go") return Aspect::kGreen;
        if (text == "red-yellow" || text == "redyellow" || text == "attention") {
            return Aspect::kRedYellow;
        }
        return text == "off" ? std::optional(Aspect::kOff) : std::nullopt;
    }
    std::vector<bool> lit;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find(';', at), text.size());
        lit.push_back(text.substr(at, end - at) == "on");
        at = end + 1;
    }
    const bool red = lit.front(), green = lit.back(), yellow = lit.size() > 2 && lit[1];
    if (red) return yellow ? Aspect::kRedYellow : Aspect::kRed;
    if (yellow) return Aspect::kYellow;
    return green ? Aspect::kGreen : Aspect::kOff;
}

}  // namespace

// Signals that the story sets take the place of the map's programmes.
void StoryActors::show_signals(State& state) const {
    const auto& set = state.story->signals;
    for (std::size_t i = 0; i + 1 < set.size(); i += 2) {
        const auto aspect = aspect_of(set[i + 1]);
        if (!aspect) continue;
        const auto [first, last] = groups_of_signal_.equal_range(set[i]);
        for (auto at = first; at != last; ++at) state.signals[at->second] = *aspect;
    }
}

// Whether nothing in the story will move an entity any more.
bool StoryActors::is_over(const engine::world::StoryState& state, Index index) const {
    const bool acts = std::ranges::any_of(
        state.actions,
        [&](const engine::world::RunningAction& run) { return run.entity == index; });
    return !acts && std::ranges::all_of(groups_[index], [&](Index group) {
        return state.elements[group].phase == engine::world::StoryPhase::kComplete;
    });
}

// From now on the traffic's mind has it, from the lane or walkway where it is.
void StoryActors::hand_to_traffic(State& state, Index index) const {
    ScriptedEntity& entity = state.story->entities[index];
    ActorState* actor = entity.external || index == story_.ego ? nullptr : state.find(entity.actor);
    if (actor == nullptr) return;
    if (actor->mind.is_driver()) {
        constexpr double kReach_m = 4.0;
        const auto lane = map_.nearest_lane(actor->X_WB.p, entity.heading_rad, kReach_m);
        if (!lane) return;
        auto& mind = actor->mind.driver();
        mind.route = engine::world::DriverMind::no_route();
        mind.route[0] = lane->lane;
        mind.lane_s_m = lane->s_m;
        mind.lane_t_m = lane->t_m;
    } else {
        constexpr double kReach_m = 6.0;
        const auto walkway = engine::road::nearest_walkway(world_.roads, actor->X_WB.p, kReach_m);
        if (walkway == engine::world::kNone) return;
        auto& mind = actor->mind.pedestrian();
        mind.walkway = walkway;
        mind.intention = engine::world::Intention::kWalk;
    }
    player_.let_go(*state.story, index);
    entity.released = true;
    actor->scripted.reset();
    actor->vehicle = {.steer_rad = actor->steer_rad};
}

void StoryActors::give_ego_away(State& state) const {
    if (story_.ego == story::kNoIndex) return;
    player_.let_go(*state.story, story_.ego);
    state.find(kEgo)->scripted.reset();
}

void StoryActors::override_controls(State& state) const {
    for (Index i = 0; i < story_.entities.size(); ++i) {
        const auto& of = state.story->entities[i].overridden;
        ActorState* actor = state.find(state.story->entities[i].actor);
        if (actor == nullptr || (actor->scripted && !actor->scripted->commands)) continue;
        engine::world::VehicleCommand& command = actor->vehicle;
        if (of.throttle) command.throttle = *of.throttle;
        if (of.brake) command.brake = *of.brake;
        if (of.parking_brake) command.brake = std::max(command.brake, *of.parking_brake);
        // From the steering wheel to the road wheels, as cars have it.
        constexpr double kRatio = 15.0;
        if (of.steering_wheel_rad) command.steer_rad = *of.steering_wheel_rad / kRatio;
        if (of.gear) command.reverse = *of.gear < 0;
    }
}

bool StoryActors::asks_for_driver(const State& state) const {
    if (story_.ego == story::kNoIndex) return false;
    const ScriptedEntity& ego = state.story->entities[story_.ego];
    return ego.lateral_controller && ego.longitudinal_controller;
}

}  // namespace huntsman::scenarios::player
