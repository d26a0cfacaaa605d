#include "agents/population/walkers.h"

#include <algorithm>
#include <cmath>

#include "engine/road/road_map.h"
#include "engine/world/pose.h"

namespace huntsman::agents::population {

using engine::core::Key;

bool is_bound(const world::State& state, const world::ActorState& actor) {
    if (actor.id == world::kEgo || actor.scripted) return true;
    if (!state.story) return false;
    const auto& entities = state.story->entities;
    const auto& traffic = state.story->traffic;
    return std::any_of(entities.begin(), entities.end(),
                       [&](const auto& entity) { return entity.actor == actor.id; }) ||
           std::any_of(traffic.begin(), traffic.end(), [&](const auto& running) {
               return std::binary_search(running.members.begin(), running.members.end(), actor.id);
           });
}

Walkers::Walkers(const world::World& world, const road::RoadMap& map) : world_(&world) {
    for (const world::Spawn& spawn : world.spawns) {
        if (world.archetype_of(spawn).semantic == world::Semantic::kPedestrian) {
            kinds_.push_back(&spawn);
        }
    }
    if (!kinds_.empty()) places_ = road::FootPlaces(world, map);
}

bool Walkers::is_free(const world::State& state, const world::Archetype& kind,
                      const math::RigidTransform& X_WB) const {
    const Vec3& p_W = X_WB.p;
    const math::Box2 own = world::footprint(kind.extent, X_WB);
    return std::none_of(state.actors.begin(), state.actors.end(), [&](const auto& other) {
        if (std::abs(other.X_WB.p.z - p_W.z) > road::kLevel_m) return false;
        const math::Box2 box =
            world::footprint(world_->archetypes[other.archetype].extent, other.X_WB);
        const double reach = glm::length(box.half) + glm::length(own.half) + 2.0;
        if (glm::length(box.centre - own.centre) > reach) return false;
        return math::distance(box, own) < 0.4;
    });
}

void Walkers::update(world::State& state, const Sight& sight, const Key& key) const {
    const world::ActorState* ego = state.find(world::kEgo);
    if (ego == nullptr || kinds_.empty()) return;
    const Vec2 middle = road::FootPlaces::middle(ego->X_WB);
    const world::ActorState* farthest = nullptr;
    double most_m = kLeave_m;
    std::size_t count = 0;
    for (const world::ActorState& actor : state.actors) {
        const world::Archetype& kind = world_->archetypes[actor.archetype];
        if (kind.semantic != world::Semantic::kPedestrian || is_bound(state, actor)) continue;
        ++count;
        const double far_m = glm::length(math::xy(actor.X_WB.p) - middle);
        if (far_m <= most_m) continue;
        most_m = far_m;
        farthest = &actor;
    }
    const bool missing = count < kinds_.size();
    if (!missing && farthest == nullptr) return;
    if (!missing && sight.of_anyone(state, world_->archetypes[farthest->archetype], farthest->X_WB,
                                    farthest->id)) {
        return;
    }
    // Nobody leaves unless somebody can come in their place.
    const auto place = places_.draw(middle, key.with("place"));
    if (!place) return;
    world::Spawn spawn = *kinds_[key.with("kind").index(kinds_.size())];
    places_.put(*place, key.with("stance"), spawn);
    const world::Archetype& kind = world_->archetype_of(spawn);
    if (!is_free(state, kind, spawn.X_WB) ||
        sight.of_anyone(state, kind, spawn.X_WB, world::kNoActor)) {
        return;
    }
    const world::ActorId leaving = missing ? world::kNoActor : farthest->id;
    // Ids that are used up end the coming, not the run.
    if (world::add_actor(state, *world_, spawn) && leaving != world::kNoActor) {
        world::remove_actor(state, leaving);
    }
}

}  // namespace huntsman::agents::population
