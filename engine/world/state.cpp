#include "engine/world/state.h"

#include <algorithm>
#include <cmath>

#include "engine/core/check.h"

namespace huntsman::engine::world {
namespace {

bool sane(const math::Vec3& v, double limit) {
    return std::abs(v.x) < limit && std::abs(v.y) < limit &&
           std::abs(v.z) < limit;  // false for NaN
}

template <typename Actors>
auto find_actor(Actors& actors, ActorId id) {
    const auto at = std::lower_bound(actors.begin(), actors.end(), id,
                                     [](const ActorState& a, ActorId b) { return a.id < b; });
    return at != actors.end() && at->id == id ? &*at : nullptr;
}

ActorState actor_from(const World& world, const Spawn& spawn, ActorId id) {
    ActorState actor;
    actor.id = id;
    actor.archetype = spawn.archetype;
    actor.tint = spawn.tint;
    actor.X_WB = spawn.X_WB;
    const double yaw = spawn.X_WB.yaw_rad();
    actor.v_W = spawn.speed_mps * spawn.X_WB.rotate({1, 0, 0});
    actor.walk.heading_rad = yaw;
    const Archetype& archetype = world.archetype_of(spawn);
    if (is_vehicle(archetype.semantic) || archetype.semantic == Semantic::kWheelchair) {
        for (const Wheel& wheel : archetype.vehicle.wheels) {
            actor.wheels.push_back({.spin_rad_s = spawn.speed_mps / wheel.radius_m});
        }
    }
    if (!is_vehicle(archetype.semantic)) {
        PedestrianMind mind;
        mind.intention = spawn.walkway != kNone ? Intention::kWalk : Intention::kFollow;
        mind.walkway = spawn.walkway;
        mind.walkway_forward = spawn.walkway_forward;
        mind.lane_s_m = spawn.walkway_s_m;
        mind.gaze_rad = yaw;
        actor.mind.own = mind;
        return actor;
    }
    DriverMind mind;
    mind.route[0] = spawn.lane;
    mind.lane_s_m = spawn.lane_s_m;
    mind.gaze_rad = yaw;
    actor.mind.own = mind;
    return actor;
}

}  // namespace

const ActorState* State::find(ActorId id) const { return find_actor(actors, id); }
ActorState* State::find(ActorId id) { return find_actor(actors, id); }

ActorId first_invalid_actor(const State& state) {
    constexpr double kFarthest_m = 1e5, kFastest_mps = 1e3;
    for (const ActorState& actor : state.actors) {
        const math::Quat& q = actor.X_WB.q;
        const double norm = q.w * q.w + q.x * q.x + q.y * q.y + q.z * q.z;
        if (!sane(actor.X_WB.p, kFarthest_m) || !sane(actor.v_W, kFastest_mps) ||
            !sane(actor.w_W, kFastest_mps) || !(std::abs(norm - 1.0) < 1e-3)) {
            return actor.id;
        }
    }
    return kNoActor;
}

State initial_state(const World& world) {
    State state;
    for (const Spawn& spawn : world.spawns) {
        state.actors.push_back(actor_from(world, spawn, spawn.id));
        state.next_actor = spawn.id + 1;
    }
    state.signals.assign(world.roads.signal_groups.size(), Aspect::kOff);
    return state;
}

core::Result<ActorId> add_actor(State& state, const World& world, const Spawn& spawn) {
    if (spawn.archetype >= world.archetypes.size()) {
        return core::Error{fmt::format("an actor that appears has archetype {} of only {}",
                                       spawn.archetype, world.archetypes.size())};
    }
    if (state.next_actor >= kFirstStaticObject) {
        return core::Error{fmt::format("all {} ids of actors are used up", kFirstStaticObject - 1)};
    }
    const ActorId id = state.next_actor++;
    state.actors.push_back(actor_from(world, spawn, id));
    return id;
}

bool place_actor(State& state, const World& world, ActorId id, const math::RigidTransform& X_WB,
                 double speed_mps) {
    ActorState* actor = state.find(id);
    if (actor == nullptr) return false;
    const Spawn there{.archetype = actor->archetype, .X_WB = X_WB, .speed_mps = speed_mps};
    const ActorState fresh = actor_from(world, there, id);
    actor->X_WB = fresh.X_WB;
    actor->v_W = fresh.v_W;
    actor->w_W = actor->a_W = {0, 0, 0};
    actor->wheels = fresh.wheels;
    actor->steer_rad = 0;
    actor->walk.heading_rad = fresh.walk.heading_rad;
    return true;
}

bool remove_actor(State& state, ActorId id) {
    HM_CHECK(id != kEgo, "the ego cannot vanish");
    const ActorState* actor = state.find(id);
    if (actor == nullptr) return false;
    state.actors.erase(state.actors.begin() + (actor - state.actors.data()));
    return true;
}

}  // namespace huntsman::engine::world
