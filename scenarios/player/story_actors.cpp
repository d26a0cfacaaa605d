#include "scenarios/player/story_actors.h"

#include <algorithm>
#include <cmath>

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

StoryActors::StoryActors(const story::Story& story, const engine::road::RoadGeometry& roads,
                         const engine::world::World& world, const engine::road::RoadMap& map)
    : story_(story), world_(world), map_(map), player_(story, roads, world.map_origin_W) {
    HM_CHECK(world.story_roles.size() == story.entities.size(),
             "{} entities, but the world has roles for {}", story.entities.size(),
             world.story_roles.size());
}

// On the ground that the run's vehicles and people stand on, where it is near.
RigidTransform StoryActors::pose_of(const ScriptedEntity& entity) const {
    constexpr double kNear_m = 1.0;
    Vec3 p = entity.p_W;
    const double ground_m = map_.surface(p + Vec3(0, 0, kNear_m)).height_m;
    if (std::abs(ground_m - p.z) < kNear_m || entity.on_road.road == engine::world::kNone) {
        p.z = ground_m;
    }
    return {rotation(entity.heading_rad, entity.pitch_rad, entity.roll_rad), p};
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
        send(state, i);
    }
    return {};
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
    state.find(entity.actor)->scripted.emplace();
    return {};
}

// Where a scripted actor goes in the tick.
void StoryActors::send(State& state, Index index) const {
    const ScriptedEntity& entity = state.story->entities[index];
    ActorState* actor = entity.external ? nullptr : state.find(entity.actor);
    if (actor == nullptr) return;
    const double steer_rad = std::clamp(entity.steer_rad, -0.7, 0.7);
    actor->scripted = {.X_WB = pose_of(entity), .v_W = entity.v_W, .steer_rad = steer_rad};
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
    if (!entity.external && !actor->scripted) {
        // A collision has ended its script: it stops where it comes to.
        player_.let_go(*state.story, index);
        entity.released = true;
        actor->vehicle = {.brake = 1.0};
        actor->walk.velocity_mps = {0, 0};
    }
    if (!entity.external) return;
    const Quat& q = actor->X_WB.q;
    const Vec3 x = q * Vec3(1, 0, 0), y = q * Vec3(0, 1, 0), z = q * Vec3(0, 0, 1);
    player_.observe(*state.story, index,
                    {.p_W = actor->X_WB.p,
                     .heading_rad = std::atan2(x.y, x.x),
                     .pitch_rad = std::asin(std::clamp(-x.z, -1.0, 1.0)),
                     .roll_rad = std::atan2(y.z, z.z),
                     .v_W = actor->v_W,
                     .a_W = actor->a_W,
                     .steer_rad = actor->steer_rad},
                    engine::core::kTick_us);
}

void StoryActors::give_ego_away(State& state) const {
    if (story_.ego == story::kNoIndex) return;
    player_.let_go(*state.story, story_.ego);
    state.find(kEgo)->scripted.reset();
}

bool StoryActors::asks_for_driver(const State& state) const {
    if (story_.ego == story::kNoIndex) return false;
    const ScriptedEntity& ego = state.story->entities[story_.ego];
    return ego.lateral_controller && ego.longitudinal_controller;
}

}  // namespace huntsman::scenarios::player
