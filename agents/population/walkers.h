// People who come and go: those who are left behind by the ego leave, and as many appear where it
// drives to, out of sight.
#pragma once

#include <vector>

#include "agents/population/sight.h"
#include "engine/core/random.h"
#include "engine/road/foot_places.h"
#include "engine/road/road_map.h"

namespace huntsman::agents::population {

class Walkers {
  public:
    // The world must outlive the object.
    Walkers(const world::World& world, const road::RoadMap& map);

    // Lets at most one leave and one appear: of a kind and colour that the world started with, at a
    // free place of the walkways; so many as at the start. Does nothing without an ego, or where
    // nobody walks.
    void update(world::State& state, const Sight& sight, const engine::core::Key& key) const;

    // Whoever is farther away from the middle of the ego's surroundings may leave.
    static constexpr double kLeave_m = Sight::kBehind_m;

  private:
    bool is_free(const world::State& state, const world::Archetype& kind,
                 const math::RigidTransform& X_WB) const;

    const world::World* world_;
    std::vector<const world::Spawn*> kinds_;  // the people that the world started with
    road::FootPlaces places_;
};

// Whether something else than the population decides about an actor: the ego, scripts, the story.
bool is_bound(const world::State& state, const world::ActorState& actor);

}  // namespace huntsman::agents::population
